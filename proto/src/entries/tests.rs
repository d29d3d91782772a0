use super::*;
use crate::v1::attach_request::Message as FromModule;
use crate::v1::execute_command::Command;
use crate::v1::execute_request::Message as ToHost;
use crate::v1::{
    AttachRequest, Declaration, ExecuteCommand, ExecuteRequest, ExecuteResponse, Hello,
    OptionSchema, WatchDocuments, Words,
};

fn words(count: usize) -> Vec<u8> {
    let words = Command::Words(Words { words: vec![String::new(); count] });
    let command = ExecuteCommand { command: Some(words), ..ExecuteCommand::default() };
    ExecuteRequest { message: Some(ToHost::Command(command)) }.encode_to_vec()
}

fn attach(message: FromModule) -> Vec<u8> {
    AttachRequest { message: Some(message) }.encode_to_vec()
}

#[test]
fn entries_are_counted_at_every_depth() {
    // The command and its words are entries, too.
    assert_eq!(check::<ExecuteRequest>(&words(MOST - 2)), Ok(()));
    assert_eq!(check::<ExecuteRequest>(&words(MOST - 1)), Err(TooMany));
    let names = vec![String::new(); MOST];
    let watch = attach(FromModule::WatchDocuments(WatchDocuments { names }));
    assert_eq!(check::<AttachRequest>(&watch), Err(TooMany));
    let options = vec![OptionSchema::default(); MOST];
    let declaration = Some(Declaration { options, ..Declaration::default() });
    let hello = attach(FromModule::Hello(Hello { declaration, ..Hello::default() }));
    assert_eq!(check::<AttachRequest>(&hello), Err(TooMany));
}

#[test]
fn what_is_inside_of_data_is_not_counted() {
    for byte in [0, b'\n', b'a', b'b', b'"', 0xff] {
        let input = ExecuteRequest { message: Some(ToHost::Input(vec![byte; 16 << 20].into())) };
        assert_eq!(check::<ExecuteRequest>(&input.encode_to_vec()), Ok(()), "{byte}");
    }
}

#[test]
fn answers_and_what_cannot_be_read_are_left_to_the_decoder() {
    assert_eq!(check::<ExecuteResponse>(&words(MOST)), Ok(()));
    for broken in [&[0xff; 20][..], &[0x0a, 0xff], &[0x0a, 5, 1], &[0x0b], &[0x0c]] {
        assert_eq!(check::<ExecuteRequest>(broken), Ok(()), "{broken:?}");
    }
}
