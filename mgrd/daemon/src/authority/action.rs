//! What a caller can ask for.

/// Which callers an action is meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// All callers that `mgrd` knows.
    Everyone,
    /// Clients, feeds and standbys.
    Clients,
    /// Modules.
    Modules,
}

/// The actions, each with its audience, and `write` if it changes something or gives rights that
/// last.
macro_rules! actions {
    ($($(#[$doc:meta])+ $action:ident: $audience:ident, $effect:ident;)+) => {
        /// What a caller can ask for: each call of the contracts is one of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[$doc])+ $action,)+
        }

        impl Action {
            /// All actions.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$action),+];

            pub(super) fn audience(self) -> Audience {
                match self {
                    $(Self::$action => Audience::$audience,)+
                }
            }

            /// Whether it changes something, or gives rights that last.
            pub(super) fn is_write(self) -> bool {
                match self {
                    $(Self::$action => actions!(@$effect),)+
                }
            }
        }
    };
    (@write) => { true };
    (@read) => { false };
}

actions! {
    /// List the services and their health.
    Inspect: Everyone, read;

    /// Run a command. Its descriptor says whether it changes something; the router knows that.
    Execute: Clients, read;
    /// Read the table of commands.
    ReadCommands: Clients, read;
    /// Follow the cluster log and the events.
    WatchLog: Clients, read;
    /// Read the state of the modules' processes.
    ListModules: Clients, read;
    /// Start or end a debugging session of a module.
    DebugModule: Clients, write;
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
    /// Set an option.
    SetOption: Modules, write;
    /// Write to the module's own store.
    WriteStore: Modules, write;
    /// Publish health checks, progress, log entries or a URI.
    Publish: Modules, write;
    /// Call a method of another module.
    CallModule: Modules, read;
    /// Send a command.
    SendCommand: Modules, write;
    /// Ask what the client of a running command may do.
    AskAuthorization: Modules, read;
}
