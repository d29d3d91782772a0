//! `mgr module limit`: the limits that are set for one module.

use mgrd_command::Outcome;
use serde_json::{Value, json};

use super::{Format, Request, TextTable};
use crate::module::{Effect, LimitStatus, Limits, Modules};
use crate::module_limits::{Change, LimitError};

/// Shows the limits of a module, or changes them.
pub(super) async fn limit(modules: &Modules, request: &Request) -> Outcome {
    let name = request.text("module").unwrap_or_default();
    let words = request.list("limits");
    let reset = request.flag("reset");
    if reset && !words.is_empty() {
        let why = "--reset takes all limits back; give it without other limits";
        return Outcome::error(mgrd_command::Errno::EINVAL, why);
    }
    if !reset && words.is_empty() {
        return modules.limits_of(name).map_or_else(Outcome::from, |limits| show(&limits, request));
    }
    let change = if reset { Ok(Change::reset()) } else { Change::read(words) };
    match change {
        Ok(change) => set(modules, request, &change, reset).await,
        Err(error) => explained(error).into(),
    }
}

/// The same error; for a limit that is only in the settings, one that says so.
fn explained(error: LimitError) -> LimitError {
    match error {
        LimitError::Unknown { name, .. } if Limits::names().any(|known| known == name) => {
            LimitError::OfAll(name)
        }
        other => other,
    }
}

async fn set(modules: &Modules, request: &Request, change: &Change, reset: bool) -> Outcome {
    let name = request.text("module").unwrap_or_default();
    let (limits, usage) = match modules.limit(name, change).await {
        Ok(done) => done,
        Err(error) => return error.into(),
    };
    if request.format != Format::Plain {
        return request.format.structured(&described(&limits));
    }
    let (mut lines, mut shown) = (Vec::new(), limits);
    if reset {
        lines.push(format!("module '{name}' has no limits of an operator any more"));
        shown.retain(|limit| !note(&limit.effect).is_empty());
    }
    lines.extend(shown.iter().map(|limit| limit.of_module(name, usage)));
    Outcome::status(lines.join("\n"))
}

fn show(limits: &[LimitStatus], request: &Request) -> Outcome {
    request.format.render(&described(limits), || table(limits))
}

/// The limits for programs.
fn described(limits: &[LimitStatus]) -> Value {
    let limits = limits.iter().map(|status| {
        let LimitStatus { limit, value, origin, effect, keeper } = status;
        let note = note(effect);
        let shown = json!({
            "value": value,
            "unit": limit.unit().name(),
            "text": limit.show(*value),
            "origin": origin.to_string(),
            "kept_by": keeper.to_string(),
            "in_effect": *effect == Effect::Now,
            "note": note,
        });
        (limit.name().to_owned(), shown)
    });
    Value::Object(limits.collect())
}

fn table(limits: &[LimitStatus]) -> String {
    let mut table = TextTable::new(["LIMIT", "VALUE", "SET BY", "KEPT BY", "NOTE"]).right(&[1]);
    for status in limits {
        table.row([
            status.limit.name().to_owned(),
            status.value(),
            status.origin.to_string(),
            status.keeper.to_string(),
            note(&status.effect),
        ]);
    }
    table.render()
}

/// When a limit takes effect, if it has not. That a module does not run is no news.
fn note(effect: &Effect) -> String {
    match effect {
        Effect::Now | Effect::AtStart => String::new(),
        other => format!("takes effect {other}"),
    }
}

#[cfg(test)]
mod tests;
