//! Names of things in a cluster: daemons, placement groups, fragments, unique identifiers.

use serde_json::Value;

use super::bad_value::BadValue;

fn keep_if(word: &str, good: bool, reason: impl FnOnce() -> String) -> Result<Value, BadValue> {
    if good { Ok(Value::from(word)) } else { Err(BadValue::new(reason())) }
}

fn is_decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// `<pool>.<hex>`.
pub(super) fn pgid(word: &str) -> Result<Value, BadValue> {
    let good = word.split_once('.').is_some_and(|(pool, seed)| is_decimal(pool) && is_hex(seed));
    keep_if(word, good, || format!("{word} is not a placement group id such as 1.2f"))
}

/// `*`, `mon`, `mgr` or `<type>.<id>`.
pub(super) fn name(word: &str) -> Result<Value, BadValue> {
    let good = match word.split_once('.') {
        None => matches!(word, "*" | "mon" | "mgr"),
        Some(("osd", id)) => id == "*" || is_decimal(id),
        Some((kind, _)) => matches!(kind, "mon" | "client" | "mds" | "mgr"),
    };
    keep_if(word, good, || {
        format!("{word} is not a daemon name: <type>.<id> with type osd, mon, client, mds or mgr")
    })
}

/// `*`, `<n>` or `osd.<n>`; the value is the number.
pub(super) fn osd_name(word: &str) -> Result<Value, BadValue> {
    if word == "*" {
        return Ok(Value::from(word));
    }
    let id = word.strip_prefix("osd.").unwrap_or(word);
    match id.parse::<i64>() {
        Ok(number) if is_decimal(id) => Ok(Value::from(number)),
        _ => Err(BadValue::new(format!("{word} is not an OSD: <id> or osd.<id>"))),
    }
}

/// 32 hexadecimal digits, dashes anywhere, optionally in braces or after `urn:uuid:`.
pub(super) fn uuid(word: &str) -> Result<Value, BadValue> {
    let body = word.strip_prefix("urn:").unwrap_or(word);
    let body = body.strip_prefix("uuid:").unwrap_or(body);
    let body = body.trim_matches(['{', '}']);
    let digits: String = body.chars().filter(|&c| c != '-').collect();
    keep_if(word, digits.len() == 32 && is_hex(&digits), || {
        format!("{word} is not a UUID of 32 hexadecimal digits")
    })
}

/// `0x<hex>/<bits>`.
pub(super) fn fragment(word: &str) -> Result<Value, BadValue> {
    let parts = word.strip_prefix("0x").and_then(|rest| rest.split_once('/'));
    let good = parts.is_some_and(|(value, bits)| is_hex(value) && is_decimal(bits));
    keep_if(word, good, || format!("{word} is not a fragment such as 0x1/3"))
}
