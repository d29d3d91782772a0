//! Option values: parsing, normalizing, and their JSON form.

use std::net::{IpAddr, SocketAddr};

use serde_json::{Number, Value};

use super::schema::{OptionSchema, OptionType};

/// Why a value is invalid, in Ceph's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing value: {0}")]
pub struct ValueError(#[source] Reason);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error("strict_sistrtoll: value not specified")]
    Empty,
    #[error("strict_sistrtoll: value should not be negative")]
    Negative,
    #[error("strict_si_cast: unit prefix not recognized")]
    Prefix,
    #[error("The option value '{0}' seems to be too large")]
    TooLarge(String),
    #[error("strict_strtod: expected double, got: '{0}'")]
    Float(String),
    #[error("value must take the form N or N/M, where N and M are integers")]
    DebugForm,
    #[error("value must be in range [0, {HIGHEST_DEBUG_LEVEL}]")]
    DebugRange,
    #[error("Expected option value to be integer, got '{0}'")]
    Bool(String),
    #[error("expected digit")]
    Digit,
    #[error("unrecogized unit '{0}'")]
    TimeUnit(String),
    #[error("'{0}' is not a valid address")]
    Address(String),
    #[error("'{0}' is not a valid uuid")]
    Uuid(String),
    #[error("'{value}' is not one of the permitted values: {permitted}")]
    NotPermitted { value: String, permitted: String },
    #[error("Value '{value}' is below minimum {min}")]
    BelowMinimum { value: String, min: String },
    #[error("Value '{value}' exceeds maximum {max}")]
    AboveMaximum { value: String, max: String },
}

/// The highest level of a Ceph log.
const HIGHEST_DEBUG_LEVEL: i64 = 99;

type Parsed<T> = Result<T, Reason>;

impl OptionSchema {
    /// The value in its stored form: `4K` becomes `4096`, `TRUE` becomes `true`.
    ///
    /// # Errors
    /// If it does not have the option's type, is out of range, or is not a permitted value.
    pub fn normalise(&self, text: &str) -> Result<String, ValueError> {
        let normal = self.parse(text).map_err(ValueError)?;
        self.check_range(&normal).map_err(ValueError)?;
        Ok(normal)
    }

    /// The JSON form of a stored value. A value that does not parse stays text.
    #[must_use]
    pub fn typed(&self, text: &str) -> Value {
        let normal = self.parse(text).unwrap_or_else(|_| text.to_owned());
        let number = match self.value_type {
            OptionType::Int | OptionType::Uint | OptionType::Size => integer(&normal),
            OptionType::Float | OptionType::Secs | OptionType::Millisecs => real(&normal),
            OptionType::Bool => return Value::Bool(normal == "true"),
            OptionType::Unknown => return guessed(&normal),
            _ => None,
        };
        number.map_or(Value::String(normal), Value::Number)
    }

    fn parse(&self, text: &str) -> Parsed<String> {
        match self.value_type {
            OptionType::Unknown => Ok(text.to_owned()),
            OptionType::Str => self.parse_text(text),
            OptionType::DebugLevel => debug_level(text),
            OptionType::Int => Ok(whole(text, 1000)?.to_string()),
            OptionType::Uint | OptionType::Millisecs => Ok(natural(text, 1000)?.to_string()),
            OptionType::Size => Ok(natural(text, 1024)?.to_string()),
            OptionType::Float => Ok(format!("{:.6}", float(text)?)),
            OptionType::Secs => Ok(seconds(text)?.to_string()),
            OptionType::Bool => Ok(boolean(text)?.to_string()),
            OptionType::Addr => address(text),
            OptionType::Addrvec => addresses(text),
            OptionType::Uuid => uuid(text),
        }
    }

    fn parse_text(&self, text: &str) -> Parsed<String> {
        if self.enum_allowed.is_empty() || self.enum_allowed.iter().any(|known| known == text) {
            return Ok(text.to_owned());
        }
        let (value, permitted) = (text.to_owned(), self.permitted(", "));
        Err(Reason::NotPermitted { value, permitted })
    }

    fn check_range(&self, normal: &str) -> Parsed<()> {
        use OptionType::{Bool, DebugLevel, Str, Unknown};
        if matches!(self.value_type, Str | DebugLevel | Bool | Unknown) {
            return Ok(());
        }
        let bound = |text: &Option<String>| {
            let normal = self.parse(text.as_deref()?).ok()?;
            normal.parse::<f64>().ok().map(|number| (number, normal))
        };
        let Ok(number) = normal.parse::<f64>() else { return Ok(()) };
        let value = normal.to_owned();
        match (bound(&self.min), bound(&self.max)) {
            (Some((least, min)), _) if number < least => Err(Reason::BelowMinimum { value, min }),
            (_, Some((most, max))) if number > most => Err(Reason::AboveMaximum { value, max }),
            _ => Ok(()),
        }
    }
}

