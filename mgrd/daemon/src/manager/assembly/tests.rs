use clap::Parser;

use super::*;
use crate::config::Cli;

#[test]
fn the_limits_reach_the_modules() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("mgrd.toml");
    std::fs::write(&file, "[limits.module]\nping_interval = 0.25\n").unwrap();
    let cli = Cli::try_parse_from(["mgrd", "--config", file.to_str().unwrap()]).unwrap();
    let settings = cli.settings().unwrap();
    let config = module_config(&settings, PathBuf::new());
    assert_eq!(config.limits.life.ping_interval.as_millis(), 250);
}
