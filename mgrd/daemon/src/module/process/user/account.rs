//! A user, as the system knows it.

use std::ffi::CString;

use nix::errno::Errno;
use nix::unistd::{Gid, Group, Uid, User, getgrouplist};

use super::account_error::AccountError;
use crate::module::run_as::RunAs;

/// The number that means "no change" to the system.
const NO_CHANGE: u32 = u32::MAX;

/// The user that a module runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::module) struct Account {
    /// Its name; its number, if it has no name.
    pub(in crate::module) name: String,
    pub(in crate::module) uid: u32,
    pub(super) gid: u32,
    /// All its groups.
    pub(super) groups: Vec<u32>,
}

impl Account {
    /// The account that is set for a module. None if that is the user that runs `mgrd`, because nothing
    /// must change then. Blocks while the system looks it up.
    pub(super) fn find(wanted: &RunAs) -> Result<Option<Self>, AccountError> {
        let own = Uid::effective();
        let account = Self::look_up(wanted)?;
        if account.uid == own.as_raw() && wanted.group.is_none() {
            return Ok(None);
        }
        if !own.is_root() {
            return Err(AccountError::NotRoot { wanted: wanted.to_string() });
        }
        Ok(Some(account))
    }

    fn look_up(wanted: &RunAs) -> Result<Self, AccountError> {
        let system = system(wanted);
        let number = number(&wanted.user);
        let user = match number {
            Some(uid) => User::from_uid(Uid::from_raw(uid)),
            None => User::from_name(&wanted.user),
        };
        let user = user.map_err(&system)?;
        // A number needs no name.
        let uid = user.as_ref().map(|user| user.uid.as_raw()).or(number);
        let uid = uid.filter(|uid| *uid != NO_CHANGE).ok_or_else(|| AccountError::NoUser {
            wanted: wanted.to_string(),
            user: wanted.user.clone(),
        })?;
        let gid = match (&wanted.group, &user) {
            (Some(group), _) => group_number(wanted, group)?,
            (None, Some(user)) => user.gid.as_raw(),
            (None, None) => uid,
        };
        let Some(user) = user else {
            return Ok(Self { name: uid.to_string(), uid, gid, groups: vec![gid] });
        };
        let name = CString::new(user.name.as_str()).unwrap_or_default();
        let groups = getgrouplist(&name, Gid::from_raw(gid)).map_err(&system)?;
        let groups = groups.into_iter().map(Gid::as_raw).collect();
        Ok(Self { name: user.name, uid, gid, groups })
    }
}

fn number(name: &str) -> Option<u32> {
    name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse().ok()).flatten()
}

fn group_number(wanted: &RunAs, group: &str) -> Result<u32, AccountError> {
    let gid = match number(group) {
        Some(gid) => Some(gid),
        None => {
            let found = Group::from_name(group).map_err(system(wanted))?;
            found.map(|group| group.gid.as_raw())
        }
    };
    gid.filter(|gid| *gid != NO_CHANGE).ok_or_else(|| AccountError::NoGroup {
        wanted: wanted.to_string(),
        group: group.to_owned(),
    })
}

fn system(wanted: &RunAs) -> impl Fn(Errno) -> AccountError {
    move |errno| AccountError::System { wanted: wanted.to_string(), source: errno.into() }
}

#[cfg(test)]
mod tests;
