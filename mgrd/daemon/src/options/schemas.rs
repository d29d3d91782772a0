//! The options that are known, by name.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::RwLock;
use serde_json::Value;

use super::schema::{Level, OptionSchema, OptionType};

/// Where an option comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The cluster or this manager.
    Ceph,
    /// A module.
    Module,
}

#[derive(Debug, Default)]
struct Known {
    ceph: BTreeMap<String, Arc<OptionSchema>>,
    modules: BTreeMap<String, BTreeMap<String, Arc<OptionSchema>>>,
    /// Options of `mgrd` with the names of options of a module, by that module.
    builtin: BTreeMap<String, Vec<OptionSchema>>,
}

/// All options that are known. A clone shares them.
#[derive(Clone, Debug)]
pub struct Schemas(Arc<RwLock<Known>>);

impl Default for Schemas {
    fn default() -> Self {
        let own = own().into_iter().map(|schema| (schema.name.clone(), Arc::new(schema)));
        Self(Arc::new(RwLock::new(Known { ceph: own.collect(), ..Known::default() })))
    }
}

impl Schemas {
    /// Replaces the options that a module declares. The options that every module has are added.
    pub fn declare(&self, module: &str, options: Vec<OptionSchema>) {
        let universal = OptionSchema::of_every_module().into_iter();
        let mut known = self.0.write();
        let builtin = known.builtin.get(module).cloned().unwrap_or_default();
        // A module's own declaration comes later and replaces the common one.
        let all = universal.chain(builtin).chain(options);
        let all = all.map(|schema| (schema.name.clone(), Arc::new(schema)));
        known.modules.insert(module.to_owned(), all.collect());
    }

    /// Adds options of `mgrd` itself, with the names of options of a module that need not be there.
    pub fn declare_builtin(&self, module: &str, options: Vec<OptionSchema>) {
        let mut known = self.0.write();
        let all = options.iter().map(|schema| (schema.name.clone(), Arc::new(schema.clone())));
        known.modules.entry(module.to_owned()).or_default().extend(all.collect::<Vec<_>>());
        known.builtin.insert(module.to_owned(), options);
    }

    /// Learns options from a feed's document `config` (a flat object) or `config_options`. The value
    /// of an option there becomes its default here.
    pub fn learn(&self, document: &Value) {
        let described = document.get("options").and_then(Value::as_array);
        let found: Vec<OptionSchema> = match described {
            Some(list) => list.iter().filter_map(described_option).collect(),
            None => document.as_object().into_iter().flatten().filter_map(named_option).collect(),
        };
        let mut known = self.0.write();
        for schema in found {
            let name = schema.name.clone();
            let known = known.ceph.entry(name).or_insert_with(|| Arc::new(schema.clone()));
            if known.value_type == OptionType::Unknown {
                *known = Arc::new(schema);
            } else if described.is_none() && !is_managers_own(&schema.name) {
                Arc::make_mut(known).default = schema.default;
            }
        }
    }

    /// Sets the default of an option of this manager.
    pub fn set_default(&self, name: &str, value: String) {
        if let Some(schema) = self.0.write().ceph.get_mut(name) {
            Arc::make_mut(schema).default = Some(value);
        }
    }

    /// The option with this full name, such as `mgr_tick_period`, `mgr/hello/place` or
    /// `mgr/hello/x/place`.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(Origin, Arc<OptionSchema>)> {
        let known = self.0.read();
        let Some(rest) = name.strip_prefix("mgr/") else {
            return known.ceph.get(name).map(|schema| (Origin::Ceph, Arc::clone(schema)));
        };
        let (module, option) = rest.split_once('/')?;
        let options = known.modules.get(module)?;
        let localized = || options.get(option.split_once('/')?.1);
        options.get(option).or_else(localized).map(|s| (Origin::Module, Arc::clone(s)))
    }

    /// All full names and their options, in order.
    #[must_use]
    pub fn all(&self) -> BTreeMap<String, Arc<OptionSchema>> {
        let known = self.0.read();
        let modules = known.modules.iter().flat_map(|(module, options)| {
            options.iter().map(move |(name, s)| (format!("mgr/{module}/{name}"), Arc::clone(s)))
        });
        known.ceph.iter().map(|(name, s)| (name.clone(), Arc::clone(s))).chain(modules).collect()
    }
}

