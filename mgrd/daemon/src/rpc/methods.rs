//! What each call of the contracts asks for.

use crate::authority::Action;

/// What a call of this path asks for; none if there is no such call.
pub(super) fn action(path: &str) -> Option<Action> {
    let (service, method) = path.strip_prefix('/')?.split_once('/')?;
    Some(match (service, method) {
        ("mgrd.v1.ModuleHostService", method) => return module_action(method),
        ("mgrd.v1.AdminService", "Execute") => Action::Execute,
        ("mgrd.v1.AdminService", "GetCommandTable") => Action::ReadCommands,
        ("mgrd.v1.AdminService", "Watch") => Action::WatchLog,
        ("mgrd.v1.AdminService", "ListModules") => Action::ListModules,
        ("mgrd.v1.AdminService", "DebugModule") => Action::DebugModule,
        ("mgrd.v1.FeedService", "Publish") => Action::Feed,
        ("mgrd.v1.StandbyService", "Follow") => Action::FollowActive,
        ("grpc.health.v1.Health", "Check" | "List" | "Watch")
        | ("grpc.reflection.v1.ServerReflection", "ServerReflectionInfo") => Action::Inspect,
        _ => return None,
    })
}

fn module_action(method: &str) -> Option<Action> {
    Some(match method {
        "Attach" => Action::Attach,
        "GetCephOption" => Action::ReadOptions,
        "GetDocument"
        | "ListServers"
        | "GetMetadata"
        | "GetDaemonStatus"
        | "GetDaemonHealthMetrics"
        | "GetPerfSchema"
        | "GetCounter"
        | "GetPerfCounters"
        | "GetModuleOption" => Action::ReadCluster,
        "SetModuleOption" => Action::SetOption,
        "SetStore" => Action::WriteStore,
        "SetHealthChecks" | "SetUri" | "ClusterLog" | "UpdateProgress" | "CompleteProgress" => {
            Action::Publish
        }
        "CallModule" => Action::CallModule,
        "SendCommand" => Action::SendCommand,
        "IsAuthorized" => Action::AskAuthorization,
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
