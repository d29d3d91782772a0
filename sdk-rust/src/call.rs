//! One call of a command, from its arguments to its answer.

use bytes::Bytes;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message;
use serde_json::{Map, Value};

use crate::outbox::Outbox;
use crate::reply::{Format, Reply};
use crate::{ArgumentKind, ArgumentValue, Error, Outcome, Result};

/// How many bytes of output are sent in one message.
const PART_BYTES: usize = 4 << 20;

/// One call of a command.
#[derive(Debug)]
pub struct Call {
    id: u64,
    arguments: Map<String, Value>,
    input: Option<Bytes>,
    outbox: Outbox,
}

impl Call {
    pub(crate) fn new(command: v1::Command, outbox: Outbox) -> Result<Self> {
        let arguments = serde_json::from_slice(&command.args)
            .map_err(|e| Error::invalid(format!("the arguments are not a JSON object: {e}")))?;
        let input = command.has_input.then_some(command.input);
        Ok(Self { id: command.call_id, arguments, input, outbox })
    }

    /// Takes an argument as a parameter of the command.
    ///
    /// # Errors
    /// It is missing or of the wrong type.
    pub fn take<T: Argument>(&mut self, name: &str) -> Result<T> {
        T::take(self, name)
    }

    /// Like `take`, with a default for an argument that was not given.
    ///
    /// # Errors
    /// It is of the wrong type.
    pub fn take_or<T: Argument>(&mut self, name: &str, default: impl FnOnce() -> T) -> Result<T> {
        match self.arguments.get(name) {
            None | Some(Value::Null) => Ok(default()),
            Some(_) => T::take(self, name),
        }
    }

    pub(crate) fn argument(&mut self, name: &str) -> Option<Value> {
        self.arguments.remove(name)
    }

    pub(crate) fn input(&mut self) -> Input {
        Input(self.input.take())
    }

    pub(crate) fn output(&self) -> Output {
        Output { id: self.id, outbox: self.outbox.clone() }
    }

    /// Refuses input data that no parameter took.
    ///
    /// # Errors
    /// There is such data.
    pub fn end(&self) -> Result<()> {
        match self.input {
            None => Ok(()),
            Some(_) => Err(Error::invalid("the command takes no input data; leave out -i FILE")),
        }
    }

    /// The output format. It is read before the command runs, so that a command with an unknown
    /// format has no effect.
    ///
    /// # Errors
    /// The format is not known.
    pub fn format(&mut self) -> Result<Format> {
        match self.arguments.get("format") {
            Some(Value::String(name)) => name.parse(),
            _ => Ok(Format::Plain),
        }
    }
}

/// A parameter of a command: an [`ArgumentValue`] that the client gives, or [`Input`], or
/// [`Output`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a command",
    note = "use a number, `bool`, `String`, an enum that derives `Choices`, or `Option` or `Vec` of them",
    note = "or `Input`, or `Output`, or implement `ArgumentValue` for it"
)]
pub trait Argument: Sized {
    /// How it looks in the descriptor; `None` if the descriptor does not list it.
    fn kind() -> Option<ArgumentKind>;

    /// Takes it from a call.
    ///
    /// # Errors
    /// It is missing or of the wrong type.
    fn take(call: &mut Call, name: &str) -> Result<Self>;
}

impl<T: ArgumentValue> Argument for T {
    fn kind() -> Option<ArgumentKind> {
        Some(T::kind())
    }

    fn take(call: &mut Call, name: &str) -> Result<Self> {
        T::read(call.argument(name)).map_err(|e| Error::invalid(format!("{name}: {e}")))
    }
}

impl Argument for Input {
    fn kind() -> Option<ArgumentKind> {
        None
    }

    fn take(call: &mut Call, _name: &str) -> Result<Self> {
        Ok(call.input())
    }
}

impl Argument for Output {
    fn kind() -> Option<ArgumentKind> {
        None
    }

    fn take(call: &mut Call, _name: &str) -> Result<Self> {
        Ok(call.output())
    }
}

/// Turns what a command returned into its answer.
pub fn answer<T: Reply, E: Into<Error>>(format: Format, result: Result<T, E>) -> Result<Outcome> {
    result.map_err(Into::into)?.outcome(format)
}

/// The input data of a command (`-i FILE`). A parameter of this type receives it.
#[derive(Clone, Debug)]
pub struct Input(Option<Bytes>);

impl Input {
    /// The data; `None` if there is none. An empty file gives empty data.
    #[must_use]
    pub fn bytes(&self) -> Option<&Bytes> {
        self.0.as_ref()
    }

    /// The data.
    ///
    /// # Errors
    /// There is none.
    pub fn require(self) -> Result<Bytes> {
        self.0.ok_or_else(|| Error::invalid("input data is missing; give it with -i FILE"))
    }

    /// The data as text, without newlines at its end.
    ///
    /// # Errors
    /// There is none, it is empty, or it is not UTF-8.
    pub fn text(self) -> Result<String> {
        let bytes = self.require()?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|e| Error::invalid(format!("the input data is not text: {e}")))?
            .trim_end_matches(['\n', '\r']);
        match text {
            "" => Err(Error::invalid("the input data is empty; give a file with content")),
            text => Ok(text.to_owned()),
        }
    }
}

/// Sends output before a command ends. A command gets it as a parameter of this type.
#[derive(Clone, Debug)]
pub struct Output {
    id: u64,
    outbox: Outbox,
}

impl Output {
    /// Sends a part of the output. The value that the command returns comes after all parts.
    pub async fn write(&self, part: impl Into<Bytes>) {
        let mut rest = part.into();
        loop {
            let stdout = rest.split_to(rest.len().min(PART_BYTES));
            let part = v1::CommandOutput { call_id: self.id, stdout };
            self.outbox.send(Message::CommandOutput(part)).await;
            if rest.is_empty() {
                return;
            }
        }
    }
}
