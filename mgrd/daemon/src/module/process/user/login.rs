//! Sets up what a process of another user needs, and becomes that user in the child.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::libc::{self, c_int};

use super::account::Account;
use super::login_error::LoginError;
use super::{acl, capabilities, data_folder, own_folder};
use crate::module::process::steps::Step;

/// More capabilities than any kernel has.
const MOST_CAPABILITIES: c_int = 64;
/// What others need to pass through a folder.
const OTHERS_PASS: u32 = 1;

/// A process runs as this user, and has folders of its own.
#[derive(Clone, Debug)]
pub(in crate::module) struct Login {
    pub(in crate::module) account: Account,
    /// The folder of the module.
    pub(in crate::module) folder: PathBuf,
    /// The folder for its files.
    pub(in crate::module) data: PathBuf,
    /// The data directory of `mgrd`, which that folder is in.
    pub(in crate::module) data_dir: PathBuf,
    /// The socket that it dials.
    pub(in crate::module) socket: PathBuf,
}

impl Login {
    /// What differs in the environment of that user.
    pub(in crate::module) fn environment(&self) -> [(&'static str, String); 4] {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        [
            ("HOME", text(self.data.clone())),
            ("TMPDIR", text(self.tmp())),
            ("USER", self.account.name.clone()),
            ("LOGNAME", self.account.name.clone()),
        ]
    }

    /// Sets up what the user needs, and makes the steps ready by which the child becomes that user. The
    /// files `own` will belong to the user.
    pub(in crate::module::process) fn prepare(
        &self,
        program: &str,
        own: &[RawFd],
    ) -> Result<Vec<Step>, LoginError> {
        self.set_up()?;
        let mut steps = vec![become_user(&self.account, own.to_vec())];
        steps.extend([
            self.reaches(&self.socket, libc::W_OK, "connect to the socket")?,
            self.reaches(&self.folder, libc::R_OK | libc::X_OK, "read the folder")?,
            self.reaches(&self.data, libc::W_OK | libc::X_OK, "use the data folder")?,
        ]);
        // Another program is found in PATH.
        if program.contains('/') {
            steps.push(self.reaches(Path::new(program), libc::X_OK, "execute the program")?);
        }
        steps.push(self.make_tmp()?);
        Ok(steps)
    }

    /// Makes the data folder, and lets the user reach what it needs.
    pub(in crate::module) fn set_up(&self) -> Result<(), LoginError> {
        capabilities::check(&self.account.name)?;
        self.open_data_folder()?;
        self.let_connect()
    }

    /// The command by which root starts a program as that user.
    pub(in crate::module) fn command(&self) -> Vec<String> {
        let Account { uid, gid, groups, .. } = &self.account;
        let groups = groups.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let user =
            [format!("--reuid={uid}"), format!("--regid={gid}"), format!("--groups={groups}")];
        let environment = self.environment().map(|(name, value)| format!("{name}={value}"));
        let words = ["setpriv".to_owned()].into_iter().chain(user);
        words.chain(["env".to_owned()]).chain(environment).collect()
    }

    fn tmp(&self) -> PathBuf {
        self.data.join("tmp")
    }

    /// Makes the folder for the files of the module, in folders that are those of `mgrd` alone.
    fn open_data_folder(&self) -> Result<(), LoginError> {
        let data_dir = own_folder::open(&self.data_dir, &self.account)?;
        own_folder::check_content(&self.data_dir, &self.account)?;
        let all = self.data.parent().unwrap_or(&self.data_dir);
        let failed = |path: &Path| {
            let (path, user) = (path.to_owned(), self.user());
            move |source| LoginError::Folder { path, user, source }
        };
        data_folder::make(all).map_err(failed(all))?;
        let all = own_folder::open(all, &self.account)?;
        data_folder::make(&self.data).map_err(failed(&self.data))?;
        data_folder::give(&self.data, &self.account)?;
        self.let_pass(&self.data_dir, &data_dir)?;
        self.let_pass(self.data.parent().unwrap_or(&self.data_dir), &all)
    }

    /// Lets the user, and no other, connect to the socket, and pass through the folder that it is in.
    fn let_connect(&self) -> Result<(), LoginError> {
        let folder = self.socket.parent().unwrap_or(Path::new("/"));
        let open = own_folder::open(folder, &self.account)?;
        let socket = OpenOptions::new()
            .read(true)
            .custom_flags(libc::O_PATH | libc::O_NOFOLLOW)
            .open(&self.socket);
        let allowed = socket.and_then(|socket| acl::let_connect(&socket, self.account.uid));
        allowed.map_err(|source| self.cannot_reach(&self.socket, source))?;
        self.let_pass(folder, &open)
    }

