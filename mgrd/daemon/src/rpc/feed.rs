//! The feed service: feeds send the state of the cluster and run commands of the cluster.

use std::collections::HashMap;
use std::pin::Pin;
use std::time::Duration;

use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::v1::feed_service_server::FeedService;
use mgrd_proto::v1::publish_request::Message as FromFeed;
use mgrd_proto::v1::publish_response::Message as ToFeed;
use mgrd_proto::v1::{
    Ack, ClusterCommand, FeedHello, FeedNotification, FeedWelcome, PublishRequest, PublishResponse,
    Refused,
};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use super::identify::usage;
use super::{convert, status};
use crate::cluster::Limits;
use crate::feed::{Connection, FeedError, FeedHandle, Feeds, Hello, PendingCommand};
use crate::health::Source;
use crate::host::Host;
use crate::limits_reached::reached;
use crate::managers::Managers;
use crate::metered::metered;
use crate::pace::Pace;
use crate::text::line;
use crate::working_on::{Work, noted};

/// How many answers wait for a feed that does not read them; then it is not read from either.
const WAITING_ANSWERS: usize = 64;
/// So many seconds' worth of notifications come through at once: many daemons may start at the same time.
const BURST_SECONDS: usize = 5;
/// How often it is reported that a feed waits because it sends too much.
const REPORT_PAUSE: Duration = Duration::from_secs(10);

/// Serves feeds.
pub(super) struct FeedServer {
    pub(super) feeds: Feeds,
    pub(super) managers: Managers,
    pub(super) limits: Limits,
}

impl FeedServer {
    pub(super) fn new(host: &Host) -> Self {
        let (feeds, managers) = (host.feeds().clone(), host.managers().clone());
        Self { feeds, managers, limits: host.cluster().limits }
    }
}

pub(super) type Responses = Pin<Box<dyn Stream<Item = Result<PublishResponse, Status>> + Send>>;

#[tonic::async_trait]
impl FeedService for FeedServer {
    type PublishStream = Responses;

    async fn publish(
        &self,
        request: Request<Streaming<PublishRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let usage = usage(&request)?;
        let mut incoming = request.into_inner();
        let first = incoming.message().await?.and_then(|request| request.message);
        let Some(FromFeed::Hello(hello)) = first else {
            return Err(status::invalid(
                "the first message of a feed must be its hello; send PublishRequest.hello first",
            ));
        };
        let version = convert::agree(&hello.protocol_versions)?;
        let hello = domain_hello(hello, self.feeds.limits().stale_after);
        let runs_commands = hello.commands;
        let name = line(&hello.name, self.limits.name_bytes);
        let span = tracing::info_span!("feed", name);
        let connection = self.feeds.connect(hello).map_err(|error| status::of(&error))?;
        let (answers, outgoing) = mpsc::channel(WAITING_ANSWERS);
        let welcome =
            FeedWelcome { protocol_version: version, max_message_bytes: MAX_MESSAGE_BYTES as u64 };
        let stream = FeedStream {
            answers,
            runs_commands,
            waiting: HashMap::new(),
            next_call: 0,
            limits: self.limits,
            pace: pace(self.feeds.limits().notifications_per_second),
            reported: None,
        };
        let (managers, answers) = (self.managers.clone(), stream.answers.clone());
        let run = async move {
            tokio::select! {
                () = stream.run(welcome, connection, incoming) => {}
                ending = status::ending(&managers) => drop(answers.send(Err(ending)).await),
            }
        };
        tokio::spawn(metered(noted(run, Work::Feed(name)), usage).instrument(span));
        Ok(Response::new(Box::pin(ReceiverStream::new(outgoing))))
    }
}

fn pace(per_second: usize) -> Pace {
    Pace::with_burst(per_second, per_second.saturating_mul(BURST_SECONDS))
}

fn domain_hello(hello: FeedHello, stale_after: Duration) -> Hello {
    let stale_after = match hello.stale_after_ms {
        0 => stale_after,
        millis => Duration::from_millis(millis.into()),
    };
    Hello {
        name: hello.name,
        commands: hello.features.iter().any(|feature| feature == "commands"),
        cluster_version: hello.cluster_version,
        release_name: hello.release_name,
        stale_after: Some(stale_after),
    }
}

/// One connection of a feed.
struct FeedStream {
    answers: mpsc::Sender<Result<PublishResponse, Status>>,
    /// Whether it runs commands of the cluster.
    runs_commands: bool,
    /// Commands that the feed has not answered.
    waiting: HashMap<u64, PendingCommand>,
    next_call: u64,
    /// How long the texts of a notification may be.
    limits: Limits,
    /// How fast it may send what goes to all modules, because their commands wait behind it.
    pace: Pace,
    /// When it was reported last that it waits.
    reported: Option<Instant>,
}

/// The feed does not read any more.
struct Gone;

impl FeedStream {
    async fn run(
        mut self,
        welcome: FeedWelcome,
        connection: Connection,
        mut incoming: Streaming<PublishRequest>,
    ) {
        let Connection { feed, mut commands } = connection;
        if self.send(ToFeed::Welcome(welcome)).await.is_err() {
            return;
        }
        loop {
            let sent = tokio::select! {
                message = incoming.message() => match message {
                    Ok(Some(request)) => self.take(&feed, request).await,
                    Ok(None) | Err(_) => return,
                },
                command = commands.recv(), if self.runs_commands => match command {
                    Some(command) => self.ask(command).await,
                    // A newer connection has the feed's name. Commands that wait here get no answer.
                    None => return self.taken_over(feed.name()).await,
                },
            };
            if sent.is_err() {
                return;
            }
        }
    }

