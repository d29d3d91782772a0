//! The attributes of mgrd-sdk.

mod attributes;
mod command;
mod commands;
mod doc;
mod method;
mod options;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes commands and remote methods of an `impl` block's functions.
///
/// `#[command("hello greet", perm = "r", poll)]` makes a command: the parameters are its
/// arguments, the doc comment its description. `#[arg(default = 1, range = "1|9", …)]` on a
/// parameter gives a default and further attributes of the descriptor. `#[remote]` makes a method
/// that other modules may call, under the function's name. Both return a `Result`.
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
