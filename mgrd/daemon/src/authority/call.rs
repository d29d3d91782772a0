//! The calls of the contracts, each with its audience.

/// Which callers something is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// All callers that `mgrd` knows.
    Everyone,
    /// Clients, feeds and standbys.
    Clients,
    /// Modules.
    Modules,
    /// Clients, and modules that run.
    ClientsAndModules,
}

/// The calls, each with its audience, and `write` if it changes something or gives rights that
/// last.
macro_rules! calls {
    ($($(#[$doc:meta])+ $call:ident: $audience:ident, $effect:ident;)+) => {
        /// What a call of the contracts asks for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Call {
            $($(#[$doc])+ $call,)+
        }

        impl Call {
            /// All calls.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$call),+];

            pub(super) fn audience(self) -> Audience {
                match self {
                    $(Self::$call => Audience::$audience,)+
                }
            }

            /// Whether it changes something, or gives rights that last.
            pub(super) fn is_write(self) -> bool {
                match self {
                    $(Self::$call => calls!(@$effect),)+
                }
            }
        }
    };
    (@write) => { true };
    (@read) => { false };
}

calls! {
    /// List the services and their health.
    Inspect: Everyone, read;

    /// Send a command. The router decides whether the caller may run it.
    Execute: Clients, read;
    /// Read the table of commands.
    ReadCommands: Clients, read;
    /// Follow the cluster log and the events.
    WatchLog: Clients, read;
    /// Read the state of the modules' processes.
    ListModules: Clients, read;
    /// Start or end a debugging session of a module.
    DebugModule: Clients, write;
    /// Read everything that is stored. Who has it knows all secrets in it.
    BackUpStorage: Clients, write;
    /// Feed the state of the cluster.
    Feed: Clients, write;
    /// Follow the active manager as a standby.
    FollowActive: Clients, write;

    /// Begin a session as a module.
    Attach: Modules, write;
    /// Read options of the cluster.
    ReadOptions: Modules, read;
    /// Read the state of the cluster and the options of other modules.
    ReadCluster: Modules, read;
    /// Send an option to set. A second decision is about which option it is.
    SetOption: Modules, write;
    /// Write to the module's own store.
    WriteStore: Modules, write;
    /// Publish health checks, progress, log entries or a URI.
    Publish: Modules, write;
    /// Call a method of another module.
    InvokeMethod: Modules, read;
    /// Send a command. The router decides whether the module may run it.
    SendCommand: Modules, write;
    /// Ask what the client of a running command may do.
    AskAuthorization: Modules, read;
}
