//! `health`: the health checks of the cluster, and their mutes.

use mgrd_command::{CommandError, Errno, Outcome};

use super::state::State;
use super::{Builtin, Request, now};
use crate::health::{InvalidDuration, NotMuted, parse_duration};

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "health name=detail,type=CephChoices,strings=detail,req=false",
        help: "show the health of the cluster",
        perm: "r",
        run: |state, request| now(show(state, request)),
    },
    Builtin {
        cmd: "health mute name=code,type=CephString name=ttl,type=CephString,req=false \
              name=sticky,type=CephBool,req=false",
        help: "mute a health check, for a time such as 10m or without an end; \
               --sticky keeps it muted when it clears or becomes worse",
        perm: "w",
        run: |state, request| now(mute(state, request)),
    },
    Builtin {
        cmd: "health unmute name=code,type=CephString,req=false",
        help: "unmute a health check, or all of them",
        perm: "w",
        run: |state, request| {
            state.health.unmute(request.text("code"));
            now(Outcome::default())
        },
    },
];

impl CommandError for NotMuted {
    fn errno(&self) -> Errno {
        match self {
            Self::NotRaised(_) => Errno::ENOENT,
            Self::CodeTooLong { .. } => Errno::EINVAL,
            Self::TooMany { .. } => Errno::E2BIG,
        }
    }
}

impl CommandError for InvalidDuration {
    fn errno(&self) -> Errno {
        Errno::EINVAL
    }
}

fn show(state: &State, request: &Request) -> Outcome {
    let (report, now) = (state.health.report(), request.now);
    let detail = request.text("detail").is_some();
    request.format.render(&report.to_json(detail), || match detail {
        true => report.detail(now),
        false => report.line(now) + "\n",
    })
}

fn mute(state: &State, request: &Request) -> Outcome {
    let ttl = match request.text("ttl").map(parse_duration).transpose() {
        Ok(ttl) => ttl,
        Err(why) => return why.into(),
    };
    let code = request.text("code").unwrap_or_default();
    match state.health.mute(code, ttl, request.flag("sticky")) {
        Ok(()) => Outcome::default(),
        Err(why) => why.into(),
    }
}

#[cfg(test)]
mod tests;
