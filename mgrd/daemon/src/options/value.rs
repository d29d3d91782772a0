//! Values: parsing, normalising, and what they are to programs.

use std::net::{IpAddr, SocketAddr};

use serde_json::{Number, Value};

use super::schema::{OptionSchema, OptionType};

/// Why a value is refused, in the words that users of the real one know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("error parsing value: {0}")]
pub struct ValueError(String);

type Parsed<T> = Result<T, String>;

impl OptionSchema {
    /// The value in its stored form: `4K` becomes `4096`, `TRUE` becomes `true`.
    ///
    /// # Errors
    /// If it is not of the option's type, out of range or not among the permitted ones.
    pub fn normalise(&self, text: &str) -> Result<String, ValueError> {
        let normal = self.parse(text).map_err(ValueError)?;
        self.check_range(&normal).map_err(ValueError)?;
        Ok(normal)
    }

    /// What a stored value is to a program; text as it is if it does not parse.
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
        let permitted = self.enum_allowed.join(", ");
        Err(format!("'{text}' is not one of the permitted values: {permitted}"))
    }

    fn check_range(&self, normal: &str) -> Parsed<()> {
        if matches!(self.value_type, OptionType::Str | OptionType::Bool | OptionType::Unknown) {
            return Ok(());
        }
        let bound = |text: &Option<String>| {
            let normal = self.parse(text.as_deref()?).ok()?;
            normal.parse::<f64>().ok().map(|number| (number, normal))
        };
        let Ok(value) = normal.parse::<f64>() else { return Ok(()) };
        match (bound(&self.min), bound(&self.max)) {
            (Some((min, text)), _) if value < min => {
                Err(format!("Value '{normal}' is below minimum {text}"))
            }
            (_, Some((max, text))) if value > max => {
                Err(format!("Value '{normal}' exceeds maximum {text}"))
            }
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

/// A whole number with an optional prefix; `base` is what `K` stands for.
fn whole(text: &str, base: i128) -> Parsed<i64> {
    if text.is_empty() {
        return Err("strict_sistrtoll: value not specified".into());
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let magnitude = magnitude(digits, base)?;
    let signed = if negative { -magnitude } else { magnitude };
    i64::try_from(signed).map_err(|_| format!("The option value '{text}' seems to be too large"))
}

fn natural(text: &str, base: i128) -> Parsed<u64> {
    if text.is_empty() {
        return Err("strict_sistrtoll: value not specified".into());
    }
    if text.starts_with('-') {
        return Err("strict_sistrtoll: value should not be negative".into());
    }
    let number = magnitude(text.strip_prefix('+').unwrap_or(text), base)?;
    u64::try_from(number).map_err(|_| format!("The option value '{text}' seems to be too large"))
}

fn magnitude(text: &str, base: i128) -> Parsed<i128> {
    let unknown = || "strict_si_cast: unit prefix not recognized".to_owned();
    let large = || format!("The option value '{text}' seems to be too large");
    if let Some(hex) = text.strip_prefix("0x") {
        return i128::from_str_radix(hex, 16).map_err(|_| unknown());
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    if digits.is_empty() {
        return Err(unknown());
    }
    let number: i128 = digits.parse().map_err(|_| large())?;
    let unit = unit.strip_suffix('B').unwrap_or(unit);
    let unit = if base == 1024 { unit.strip_suffix('i').unwrap_or(unit) } else { unit };
    let power = match unit {
        "" => 0,
        _ => {
            ["K", "M", "G", "T", "P", "E"].iter().position(|p| *p == unit).ok_or_else(unknown)? + 1
        }
    };
    number.checked_mul(base.pow(power as u32)).ok_or_else(large)
}

fn float(text: &str) -> Parsed<f64> {
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        _ => Err(format!("strict_strtod: expected double, got: '{text}'")),
    }
}

fn boolean(text: &str) -> Parsed<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => match text.parse::<i64>() {
            Ok(number) => Ok(number != 0),
            Err(_) => Err(format!("Expected option value to be integer, got '{text}'")),
        },
    }
}

/// A duration such as `90`, `5m` or `1h30m`.
fn seconds(text: &str) -> Parsed<u64> {
    let mut rest = text.trim();
    let mut total: u64 = 0;
    loop {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..end].parse().map_err(|_| "expected digit".to_owned())?;
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
            unit => return Err(format!("unrecogized unit '{unit}'")),
        };
        let part = number.checked_mul(scale).and_then(|part| total.checked_add(part));
        total = part.ok_or_else(|| format!("The option value '{text}' seems to be too large"))?;
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return Ok(total);
        }
    }
}

