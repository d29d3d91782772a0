use super::*;

#[test]
fn a_controller_keeps_its_limits_and_something_else_those_of_the_others() {
    let none = Controllers::default();
    let memory = Controllers { memory: true, ..none };
    let all = Controllers { cpu: true, memory: true, pids: true };
    let cases = [
        (Limit::Memory, ["sampling", "control group", "control group"]),
        (Limit::MemoryWarning, ["mgrd", "mgrd", "mgrd"]),
        (Limit::Processes, ["sampling", "sampling", "control group"]),
        (Limit::Cpu, ["nothing", "nothing", "control group"]),
        (Limit::CpuWeight, ["nothing", "nothing", "control group"]),
        (Limit::OpenFiles, ["resource limit", "resource limit", "resource limit"]),
        (Limit::StoreKeys, ["mgrd", "mgrd", "mgrd"]),
    ];
    for (limit, expected) in cases {
        let keepers = [none, memory, all].map(|given| Keeper::of(limit, given).to_string());
        assert_eq!(keepers, expected, "{limit}");
    }
    let texts = [none, memory, all].map(mechanism);
    assert_eq!(texts, ["sampling", "cgroup (memory)", "cgroup"]);
}
