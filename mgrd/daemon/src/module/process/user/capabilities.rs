//! The rights of `mgrd` without which root cannot run and end the processes of other users. A container may
//! take them away.

use std::sync::OnceLock;

use super::login_error::LoginError;

/// Without these, a module cannot become another user, or be ended then.
const NEEDED: [(u32, &str); 6] = [
    (0, "CAP_CHOWN"),
    (1, "CAP_DAC_OVERRIDE"),
    (3, "CAP_FOWNER"),
    (5, "CAP_KILL"),
    (6, "CAP_SETGID"),
    (7, "CAP_SETUID"),
];
/// Without these, less of a module is limited or shown.
const USEFUL: [(u32, &str); 4] =
    [(8, "CAP_SETPCAP"), (19, "CAP_SYS_PTRACE"), (23, "CAP_SYS_NICE"), (24, "CAP_SYS_RESOURCE")];

/// Checks that `mgrd` has the rights. Logs once which useful ones it does not have.
pub(super) fn check(user: &str) -> Result<(), LoginError> {
    static OWN: OnceLock<Option<u64>> = OnceLock::new();
    let own = OWN.get_or_init(|| {
        let own = effective(&std::fs::read_to_string("/proc/self/status").ok()?)?;
        let useful = missing(own, &USEFUL);
        if !useful.is_empty() {
            tracing::warn!(
                "mgrd runs modules as other users (run_as) without {useful}: some limits, and the stacks of \
                 modules that hang, may not work; give it these capabilities"
            );
        }
        Some(own)
    });
    // If the system does not say it, the attempt shows it.
    let missing = own.map_or_else(String::new, |own| missing(own, &NEEDED));
    if missing.is_empty() {
        return Ok(());
    }
    Err(LoginError::Capabilities { user: user.to_owned(), missing })
}

/// The effective capabilities, from the status of a process.
fn effective(status: &str) -> Option<u64> {
    let number = status.lines().find_map(|line| line.strip_prefix("CapEff:"))?;
    u64::from_str_radix(number.trim(), 16).ok()
}

fn missing(own: u64, wanted: &[(u32, &str)]) -> String {
    let missing = wanted.iter().filter(|(number, _)| own >> number & 1 == 0);
    missing.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
