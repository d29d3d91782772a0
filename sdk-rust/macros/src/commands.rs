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

/// That two functions answer the same words; the compiler shows both.
fn twice(words: &LitStr, first: &LitStr) -> Error {
    let text = format!("the command '{}' is declared twice", words.value());
    let mut error = Error::new(words.span(), text);
    error.combine(Error::new(first.span(), "it is first declared here"));
    error
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    fn error(block: ItemImpl) -> String {
        expand(block).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn flaws_in_declarations_are_named() {
        let twice = error(parse_quote!(
            impl M {
                #[command("a b")]
                fn one(&self) {}
                #[command(r"a b")]
                fn two(&self) {}
            }
        ));
        assert_eq!(twice, "the command 'a b' is declared twice");
        let argument = error(parse_quote!(
            impl M {
                #[command("a name=x")]
                fn one(&self) {}
            }
        ));
        assert!(argument.contains("arguments are declared by the function's parameters"));
        let unknown = error(parse_quote!(
            impl M {
                #[command("a", often)]
                fn one(&self) {}
            }
        ));
        assert!(unknown.starts_with("unknown; use"));
        let pattern = error(parse_quote!(
            impl M {
                #[command("a")]
                fn one(&self, (x, y): (u8, u8)) {}
            }
        ));
        assert_eq!(pattern, "a parameter needs a plain name");
    }
}
