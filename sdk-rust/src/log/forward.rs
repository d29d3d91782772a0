//! Sends captured records to the host, the file and the cluster log.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::Ordering::Relaxed;

use mgrd_proto::v1::attach_request::Message;
use mgrd_proto::v1::{LogLevel, LogRecord};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::capture::{Logging, Routed, WAITING, Waiting, record};
use crate::{Host, LogPriority};

/// The task that sends records until the session ends.
#[derive(Debug)]
pub(crate) struct Forwarding {
    closing: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Forwarding {
    /// Starts to send captured records.
    pub(crate) fn start(logging: &mut Logging, host: Host) -> Option<Self> {
        let waiting = logging.waiting()?;
        let (closing, closed) = oneshot::channel();
        Some(Self { closing, task: tokio::spawn(forward(waiting, host, closed)) })
    }

    /// Sends the records captured so far, and ends.
    pub(crate) async fn finish(self) {
        // The task receives until this arrives.
        let _ = self.closing.send(());
        let _ = self.task.await;
    }
}

async fn forward(mut waiting: Waiting, host: Host, mut closing: oneshot::Receiver<()>) {
    let mut batch = Vec::new();
    loop {
        tokio::select! {
            biased;
            received = waiting.records.recv_many(&mut batch, WAITING) => {
                if received == 0 {
                    return;
                }
            }
            _ = &mut closing, if !waiting.records.is_closed() => {
                waiting.records.close();
                continue;
            }
        }
        write_files(&mut batch).await;
        for routed in batch.drain(..) {
            send(&host, routed).await;
        }
        let lost = waiting.lost.swap(0, Relaxed);
        if lost > 0 {
            let message = format!("{lost} log records were dropped, because too many came at once");
            to_host(&host, record(LogLevel::Warning, "mgrd_sdk", message)).await;
        }
    }
}

async fn send(host: &Host, routed: Routed) {
    let Routed { record, line, is_logged, to_cluster } = routed;
    if to_cluster {
        let priority = match record.level() {
            LogLevel::Error | LogLevel::Critical => LogPriority::Error,
            LogLevel::Warning => LogPriority::Warning,
            LogLevel::Debug => LogPriority::Debug,
            _ => LogPriority::Info,
        };
        // It fails only while the session ends.
        let _ = host.cluster_log(host.module(), priority, record.message.clone()).await;
    }
    if is_logged && line.is_none() {
        to_host(host, record).await;
    }
}

async fn to_host(host: &Host, record: LogRecord) {
    host.inner.outbox.send(Message::Log(record)).await;
}

/// Appends lines to their files. It opens each file once for a batch, so that files can be rotated
/// at any time. If a file cannot be written, its records go to the host instead.
async fn write_files(batch: &mut Vec<Routed>) {
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for routed in batch.iter().filter(|routed| routed.is_logged) {
        if let Some((path, line)) = &routed.line {
            texts.entry(path.clone()).or_default().push_str(line);
        }
    }
    for (path, text) in texts {
        let target = path.clone();
        let written = tokio::task::spawn_blocking(move || {
            File::options().create(true).append(true).open(target)?.write_all(text.as_bytes())
        });
        let Ok(Err(error)) = written.await else { continue };
        for routed in batch.iter_mut() {
            routed.line.take_if(|(wanted, _)| *wanted == path);
        }
        let message = format!(
            "cannot log to {}: {error}; the records go to the log of mgrd instead",
            path.display()
        );
        let record = record(LogLevel::Error, "mgrd_sdk", message);
        batch.push(Routed { record, line: None, is_logged: true, to_cluster: false });
    }
}