    async fn taken_over(&self, name: &str) {
        let error = FeedError::TakenOver(name.to_owned());
        // It may be gone already.
        let _ = self.answers.send(Err(status::of(&error))).await;
    }

    async fn send(&self, message: ToFeed) -> Result<(), Gone> {
        let response = PublishResponse { message: Some(message) };
        self.answers.send(Ok(response)).await.map_err(|_| Gone)
    }

    async fn take(&mut self, feed: &FeedHandle, request: PublishRequest) -> Result<(), Gone> {
        let seq = request.seq;
        let Some(message) = request.message else {
            let reason = "a message of a newer protocol; it is ignored".to_owned();
            return self.send(ToFeed::Refused(Refused { seq, reason })).await;
        };
        // Modules are notified of entries of the cluster log, too.
        if matches!(message, FromFeed::Notification(_) | FromFeed::ClusterLog(_)) {
            self.keep_pace(feed).await;
        }
        match self.apply(feed, message) {
            Ok(()) if seq == 0 => Ok(()),
            Ok(()) => self.send(ToFeed::Ack(Ack { seq })).await,
            Err(error @ FeedError::TakenOver(_)) => {
                // The feed has a newer connection; this one gets an error and ends.
                let _ = self.answers.send(Err(status::of(&error))).await;
                Err(Gone)
            }
            Err(error) => {
                // It may name what the feed sent.
                let reason = line(&error.to_string(), self.limits.text_bytes);
                self.send(ToFeed::Refused(Refused { seq, reason })).await
            }
        }
    }

    /// Waits if the feed notifies faster than it may.
    async fn keep_pace(&mut self, feed: &FeedHandle) {
        if self.pace.is_full() && self.reported.is_none_or(|at| at.elapsed() > REPORT_PAUSE) {
            self.reported = Some(Instant::now());
            let source = Source::Feed(feed.name().to_owned());
            reached(&source, "limits.feed.notifications_per_second");
            tracing::warn!(
                "{source} sends more notifications and entries of the cluster log than it may \
                 (limits.feed.notifications_per_second), so all that it sends waits: send fewer"
            );
        }
        self.pace.room().await;
        self.pace.took(1);
    }

    fn apply(&mut self, feed: &FeedHandle, message: FromFeed) -> Result<(), FeedError> {
        match message {
            FromFeed::Hello(_) | FromFeed::Heartbeat(_) => feed.heartbeat(),
            FromFeed::PutDocument(put) => feed.put_document(&put.name, put.json),
            FromFeed::RemoveDocument(remove) => feed.remove_document(&remove.name),
            FromFeed::PutDaemon(put) => {
                let id = convert::daemon_id(put.daemon.clone());
                feed.put_daemon(&id, convert::daemon_change(put))
            }
            FromFeed::RemoveDaemon(remove) => {
                feed.remove_daemon(&convert::daemon_id(remove.daemon))
            }
            FromFeed::PutCounters(put) => {
                let time = if put.time > 0.0 { put.time } else { convert::now_seconds() };
                each(put.daemons, |row| {
                    let id = convert::daemon_id(row.daemon);
                    feed.put_counters(&id, time, &row.values, &row.counts)
                })
            }
            FromFeed::PutHealthChecks(put) => {
                feed.put_health_checks(put.checks.into_iter().map(convert::check).collect())
            }
            FromFeed::SnapshotComplete(_) => feed.complete_snapshot(),
            FromFeed::ClusterLog(entry) => feed.cluster_log(convert::log_entry(entry)),
            FromFeed::Notification(cue) => self.notify(feed, &cue),
            FromFeed::CommandResult(result) => {
                if let Some(command) = self.waiting.remove(&result.call_id) {
                    command.answer(convert::outcome(result.outcome));
                }
                feed.heartbeat()
            }
        }
    }

    fn notify(&self, feed: &FeedHandle, cue: &FeedNotification) -> Result<(), FeedError> {
        let Limits { name_bytes, text_bytes, .. } = self.limits;
        let parts = [("type", cue.r#type.len(), name_bytes), ("id", cue.id.len(), text_bytes)];
        match parts.into_iter().find(|(_, bytes, limit)| bytes > limit) {
            None => feed.notify(&cue.r#type, convert::json_or_text(&cue.id)),
            Some((part, _, limit)) => {
                Err(FeedError::TooLarge { what: format!("the {part} of a notification"), limit })
            }
        }
    }

    async fn ask(&mut self, pending: PendingCommand) -> Result<(), Gone> {
        self.waiting.retain(|_, command| !command.is_abandoned());
        self.next_call += 1;
        let command = pending.command.clone();
        let left = pending.deadline.saturating_duration_since(tokio::time::Instant::now());
        self.waiting.insert(self.next_call, pending);
        self.send(ToFeed::Command(ClusterCommand {
            call_id: self.next_call,
            target_type: command.target_kind,
            target_id: command.target_id,
            command: command.command,
            input: command.input,
            timeout_ms: convert::millis(left),
        }))
        .await
    }
}

/// Takes each of many, even if others are refused. The error counts those.
fn each<T>(
    many: Vec<T>,
    mut take: impl FnMut(T) -> Result<(), FeedError>,
) -> Result<(), FeedError> {
    let all = many.len();
    let mut refused = many.into_iter().filter_map(|one| take(one).err());
    match refused.next() {
        None => Ok(()),
        Some(why @ FeedError::TakenOver(_)) => Err(why),
        Some(first) => {
            let refused = 1 + refused.count();
            Err(FeedError::Some { refused, all, first: Box::new(first) })
        }
    }
}

#[cfg(test)]
mod tests;
