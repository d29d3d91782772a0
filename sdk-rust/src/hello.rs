//! The hello, in which a module declares what it offers.

use mgrd_proto::v1::{Declaration, Hello, Role};

use crate::module::CannotRun;
use crate::{Module, Options, log};

/// The feature with which the options and the store arrive in parts after the welcome.
pub(crate) const SNAPSHOT_PARTS: &str = "snapshot-parts";

pub(crate) fn hello<M: Module>(cannot_run: Option<&CannotRun>, has_standby: bool) -> Hello {
    let mut options = M::Options::schema();
    let declared = |name: &str| options.iter().any(|option| option.name == name);
    let missing: Vec<_> =
        log::options().into_iter().filter(|option| !declared(&option.name)).collect();
    options.extend(missing);
    let mut roles = vec![Role::Active.into()];
    roles.extend(has_standby.then_some(i32::from(Role::Standby)));
    let declaration = Declaration {
        options,
        commands: M::commands().iter().map(crate::command::Command::spec).collect(),
        notify_types: M::NOTIFY.iter().map(|&kind| kind.to_owned()).collect(),
        can_run: Some(cannot_run.is_none()),
        can_run_error: cannot_run.map(ToString::to_string).unwrap_or_default(),
        roles,
        load_failed: false,
        methods: M::methods().iter().map(|method| method.name.to_owned()).collect(),
    };
    Hello {
        protocol_versions: mgrd_proto::PROTOCOL_VERSIONS.to_vec(),
        features: vec!["document-watch".to_owned(), SNAPSHOT_PARTS.to_owned()],
        sdk: concat!("mgrd-rust ", env!("CARGO_PKG_VERSION")).to_owned(),
        declaration: Some(declaration),
    }
}
