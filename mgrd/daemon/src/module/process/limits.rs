//! What one process may take and write.

use std::time::Duration;

use crate::limits::limits;
use crate::module_limits::{Limit, OwnLimits, Settings, written};
use crate::seconds;

limits! {
    /// The limits of the process of a module.
    ProcessLimits {
        /// How long the start of a process may take, until its program runs. A disk or mount that does not
        /// answer holds it.
        #[serde(with = "seconds")]
        spawn_timeout: Duration = Duration::from_secs(5),
        /// Processes that are started at the same time, those that do not answer included.
        spawns: u32 = 16,
        /// How long a process has to end after SIGTERM, before SIGKILL.
        #[serde(with = "seconds")]
        term_grace: Duration = Duration::from_secs(5),
        /// How long a shutdown, or the end of a module, waits for processes that were killed. A process that a broken disk holds in
        /// the kernel may never end, and another manager may wait to become active.
        #[serde(with = "seconds")]
        kill_timeout: Duration = Duration::from_secs(5),
        /// How long to wait, after the end of a process, for the end of its output.
        #[serde(with = "seconds")]
        output_grace: Duration = Duration::from_secs(1),
        /// The longest line of output that is kept whole, in bytes.
        line_bytes: usize = 8192,
        /// Bytes of stdout, or of stderr, that are read a second; a module that writes more waits.
        stream_bytes_per_second: usize = 4 << 20,
        /// Lines of output a second that are logged; more are counted and dropped.
        lines_per_second: u32 = 1000,
        /// Bytes of these a second, for stdout and stderr each; more are counted and dropped.
        line_bytes_per_second: usize = 1 << 20,
        /// How long a module may take to show the stacks of its threads.
        #[serde(with = "seconds")]
        stacks_timeout: Duration = Duration::from_secs(2),
        /// Bytes of these stacks; longer ones are cut.
        stacks_bytes: usize = 256 << 10,
        /// How many lines of stderr are kept as last words.
        last_words: usize = 20,
        /// Lines of its output and its log that are kept for the report of a crash.
        crash_lines: usize = 100,
        /// Bytes of one of these lines; a longer one is cut.
        crash_line_bytes: usize = 1024,
        /// Bytes of files in the private `/tmp`, and as many in `/var/tmp`, of a module that has these.
        private_tmp_bytes: u64 = 256 << 20,
        /// The niceness of module processes and of their sessions.
        nice: i32 = 5,
        /// Memory of a module and all that it started, in bytes. A module that uses more is killed, and
        /// started again.
        #[serde(with = "written::memory")]
        memory: Option<u64> = Some(2 << 30),
        /// Hundredths of that, from which on health warns.
        #[serde(with = "written::memory_warning")]
        memory_warning: Option<u64> = Some(80),
        /// The time over which memory that grows all the time is a leak.
        #[serde(with = "seconds")]
        leak_window: Duration = Duration::from_secs(3600),
        /// Processor time, in hundredths of one processor. It needs control groups.
        #[serde(with = "written::cpu")]
        cpu: Option<u64> = None,
        /// The share of the processors among modules that all compute. It needs control groups.
        #[serde(with = "written::cpu_weight")]
        cpu_weight: Option<u64> = Some(100),
        /// Processes and threads of a module. A module that has more is killed, and started again.
        #[serde(with = "written::processes")]
        processes: Option<u64> = Some(4096),
        /// Open files of each process; none means that of `mgrd`.
        #[serde(with = "written::open_files")]
        open_files: Option<u64> = None,
    }
}

impl ProcessLimits {
    /// These limits with what is set for one module.
    #[must_use]
    pub(in crate::module) fn with(self, own: &OwnLimits) -> Self {
        let or = |limit, all| own.or(limit, all);
        Self {
            memory: or(Limit::Memory, self.memory),
            memory_warning: or(Limit::MemoryWarning, self.memory_warning),
            cpu: or(Limit::Cpu, self.cpu),
            cpu_weight: or(Limit::CpuWeight, self.cpu_weight),
            processes: or(Limit::Processes, self.processes),
            open_files: or(Limit::OpenFiles, self.open_files),
            ..self.paced(own)
        }
    }

    /// Only those of its output.
    #[must_use]
    pub(super) fn paced(self, own: &OwnLimits) -> Self {
        let lines = own.count(Limit::LinesPerSecond, self.lines_per_second as usize);
        let bytes = own.count(Limit::LineBytesPerSecond, self.line_bytes_per_second);
        Self {
            lines_per_second: u32::try_from(lines).unwrap_or(u32::MAX),
            line_bytes_per_second: bytes,
            ..self
        }
    }

    /// Those that can be set for one module.
    pub(in crate::module) fn settings(&self, settings: Settings) -> Settings {
        settings
            .with(Limit::Memory, self.memory)
            .with(Limit::MemoryWarning, self.memory_warning)
            .with(Limit::Cpu, self.cpu)
            .with(Limit::CpuWeight, self.cpu_weight)
            .with(Limit::Processes, self.processes)
            .with(Limit::OpenFiles, self.open_files)
            .with(Limit::LinesPerSecond, Some(self.lines_per_second.into()))
            .with(Limit::LineBytesPerSecond, Some(self.line_bytes_per_second as u64))
    }
}
