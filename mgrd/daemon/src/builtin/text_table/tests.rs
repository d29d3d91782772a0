use proptest::prelude::*;

use super::*;

fn of(rows: &[[&str; 2]]) -> String {
    let mut table = TextTable::new(["A", "B"]);
    rows.iter().for_each(|row| table.row(row.map(str::to_owned)));
    table.render()
}

#[test]
fn a_table_aligns_its_columns_and_leaves_no_trailing_blanks() {
    let mut table = TextTable::new(["MODULE", "STATE"]);
    table.row(["hello".into(), "running".into()]);
    table.row(["antigravity".into(), String::new()]);
    assert_eq!(table.render(), "MODULE       STATE\nhello        running\nantigravity\n");
    table.drop_column(1);
    assert_eq!(table.render(), "MODULE\nhello\nantigravity\n");
    let mut numbers = TextTable::new(["ID", "N"]).right(&[1]);
    numbers.row(["a".into(), "100".into()]);
    assert_eq!(numbers.render(), "ID    N\na   100\n");
}

#[test]
fn wide_characters_take_two_columns_and_accents_none() {
    assert_eq!(of(&[["日本", "x"], ["e\u{301}", "y"]]), "A     B\n日本  x\ne\u{301}     y\n");
}

#[test]
fn a_cell_is_one_line() {
    let table = of(&[["a\nb\tc", "\u{1b}[31mred\u{1b}[0m\r\n"]]);
    assert_eq!(table, "A      B\na b c  red\n");
}

#[test]
fn a_cell_that_is_too_wide_is_cut_and_marked() {
    let (fits, long, wide) = ("x".repeat(256), "x".repeat(100_000), "日".repeat(100_000));
    assert_eq!(of(&[["", &fits]]), format!("A  B\n   {fits}\n"));
    assert_eq!(of(&[["", &long]]), format!("A  B\n   {fits}…\n"));
    assert_eq!(of(&[["", &wide]]), format!("A  B\n   {}…\n", "日".repeat(128)));
}

proptest! {
    #[test]
    fn each_row_is_one_aligned_line_with_any_cells(
        rows in prop::collection::vec(
            (prop_oneof![any::<String>(), "[a\u{301}日\u{1b}\n\t ]{0,2000}"], 0usize..2000),
            0..6,
        ),
        right in prop::collection::vec(0usize..4, 0..3),
    ) {
        let mut table = TextTable::new(["TEXT", "REPEATED", "LAST"]).right(&right);
        for (text, times) in &rows {
            table.row([text.clone(), text.chars().take(3).collect::<String>().repeat(*times), "|".into()]);
        }
        let text = table.render();
        let lines: Vec<_> = text.split_terminator('\n').collect();
        prop_assert_eq!(lines.len(), rows.len() + 1);
        for line in &lines[1..] {
            prop_assert!(line.ends_with('|') && !text::has_controls(line), "{:?}", line);
            prop_assert_eq!(line.width(), lines[1].width());
        }
    }
}
