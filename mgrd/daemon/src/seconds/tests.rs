use super::*;

#[derive(Debug, PartialEq, Deserialize)]
struct Written {
    #[serde(with = "super")]
    span: Duration,
    #[serde(with = "super::or_never")]
    perhaps: Option<Duration>,
}

fn read(span: &str, perhaps: &str) -> Result<Written, String> {
    toml::from_str(&format!("span = {span}\nperhaps = {perhaps}")).map_err(|why| why.to_string())
}

#[test]
fn whole_seconds_fractions_and_never_are_read() {
    let half = Duration::from_millis(500);
    let minute = Duration::from_secs(60);
    assert_eq!(read("0.5", "60"), Ok(Written { span: half, perhaps: Some(minute) }));
    assert_eq!(read("60", "\"never\""), Ok(Written { span: minute, perhaps: None }));
}

#[test]
fn a_duration_out_of_range_is_refused() {
    for bad in ["0", "-1", "nan", "inf", "1e18", "\"never\""] {
        assert!(read(bad, "1").is_err(), "{bad}");
    }
    let why = read("1", "0").unwrap_err();
    assert!(why.contains("0.001 to 31536000 seconds"), "{why}");
    let why = read("1", "\"soon\"").unwrap_err();
    assert!(why.contains("a number of seconds or \"never\""), "{why}");
}
