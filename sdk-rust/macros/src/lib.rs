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

// It is documented in mgrd-sdk, because its example can only run there.
#[expect(missing_docs, reason = "mgrd-sdk has them")]
#[proc_macro_attribute]
pub fn commands(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let block = parse_macro_input!(item as syn::ItemImpl);
    commands::expand(block).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes options from the fields of a struct; see the trait.
#[proc_macro_derive(Options, attributes(option))]
pub fn options(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    options::expand(item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Makes choices from the variants of an enum; see the trait.
#[proc_macro_derive(Choices, attributes(choice))]
pub fn choices(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    choices::expand(item).unwrap_or_else(syn::Error::into_compile_error).into()
}
