use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let folder = || PathBuf::from("/sys/fs/cgroup/system.slice/mgrd.service");
    let denied = || io::Error::from_raw_os_error(nix::libc::EACCES);
    assert_errors!(NoControlGroups {
        NotUsed: NoControlGroups::NotUsed;
        Unknown: NoControlGroups::Unknown(denied());
        NotMounted: NoControlGroups::NotMounted;
        NotVisible: NoControlGroups::NotVisible("/../x".into());
        ReadOnly: NoControlGroups::ReadOnly(folder());
        NotADomain: NoControlGroups::NotADomain { folder: folder(), kind: "threaded".into() };
        Shared: NoControlGroups::Shared(folder());
        NoControllers: NoControlGroups::NoControllers(folder());
        Refused: NoControlGroups::Refused { path: folder().join("cgroup.procs"), source: denied() };
    });
}
