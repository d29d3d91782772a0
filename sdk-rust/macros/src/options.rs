//! `#[derive(Options)]` on a struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Data, DeriveInput, Error, Expr, Field, Fields, Ident, LitStr, Result, Token};

use crate::doc::description;

/// The content of `#[option(…)]`.
#[derive(Default)]
struct Declared {
    default: Option<Expr>,
    min: Option<Expr>,
    max: Option<Expr>,
    kind: Option<LitStr>,
    level: Option<Ident>,
    enum_allowed: Vec<LitStr>,
    tags: Vec<LitStr>,
    see_also: Vec<LitStr>,
    runtime: bool,
}

pub(crate) fn expand(item: DeriveInput) -> Result<TokenStream> {
    let Data::Struct(syn::DataStruct { fields: Fields::Named(fields), .. }) = &item.data else {
        return Err(Error::new_spanned(&item, "only a struct with named fields can have options"));
    };
    let (mut schemas, mut values) = (Vec::new(), Vec::new());
    for field in &fields.named {
        let declared = declared(field)?;
        schemas.push(schema(field, &declared));
        values.push(value(field, &declared));
    }
    let this = &item.ident;
    Ok(quote! {
        impl ::mgrd_sdk::Options for #this {
            fn schema() -> ::std::vec::Vec<::mgrd_sdk::macro_support::OptionSchema> {
                ::std::vec![#(#schemas),*]
            }

            fn read(
                get: &dyn ::std::ops::Fn(&str) -> ::std::option::Option<::std::string::String>,
            ) -> Self {
                Self { #(#values),* }
            }
        }
    })
}

fn declared(field: &Field) -> Result<Declared> {
    let mut declared = Declared::default();
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("option")) {
        attribute.parse_nested_meta(|meta| {
            let texts = || {
                let content;
                syn::parenthesized!(content in meta.input);
                let texts = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
                Ok::<_, Error>(texts.into_iter().collect())
            };
            match meta.path.require_ident()?.to_string().trim_start_matches("r#") {
                "default" => declared.default = Some(meta.value()?.parse()?),
                "min" => declared.min = Some(meta.value()?.parse()?),
                "max" => declared.max = Some(meta.value()?.parse()?),
                "type" => declared.kind = Some(meta.value()?.parse()?),
                "level" => declared.level = Some(level(&meta.value()?.parse()?)?),
                "enum_allowed" => declared.enum_allowed = texts()?,
                "tags" => declared.tags = texts()?,
                "see_also" => declared.see_also = texts()?,
                "runtime" => declared.runtime = true,
                _ => {
                    return Err(meta.error(
                        "unknown; use default, min, max, type, level, enum_allowed(…), \
                         tags(…), see_also(…) or runtime",
                    ));
                }
            }
            Ok(())
        })?;
    }
    Ok(declared)
}

fn level(name: &LitStr) -> Result<Ident> {
    let variant = match name.value().as_str() {
        "basic" => "Basic",
        "advanced" => "Advanced",
        "dev" => "Dev",
        _ => return Err(Error::new(name.span(), "use basic, advanced or dev")),
    };
    Ok(Ident::new(variant, name.span()))
}

fn schema(field: &Field, declared: &Declared) -> TokenStream {
    let (name, kind) = (name(field), &field.ty);
    let (desc, long_desc) = description(&field.attrs);
    let text = |value: &Option<Expr>| match value {
        Some(value) => quote! {
            ::std::option::Option::Some(::std::string::ToString::to_string(&(#value)))
        },
        None => quote!(::std::option::Option::None),
    };
    let list = |texts: &[LitStr]| quote!(::std::vec![#(#texts.to_owned()),*]);
    let (default, min, max) = (text(&declared.default), text(&declared.min), text(&declared.max));
    let type_name = match &declared.kind {
        Some(kind) => quote!(#kind),
        None => quote!(<#kind as ::mgrd_sdk::OptionValue>::TYPE),
    };
    let level = match &declared.level {
        Some(level) => quote!(::mgrd_sdk::macro_support::OptionLevel::#level.into()),
        None => quote!(::mgrd_sdk::macro_support::OptionLevel::Unspecified.into()),
    };
    let enum_allowed = match declared.enum_allowed.as_slice() {
        [] => quote! {
            <#kind as ::mgrd_sdk::OptionValue>::CHOICES.iter().map(|&name| name.to_owned()).collect()
        },
        texts => list(texts),
    };
    let (tags, see_also) = (list(&declared.tags), list(&declared.see_also));
    let runtime = declared.runtime;
    quote! {
        ::mgrd_sdk::macro_support::OptionSchema {
            name: #name.to_owned(),
            r#type: #type_name.to_owned(),
            level: #level,
            default_value: #default,
            min: #min,
            max: #max,
            enum_allowed: #enum_allowed,
            desc: #desc.to_owned(),
            long_desc: #long_desc.to_owned(),
            tags: #tags,
            see_also: #see_also,
            runtime: #runtime,
        }
    }
}

fn value(field: &Field, declared: &Declared) -> TokenStream {
    let (member, name) = (&field.ident, name(field));
    let default = match &declared.default {
        Some(default) => quote! {
            ::std::option::Option::Some(::std::string::ToString::to_string(&(#default)))
        },
        None => quote!(::std::option::Option::None),
    };
    quote!(#member: ::mgrd_sdk::macro_support::value(get(#name), #default))
}

fn name(field: &Field) -> String {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    name.trim_start_matches("r#").to_owned()
}
