//! What each call of the contracts asks for.

use crate::authority::Call;

/// What a call of this path asks for; none if there is no such call.
pub(super) fn call(path: &str) -> Option<Call> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    Some(match (service, method) {
        ("mgrd.v1.ModuleHostService", method) => return module_call(method),
        ("mgrd.v1.AdminService", "Execute") => Call::Execute,
        ("mgrd.v1.AdminService", "GetCommandTable") => Call::ReadCommands,
        ("mgrd.v1.AdminService", "Watch") => Call::WatchLog,
        ("mgrd.v1.AdminService", "ListModules") => Call::ListModules,
        ("mgrd.v1.AdminService", "DebugModule") => Call::DebugModule,
        ("mgrd.v1.AdminService", "BackUpStorage") => Call::BackUpStorage,
        ("mgrd.v1.FeedService", "Publish") => Call::Feed,
        ("mgrd.v1.StandbyService", "Follow") => Call::FollowActive,
        ("grpc.health.v1.Health", "Check" | "List" | "Watch")
        | ("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo") => Call::Inspect,
        _ => return None,
    })
}

/// Whether the messages of a call may be as large as any, because they carry data, which has limits
/// of its own. Those of other calls hold names and texts for people.
pub(super) fn carries_data(call: Call) -> bool {
    match call {
        Call::Attach
        | Call::SetOption
        | Call::WriteStore
        | Call::InvokeMethod
        | Call::SendCommand
        | Call::Execute
        | Call::Feed
        | Call::FollowActive => true,
        Call::ReadCommands
        | Call::WatchLog
        | Call::ListModules
        | Call::DebugModule
        | Call::BackUpStorage
        | Call::Inspect
        | Call::ReadOptions
        | Call::ReadCluster
        | Call::Publish
        | Call::AskAuthorization => false,
    }
}

fn module_call(method: &str) -> Option<Call> {
    Some(match method {
        "Attach" => Call::Attach,
        "GetCephOption" => Call::ReadOptions,
        "GetDocument"
        | "ListServers"
        | "GetMetadata"
        | "GetDaemonStatus"
        | "GetDaemonHealthMetrics"
        | "GetPerfSchema"
        | "GetCounter"
        | "GetPerfCounters"
        | "GetModuleOption" => Call::ReadCluster,
        "SetModuleOption" => Call::SetOption,
        "SetStore" => Call::WriteStore,
        "SetHealthChecks" | "SetUri" | "ClusterLog" | "UpdateProgress" | "CompleteProgress" => {
            Call::Publish
        }
        "CallModule" => Call::InvokeMethod,
        "SendCommand" => Call::SendCommand,
        "IsAuthorized" => Call::AskAuthorization,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
