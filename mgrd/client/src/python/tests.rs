use super::*;

#[test]
fn statements_are_complete_at_once_and_blocks_after_an_empty_line() {
    let complete = [
        "1 + 1",
        "x = {'a:': [1]}",
        "f('(') # (",
        "s = 'a\\'b('",
        "",
        "x = (1,\n2)",
        "def f():\n    pass\n\n",
        "if x: pass\n\n",
        "@d\ndef f(): pass\n\n",
        "s = '''a\n\nb'''",
        "print('x:')",
    ];
    for source in complete {
        assert!(!needs_more(source), "{source:?}");
    }
    let incomplete = [
        "def f():",
        "def f():\n    return 1",
        "f(1,",
        "x = [",
        "s = '''a\n",
        "x = 1 + \\",
        "@d",
        "if x:  # why",
        "for i in x:\n  a\n  b",
        "try:\n  '''x\n\n",
    ];
    for source in incomplete {
        assert!(needs_more(source), "{source:?}");
    }
}
