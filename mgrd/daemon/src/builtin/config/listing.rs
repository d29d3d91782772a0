//! The output of `config`: tables for people, objects for programs.

use std::collections::BTreeMap;

use mgrd_command::{Errno, Outcome};
use serde_json::{Map, Value, json};

use super::word;
use crate::builtin::{Format, Request, TextTable};
use crate::options::{Effective, OptionError, OptionSchema, Options, Revision, Setting};
use crate::text::{indent, visible};

/// How many versions `config log` shows by default.
const LOG_ENTRIES: i64 = 10;

fn settings_table<'a>(settings: impl IntoIterator<Item = &'a Setting>) -> String {
    let mut table = TextTable::new(["WHO", "MASK", "LEVEL", "OPTION", "VALUE", "RO"]);
    for setting in settings {
        let who = format!("{:1$}{2}", "", setting.section.depth() * 2, setting.section.name());
        let (mask, level) = (setting.section.mask().to_owned(), setting.level.to_string());
        let read_only = if setting.runtime { "" } else { "*" };
        let (name, value) = (setting.name.clone(), setting.value.clone());
        table.row([who, mask, level, name, value, read_only.into()]);
    }
    table.render()
}

fn mask_object(setting: &Setting) -> Map<String, Value> {
    let parts = setting.section.mask().split('/').filter_map(|mask| mask.split_once(':'));
    let name = |kind| if kind == "class" { "device_class" } else { kind };
    parts.map(|(kind, value)| (name(kind).to_owned(), value.into())).collect()
}

/// `config dump`.
pub(super) fn dump(options: &Options, request: &Request) -> Outcome {
    let settings = options.dump();
    let entry = |setting: &Setting| {
        let mut entry = json!({
            "section": setting.section.name(),
            "name": setting.name,
            "value": setting.value,
            "level": setting.level,
            "can_update_at_runtime": setting.runtime,
            "mask": setting.section.mask(),
        });
        if let Some(("host", host)) = setting.section.mask().split_once(':') {
            entry["location_type"] = "host".into();
            entry["location_value"] = host.into();
        }
        entry
    };
    let list: Vec<_> = settings.iter().map(entry).collect();
    request.format.render(&list, || settings_table(&settings))
}

/// `config get WHO` without a key.
pub(super) fn section(found: BTreeMap<String, Effective>, request: &Request) -> Outcome {
    let settings: Vec<_> = found.into_values().filter_map(|effective| effective.set).collect();
    let entry = |setting: &Setting| {
        let value = json!({
            "value": setting.value,
            "section": setting.section.name(),
            "mask": mask_object(setting),
            "can_update_at_runtime": setting.runtime,
        });
        (setting.name.clone(), value)
    };
    let object: Map<_, _> = settings.iter().map(entry).collect();
    request.format.render(&object, || settings_table(&settings))
}

/// `config get WHO KEY`: the value alone, in every format. People see its control characters as
/// escapes; programs get it unchanged.
pub(super) fn value(value: &str, request: &Request) -> Outcome {
    let value = match request.format {
        Format::Plain => visible(value),
        _ => value.to_owned(),
    };
    Outcome::ok(value + "\n")
}

/// `config ls`.
pub(super) fn names(options: &Options, request: &Request) -> Outcome {
    let names = options.names();
    request.format.render(&names, || names.iter().map(|name| format!("{name}\n")).collect())
}

fn unknown(key: &str) -> Outcome {
    OptionError::UnknownKey(key.to_owned()).into()
}

/// `config help KEY`.
pub(super) fn help(options: &Options, request: &Request) -> Outcome {
    let key = word(request, "key");
    match options.help(key) {
        Some(schema) => request.format.render(&description(key, &schema), || manual(key, &schema)),
        None => unknown(key),
    }
}

fn services(key: &str) -> Vec<&'static str> {
    if key.starts_with("mgr") { vec!["mgr"] } else { Vec::new() }
}

fn description(key: &str, schema: &OptionSchema) -> Value {
    json!({
        "name": key,
        "type": schema.value_type,
        "level": schema.level,
        "desc": schema.desc,
        "long_desc": schema.long_desc,
        "default": schema.default.clone().unwrap_or_default(),
        "daemon_default": "",
        "tags": schema.tags,
        "services": services(key),
        "see_also": schema.see_also,
        "enum_values": schema.enum_allowed,
        "min": schema.min.clone().unwrap_or_default(),
        "max": schema.max.clone().unwrap_or_default(),
        "can_update_at_runtime": schema.runtime,
        "flags": if schema.runtime { vec!["runtime"] } else { Vec::new() },
    })
}

