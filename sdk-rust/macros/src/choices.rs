//! `#[derive(Choices)]` on an enum.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Variant};

pub(crate) fn expand(item: DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &item.data else {
        return Err(Error::new_spanned(&item, "only an enum can have choices"));
    };
    let Some(Variant { ident: first, .. }) = data.variants.first() else {
        return Err(Error::new_spanned(&item, "the enum needs at least one variant"));
    };
    let names = data.variants.iter().map(name).collect::<Result<Vec<_>>>()?;
    for (n, name) in names.iter().enumerate() {
        if names[..n].contains(name) {
            return Err(Error::new(name.span(), "another variant has this name"));
        }
    }
    let this = &item.ident;
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    Ok(quote! {
        impl ::mgrd_sdk::Choices for #this {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn from_name(name: &str) -> ::std::option::Option<Self> {
                match name {
                    #(#names => ::std::option::Option::Some(Self::#variants),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn first() -> Self {
                Self::#first
            }
        }

        impl ::std::fmt::Display for #this {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(match self {
                    #(Self::#variants => #names),*
                })
            }
        }
    })
}

fn name(variant: &Variant) -> Result<LitStr> {
    if !matches!(variant.fields, Fields::Unit) {
        return Err(Error::new_spanned(variant, "a choice cannot have fields"));
    }
    let attribute = variant.attrs.iter().find(|attribute| attribute.path().is_ident("choice"));
    let Some(attribute) = attribute else {
        let name = hyphenated(&variant.ident.to_string());
        return Ok(LitStr::new(&name, variant.ident.span()));
    };
    let name: LitStr = attribute.parse_args()?;
    if name.value().is_empty() || name.value().contains(['|', ',', '=', ' ']) {
        return Err(Error::new(
            name.span(),
            "a name cannot be empty or contain '|', ',', '=' or a space",
        ));
    }
    Ok(name)
}

/// Turns `AlmostFull` into `almost-full`.
fn hyphenated(name: &str) -> String {
    let mut words = String::new();
    for (n, char) in name.trim_start_matches("r#").chars().enumerate() {
        if char.is_uppercase() && n > 0 {
            words.push('-');
        }
        words.extend(char.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests;