fn integer(text: &str) -> Option<Number> {
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

fn real(text: &str) -> Option<Number> {
    text.parse().ok().and_then(Number::from_f64)
}

fn guessed(text: &str) -> Value {
    match text {
        "true" | "false" => Value::Bool(text == "true"),
        _ => {
            let number = integer(text).or_else(|| real(text).filter(|_| text.contains('.')));
            number.map_or_else(|| Value::String(text.to_owned()), Value::Number)
        }
    }
}

/// A whole number with an optional unit prefix; `base` is the value of `K`.
fn whole(text: &str, base: i128) -> Parsed<i64> {
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = magnitude(digits, base)?;
    let signed = if negative { -magnitude } else { magnitude };
    i64::try_from(signed).map_err(|_| Reason::TooLarge(text.to_owned()))
}

fn natural(text: &str, base: i128) -> Parsed<u64> {
    if text.is_empty() {
        return Err(Reason::Empty);
    }
    if text.starts_with('-') {
        return Err(Reason::Negative);
    }
    let number = magnitude(text.strip_prefix('+').unwrap_or(text), base)?;
    u64::try_from(number).map_err(|_| Reason::TooLarge(text.to_owned()))
}

fn magnitude(text: &str, base: i128) -> Parsed<i128> {
    let large = || Reason::TooLarge(text.to_owned());
    if let Some(hex) = text.strip_prefix("0x") {
        return i128::from_str_radix(hex, 16).map_err(|_| Reason::Prefix);
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    if digits.is_empty() {
        return Err(Reason::Prefix);
    }
    let number: i128 = digits.parse().map_err(|_| large())?;
    let unit = unit.strip_suffix('B').unwrap_or(unit);
    let unit = if base == 1024 { unit.strip_suffix('i').unwrap_or(unit) } else { unit };
    let power = match unit {
        "" => 0,
        _ => {
            ["K", "M", "G", "T", "P", "E"].iter().position(|p| *p == unit).ok_or(Reason::Prefix)?
                + 1
        }
    };
    number.checked_mul(base.pow(power as u32)).ok_or_else(large)
}

fn float(text: &str) -> Parsed<f64> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(Reason::Float(text.to_owned())),
    }
}

fn boolean(text: &str) -> Parsed<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => match text.parse::<i64>() {
            Ok(number) => Ok(number != 0),
            Err(_) => Err(Reason::Bool(text.to_owned())),
        },
    }
}

/// `N/M`. `N` alone becomes `N/N`.
fn debug_level(text: &str) -> Parsed<String> {
    let level = |text: &str| match text.parse::<i64>() {
        Ok(level) if (0..=HIGHEST_DEBUG_LEVEL).contains(&level) => Ok(level),
        Ok(_) => Err(Reason::DebugRange),
        Err(_) => Err(Reason::DebugForm),
    };
    let (logged, kept) = text.split_once('/').unwrap_or((text, text));
    Ok(format!("{}/{}", level(logged)?, level(kept)?))
}

/// A duration such as `90`, `5m` or `1h30m`.
fn seconds(text: &str) -> Parsed<u64> {
    let mut rest = text.trim();
    let mut total: u64 = 0;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..end].parse().map_err(|_| Reason::Digit)?;
        rest = rest[end..].trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let scale = match &rest[..end] {
            "" | "s" | "sec" | "secs" | "second" | "seconds" => 1,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
            "d" | "day" | "days" => 86_400,
            "w" | "wk" | "week" | "weeks" => 604_800,
            "mo" | "month" | "months" => 2_592_000,
            "y" | "yr" | "year" | "years" => 31_536_000,
            unit => return Err(Reason::TimeUnit(unit.to_owned())),
        };
        let part = number.checked_mul(scale).and_then(|part| total.checked_add(part));
        total = part.ok_or_else(|| Reason::TooLarge(text.to_owned()))?;
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return Ok(total);
        }
    }
}

/// `[v1:|v2:|any:]ADDRESS[:PORT][/NONCE]`, completed to all of these parts.
fn address(text: &str) -> Parsed<String> {
    let bad = || Reason::Address(text.to_owned());
    let (kind, rest) = match text.split_once(':') {
        Some((kind @ ("v1" | "v2" | "any"), rest)) => (kind, rest),
        _ => ("v2", text),
    };
    let (host, nonce) = rest.split_once('/').unwrap_or((rest, "0"));
    let nonce: u32 = nonce.parse().map_err(|_| bad())?;
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let socket = match (host.parse::<SocketAddr>(), bare.parse::<IpAddr>()) {
        (Ok(socket), _) => socket,
        (_, Ok(ip)) => SocketAddr::new(ip, 0),
        _ => return Err(bad()),
    };
    Ok(format!("{kind}:{socket}/{nonce}"))
}

fn addresses(text: &str) -> Parsed<String> {
    let list = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match list.filter(|list| list.parse::<IpAddr>().is_err()) {
        None => address(text),
        Some(list) => {
            let each: Vec<_> = list.split(',').map(address).collect::<Parsed<_>>()?;
            Ok(format!("[{}]", each.join(",")))
        }
    }
}

fn uuid(text: &str) -> Parsed<String> {
    let lengths = text.split('-').map(str::len);
    let hex = text.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if hex && lengths.eq([8, 4, 4, 4, 12]) {
        return Ok(text.to_ascii_lowercase());
    }
    Err(Reason::Uuid(text.to_owned()))
}

#[cfg(test)]
mod tests;
