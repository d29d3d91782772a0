//! `restful`: HTTPS with keys, by a library that one process may initialise only once.

use std::process::Command;

use integration_tests::{eventually, places};
use serde_json::Value;

use crate::{free_port, on_port};

/// Gets a page with a user's key, and accepts any certificate.
const GET: &str = r#"
import base64, ssl, sys, urllib.request
url, user = sys.argv[1:]
key = base64.b64encode(user.encode()).decode()
request = urllib.request.Request(url, headers={"Authorization": "Basic " + key})
context = ssl._create_unverified_context()
print(urllib.request.urlopen(request, context=context, timeout=60).read().decode())
"#;

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn it_serves_the_recorded_osds() {
    let port = free_port();
    let daemon = on_port("restful", port);
    daemon.await_running("restful");
    daemon.ok("restful create-self-signed-cert");
    let key = daemon.ok("restful create-key ada");
    let user = format!("ada:{}", key.trim());
    let url = format!("https://127.0.0.1:{port}/osd");
    let osds: Value = eventually("the OSDs", || {
        let got = Command::new(places::ceph_python()).args(["-c", GET, &url, &user]).output();
        let got = got.unwrap();
        serde_json::from_slice(&got.stdout)
            .map_err(|_| String::from_utf8_lossy(&got.stderr).into_owned())
    });
    let recorded = places::recorded("get.osd_map")["osds"].clone();
    let uuids = |osds: &Value| -> Vec<Value> {
        osds.as_array().unwrap().iter().map(|osd| osd["uuid"].clone()).collect()
    };
    assert_eq!(uuids(&osds), uuids(&recorded));
}
