//! The attributes of mgrd-sdk.

mod attributes;
mod choices;
mod command;
mod commands;
mod doc;
mod method;
mod options;

use proc_macro::TokenStream;
use syn::parse_macro_input;

// Documented where mgrd-sdk shows it, so that its example is run.
#[expect(missing_docs, reason = "mgrd-sdk has them")]
#[proc_macro_attribute]
pub fn commands(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let block = parse_macro_input!(item as syn::ItemImpl);
    commands::expand(block).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes options of a struct's fields; see the trait.
#[proc_macro_derive(Options, attributes(option))]
pub fn options(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    options::expand(item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes choices of an enum's variants; see the trait.
#[proc_macro_derive(Choices, attributes(choice))]
pub fn choices(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    choices::expand(item).unwrap_or_else(syn::Error::into_compile_error).into()
}
