//! `#[commands]` on an `impl` block.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, ImplItem, ItemImpl, LitStr, Result};

use crate::attributes::take;
use crate::{command, method};

pub(crate) fn expand(mut block: ItemImpl) -> Result<TokenStream> {
    let (mut commands, mut methods, mut known) = (Vec::new(), Vec::new(), Vec::new());
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        if let Some(attribute) = take(&mut function.attrs, "command") {
            let (words, command) = command::expand(&attribute, function)?;
            if let Some(first) = known.iter().find(|first: &&LitStr| first.value() == words.value())
            {
                return Err(twice(&words, first));
            }
            known.push(words);
            commands.push(command);
        }
        if let Some(attribute) = take(&mut function.attrs, "remote") {
            methods.push(method::expand(&attribute, function)?);
        }
    }
    let this = &block.self_ty;
    Ok(quote! {
        #block

        impl ::mgrd_sdk::Commands for #this {
            fn commands() -> ::std::vec::Vec<::mgrd_sdk::macro_support::Command<Self>> {
                ::std::vec![#(#commands),*]
            }

            fn methods() -> ::std::vec::Vec<::mgrd_sdk::macro_support::Method<Self>> {
                ::std::vec![#(#methods),*]
            }
        }
    })
}

/// The error for two functions with the same words. The compiler shows both.
fn twice(words: &LitStr, first: &LitStr) -> Error {
    let text = format!("the command '{}' is declared twice", words.value());
    let mut error = Error::new(words.span(), text);
    error.combine(Error::new(first.span(), "it is first declared here"));
    error
}

#[cfg(test)]
mod tests;
