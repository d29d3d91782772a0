//! What a client watches: the cluster log and the events.

use std::sync::Arc;

use futures_util::stream::unfold;
use mgrd_proto::v1;
use mgrd_proto::v1::watch_response::Message;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use crate::cluster::{Cluster, Event, LogEntry, Priority};
use crate::managers::Managers;
use crate::rpc::{convert, status};

/// What the client watches, until this manager is no longer active. A message is made only when the
/// client can take it; what it is too slow for is counted.
pub(super) fn watch(
    cluster: &Cluster,
    managers: &Managers,
    request: v1::WatchRequest,
) -> impl Stream<Item = Result<v1::WatchResponse, Status>> + use<> {
    let active = managers.active();
    let start = Message::Start(v1::WatchStart { manager: active.id.clone(), term: active.gid });
    let all = tokio_stream::once(start).chain(messages(cluster, request, active.gid));
    let all = all.map(|message| Ok(v1::WatchResponse { message: Some(message) }));
    let managers = managers.clone();
    let ending = Box::pin(async move { status::ending(&managers).await });
    unfold(Some((Box::pin(all), ending)), |watching| async move {
        let (mut all, mut ending) = watching?;
        tokio::select! {
            // What was recorded before the end is sent before it.
            biased;
            next = all.next() => Some((next?, Some((all, ending)))),
            ending = &mut ending => Some((Err(ending), None)),
        }
    })
}

/// The old messages that the client asks for, and then the new ones.
fn messages(
    cluster: &Cluster,
    request: v1::WatchRequest,
    term: u64,
) -> impl Stream<Item = Message> + use<> {
    let missed_all = request.after_term != 0 && request.after_term != term;
    let (log_count, event_count) = match missed_all {
        true => (usize::MAX, usize::MAX),
        false => (request.backlog as usize, 0),
    };
    let filter = Filter::new(&request);
    let (old_log, log) = cluster.log.last_and_follow(log_count, |entry| filter.admits(entry));
    let (old_events, events) = cluster.events.last_and_follow(event_count, |_| request.events);
    let old_events = old_events.into_iter().map(Old::Event);
    let mut old: Vec<_> = old_log.into_iter().map(Old::Log).chain(old_events).collect();
    old.sort_by(|a, b| a.stamp().cmp(b.stamp()));
    let log = follow(log).filter_map(move |next| match next {
        Ok(entry) => filter.admits(&entry).then(|| Message::Log(convert::log_message(&entry))),
        Err(dropped) => Some(Message::Dropped(dropped)),
    });
    let events = follow(events).filter(move |_| request.events).map(|next| match next {
        Ok(event) => Message::Event(convert::event(&event)),
        Err(dropped) => Message::Dropped(dropped),
    });
    tokio_stream::iter(old).map(|old| old.message()).chain(log.merge(events))
}

/// What the manager has kept. It becomes a message only when it is sent.
enum Old {
    Log(Arc<LogEntry>),
    Event(Arc<Event>),
}

impl Old {
    fn stamp(&self) -> &str {
        match self {
            Self::Log(entry) => &entry.stamp,
            Self::Event(event) => &event.stamp,
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::Log(entry) => Message::Log(convert::log_message(entry)),
            Self::Event(event) => Message::Event(convert::event(event)),
        }
    }
}

/// Which entries of the cluster log a client wants.
struct Filter {
    channels: Vec<String>,
    least: Priority,
}

impl Filter {
    fn new(request: &v1::WatchRequest) -> Self {
        Self { channels: request.channels.clone(), least: convert::min_priority(request) }
    }

    fn admits(&self, entry: &LogEntry) -> bool {
        let all = self.channels.iter().any(|channel| channel == "*");
        let named = self.channels.contains(&entry.channel);
        let default = self.channels.is_empty() && entry.channel == "cluster";
        (all || named || default) && entry.priority >= self.least
    }
}

fn follow<T: Clone + Send + 'static>(
    receiver: tokio::sync::broadcast::Receiver<T>,
) -> impl Stream<Item = Result<T, u64>> {
    use tokio_stream::wrappers::BroadcastStream;
    use tokio_stream::wrappers::errors::BroadcastStreamRecvError::Lagged;
    BroadcastStream::new(receiver).map(|next| next.map_err(|Lagged(missed)| missed))
}
