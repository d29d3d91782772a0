//! What a client watches: the cluster log and the events.

use mgrd_proto::v1;
use mgrd_proto::v1::watch_response::Message;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use crate::cluster::{Cluster, LogEntry, Priority};
use crate::rpc::convert;

type Answers = mpsc::Sender<Result<v1::WatchResponse, Status>>;

/// Sends what the client watches, until it leaves.
pub(super) async fn watch(cluster: &Cluster, request: v1::WatchRequest, answers: &Answers) {
    let filter = Filter::new(&request);
    let log = follow(cluster.log.follow());
    let events = follow(cluster.events.follow()).filter(|_| request.events);
    let backlog = cluster.log.last(request.backlog as usize, |entry| filter.admits(entry));
    let old = backlog.iter().map(|entry| Message::Log(convert::log_message(entry)));
    let old: Vec<_> = old.collect();
    let new = log.filter_map(|next| match next {
        Ok(entry) => filter.admits(&entry).then(|| Message::Log(convert::log_message(&entry))),
        Err(dropped) => Some(Message::Dropped(dropped)),
    });
    let events = events.map(|next| match next {
        Ok(event) => Message::Event(convert::event(&event)),
        Err(dropped) => Message::Dropped(dropped),
    });
    let mut all = Box::pin(tokio_stream::iter(old).chain(new.merge(events)));
    loop {
        let next = tokio::select! {
            next = all.next() => next,
            () = answers.closed() => return,
        };
        let Some(message) = next else { return };
        if answers.send(Ok(v1::WatchResponse { message: Some(message) })).await.is_err() {
            return;
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
