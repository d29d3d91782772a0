//! Notices when the manager itself hangs, and ends it, so that a standby can lead.
//!
//! A thread of its own looks at the hearts of the loops that must go on. It waits for nothing else:
//! what might hang, such as the log, is left to further threads.

use std::sync::{Arc, Weak, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use mgrd_threads::Threads;
use parking_lot::Mutex;
use tracing::{error, info};

use super::error::ManagerError;
use super::heart::{Hearts, News, Patience};
use super::service_manager::ServiceManager;
use super::state_dump;
use crate::host::Host;
use crate::logging::Log;
use crate::module::end_all;
use crate::text::visible;
use crate::working_on;

/// The longest time between two looks at the hearts.
const LONGEST_TICK: Duration = Duration::from_secs(1);
/// How long the last words, and the end of the modules, may take before the process is aborted.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// How long processes of modules have to end after they were killed.
const MODULES_TIMEOUT: Duration = Duration::from_secs(1);
/// How many threads are logged.
const MOST_THREADS: usize = 256;

/// The watchdog of the manager. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Watchdog {
    hearts: Hearts,
    /// How long a loop may rest between two beats.
    rest: Duration,
    host: Arc<Mutex<Weak<Host>>>,
}

impl Watchdog {
    /// Starts to watch.
    pub(super) fn start(
        patience: Patience,
        service: Arc<ServiceManager>,
        log: Log,
    ) -> Result<Self, ManagerError> {
        let Patience { warning, abort } = patience;
        // A service manager wants to hear something twice within its time.
        let by_service = service.watchdog().map_or(LONGEST_TICK, |within| within / 4);
        let by_abort = abort.map_or(LONGEST_TICK, |abort| abort / 4);
        let tick = LONGEST_TICK.min(by_service).min(by_abort).min(warning / 4);
        let tick = tick.max(Duration::from_millis(1));
        let watchdog = Self { hearts: Hearts::default(), rest: tick / 2, host: Arc::default() };
        let watch = Watch { watchdog: watchdog.clone(), patience, tick, service, log };
        let thread = thread::Builder::new().name("watchdog".into()).spawn(move || watch.run());
        thread.map_err(ManagerError::Threads)?;
        Ok(watchdog)
    }

    /// Beats for as long as the runtime of the caller goes on.
    pub(super) fn beat(&self, name: &'static str) -> impl Future<Output = ()> + Send + 'static {
        let (heart, rest) = (self.hearts.add(name), self.rest);
        async move {
            loop {
                heart.beat();
                tokio::time::sleep(rest).await;
            }
        }
    }

    /// Beats for as long as the supervisor of the modules answers.
    pub(super) fn beat_with_modules(
        &self,
        host: Arc<Host>,
    ) -> impl Future<Output = ()> + Send + 'static {
        *self.host.lock() = Arc::downgrade(&host);
        let (heart, rest) = (self.hearts.add("the supervisor of the modules"), self.rest);
        async move {
            loop {
                host.modules().supervisor_answers().await;
                heart.beat();
                tokio::time::sleep(rest).await;
            }
        }
    }
}

/// What the thread of the watchdog has.
struct Watch {
    watchdog: Watchdog,
    patience: Patience,
    tick: Duration,
    service: Arc<ServiceManager>,
    log: Log,
}

impl Watch {
    fn run(self) {
        let mut last = Instant::now();
        loop {
            thread::sleep(self.tick);
            // If this tick is late, the whole process was stopped, or had no processor. Time in which
            // no thread ran is not silence. Nor is a suspended machine, whose clock does not go on.
            let passed = last.elapsed().min(2 * self.tick);
            last = Instant::now();
            let news = self.watchdog.hearts.tick(passed, self.patience);
            for (name, news) in &news {
                self.act(name, *news);
            }
            let goes_on = |(_, news): &(_, News)| matches!(news, News::Beats | News::Recovered(_));
            if self.service.watchdog().is_some() && news.iter().all(goes_on) {
                self.service.keep_alive();
            }
        }
    }

    fn act(&self, name: &'static str, news: News) {
        let Patience { warning, abort } = self.patience;
        match news {
            News::Beats | News::Silent => {}
            News::Recovered(lasted) => in_thread(move || {
                info!("{name} goes on after {} s of silence", lasted.as_secs_f32());
            }),
            News::Warning => {
                let host = self.watchdog.host.lock().clone();
                in_thread(move || {
                    warn_about(name, warning, abort);
                    dump(&host);
                });
            }
            News::Hung => self.abort(name),
        }
    }

    /// Ends the process. Its storage is whole, because acknowledged writes are on the disk.
    fn abort(&self, name: &'static str) {
        let limit = self.patience.abort.unwrap_or_default();
        let (said, waiting) = mpsc::channel::<()>();
        let (log, dumped) = (self.log.clone(), self.patience.warning < limit);
        let host = self.watchdog.host.lock().clone();
        in_thread(move || {
            let limit = limit.as_secs_f32();
            error!(
                "{name} has not gone on for {limit} s (limits.watchdog_abort); mgrd aborts, so that a \
                 standby or a restart can lead"
            );
            if !dumped {
                dump(&host);
            }
            // Waits for the last lines to be written.
            drop(log);
            end_all(MODULES_TIMEOUT);
            drop(said);
        });
        // The sender is dropped at the end.
        let _ = waiting.recv_timeout(LAST_WORDS);
        std::process::abort();
    }
}

fn warn_about(name: &str, warning: Duration, abort: Option<Duration>) {
    let warning = warning.as_secs_f32();
    let next = match abort {
        Some(abort) => format!("mgrd aborts after {} s", abort.as_secs_f32()),
        None => "mgrd waits without end".to_owned(),
    };
    error!(
        "{name} has not gone on for {warning} s (limits.watchdog_warning); {next}; what the threads \
         of mgrd do, and its state, follow"
    );
}

/// Logs what the threads do, and then the state, which a thread that hangs may hold locked.
fn dump(host: &Weak<Host>) {
    match working_on::now() {
        Some(work) => error!("the worker thread works on {}", visible(&work.to_string())),
        None => error!("the worker thread works on nothing that has a name"),
    }
    match Threads::of(std::process::id(), MOST_THREADS) {
        Ok(threads) => {
            for thread in &threads.threads {
                error!("{}", visible(&thread.to_string()));
            }
        }
        Err(why) => error!("the threads of mgrd are not shown in /proc: {why}; mount /proc"),
    }
    if let Some(host) = host.upgrade() {
        state_dump::log(&host);
    }
}

/// Does what may hang. Without another thread it is not done.
fn in_thread(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name("watchdog dump".into());
    let _ = thread.spawn(work);
}
