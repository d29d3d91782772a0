//! `#[commands]` on an `impl` block.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, ItemImpl, Result};

use crate::attributes::take;
use crate::{command, method};

pub(crate) fn expand(mut block: ItemImpl) -> Result<TokenStream> {
    let (mut commands, mut methods) = (Vec::new(), Vec::new());
    for item in &mut block.items {
        let ImplItem::Fn(function) = item else { continue };
        if let Some(attribute) = take(&mut function.attrs, "command") {
            commands.push(command::expand(&attribute, function)?);
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
