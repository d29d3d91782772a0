//! A daemon in miniature: it matches words with the real table and answers a few commands.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mgrd_command::{CommandError, CommandSpec, CommandTable, Errno, Flags, MatchError, Outcome};
use mgrd_proto::v1::admin_service_server::{AdminService, AdminServiceServer};
use mgrd_proto::v1::execute_command::Command;
use mgrd_proto::v1::execute_request::Message as Ask;
use mgrd_proto::v1::execute_response::Message as Answer;
use mgrd_proto::v1::*;
use tokio::net::UnixListener;
use tokio::sync::{Notify, mpsc};
use tokio_stream::wrappers::{ReceiverStream, UnixListenerStream};
use tonic::{Request, Response, Status, Streaming};

/// More input than this is refused, in bytes.
pub(crate) const MOST_INPUT: usize = 4 << 20;

const COMMANDS: [(&str, &str, bool); 7] = [
    ("echo name=text,type=CephString,n=N", "say it again", false),
    ("fail", "always fails", false),
    ("deceive", "answers and fails with control characters", false),
    ("upload", "count the bytes of the input", false),
    ("hang", "never ends", false),
    ("tick", "counts, and fails at three", true),
    ("mgr self-test eval", "repeat the input", false),
];

pub(crate) struct Daemon {
    pub(crate) socket: PathBuf,
    /// Told when a command that never ends was cancelled.
    pub(crate) cancelled: Arc<Notify>,
    _dir: tempfile::TempDir,
    _serving: tokio::task::JoinHandle<Result<(), tonic::transport::Error>>,
}

impl Daemon {
    pub(crate) fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("mgrd.sock");
        let listener = UnixListener::bind(&socket).unwrap();
        let mut table = CommandTable::new();
        for (cmd, help, poll) in COMMANDS {
            let flags = Flags { poll, ..Flags::default() };
            table.register(CommandSpec::new("mgr", cmd, help, "r", flags).unwrap()).unwrap();
        }
        let cancelled = Arc::new(Notify::new());
        let admin = Admin { table, ticks: AtomicUsize::new(0), cancelled: Arc::clone(&cancelled) };
        let service = AdminServiceServer::new(admin).max_decoding_message_size(8 << 20);
        let incoming = UnixListenerStream::new(listener);
        let server = tonic::transport::Server::builder().add_service(service);
        let serving = tokio::spawn(server.serve_with_incoming(incoming));
        Self { socket, cancelled, _dir: dir, _serving: serving }
    }
}

struct Admin {
    table: CommandTable,
    ticks: AtomicUsize,
    cancelled: Arc<Notify>,
}

impl Admin {
    fn answer(&self, prefix: &str, args: &serde_json::Value, input: &[u8]) -> Outcome {
        match prefix {
            "echo" => {
                let words = args["text"].as_array().unwrap().iter().map(|w| w.as_str().unwrap());
                Outcome::ok(words.collect::<Vec<_>>().join(" ") + "\n")
            }
            "deceive" => Outcome {
                stdout: "\u{1b}[2Jgone\n".into(),
                ..Outcome::error(Errno::ENOENT, "no\u{1b}[1A\rsuch\u{202e}thing")
            },
            "upload" => Outcome::status(format!("{} bytes", input.len())),
            "mgr self-test eval" => Outcome::ok(format!("{:?}\n", String::from_utf8_lossy(input))),
            "tick" => match self.ticks.fetch_add(1, Ordering::SeqCst) {
                3 => Outcome::error(Errno::EBUSY, "enough"),
                n => Outcome::ok(n.to_string()),
            },
            _ => Outcome {
                stdout: "before\n".into(),
                ..Outcome::error(Errno::ENOENT, "no such thing")
            },
        }
    }
}

type Answers = mpsc::Sender<Result<ExecuteResponse, Status>>;

async fn send(answers: &Answers, message: Answer) {
    let _ = answers.send(Ok(ExecuteResponse { message: Some(message) })).await;
}

