//! The reader's own program: the module whose messages the `grpc` blocks of a page show.

use std::path::{Path, PathBuf};

use integration_tests::{eventually, places};

use crate::client::{Answer, Client};
use crate::error::BlockError;
use crate::exchange::{self, Content, Direction, Message, Names};
use crate::transcript;

/// A module whose program the page leaves to its reader. `mgrd` starts a stand-in for it, which passes
/// the messages of the page on.
pub(crate) struct Program {
    /// The path of the files of the stand-in, without an extension.
    base: PathBuf,
    client: Option<Client>,
    /// The answer with which the host refused a session.
    refused: Option<Answer>,
    names: Names,
}

impl Program {
    /// Puts a stand-in at the path of the page's program. The module has the name of the folder of
    /// that path, and the socket of the host is in the folder `sockets`.
    pub(crate) fn install(path: &Path, sockets: &Path) -> Self {
        std::os::unix::fs::symlink(places::binary("stand-in"), path).unwrap();
        let module = path.parent().and_then(Path::file_name).unwrap();
        let base = sockets.join(module);
        Self { base, client: None, refused: None, names: Names::new() }
    }

    /// Sends a message, or expects one.
    pub(crate) fn pass(&mut self, message: &Message) -> Result<(), BlockError> {
        match (message.direction, &message.content) {
            (Direction::ToHost, Content::Message(shown)) => self.send(&message.call, shown),
            (Direction::ToHost, Content::End) => {
                self.client.as_mut().ok_or(BlockError::NoSession)?.end();
                Ok(())
            }
            (Direction::ToHost, Content::Error(what)) => Err(BlockError::NotAMessage(what.clone())),
            (Direction::FromHost, shown) => self.expect(&message.call, shown),
        }
    }

    fn send(&mut self, call: &str, shown: &serde_json::Value) -> Result<(), BlockError> {
        let message = exchange::with_names(shown, &self.names);
        let base = &self.base;
        let client = self.client.get_or_insert_with(|| connect(base));
        match call {
            "Attach" => self.refused = client.send(call, &message)?,
            _ => client.call(call, &message)?,
        }
        Ok(())
    }

    fn expect(&mut self, call: &str, shown: &Content) -> Result<(), BlockError> {
        let kind = match shown {
            Content::Message(shown) => shown.as_object().and_then(|fields| fields.keys().next()),
            Content::Error(_) | Content::End => None,
        };
        let client = self.client.as_mut().ok_or(BlockError::NotConnected)?;
        let answer = match self.refused.take() {
            Some(answer) => answer,
            None if call == "Attach" => client.receive(kind.map(String::as_str))?,
            None => client.answer(call)?,
        };
        if matches!(answer, Answer::End) {
            // A module ends with its session.
            self.client = None;
        }
        let is_good = match (shown, &answer) {
            (Content::End, Answer::End) => true,
            (Content::Error(shown), Answer::Error(came)) => transcript::is_as_shown(shown, came),
            (Content::Message(shown), Answer::Message(came)) => {
                exchange::is_as_shown(shown, came, &mut self.names)
            }
            _ => false,
        };
        if is_good { Ok(()) } else { Err(BlockError::Differs(answer.to_string())) }
    }
}

/// Waits until `mgrd` has started the stand-in.
fn connect(base: &Path) -> Client {
    let socket = base.with_extension("stand-in");
    eventually("the module is started", || {
        let secret = std::fs::read_to_string(base.with_extension("secret"));
        let client = Client::connect(&socket, secret?.trim())?;
        // The next stand-in must find no file there.
        let _ = std::fs::remove_file(&socket);
        Ok::<_, BlockError>(client)
    })
}