/// `[v1:|v2:|any:]ADDRESS[:PORT][/NONCE]`, completed to all of these parts.
fn address(text: &str) -> Parsed<String> {
    let bad = || format!("'{text}' is not a valid address");
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
    Err(format!("'{text}' is not a valid uuid"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn option(value_type: &str) -> OptionSchema {
        let value_type = value_type.parse().unwrap();
        OptionSchema { value_type, ..OptionSchema::default() }
    }

    #[test]
    fn values_are_stored_in_one_form() {
        for (kind, text, stored) in [
            ("int", "1K", "1000"),
            ("int", "-5", "-5"),
            ("int", "0x10", "16"),
            ("uint", "7", "7"),
            ("size", "4K", "4096"),
            ("size", "1GiB", "1073741824"),
            ("float", "1e3", "1000.000000"),
            ("secs", "5m", "300"),
            ("secs", "1h 30m", "5400"),
            ("millisecs", "250", "250"),
            ("bool", "TRUE", "true"),
            ("bool", "0", "false"),
            ("str", "", ""),
            ("addr", "1.2.3.4:99", "v2:1.2.3.4:99/0"),
            ("addr", "v1:[::1]:6789/3", "v1:[::1]:6789/3"),
            ("addr", "::1", "v2:[::1]:0/0"),
            ("addrvec", "[v2:1.2.3.4:1,v1:1.2.3.4:2]", "[v2:1.2.3.4:1/0,v1:1.2.3.4:2/0]"),
            (
                "uuid",
                "38F5BF59-6619-4409-a848-edac8d90825a",
                "38f5bf59-6619-4409-a848-edac8d90825a",
            ),
        ] {
            assert_eq!(option(kind).normalise(text).as_deref(), Ok(stored), "{kind} {text}");
        }
    }

    #[test]
    fn bad_values_are_refused_in_the_words_users_know() {
        for (kind, text, reason) in [
            ("int", "", "strict_sistrtoll: value not specified"),
            ("int", "5Q", "strict_si_cast: unit prefix not recognized"),
            ("uint", "-1", "strict_sistrtoll: value should not be negative"),
            ("size", "99999999999E", "The option value '99999999999E' seems to be too large"),
            ("float", "x", "strict_strtod: expected double, got: 'x'"),
            ("float", "nan", "strict_strtod: expected double, got: 'nan'"),
            ("bool", "yes", "Expected option value to be integer, got 'yes'"),
            ("secs", "5x", "unrecogized unit 'x'"),
            ("secs", "x", "expected digit"),
            ("addr", "host", "'host' is not a valid address"),
            ("uuid", "1-2", "'1-2' is not a valid uuid"),
        ] {
            let wanted = format!("error parsing value: {reason}");
            assert_eq!(option(kind).normalise(text).unwrap_err().to_string(), wanted);
        }
    }

    #[test]
    fn ranges_and_permitted_values_are_enforced() {
        let (min, max) = (Some("1".to_owned()), Some("10".to_owned()));
        let int = OptionSchema { min: min.clone(), max: max.clone(), ..option("int") };
        let float = OptionSchema { min, max, ..option("float") };
        let text = |result: Result<String, ValueError>| result.unwrap_err().0;
        assert_eq!(text(int.normalise("11")), "Value '11' exceeds maximum 10");
        assert_eq!(text(int.normalise("0")), "Value '0' is below minimum 1");
        assert_eq!(text(float.normalise("11")), "Value '11.000000' exceeds maximum 10.000000");
        assert!(int.normalise("10").is_ok());
        let choice = OptionSchema { enum_allowed: vec!["a".into(), "b".into()], ..option("str") };
        let reason = "'c' is not one of the permitted values: a, b";
        assert_eq!(text(choice.normalise("c")), reason);
    }

    #[test]
    fn programs_get_the_type() {
        assert_eq!(option("secs").typed("2"), 2.0);
        assert_eq!(option("size").typed("4K"), 4096);
        assert_eq!(option("bool").typed("true"), true);
        assert_eq!(option("str").typed("2/5"), "2/5");
        let unknown = OptionSchema { value_type: OptionType::Unknown, ..OptionSchema::default() };
        assert_eq!(unknown.typed("3600.000000"), 3600.0);
        assert_eq!(unknown.typed("7"), 7);
        assert_eq!(unknown.typed("cephx"), "cephx");
    }

    proptest! {
        #[test]
        fn a_stored_value_is_stored_as_itself(
            text in "\\PC{0,12}|[0-9]{1,5}[KMGsmhd]?",
            kind in prop::sample::select(&OptionType::NAMED[..]),
        ) {
            if let Ok(stored) = option(kind.0).normalise(&text) {
                prop_assert_eq!(option(kind.0).normalise(&stored), Ok(stored.clone()));
            }
        }
    }
}
