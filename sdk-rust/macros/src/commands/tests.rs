use syn::parse_quote;

use super::*;

fn error(block: ItemImpl) -> String {
    expand(block).map(|_| String::new()).unwrap_or_else(|error| error.to_string())
}

#[test]
fn errors_in_declarations_are_explained() {
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
    assert!(argument.contains("the parameters of the function declare the arguments"));
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
    assert_eq!(pattern, "the parameter must be a plain name");
}
