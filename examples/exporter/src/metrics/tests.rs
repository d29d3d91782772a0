use super::*;

#[test]
fn samples_of_a_name_stand_together_under_one_help() {
    let mut metrics = Metrics::default();
    metrics.gauge("b", "about b", &[], 1);
    metrics.add("a.x::y+", "about\na \\", Kind::Counter, &[("k", "a\"b\\c\nd"), ("l", "")], 0.5);
    metrics.gauge("b", "other", &[("k", "v")], 2);
    let expected = "# HELP a_x_y_plus about\\na \\\\\n# TYPE a_x_y_plus counter\n\
                    a_x_y_plus{k=\"a\\\"b\\\\c\\nd\",l=\"\"} 0.5\n\
                    # HELP b about b\n# TYPE b gauge\nb 1\nb{k=\"v\"} 2\n";
    assert_eq!(metrics.to_string(), expected);
}

#[test]
fn names_are_what_prometheus_takes() {
    assert_eq!(sanitised("9a-b c"), "_9a_b_c");
}
