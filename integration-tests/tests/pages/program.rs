//! The reader's own program: the module that the `grpc` blocks of a page are.

use std::path::{Path, PathBuf};

use integration_tests::{eventually, places};

use crate::client::{Answer, Client};
use crate::exchange::{self, Content, Direction, Message, Names};
use crate::transcript;

/// A module whose program a page leaves to its reader. `mgrd` starts a stand-in for it, through which
/// the messages of the page go.
pub(crate) struct Program {
    /// Where the stand-in says how to reach it, without an extension.
    place: PathBuf,
    client: Option<Client>,
    /// How the host refused a session.
    refused: Option<Answer>,
    names: Names,
}

impl Program {
    /// Puts a stand-in where the page has its program. The module is called as the folder of that,
    /// and the host's socket lies in the folder `sockets`.
    pub(crate) fn install(path: &Path, sockets: &Path) -> Self {
        std::os::unix::fs::symlink(places::binary("stand-in"), path).unwrap();
        let module = path.parent().and_then(Path::file_name).unwrap();
        let place = sockets.join(module);
        Self { place, client: None, refused: None, names: Names::new() }
    }

    /// Sends a message, or expects one. The error is what came instead.
    pub(crate) fn pass(&mut self, message: &Message) -> Result<(), String> {
        match (message.direction, &message.content) {
            (Direction::ToHost, Content::Message(shown)) => self.send(&message.call, shown),
            (Direction::ToHost, Content::End) => {
                self.client.as_mut().ok_or("there is no session")?.end();
                Ok(())
            }
            (Direction::ToHost, Content::Error(what)) => Err(format!("cannot send '{what}'")),
            (Direction::FromHost, shown) => self.expect(&message.call, shown),
        }
    }

    fn send(&mut self, call: &str, shown: &serde_json::Value) -> Result<(), String> {
        let message = exchange::with_names(shown, &self.names);
        let place = &self.place;
        let client = self.client.get_or_insert_with(|| dial(place));
        match call {
            "Attach" => self.refused = client.send(call, &message)?,
            _ => client.call(call, &message)?,
        }
        Ok(())
    }

    fn expect(&mut self, call: &str, shown: &Content) -> Result<(), String> {
        let kind = match shown {
            Content::Message(shown) => shown.as_object().and_then(|fields| fields.keys().next()),
            Content::Error(_) | Content::End => None,
        };
        let client = self.client.as_mut().ok_or("the module is not connected")?;
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
        if is_good { Ok(()) } else { Err(answer.to_string()) }
    }
}

/// Waits until `mgrd` has started the stand-in.
fn dial(place: &Path) -> Client {
    let socket = place.with_extension("stand-in");
    eventually("the module is started", || {
        let secret = std::fs::read_to_string(place.with_extension("secret"));
        let secret = secret.map_err(|why| why.to_string())?;
        let client = Client::dial(&socket, secret.trim())?;
        // What lies there was left by the one before.
        let _ = std::fs::remove_file(&socket);
        Ok::<_, String>(client)
    })
}
