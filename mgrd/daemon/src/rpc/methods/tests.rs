use prost::Message;
use prost_types::FileDescriptorSet;

use super::*;

#[test]
fn every_call_of_the_contracts_is_known_and_no_other_is() {
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
                assert!(call(&path).is_some(), "{path}");
                assert!(call(&format!("{path}x")).is_none() && call(&path[1..]).is_none());
                calls += 1;
            }
        }
    }
    assert!(calls > 20, "{calls}");
    for path in ["", "/", "//", "/mgrd.v1.AdminService", "/mgrd.v1.AdminService/"] {
        assert!(call(path).is_none(), "{path:?}");
    }
}
