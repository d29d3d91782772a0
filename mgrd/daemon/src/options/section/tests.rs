use super::*;

#[test]
fn only_known_sections_are_parsed() {
    for good in ["global", "mgr", "mgr.x", "osd.3", "osd/class:ssd", "global/host:a", "client.a.b"]
    {
        assert_eq!(good.parse::<Section>().unwrap().to_string(), good);
    }
    for bad in ["", "foo", "mgr.", "osd/", "osd/class:", "osd/rack:a", "globe", "global.x"] {
        assert_eq!(bad.parse::<Section>(), Err(()), "{bad}");
    }
}

#[test]
fn keys_split_into_section_and_name() {
    let split = |key| Section::split_key(key).map(|(s, name)| (s.to_string(), name));
    assert_eq!(split("mgr/mgr/hello/place"), Some(("mgr".into(), "mgr/hello/place")));
    assert_eq!(split("osd/class:ssd/x"), Some(("osd/class:ssd".into(), "x")));
    assert_eq!(split("nonsense/x"), None);
}

#[test]
fn the_more_specific_layer_comes_later() {
    let names = |who: &str| -> Vec<String> {
        who.parse::<Section>().unwrap().layers().iter().map(ToString::to_string).collect()
    };
    assert_eq!(names("mgr.x"), ["global", "mgr", "mgr.x"]);
    assert_eq!(names("osd"), ["global", "osd"]);
    assert_eq!(names("global"), ["global"]);
}
