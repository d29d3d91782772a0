//! Contracts: any gRPC client can use the services, with only their descriptions.

use integration_tests::{Setup, grpc};
use mgrd_proto::v1::execute_command::Command as How;
use mgrd_proto::v1::{GetCommandTableRequest, ListModulesRequest, Words};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

fn words(line: &str) -> How {
    How::Words(Words { words: line.split(' ').map(str::to_owned).collect() })
}

fn json(value: &serde_json::Value) -> How {
    How::Json(value.to_string().into_bytes().into())
}

#[tokio::test]
async fn reflection_and_health_know_the_services() {
    let daemon = Setup::new().start();
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut reflection = ServerReflectionClient::new(channel.clone());
    let answers = reflection.server_reflection_info(tokio_stream::once(ask)).await.unwrap();
    let answer = answers.into_inner().message().await.unwrap().unwrap().message_response;
    let Some(MessageResponse::ListServicesResponse(listed)) = answer else { panic!("{answer:?}") };
    let listed = listed.service.into_iter().map(|service| service.name).collect::<Vec<_>>();
    let mut health = HealthClient::new(channel);
    for service in ["mgrd.v1.AdminService", "mgrd.v1.FeedService", "mgrd.v1.ModuleHostService"] {
        assert!(listed.iter().any(|name| name == service), "{listed:?}");
        let request = HealthCheckRequest { service: service.into() };
        let answer = health.check(request).await.unwrap().into_inner();
        assert_eq!(answer.status(), ServingStatus::Serving, "{service}");
    }
}

#[tokio::test]
async fn the_server_checks_the_arguments_of_every_client() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let good = json(&serde_json::json!({"prefix": "rust misbehave", "how": "binary", "n": 1}));
    assert_eq!(grpc::execute(&channel, good).await.retval, 0);
    for bad in [
        serde_json::json!({"prefix": "rust misbehave"}),
        serde_json::json!({"prefix": "rust misbehave", "how": "x", "n": "many"}),
        serde_json::json!({"prefix": "rust misbehave", "how": "x", "unknown": 1}),
        serde_json::json!({"prefix": "rust misbehave", "how": {"deep": 1}}),
        serde_json::json!({"prefix": "no such command"}),
        serde_json::json!([]),
    ] {
        let outcome = grpc::execute(&channel, json(&bad)).await;
        assert_eq!(outcome.retval, -22, "{bad}: {}", outcome.stderr);
        assert!(!outcome.stderr.is_empty(), "{bad}");
    }
    assert_eq!(grpc::execute(&channel, words("rust echo hi")).await.stdout, "[\"hi\"]\n");
}

#[tokio::test]
async fn every_change_of_the_command_table_raises_its_version() {
    let daemon = Setup::new().installed_rogue("rust", &[]).start();
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let mut admin = grpc::admin(channel);
    let first =
        admin.get_command_table(GetCommandTableRequest::default()).await.unwrap().into_inner();
    assert!(!first.commands.is_empty());
    // Modules are described in the background, which changes the table.
    let mut known_version = first.version;
    loop {
        let request = GetCommandTableRequest { known_version };
        let table = admin.get_command_table(request).await.unwrap().into_inner();
        if table.version == known_version {
            assert_eq!(table.commands.len(), 0);
            break;
        }
        assert!(table.version > known_version && !table.commands.is_empty());
        known_version = table.version;
    }
}

#[tokio::test]
async fn modules_are_listed_with_their_processes() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let pid = daemon.await_running("rust");
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let listed = grpc::admin(channel).list_modules(ListModulesRequest::default()).await.unwrap();
    let module = &listed.into_inner().modules[0];
    assert_eq!((module.name.as_str(), module.state.as_str(), module.pid), ("rust", "running", pid));
    assert!(module.enabled && module.can_run, "{module:?}");
}
