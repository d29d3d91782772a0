//! Snapshot tests of the texts that people read.
//!
//! A snapshot is a file with the text as it was last accepted. It is in the folder `snapshots` of its
//! test, so that a review shows each change of a text. A test fails while a text differs from its
//! snapshot. CONTRIBUTING.md explains how to accept a change.
//!
//! This crate does not know the texts. The other crates use it only in tests.

#[doc(hidden)]
pub use insta;

/// Compares a text with the snapshot of this name.
#[macro_export]
macro_rules! assert_text {
    ($name:expr, $text:expr) => {
        $crate::insta::with_settings!(
            { prepend_module_to_snapshot => false, omit_expression => true },
            { $crate::insta::assert_snapshot!($name, $text) }
        )
    };
}

/// Compares the texts of an error type with the snapshot of its name.
///
/// An enum needs a sample of each variant: the test does not compile while a variant is missing.
/// A struct has samples of its texts, after `of`.
///
/// ```no_run
/// # #[derive(Debug)] enum NoRoom { Disk { free: u64 }, Memory }
/// # impl std::fmt::Display for NoRoom {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("full") }
/// # }
/// mgrd_snapshots::assert_errors!(NoRoom {
///     Disk: NoRoom::Disk { free: 0 }, NoRoom::Disk { free: 7 };
///     Memory: NoRoom::Memory;
/// });
/// ```
#[macro_export]
macro_rules! assert_errors {
    ($error:ident { $($variant:ident: $($sample:expr),+;)+ }) => {{
        let variant = |error: &$error| match error {
            $($error::$variant { .. } => stringify!($variant),)+
        };
        let mut lines = Vec::new();
        $($({
            let sample: $error = $sample;
            assert_eq!(variant(&sample), stringify!($variant), "a sample of another variant");
            lines.push(format!("{}: {sample}", stringify!($variant)));
        })+)+
        $crate::assert_text!(stringify!($error), $crate::entries(&lines));
    }};
    ($error:ident of $samples:expr) => {{
        let samples = Vec::<$error>::from_iter($samples);
        let lines: Vec<_> = samples.iter().map(ToString::to_string).collect();
        $crate::assert_text!(stringify!($error), $crate::entries(&lines));
    }};
}

/// One entry a line. The further lines of an entry are indented.
#[must_use]
pub fn entries(entries: &[String]) -> String {
    entries.iter().map(|entry| entry.replace('\n', "\n    ") + "\n").collect()
}
