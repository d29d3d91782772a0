//! What modules declare about their options, as the registry of options takes it.

use crate::module::DeclaredOption;
use crate::options::{Level, OptionSchema, OptionType};

/// The option as the registry knows it.
pub(super) fn schema(option: &DeclaredOption) -> OptionSchema {
    let level = match option.level.as_str() {
        "basic" => Level::Basic,
        "dev" => Level::Dev,
        _ => Level::Advanced,
    };
    // An unknown type is text; the parse cannot fail.
    let value_type = option.kind.parse().unwrap_or(OptionType::Str);
    OptionSchema {
        name: option.name.clone(),
        value_type,
        level,
        default: option.default_value.clone(),
        min: option.min.clone(),
        max: option.max.clone(),
        enum_allowed: option.enum_allowed.clone(),
        desc: option.desc.clone(),
        long_desc: option.long_desc.clone(),
        tags: option.tags.clone(),
        see_also: option.see_also.clone(),
        // Whatever the module says: every change is pushed to it at once.
        runtime: true,
    }
}
