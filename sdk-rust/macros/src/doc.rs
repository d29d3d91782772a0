//! Makes descriptions from doc comments.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// A doc comment: its first paragraph as one line, and the rest.
pub(crate) fn description(attributes: &[Attribute]) -> (String, String) {
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let end = lines.iter().position(String::is_empty).unwrap_or(lines.len());
    (lines[..end].join(" "), lines[end..].join("\n").trim().to_owned())
}

fn line(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &pair.value else { return None };
    pair.path.is_ident("doc").then(|| text.value().trim().to_owned())
}
