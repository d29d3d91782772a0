use super::*;

/// A line of `mountinfo`.
fn mount(root: &str, at: &str, options: &str) -> String {
    format!("30 24 0:26 {root} {at} {options} shared:4 - cgroup2 cgroup2 rw,nsdelegate\n")
}

#[test]
fn the_group_is_found_where_it_is_mounted() {
    let v1 = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
    let unified = mount("/", "/sys/fs/cgroup", "rw,nosuid");
    let hybrid = v1.to_owned() + &mount("/", "/sys/fs/cgroup/unified", "rw");
    let read_only = mount("/", "/sys/fs/cgroup", "ro,nosuid");
    let bound = mount("/a.slice", "/my\\040groups", "rw");
    let both = read_only.clone() + &mount("/", "/rw", "rw");
    let system = "30 24 0:26 / /x rw - cgroup2 cgroup2 ro\n".to_owned();
    let cases = [
        (&unified, "0::/a.slice/b.service\n", Ok("/sys/fs/cgroup/a.slice/b.service")),
        (&unified, "0::/\n", Ok("/sys/fs/cgroup")),
        (&hybrid, "4:memory:/x\n0::/y\n", Ok("/sys/fs/cgroup/unified/y")),
        (&bound, "0::/a.slice/b", Ok("/my groups/b")),
        (&bound, "0::/a.slice", Ok("/my groups")),
        (&bound, "0::/a.sliced", Err("is not in the hierarchy")),
        (&unified, "0::/a/b (deleted)", Ok("/sys/fs/cgroup/a/b (deleted)")),
        (&mount("/..", "/sys/fs/cgroup", "rw"), "0::/", Err("is not in the hierarchy")),
        (&read_only, "0::/a", Err("/sys/fs/cgroup/a is mounted read-only")),
        (&system, "0::/a", Err("/x/a is mounted read-only")),
        (&both, "0::/a", Ok("/rw/a")),
        (&v1.to_owned(), "0::/a", Err("no hierarchy")),
        (&unified, "4:memory:/x\n", Err("no hierarchy")),
        (&String::new(), "", Err("no hierarchy")),
        (&"cgroup2\n - cgroup2\n1 2 3 - cgroup2 a rw\n".to_owned(), "0::/", Err("no hierarchy")),
    ];
    for (mounts, groups, expected) in cases {
        match (Place::find(mounts, groups), expected) {
            (Ok(place), Ok(folder)) => {
                assert_eq!(place.folder.as_os_str(), folder);
                assert_eq!(place.is_outermost, groups.trim_end().ends_with("::/"));
            }
            (Err(why), Err(text)) => assert!(why.to_string().contains(text), "{why}"),
            (found, _) => panic!("{mounts}{groups}: {found:?}"),
        }
    }
}