fn described_option(entry: &Value) -> Option<OptionSchema> {
    let text = |key: &str| match entry.get(key) {
        Some(Value::String(text)) => Some(text.clone()),
        None | Some(Value::Null) => None,
        Some(other) => Some(other.to_string()),
    };
    let filled = |key| text(key).filter(|text| !text.is_empty());
    let list = |key| {
        let list = entry.get(key).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|word| word.as_str().map(str::to_owned)).collect()
    };
    let level = match entry.get("level").and_then(Value::as_str) {
        Some("basic") => Level::Basic,
        Some("dev") => Level::Dev,
        _ => Level::Advanced,
    };
    let Ok(value_type) = text("type").unwrap_or_default().parse();
    let name = filled("name")?;
    // Ceph's list of options does not say that these texts have a form.
    let is_debug_level = value_type == OptionType::Str && name.starts_with("debug_");
    let value_type = if is_debug_level { OptionType::DebugLevel } else { value_type };
    Some(OptionSchema {
        name,
        value_type,
        level,
        default: filled("daemon_default").or_else(|| text("default")),
        min: filled("min"),
        max: filled("max"),
        enum_allowed: list("enum_values"),
        desc: text("desc").unwrap_or_default(),
        long_desc: text("long_desc").unwrap_or_default(),
        tags: list("tags"),
        see_also: list("see_also"),
        runtime: entry.get("can_update_at_runtime").and_then(Value::as_bool).unwrap_or(false),
    })
}

fn named_option((name, value): (&String, &Value)) -> Option<OptionSchema> {
    let value = value.as_str()?;
    Some(OptionSchema::new(name, OptionType::Unknown, value, ""))
}

/// Whether an option is about this manager. A feed describes another manager.
#[must_use]
pub fn is_managers_own(name: &str) -> bool {
    const OWN: [&str; 8] = [
        "debug_mgr",
        "log_file",
        "log_to_file",
        "log_to_stderr",
        "mgr_data",
        "mgr_disabled_modules",
        "mgr_initial_modules",
        "mgr_module_path",
    ];
    OWN.contains(&name)
}

/// The options of the cluster that a manager and its modules use.
fn own() -> Vec<OptionSchema> {
    use OptionType::{Bool, DebugLevel, Int, Secs, Size, Str, Uint, Uuid};
    let option = OptionSchema::new;
    let bounded = |schema: OptionSchema, min: &str, max: &str| OptionSchema {
        min: Some(min.to_owned()),
        max: Some(max.to_owned()),
        ..schema
    };
    vec![
        option("debug_mgr", DebugLevel, "2/5", "log level of modules that do not set log_level"),
        option("mgr_module_path", Str, "", "folders that hold module folders"),
        option("mgr_initial_modules", Str, "", "modules enabled in a new cluster"),
        option(
            "mgr_standby_modules",
            Bool,
            "true",
            "run modules in standby mode on standby managers",
        ),
        option("mgr_disabled_modules", Str, "", "modules that are never loaded"),
        option("mgr_data", Str, "", "the manager's data directory"),
        option("mgr_pool", Bool, "true", "whether modules may have databases"),
        option("mgr_tick_period", Secs, "2", "how often the manager checks the cluster"),
        option("mon_mgr_beacon_grace", Secs, "30", "how long a manager may be silent"),
        option("mon_scrub_interval", Secs, "86400", "how often monitors compare their data"),
        option("mon_scrub_timeout", Secs, "300", "how long a scrub of the monitors may take"),
        option("mgr_stats_period", Int, "5", "how often daemons report their counters"),
        bounded(
            option(
                "mgr_stats_threshold",
                Int,
                "5",
                "lowest priority of counters that daemons report",
            ),
            "0",
            "11",
        ),
        option("log_file", Str, "", "the log file"),
        option("log_to_file", Bool, "true", "log to the log file"),
        option("log_to_stderr", Bool, "false", "log to the error output"),
        option("fsid", Uuid, "00000000-0000-0000-0000-000000000000", "the id of the cluster"),
        option("mon_host", Str, "", "addresses of the monitors"),
        option("public_network", Str, "", "networks between clients and daemons"),
        option("cluster_network", Str, "", "networks between daemons"),
        option("mon_allow_pool_delete", Bool, "false", "whether pools may be deleted"),
        option("osd_pool_default_size", Uint, "3", "copies of an object in a new pool"),
        option("osd_pool_default_min_size", Uint, "0", "copies that a write needs; 0 means half"),
        option("osd_memory_target", Size, "4294967296", "memory that an OSD tries to use"),
    ]
}