    /// Lets the user, and no other, pass through a folder. What is in it cannot be listed.
    fn let_pass(&self, path: &Path, folder: &File) -> Result<(), LoginError> {
        let failed = |source| self.cannot_reach(path, source);
        let mode = folder.metadata().map_err(failed)?.permissions().mode();
        if mode & OTHERS_PASS != 0 {
            return Ok(());
        }
        acl::let_pass(folder, self.account.uid).map_err(failed)
    }

    fn cannot_reach(&self, path: &Path, source: io::Error) -> LoginError {
        LoginError::Reach { path: path.to_owned(), user: self.user(), source }
    }

    /// Checks in the child that the user reaches a file, because the program could not say it as well.
    fn reaches(&self, path: &Path, mode: c_int, what: &str) -> Result<Step, LoginError> {
        let file = text(path)?;
        let what =
            format!("user '{}' (run_as) cannot {what} {}", self.account.name, path.display());
        let advice = "let that user reach it, for example with `setfacl -m u:USER:x` on each folder above it";
        #[expect(unsafe_code, reason = "the child must not allocate")]
        Ok(Step::new(what, advice, move || {
            // SAFETY: a plain system call with a text that ends with a null byte.
            Errno::result(unsafe { libc::access(file.as_ptr(), mode) }).map(drop)
        }))
    }

    /// The child makes the folder for temporary files itself: it may not follow a link to elsewhere as
    /// root.
    fn make_tmp(&self) -> Result<Step, LoginError> {
        let tmp = text(&self.tmp())?;
        let what = format!("cannot make the folder {}", self.tmp().display());
        #[expect(unsafe_code, reason = "the child must not allocate")]
        Ok(Step::new(what, "check the data directory", move || {
            // SAFETY: a plain system call with a text that ends with a null byte.
            match Errno::result(unsafe { libc::mkdir(tmp.as_ptr(), 0o700) }) {
                Ok(_) | Err(Errno::EEXIST) => Ok(()),
                Err(error) => Err(error),
            }
        }))
    }

    fn user(&self) -> String {
        self.account.name.clone()
    }
}

fn text(path: &Path) -> Result<CString, LoginError> {
    match CString::new(path.as_os_str().as_bytes()) {
        Ok(text) => Ok(text),
        Err(source) => Err(LoginError::Path { path: path.to_owned(), source }),
    }
}

/// The child becomes the user, who gets the pipes `own`: a program may open them again by their names.
fn become_user(account: &Account, own: Vec<RawFd>) -> Step {
    let Account { name, uid, gid, groups } = account.clone();
    let what = format!("cannot become user '{name}' (run_as)");
    let advice = "start mgrd as root, with all capabilities";
    Step::new(what, advice, move || become_now(uid, gid, &groups, &own))
}

#[expect(unsafe_code, reason = "the safe forms are made for processes with threads")]
fn become_now(uid: u32, gid: u32, groups: &[u32], own: &[RawFd]) -> nix::Result<()> {
    let done = |result: libc::c_long| Errno::result(result).map(drop);
    // SAFETY: plain system calls; the list of groups lives as long as this.
    unsafe {
        for fd in own {
            done(libc::fchown(*fd, uid, gid).into())?;
        }
        if uid != 0 {
            drop_bounds();
        }
        done(libc::syscall(libc::SYS_setgroups, groups.len(), groups.as_ptr()))?;
        done(libc::syscall(libc::SYS_setresgid, gid, gid, gid))?;
        done(libc::syscall(libc::SYS_setresuid, uid, uid, uid))?;
    }
    if uid == 0 { Ok(()) } else { drop_capabilities() }
}

/// Nothing that the child starts can get a capability. Without the right to this, the child still cannot
/// gain privileges.
#[expect(unsafe_code, reason = "prctl has no safe form for this")]
fn drop_bounds() {
    for capability in 0..MOST_CAPABILITIES {
        // SAFETY: a plain system call; an unknown capability is refused, no more.
        unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
    }
}

/// The change of the user has taken all capabilities but those that a program could inherit.
#[expect(unsafe_code, reason = "capset has no safe form")]
fn drop_capabilities() -> nix::Result<()> {
    #[repr(C)]
    struct Header {
        version: u32,
        pid: c_int,
    }
    let header = Header { version: 0x2008_0522, pid: 0 };
    // Effective, permitted and inheritable ones, for each 32 of them.
    let none = [[0_u32; 3]; 2];
    // SAFETY: a plain system call with structures of the size that this version has.
    let done = unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) };
    Errno::result(done).map(drop)
}

#[cfg(test)]
mod tests;
