use super::*;

const ALL: Controllers = Controllers { cpu: true, memory: true, pids: true };

/// A group in a folder of plain files.
struct Place {
    _top: tempfile::TempDir,
    group: Group,
}

impl Place {
    fn new(controllers: Controllers, files: &[(&str, &str)]) -> Self {
        let top = tempfile::tempdir().unwrap();
        for (file, text) in files {
            std::fs::write(top.path().join(file), text).unwrap();
        }
        let group = Group { folder: top.path().into(), controllers, path: "/a/1-m".to_owned() };
        Self { _top: top, group }
    }

    fn text(&self, file: &str) -> String {
        read(&self.group.folder, file).unwrap()
    }
}

#[test]
fn limits_are_written_where_there_are_controllers_and_refusals_are_named() {
    let files = [("memory.max", ""), ("pids.max", ""), ("cpu.max", ""), ("cpu.weight", "")];
    let place = Place::new(ALL, &files);
    let limits = ProcessLimits {
        memory: Some(300 << 20),
        processes: None,
        cpu: Some(50),
        cpu_weight: Some(7),
        ..ProcessLimits::default()
    };
    assert!(place.group.set(&limits).is_empty());
    let texts = files.map(|(file, _)| place.text(file));
    assert_eq!(texts, ["314572800", "max", "50000 100000", "7"]);
    let place = Place::new(Controllers { cpu: false, ..ALL }, &[("pids.max", "")]);
    let refused: Vec<_> = place.group.set(&limits).into_iter().map(|(limit, _)| limit).collect();
    assert_eq!(refused, [Limit::Memory]);
}

#[test]
fn a_group_counts_what_its_controllers_count() {
    let files = [
        ("memory.current", "1000\n"),
        ("memory.stat", "anon 500\nfile 600\ninactive_file 250\nactive_file 50\n"),
        ("cpu.stat", "usage_usec 2500000\nuser_usec 1\n"),
        ("pids.current", "12\n"),
        ("pids.events", "max 3\n"),
        ("cgroup.procs", ""),
    ];
    let all = Place::new(ALL, &files).group.count(&[]);
    let cpu = Some(Duration::from_millis(2500));
    let expected =
        Counted { memory: Some(700), cpu, tasks: Some(12), refused: 3, outside: Vec::new() };
    assert_eq!(all, expected);
    let none = Place::new(Controllers::default(), &files).group.count(&[]);
    assert_eq!(none, Counted { cpu, refused: 3, ..Counted::default() });
    let broken = Place::new(ALL, &[("memory.current", "x"), ("cpu.stat", "")]).group.count(&[]);
    assert_eq!(broken, Counted::default());
}

#[test]
fn a_process_that_is_elsewhere_is_counted_and_moved_back() {
    let place = Place::new(ALL, &[("cgroup.procs", "")]);
    let me = Stat::read(std::process::id().cast_signed()).unwrap();
    assert_eq!(place.group.count(&[me]).outside, [me]);
    assert_eq!(place.text("cgroup.procs"), me.id.pid.to_string());
    assert!(place.group.count(&[me]).outside.is_empty());
}

#[test]
fn a_group_has_itself_and_the_groups_in_it() {
    let place = Place::new(ALL, &[]);
    for (path, expected) in
        [("/a/1-m", true), ("/a/1-m/x", true), ("/a/1-mm", false), ("/a", false), ("/", false)]
    {
        assert_eq!(place.group.has(path), expected, "{path}");
    }
}

#[test]
fn the_kernel_killed_at_the_limit_if_it_says_both() {
    let cases = [
        ("max 9\noom 1\noom_kill 2\n", Some(300), Some(true)),
        ("max 9\noom 1\noom_kill 0\n", None, Some(false)),
        ("max 0\noom 0\noom_kill 1\n", None, Some(true)),
        ("", None, None),
    ];
    for (events, at_limit, killed) in cases {
        let place = Place::new(ALL, &[("memory.events", events), ("memory.peak", "300\n")]);
        assert_eq!(place.group.killed_at_limit(), at_limit, "{events}");
        assert_eq!(place.group.kernel_killed(), killed, "{events}");
    }
    let old = Place::new(ALL, &[("memory.events", "oom 1\noom_kill 1\n")]);
    assert_eq!(old.group.killed_at_limit(), Some(0));
}

#[test]
fn a_name_is_a_folder_and_no_file_of_the_kernel() {
    let long = "x".repeat(300);
    let cases = [
        ("hello", "7-hello"),
        ("../../x", "7-.._.._x"),
        ("a b/ä\n", "7-a_b___"),
        ("", "7-"),
        (&long, &*format!("7-{}", &long[..64])),
    ];
    for (module, expected) in cases {
        assert_eq!(name(7, module), expected);
    }
}
