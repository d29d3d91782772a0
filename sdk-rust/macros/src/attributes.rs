//! Removes the attributes that the macros read, because the compiler does not know them.

use syn::Attribute;

/// Removes the attribute with this name, and returns it.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let index = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    Some(attributes.remove(index))
}
