//! What modules declare: their commands go to the router, their options to the registry of options.

use super::parts::Host;
use crate::module::{Declaration, DeclaredOption};
use crate::options::{Level, OptionSchema, OptionType};

impl Host {
    /// Registers the commands and options that modules declare now.
    pub fn declare(&self) {
        let declared = self.parts.modules.declarations();
        self.parts.router.declare(&declared);
        for module in &declared {
            // A module without a declaration has the options that every module has.
            let declaration = module.declaration.as_deref();
            self.declare_options(&module.module, declaration.unwrap_or(&Declaration::default()));
        }
        self.manager_map.refresh();
    }

    /// Registers the options that a module declares.
    pub fn declare_options(&self, module: &str, declaration: &Declaration) {
        let options = declaration.options.iter().map(schema).collect();
        self.parts.options.schemas.declare(module, options);
    }
}

/// The option as the registry keeps it.
fn schema(option: &DeclaredOption) -> OptionSchema {
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
        // Also if the module says no: every change is pushed to it at once.
        runtime: true,
    }
}
