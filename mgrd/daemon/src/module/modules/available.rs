//! The modules and their options, as Ceph's manager map shows them.

use serde_json::{Value, json};

use super::Modules;
use crate::module::declaration::DeclaredOption;
use crate::module::status::Declared;

impl Modules {
    /// Every module with its options, as `mgr_map` shows it under `available_modules`.
    #[must_use]
    pub fn available(&self) -> Vec<Value> {
        self.declarations().iter().map(info).collect()
    }
}

fn info(module: &Declared) -> Value {
    let declaration = module.declaration.as_deref();
    let (can_run, why) = match declaration {
        Some(declaration) => (declaration.can_run, declaration.can_run_error.clone()),
        None => (false, module.error.as_ref().map(ToString::to_string).unwrap_or_default()),
    };
    let options = declaration.map(|d| d.options.as_slice()).unwrap_or_default();
    let options = options.iter().map(|o| (o.name.clone(), option(o)));
    json!({
        "name": module.module,
        "can_run": can_run,
        "error_string": why,
        "module_options": options.collect::<serde_json::Map<_, _>>(),
    })
}

fn option(option: &DeclaredOption) -> Value {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    json!({
        "name": option.name,
        "type": if option.kind.is_empty() { "str" } else { &option.kind },
        "level": option.level,
        "flags": u32::from(option.runtime),
        "default_value": text(&option.default_value),
        "min": text(&option.min),
        "max": text(&option.max),
        "enum_allowed": option.enum_allowed,
        "desc": option.desc,
        "long_desc": option.long_desc,
        "tags": option.tags,
        "see_also": option.see_also,
    })
}
