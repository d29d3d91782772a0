//! How a folder declares its part of a table of limits.
//!
//! `[limits.module]` is one table of `mgrd.toml`, and several folders have limits in it. Each declares
//! its own with `limits!`, and `config` reads the table into all of them.

/// Declares limits, each with its default. The name of a limit is its key in the table.
macro_rules! limits {
    (
        #[doc = $about:literal]
        $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde($($serde:tt)+)])?
                $limit:ident: $type:ty = $default:expr,
            )+
        }
    ) => {
        #[doc = $about]
        #[derive(Clone, Copy, Debug, PartialEq)]
        #[cfg_attr(test, derive(serde::Serialize))]
        pub struct $name {
            $(
                $(#[doc = $doc])+
                $(#[cfg_attr(test, serde($($serde)+))])?
                pub $limit: $type,
            )+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($limit: $default),+ }
            }
        }

        impl $name {
            /// The names of these limits.
            pub(crate) const NAMES: &[&str] = &[$(stringify!($limit)),+];

            /// Takes the value of the limit with this name from `table`; false if it is not one of
            /// these limits.
            ///
            /// # Errors
            ///
            /// If the value is not allowed.
            pub(crate) fn read<'de, A: serde::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                table: &mut A,
            ) -> Result<bool, A::Error> {
                $(
                    if name == stringify!($limit) {
                        #[derive(serde::Deserialize)]
                        #[serde(transparent)]
                        struct Value {
                            $(#[serde($($serde)+)])?
                            value: $type,
                        }
                        self.$limit = table.next_value::<Value>()?.value;
                        return Ok(true);
                    }
                )+
                Ok(false)
            }
        }
    };
}

pub(crate) use limits;