async fn end(answers: &Answers, outcome: Outcome) {
    let Outcome { retval, stdout, stderr } = outcome;
    send(answers, Answer::Outcome(CommandOutcome { retval, stdout, stderr })).await;
}

#[tonic::async_trait]
impl AdminService for Admin {
    type ExecuteStream = ReceiverStream<Result<ExecuteResponse, Status>>;
    type BackUpStorageStream = ReceiverStream<Result<BackUpStorageResponse, Status>>;
    type WatchStream = ReceiverStream<Result<WatchResponse, Status>>;

    async fn execute(
        &self,
        request: Request<Streaming<ExecuteRequest>>,
    ) -> Result<Response<Self::ExecuteStream>, Status> {
        let mut asks = request.into_inner();
        let Some(Ask::Command(command)) = asks.message().await?.and_then(|ask| ask.message) else {
            return Err(Status::invalid_argument("no command"));
        };
        let Some(Command::Words(words)) = command.command else {
            return Err(Status::invalid_argument("no words"));
        };
        let (answers, receiver) = mpsc::channel(4);
        let stream = Ok(Response::new(ReceiverStream::new(receiver)));
        let matched = match self.table.bind(&words.words) {
            Ok(matched) => matched,
            Err(error) => {
                let status = format!("{error}\n{}", MatchError::STATUS);
                end(&answers, Outcome::error(error.errno(), status)).await;
                return stream;
            }
        };
        let prefix = matched.spec.prefix();
        let poll = matched.spec.flags.poll;
        send(&answers, Answer::Started(ExecuteStarted { prefix: prefix.clone(), poll })).await;
        if prefix == "hang" {
            send(&answers, Answer::Stdout("waiting\n".into())).await;
            let cancelled = Arc::clone(&self.cancelled);
            tokio::spawn(async move {
                answers.closed().await;
                cancelled.notify_one();
            });
            return stream;
        }
        let mut input = Vec::new();
        while let Some(ask) = asks.message().await? {
            if let Some(Ask::Input(part)) = ask.message {
                input.extend_from_slice(&part);
            }
            if input.len() > MOST_INPUT {
                end(&answers, Outcome::error(Errno::EFBIG, "too much input")).await;
                return stream;
            }
        }
        end(&answers, self.answer(&prefix, &matched.args.into(), &input)).await;
        stream
    }

    async fn get_command_table(
        &self,
        _: Request<GetCommandTableRequest>,
    ) -> Result<Response<GetCommandTableResponse>, Status> {
        let commands = self.table.iter().map(|spec| TableCommand {
            spec: Some(mgrd_proto::v1::CommandSpec {
                cmd: spec.descriptor(),
                desc: spec.help.clone(),
                perm: spec.perm.to_string(),
                poll: spec.flags.poll,
                declared_at: String::new(),
            }),
            module: spec.module.clone(),
            hidden: false,
        });
        let commands = commands.collect();
        Ok(Response::new(GetCommandTableResponse { version: self.table.version(), commands }))
    }

    async fn watch(&self, _: Request<WatchRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Err(Status::unimplemented("not here"))
    }

    async fn list_modules(
        &self,
        _: Request<ListModulesRequest>,
    ) -> Result<Response<ListModulesResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }

    /// The first backup is complete; later ones end early.
    async fn back_up_storage(
        &self,
        _: Request<BackUpStorageRequest>,
    ) -> Result<Response<Self::BackUpStorageStream>, Status> {
        use back_up_storage_response::Message;
        let (answers, outgoing) = mpsc::channel(2);
        let end = Message::End(BackUpEnd { keys: 2, revision: 7 });
        let first = self.ticks.fetch_add(1, Ordering::SeqCst) == 0;
        for message in [Some(Message::Part("all\n".into())), first.then_some(end)] {
            answers.send(Ok(BackUpStorageResponse { message })).await.unwrap();
        }
        Ok(Response::new(ReceiverStream::new(outgoing)))
    }

    async fn debug_module(
        &self,
        _: Request<DebugModuleRequest>,
    ) -> Result<Response<DebugModuleResponse>, Status> {
        Err(Status::unimplemented("not here"))
    }
}