fn manual(key: &str, schema: &OptionSchema) -> String {
    let line = |label: &str, value: &Option<String>| {
        let line = |value: &String| format!("  {label}: {}\n", indent(&visible(value)));
        value.as_ref().map_or_else(String::new, line)
    };
    let mut text = match schema.desc.as_str() {
        "" => format!("{key}\n"),
        desc => format!("{key} - {}\n", indent(&visible(desc))),
    };
    text += &format!("  ({}, {})\n", schema.value_type, schema.level);
    text += &line("Takes", &schema.expected());
    text += &line("Default", &Some(schema.default.clone().unwrap_or_default()));
    text += &line("Minimum", &schema.min);
    text += &line("Maximum", &schema.max);
    if !schema.enum_allowed.is_empty() {
        let values = schema.permitted(" ");
        text += &format!("  Possible values:  {}\n", indent(&visible(&values)));
    }
    text += &format!("  Can update at runtime: {}\n", schema.runtime);
    text += &format!("  Services: [{}]\n", services(key).join(", "));
    if !schema.see_also.is_empty() {
        let names = schema.see_also.join(", ");
        text += &format!("  See also: [{}]\n", indent(&visible(&names)));
    }
    if !schema.long_desc.is_empty() {
        text += &format!("\n{}\n", visible(&schema.long_desc));
    }
    text
}

/// `config show` and `config show-with-defaults`. Only the values of this manager are known.
pub(super) fn show(options: &Options, request: &Request, defaults: bool) -> Outcome {
    let who = word(request, "who");
    if who.split_once('.').is_none_or(|(kind, id)| kind.is_empty() || id.is_empty()) {
        return Outcome::error(Errno::EINVAL, "invalid daemon name: use <type>.<id>");
    }
    if who != format!("mgr.{}", options.mgr_id()) {
        return Outcome::error(Errno::ENOENT, format!("no config state for daemon {who}"));
    }
    if let Some(key) = request.text("key") {
        return match options.get(who, key) {
            Ok(found) => value(&found, request),
            Err(_) => unknown(key),
        };
    }
    let mut values = match options.effective(who) {
        Ok(values) => values,
        Err(error) => return error.into(),
    };
    if defaults {
        for (name, schema) in options.schemas.all() {
            let value = schema.default.clone().unwrap_or_default();
            let unset = || Effective { value, set: None, overrides: Vec::new() };
            values.entry(name).or_insert_with(unset);
        }
    }
    let list: Vec<_> = values.iter().map(|(name, value)| running(name, value)).collect();
    request.format.render(&list, || running_table(&values))
}

fn source(effective: &Effective) -> &'static str {
    if effective.set.is_some() { "mon" } else { "default" }
}

fn running(name: &str, effective: &Effective) -> Value {
    let mut entry = json!({"name": name, "value": effective.value, "source": source(effective)});
    if !effective.overrides.is_empty() {
        let overrides = effective.overrides.iter();
        entry["overrides"] =
            overrides.map(|lower| json!({"source": "mon", "value": lower.value})).collect();
    }
    entry
}

fn running_table(values: &BTreeMap<String, Effective>) -> String {
    let mut table = TextTable::new(["NAME", "VALUE", "SOURCE", "OVERRIDES", "IGNORES"]);
    for (name, effective) in values {
        let overrides: Vec<_> =
            effective.overrides.iter().map(|lower| lower.section.to_string()).collect();
        let (value, source) = (effective.value.clone(), source(effective).to_owned());
        table.row([name.clone(), value, source, overrides.join(","), String::new()]);
    }
    table.render()
}

/// `config log`.
pub(super) fn log(options: &Options, request: &Request) -> Outcome {
    let count = request.int("num").unwrap_or(LOG_ENTRIES);
    let revisions = options.log(usize::try_from(count).unwrap_or(0));
    if request.format == Format::Plain {
        return Outcome::ok(history(&revisions));
    }
    let entry = |revision: &Revision| {
        json!({
            "version": revision.version,
            "timestamp": stamp(revision.timestamp),
            "name": revision.name,
            "changes": revision.changes,
        })
    };
    request.format.structured(&revisions.iter().map(entry).collect::<Vec<_>>())
}

/// Each version with what it changed, for people.
fn history(revisions: &[Revision]) -> String {
    let mut text = String::new();
    for revision in revisions {
        let name = match revision.name.as_str() {
            "" => String::new(),
            name => format!("{name} --- "),
        };
        let (version, stamp) = (revision.version, stamp(revision.timestamp));
        text += format!("--- {version} --- {stamp} --- {name}").trim_end();
        text.push('\n');
        for change in &revision.changes {
            let mut line = |sign, value: &Option<String>| {
                if let Some(value) = value {
                    let value = indent(&visible(value));
                    text += &format!("{sign} {} = {value}\n", change.name);
                }
            };
            line('-', &change.previous_value);
            line('+', &change.new_value);
        }
    }
    text
}

fn stamp(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6f+0000").to_string()
}

#[cfg(test)]
mod tests;
