//! `#[remote]` on a function.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Error, FnArg, ImplItemFn, Meta, Pat, Result};

use crate::command::{called, local};

pub(crate) fn expand(attribute: &Attribute, function: &ImplItemFn) -> Result<TokenStream> {
    if !matches!(attribute.meta, Meta::Path(_)) {
        return Err(Error::new_spanned(
            attribute,
            "#[remote] takes no arguments; the method has the name of the function",
        ));
    }
    let mut inputs = function.sig.inputs.iter();
    let Some(FnArg::Receiver(_)) = inputs.next() else {
        return Err(Error::new_spanned(&function.sig, "the first parameter must be &self"));
    };
    let (module, call) = (local("module"), local("call"));
    let (mut takes, mut names) = (Vec::new(), Vec::new());
    for input in inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(name) = &*typed.pat else {
            return Err(Error::new_spanned(&typed.pat, "the parameter must be a plain name"));
        };
        let (name, kind, text) = (&name.ident, &typed.ty, name.ident.to_string());
        let text = text.trim_start_matches("r#");
        takes.push(quote!(let #name = #call.take::<#kind>(#text)?;));
        names.push(name);
    }
    let name = function.sig.ident.to_string();
    let run = called(function, &quote!(#(#names),*));
    Ok(quote! {
        ::mgrd_sdk::macro_support::Method {
            name: #name,
            run: |#module: ::mgrd_sdk::macro_support::Arc<Self>, mut #call| {
                ::std::boxed::Box::pin(async move {
                    #(#takes)*
                    #call.end()?;
                    ::mgrd_sdk::macro_support::returned(#run)
                })
            },
        }
    })
}
