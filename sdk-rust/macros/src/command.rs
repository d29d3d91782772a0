//! `#[command]` on a function.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Error, Expr, ExprLit, FnArg, Ident, ImplItemFn, Lit, LitStr, Pat, Result, Token,
    Type,
};

use crate::attributes::take;
use crate::doc::description;

/// One parameter.
struct Parameter {
    name: Ident,
    kind: Type,
    default: Option<Expr>,
    attributes: Vec<(String, String)>,
}

/// The words of the command, and the code that declares it.
pub(crate) fn expand(
    attribute: &Attribute,
    function: &mut ImplItemFn,
) -> Result<(LitStr, TokenStream)> {
    let Declared { words, perm, poll } = declared(attribute)?;
    let (desc, _) = description(&function.attrs);
    let parameters = parameters(function)?;
    let specs = parameters.iter().map(spec);
    let takes = parameters.iter().map(taken);
    let names = parameters.iter().map(|parameter| &parameter.name);
    let run = called(function, &quote!(#(#names),*));
    let (module, call, format) = (local("module"), local("call"), local("format"));
    let at = function.sig.ident.span();
    let declared_at = quote_spanned!(at=> ::std::concat!(::std::file!(), ":", ::std::line!()));
    let command = quote! {
        ::mgrd_sdk::macro_support::Command {
            words: #words,
            description: #desc,
            perm: #perm,
            poll: #poll,
            declared_at: #declared_at,
            arguments: ::std::vec![#(#specs),*],
            run: |#module: ::mgrd_sdk::macro_support::Arc<Self>, mut #call| {
                ::std::boxed::Box::pin(async move {
                    let #format = #call.format()?;
                    #(#takes)*
                    #call.end()?;
                    ::mgrd_sdk::macro_support::answer(#format, #run)
                })
            },
        }
    };
    Ok((words, command))
}

/// The call of the function on `module`, with `.await` if it is asynchronous.
pub(crate) fn called(function: &ImplItemFn, arguments: &TokenStream) -> TokenStream {
    let (name, module) = (&function.sig.ident, local("module"));
    let wait = function.sig.asyncness.map(|_| quote!(.await));
    quote!(Self::#name(&#module, #arguments)#wait)
}

/// A local variable that cannot clash with a parameter of the same name.
pub(crate) fn local(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}

struct Declared {
    words: LitStr,
    perm: String,
    poll: bool,
}

fn declared(attribute: &Attribute) -> Result<Declared> {
    attribute.parse_args_with(|input: syn::parse::ParseStream<'_>| {
        let words: LitStr = input.parse()?;
        let mut declared = Declared { words, perm: "rw".to_owned(), poll: false };
        let words = &declared.words;
        if words.value().split(' ').any(|word| word.is_empty() || word.contains(['=', ','])) {
            let message = "separate the words by one space, without '=' and ','; the parameters of \
                           the function declare the arguments";
            return Err(Error::new(words.span(), message));
        }
        while !input.is_empty() {
            input.parse::<Token![,]>()?;
            let key: Ident = input.parse()?;
            match key.to_string().as_str() {
                "perm" => {
                    input.parse::<Token![=]>()?;
                    let perm: LitStr = input.parse()?;
                    if !["r", "w", "rw", "rwx", "x"].contains(&perm.value().as_str()) {
                        return Err(Error::new(perm.span(), "use r, w, rw or rwx"));
                    }
                    declared.perm = perm.value();
                }
                "poll" => declared.poll = true,
                _ => return Err(Error::new(key.span(), "unknown; use perm = \"…\" or poll")),
            }
        }
        Ok(declared)
    })
}

fn parameters(function: &mut ImplItemFn) -> Result<Vec<Parameter>> {
    let mut parameters = Vec::new();
    let mut inputs = function.sig.inputs.iter_mut();
    match inputs.next() {
        Some(FnArg::Receiver(this)) if this.reference.is_some() && this.mutability.is_none() => {}
        _ => return Err(Error::new_spanned(&function.sig, "the first parameter must be &self")),
    }
    for input in inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(name) = &*typed.pat else {
            return Err(Error::new_spanned(&typed.pat, "the parameter must be a plain name"));
        };
        let (name, kind) = (name.ident.clone(), (*typed.ty).clone());
        let mut parameter = Parameter { name, kind, default: None, attributes: Vec::new() };
        if let Some(attribute) = take(&mut typed.attrs, "arg") {
            read(&attribute, &mut parameter)?;
        }
        parameters.push(parameter);
    }
    Ok(parameters)
}

/// Reads `#[arg(default = 1, range = "0|9", choices("a", "b"))]`.
fn read(attribute: &Attribute, parameter: &mut Parameter) -> Result<()> {
    attribute.parse_nested_meta(|meta| {
        let key = meta.path.require_ident()?.to_string();
        match key.trim_start_matches("r#") {
            "default" => parameter.default = Some(meta.value()?.parse()?),
            "choices" => {
                let content;
                syn::parenthesized!(content in meta.input);
                let choices = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
                let choices: Vec<String> = choices.iter().map(LitStr::value).collect();
                parameter.attributes.push(("type".to_owned(), "CephChoices".to_owned()));
                parameter.attributes.push(("strings".to_owned(), choices.join("|")));
            }
            key @ ("type" | "range" | "goodchars" | "n" | "positional") => {
                let value: LitStr = meta.value()?.parse()?;
                parameter.attributes.push((key.to_owned(), value.value()));
            }
            _ => {
                let known = "unknown; use default = …, choices(\"a\", \"b\"), type, range, \
                             goodchars, n or positional";
                return Err(meta.error(known));
            }
        }
        Ok(())
    })
}

fn spec(parameter: &Parameter) -> TokenStream {
    let Parameter { name, kind, default, attributes } = parameter;
    let name = name.to_string();
    let name = name.trim_start_matches("r#");
    let has_default = default.is_some();
    let attributes = attributes.iter().map(|(key, value)| quote!((#key, #value)));
    quote! {
        ::mgrd_sdk::macro_support::ArgumentSpec {
            name: #name,
            kind: <#kind as ::mgrd_sdk::Argument>::kind(),
            has_default: #has_default,
            attributes: &[#(#attributes),*],
        }
    }
}

fn taken(parameter: &Parameter) -> TokenStream {
    let Parameter { name, kind, default, .. } = parameter;
    let text = name.to_string();
    let text = text.trim_start_matches("r#");
    let call = local("call");
    match default {
        // A text can be the default of a `String`.
        Some(Expr::Lit(ExprLit { lit: Lit::Str(default), .. })) => quote! {
            let #name = #call.take_or::<#kind>(#text, || ::std::convert::Into::into(#default))?;
        },
        Some(default) => quote!(let #name = #call.take_or::<#kind>(#text, || #default)?;),
        None => quote!(let #name = #call.take::<#kind>(#text)?;),
    }
}
