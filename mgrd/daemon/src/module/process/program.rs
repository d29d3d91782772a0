//! The program of a process, made ready before the fork: the child can no longer allocate.

use std::ffi::{CString, NulError, c_char};
use std::os::unix::ffi::OsStrExt;

use nix::errno::Errno;
use nix::libc;

use super::spawner::Launch;

#[expect(unsafe_code, reason = "the variable of the C library from which execvp takes PATH")]
unsafe extern "C" {
    static mut environ: *const *const c_char;
}

/// What execvp needs.
pub(super) struct Program {
    /// Owns what the pointers point to.
    _texts: Vec<CString>,
    argv: Vec<*const c_char>,
    envp: Vec<*const c_char>,
    cwd: CString,
}

// SAFETY: the texts are never changed, and live as long as the pointers to them.
#[expect(unsafe_code, reason = "pointers to texts that never change")]
unsafe impl Send for Program {}
// SAFETY: as above.
#[expect(unsafe_code, reason = "pointers to texts that never change")]
unsafe impl Sync for Program {}

impl Program {
    /// The program of this process, with more environment variables.
    pub(super) fn new(launch: &Launch, variables: &[(&str, &str)]) -> Result<Self, NulError> {
        let mut texts = Vec::new();
        let mut pointer = |text: String| {
            let text = CString::new(text)?;
            // The bytes of a CString stay where they are when it moves.
            let pointer = text.as_ptr();
            texts.push(text);
            Ok(pointer)
        };
        let mut argv = Vec::new();
        for word in &launch.exec {
            argv.push(pointer(word.clone())?);
        }
        argv.push(std::ptr::null());
        let mut envp = Vec::new();
        // Of two variables with the same name the last one counts.
        let env = launch.env.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let env: std::collections::BTreeMap<_, _> = env.chain(variables.iter().copied()).collect();
        for (name, value) in env {
            envp.push(pointer(format!("{name}={value}"))?);
        }
        envp.push(std::ptr::null());
        let cwd = CString::new(launch.cwd.as_os_str().as_bytes())?;
        Ok(Self { _texts: texts, argv, envp, cwd })
    }

    /// Becomes the program. Returns only if that fails.
    #[expect(unsafe_code, reason = "exec has no safe form that does not allocate")]
    pub(super) fn run(&self) -> Errno {
        if let Err(error) = nix::unistd::chdir(self.cwd.as_c_str()) {
            return error;
        }
        // SAFETY: the child of a fork has one thread; both lists end with a null pointer.
        unsafe {
            environ = self.envp.as_ptr();
            libc::execvp(self.argv[0], self.argv.as_ptr());
        }
        Errno::last()
    }
}
