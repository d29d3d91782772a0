use bytes::Bytes;
use mgrd_proto::v1::Words;
use mgrd_snapshots::assert_errors;

use super::*;

fn limits() -> ClientLimits {
    ClientLimits { command_words: 3, command_bytes: 10, ..ClientLimits::default() }
}

fn words(words: &[&str]) -> Result<Wanted, TooLarge> {
    let words = words.iter().map(|&word| word.to_owned()).collect();
    wanted(&limits(), Some(Command::Words(Words { words })))
}

fn json(json: &'static [u8]) -> Result<Wanted, TooLarge> {
    wanted(&limits(), Some(Command::Json(Bytes::from_static(json))))
}

#[test]
fn a_command_up_to_the_limits_is_read() {
    for given in [&[][..], &["a", "b", "c"], &["0123456789"], &["01234", "567", "89"]] {
        assert!(matches!(words(given), Ok(Wanted::Words(read)) if read == given));
    }
    assert!(matches!(json(b"0123456789"), Ok(Wanted::Json(read)) if read.len() == 10));
}

#[test]
fn a_command_beyond_a_limit_is_refused() {
    assert!(matches!(words(&["", "", "", ""]), Err(TooLarge::Words { words: 4, limit: 3 })));
    for given in [&["0123456789a"][..], &["01234", "567", "89a"]] {
        assert!(matches!(words(given), Err(TooLarge::Bytes { bytes: 11, limit: 10 })));
    }
    assert!(matches!(json(b"0123456789a"), Err(TooLarge::Json { bytes: 11, limit: 10 })));
}

#[test]
fn the_texts_name_the_limit_and_the_way_out() {
    assert_errors!(TooLarge {
        Words: words(&[""; 4]).unwrap_err();
        Bytes: words(&["0123456789a"]).unwrap_err();
        Json: json(b"0123456789a").unwrap_err();
    });
}
