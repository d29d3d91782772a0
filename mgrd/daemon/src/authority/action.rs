//! What a caller can ask for.

/// What a caller can ask for: each call of the contracts is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Ask which services there are, and whether they work.
    Inspect,

    /// Run a command.
    Execute,
    /// Read which commands there are.
    ReadCommands,
    /// Follow the cluster log and the events.
    WatchLog,
    /// Read the state of the modules' processes.
    ListModules,
    /// Start or end a debugging session of a module.
    DebugModule,
    /// Feed the state of the cluster.
    Feed,
    /// Follow the active manager as a standby.
    FollowActive,

    /// Begin a session as a module.
    Attach,
    /// Read options of the cluster.
    ReadOptions,
    /// Read the state of the cluster and the options of other modules.
    ReadCluster,
    /// Set an option.
    SetOption,
    /// Write into the module's own store.
    WriteStore,
    /// Say something for others to see: health checks, progress, log entries, an address.
    Publish,
    /// Call a method of another module.
    CallModule,
    /// Send a command.
    SendCommand,
    /// Ask what the client of a running command may do.
    AskAuthorization,
}

/// Which callers an action is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// All whom `mgrd` knows.
    Everyone,
    /// Clients, feeds and standbys.
    Clients,
    /// Modules.
    Modules,
}

impl Action {
    /// All actions.
    #[cfg(test)]
    pub(super) const ALL: [Self; 17] = [
        Self::Inspect,
        Self::Execute,
        Self::ReadCommands,
        Self::WatchLog,
        Self::ListModules,
        Self::DebugModule,
        Self::Feed,
        Self::FollowActive,
        Self::Attach,
        Self::ReadOptions,
        Self::ReadCluster,
        Self::SetOption,
        Self::WriteStore,
        Self::Publish,
        Self::CallModule,
        Self::SendCommand,
        Self::AskAuthorization,
    ];

    pub(super) fn audience(self) -> Audience {
        match self {
            Self::Inspect => Audience::Everyone,
            Self::Execute
            | Self::ReadCommands
            | Self::WatchLog
            | Self::ListModules
            | Self::DebugModule
            | Self::Feed
            | Self::FollowActive => Audience::Clients,
            Self::Attach
            | Self::ReadOptions
            | Self::ReadCluster
            | Self::SetOption
            | Self::WriteStore
            | Self::Publish
            | Self::CallModule
            | Self::SendCommand
            | Self::AskAuthorization => Audience::Modules,
        }
    }

    /// Whether it changes something, or gives rights that last.
    pub(super) fn is_write(self) -> bool {
        match self {
            Self::DebugModule
            | Self::Feed
            | Self::FollowActive
            | Self::Attach
            | Self::SetOption
            | Self::WriteStore
            | Self::Publish
            | Self::SendCommand => true,
            // What a command changes follows from its descriptor; the router knows it.
            Self::Execute
            | Self::Inspect
            | Self::ReadCommands
            | Self::WatchLog
            | Self::ListModules
            | Self::ReadOptions
            | Self::ReadCluster
            | Self::CallModule
            | Self::AskAuthorization => false,
        }
    }
}
