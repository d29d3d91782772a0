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
mod tests {
    use prost::Message;
    use prost_types::FileDescriptorSet;

    use super::*;

    #[test]
    fn every_call_of_the_contracts_has_an_action_and_no_other_has() {
        let sets = [
            mgrd_proto::v1::DESCRIPTORS,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
        ];
        let mut calls = 0;
        for file in sets.iter().flat_map(|set| FileDescriptorSet::decode(*set).unwrap().file) {
            for service in &file.service {
                for method in &service.method {
                    let path = format!("/{}.{}/{}", file.package(), service.name(), method.name());
                    assert!(action(&path).is_some(), "{path}");
                    assert!(action(&format!("{path}x")).is_none() && action(&path[1..]).is_none());
                    calls += 1;
                }
            }
        }
        assert!(calls > 20, "{calls}");
        for path in ["", "/", "//", "/mgrd.v1.AdminService", "/mgrd.v1.AdminService/"] {
            assert!(action(path).is_none(), "{path:?}");
        }
    }
}
