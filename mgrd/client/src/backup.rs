//! `mgrctl storage backup FILE`: the content of a storage in use, in a file of the client.
//!
//! The client writes the file, with the rights of its user and where that user expects it. The manager
//! has other rights, and may run on another machine.

use std::io::Write;
use std::path::Path;

use mgrd_draft::Draft;
use mgrd_proto::v1::back_up_storage_response::Message;
use mgrd_proto::v1::{BackUpEnd, BackUpStorageRequest};
use serde_json::json;

use super::args::Options;
use super::client;
use super::error::CtlError;
use super::output::{self, WRITING};

/// How it is used.
pub(super) const USAGE: &str = "storage backup <file> [--force]";

/// Whether the words are this command.
pub(super) fn is_asked(words: &[String]) -> bool {
    matches!(words, [first, second, ..] if first == "storage" && second == "backup")
}

/// Writes a backup. `-` is the standard output.
pub(super) async fn run(options: &Options, words: &[String]) -> Result<u8, CtlError> {
    let (forces, files): (Vec<_>, Vec<_>) =
        words.iter().skip(2).partition(|word| *word == "--force");
    let [path] = files[..] else {
        return Err(CtlError::Arguments("mgrctl storage backup FILE [--force]"));
    };
    tokio::select! {
        written = write(options, path, !forces.is_empty()) => written?,
        _ = tokio::signal::ctrl_c() => return Err(CtlError::Interrupted),
    }
    Ok(0)
}

async fn write(options: &Options, path: &str, force: bool) -> Result<(), CtlError> {
    if path == "-" {
        let mut out = std::io::stdout();
        let out = |part: &[u8]| out.write_all(part).map_err(CtlError::io(WRITING));
        receive(options, out).await?;
        return Ok(());
    }
    let mut draft = Draft::new(Path::new(path), force)?;
    let out = |part: &[u8]| draft.write_all(part).map_err(|why| draft.failed(why).into());
    let BackUpEnd { keys, revision } = receive(options, out).await?;
    draft.publish()?;
    let written = json!({"keys": keys, "revision": revision, "file": path});
    output::show(&match options.format.as_str() {
        "json" => format!("{written}\n"),
        "json-pretty" | "yaml" => format!("{written:#}\n"),
        _ => format!("{keys} keys, revision {revision}, written to {path}\n"),
    })
}

/// Passes a whole backup to `out`.
async fn receive(
    options: &Options,
    mut out: impl FnMut(&[u8]) -> Result<(), CtlError>,
) -> Result<BackUpEnd, CtlError> {
    let mut client = client::connect(options).await?;
    let mut parts = client.back_up_storage(BackUpStorageRequest {}).await?.into_inner();
    while let Some(response) = parts.message().await? {
        match response.message {
            Some(Message::Part(part)) => out(&part)?,
            Some(Message::End(end)) => return Ok(end),
            None => {}
        }
    }
    Err(CtlError::ended())
}
