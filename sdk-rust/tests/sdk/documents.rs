//! Documents: always the newest, typed where wanted.

use mgrd_sdk::prelude::*;
use mgrd_sdk::testing::TestHost;
use serde::Deserialize;
use serde_json::{Value, json};

struct Sample(Host);

#[derive(Deserialize)]
struct Map {
    epoch: u64,
}

#[commands]
impl Sample {
    #[command("sample document")]
    async fn document(&self, name: String) -> Result<Option<Value>> {
        Ok(self.0.get(&name).await?)
    }

    #[command("sample epoch")]
    async fn epoch(&self) -> Result<Option<u64>> {
        let Some(document) = self.0.document("osd_map").await? else { return Ok(None) };
        let again = self.0.document("osd_map").await?;
        assert_eq!(again.map(|again| again.version), Some(document.version));
        Ok(Some(document.parse::<Map>()?.epoch))
    }
}

impl Module for Sample {
    type Options = ();

    async fn start(host: Host, _options: Live<()>) -> Result<Self> {
        Ok(Self(host))
    }
}

#[tokio::test]
async fn a_document_is_the_newest() {
    let host = TestHost::new().document("osd_map", &json!({"epoch": 0}));
    let module = host.start::<Sample>().await;
    let read = async |name: &str| {
        let outcome = module.command("sample document", json!({"name": name, "format": "json"}));
        outcome.await.stdout
    };
    for epoch in 1..4 {
        module.set_document("osd_map", &json!({"epoch": epoch}));
        for _ in 0..2 {
            assert_eq!(read("osd_map").await, format!(r#"{{"epoch":{epoch}}}"#));
        }
    }
    module.set_document("osd_map", None);
    assert_eq!(read("osd_map").await, "null");
    module.set_document("osd_map", &json!({"epoch": 9}));
    assert_eq!(read("osd_map").await, r#"{"epoch":9}"#);
    assert_eq!(read("none").await, "null");
    module.shutdown().await;
}

#[tokio::test]
async fn a_document_of_another_shape_is_named() {
    let host = TestHost::new().document("osd_map", &json!({"epoch": 3}));
    let module = host.start::<Sample>().await;
    assert_eq!(module.command("sample epoch", json!({})).await.stdout, "3");
    module.set_document("osd_map", &json!({"epoch": "three"}));
    let outcome = module.command("sample epoch", json!({})).await;
    assert!(outcome.stderr.contains("not of the expected shape: invalid type"), "{outcome:?}");
    module.shutdown().await;
}
