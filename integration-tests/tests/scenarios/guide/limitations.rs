//! Limitations of Ceph that do not exist here.

use integration_tests::{Setup, eventually};

use super::PROBE;

const EAGER: &str = "
from mgr_module import MgrModule, Option
class Module(MgrModule):
    MODULE_OPTIONS = [Option('level', type='int', default=3)]
    def __init__(self, *args):
        super().__init__(*args)
        self.set_module_option('level', self.get_module_option('level') + 1)
        self.set_store('born', self.get_mgr_id())
        self.set_uri('http://here/')
        self.set_health_checks({'EAGER': {'severity': 'warning', 'summary': str(sorted(self.get('mgr_map')))[:3],
                                          'count': 1, 'detail': []}})
        self.set_store('heard', self.remote('zebra', 'get_mgr_id'))
        self.set_store('ran', str(self.mon_command({'prefix': 'version'})[0]))
";

#[test]
fn everything_can_be_called_in_the_constructor() {
    // Its name comes before that of the module it calls.
    let setup = Setup::new().python("eager", EAGER).python("zebra", PROBE).replay(1000.0);
    let daemon = setup.start();
    daemon.await_running("eager");
    assert_eq!(daemon.ok("config get mgr mgr/eager/level"), "4\n");
    for (key, value) in [("born", "x"), ("heard", "x"), ("ran", "0")] {
        assert_eq!(daemon.ok(&format!("config-key get mgr/eager/{key}")), value, "{key}");
    }
    assert_eq!(daemon.json("mgr services")["eager"], "http://here/");
    eventually("its health check is shown", || {
        let health = daemon.ok("health detail");
        if health.contains("EAGER") { Ok(()) } else { Err(health) }
    });
}
