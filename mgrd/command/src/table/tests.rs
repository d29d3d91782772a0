use mgrd_snapshots::assert_errors;

use super::super::spec::Flags;
use super::*;

fn spec(module: &str, descriptor: &str) -> CommandSpec {
    CommandSpec::new(module, descriptor, "", "r", Flags::default()).unwrap()
}

#[test]
fn the_first_module_to_register_words_answers_them() {
    let mut table = CommandTable::new();
    table.register(spec("a", "go")).unwrap();
    table.register(spec("a", "go on")).unwrap();
    let error = table.register(spec("b", "go name=x,type=CephInt")).unwrap_err();
    let expected = "command 'go' is a command of module 'a'; rename it";
    assert_eq!(error.to_string(), expected);
    assert_eq!((table.version(), table.iter().count()), (2, 2));
    assert_eq!(table.owner("go"), Some("a"));
    assert_eq!(table.owner("g"), None);
}

#[test]
fn the_same_signature_is_registered_once() {
    let mut table = CommandTable::new();
    table.register(spec("a", "go name=x,type=CephInt")).unwrap();
    table.register(spec("a", "go  type=CephInt,name=x,req=true")).unwrap();
    assert_eq!((table.version(), table.overloads("go").len()), (1, 1));
}

#[test]
fn different_signatures_of_one_prefix_stay_together_in_the_order_of_declaration() {
    let mut table = CommandTable::new();
    let descriptors = ["go name=x,type=CephInt", "stop", "go name=s,type=CephString"];
    for descriptor in descriptors {
        table.register(spec("a", descriptor)).unwrap();
    }
    let usages: Vec<String> = table.iter().map(|spec| spec.usage()).collect();
    assert_eq!(usages, ["go <x:int>", "go <s>", "stop"]);
}

#[test]
fn an_overload_that_is_never_chosen_is_refused() {
    let int = "name=i,type=CephInt";
    let text = "name=s,type=CephString";
    let table = [
        // The earlier one, the later one, whether the later one can be chosen.
        (format!("{int},req=false"), int.to_owned(), false),
        (int.to_owned(), format!("{int},req=false"), true),
        (format!("{int} {text},req=false"), int.to_owned(), false),
        (format!("{int} {text}"), int.to_owned(), true),
        (format!("{text},req=false"), String::new(), false),
        (String::new(), int.to_owned(), true),
        (int.to_owned(), "name=j,type=CephInt".to_owned(), true),
        (int.to_owned(), format!("{int},range=1|5"), true),
        (int.to_owned(), format!("{int},n=N"), true),
        (format!("{int},n=N,req=false"), format!("{int},n=N"), false),
        (format!("{int} {text}"), format!("{text} {int}"), true),
        (int.to_owned(), format!("{int},positional=false"), true),
    ];
    for (earlier, later, chosen) in table {
        let mut table = CommandTable::new();
        table.register(spec("a", &format!("go {earlier}"))).unwrap();
        let result = table.register(spec("a", &format!("go {later}")));
        assert_eq!(result.is_ok(), chosen, "{earlier:?}, {later:?}: {result:?}");
        assert_eq!(table.overloads("go").len(), if chosen { 2 } else { 1 });
    }
}

#[test]
fn the_command_that_conflicts_with_an_overload_is_named() {
    let mut table = CommandTable::new();
    table.register(spec("a", "go name=i,type=CephInt,req=false")).unwrap();
    let error = table.register(spec("a", "go name=i,type=CephInt")).unwrap_err();
    let expected = "command 'go <i:int>' is never chosen, because 'go [<i:int>]' is declared \
                    before it and fits the same arguments; remove it, or declare it first";
    assert_eq!(error.to_string(), expected);
    for i in 1..MAX_OVERLOADS {
        table.register(spec("a", &format!("go name=a{i},type=CephInt"))).unwrap();
    }
    let error = table.register(spec("a", "go name=z,type=CephInt")).unwrap_err();
    assert_eq!(error, Conflict::TooMany("go".to_owned()));
}

#[test]
fn texts() {
    assert_errors!(Conflict {
        Taken: Conflict::Taken { prefix: "go".into(), owner: "a".into() },
               Conflict::Taken { prefix: "go".into(), owner: BUILTIN_MODULE.into() };
        NeverChosen: Conflict::NeverChosen { command: "go <x:int>".into(), earlier: "go [<x>]".into() };
        TooMany: Conflict::TooMany("go".into());
    });
}
