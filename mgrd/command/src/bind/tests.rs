use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let descriptor = "go name=a,type=CephInt,range=1|5 name=b,type=CephInt,n=2,req=false \
                      name=c,type=CephString,n=N,positional=false";
    let signature = Signature::parse(descriptor).unwrap();
    let both = Signature::parse("go name=a,type=CephInt,req=false now").unwrap();
    let refused = |signature: &Signature, line: &str| {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let rest = rest(signature, &words).unwrap();
        bind(signature, &rest).unwrap_err()
    };
    assert_errors!(BindError of [
        refused(&signature, "go"),
        refused(&signature, "go 6"),
        refused(&signature, "go x"),
        refused(&signature, "go 1 2 --c x"),
        refused(&signature, "go 1 2 3 4 --c x"),
        refused(&signature, "go 1"),
        refused(&signature, "go 1 --d 2"),
        refused(&signature, "go 1 --c"),
        refused(&both, "go 1"),
        refused(&both, "go 1 then"),
    ]);
}
