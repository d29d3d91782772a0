//! Taking attributes off what the compiler will see.

use syn::Attribute;

/// Takes the attribute of this name out, if it is there.
pub(crate) fn take(attributes: &mut Vec<Attribute>, name: &str) -> Option<Attribute> {
    let place = attributes.iter().position(|attribute| attribute.path().is_ident(name))?;
    Some(attributes.remove(place))
}
