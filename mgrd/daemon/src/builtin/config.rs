//! `config …`: the options of the cluster and its modules.

mod listing;
mod minimal;

#[cfg(test)]
mod tests;

use mgrd_command::{Errno, Outcome};
use tokio::task::spawn_blocking;

use super::rendered::beside;
use super::{Builtin, Request, later, now};
use crate::authority::Writer;
use crate::options::{Assignment, OptionError, Options};

/// The commands.
pub const COMMANDS: &[Builtin<Options>] = &[
    Builtin {
        cmd: "config set name=who,type=CephString name=name,type=CephString \
              name=value,type=CephString name=force,type=CephBool,req=false",
        help: "set an option for a section",
        perm: "rw",
        run: |options, request| later(set(options, request)),
    },
    Builtin {
        cmd: "config rm name=who,type=CephString name=name,type=CephString",
        help: "remove an option from a section",
        perm: "rw",
        run: |options, request| later(remove(options, request)),
    },
    Builtin {
        cmd: "config get name=who,type=CephString name=key,type=CephString,req=false",
        help: "show the value of an option for a section, or all options set for it",
        perm: "r",
        run: |options, request| now(get(options, request)),
    },
    Builtin {
        cmd: "config dump",
        help: "show all options that are set",
        perm: "r",
        run: |options, request| beside(options, request, listing::dump),
    },
    Builtin {
        cmd: "config ls",
        help: "list the names of all options",
        perm: "r",
        run: |options, request| beside(options, request, listing::names),
    },
    Builtin {
        cmd: "config help name=key,type=CephString",
        help: "describe an option",
        perm: "r",
        run: |options, request| now(listing::help(options, request)),
    },
    Builtin {
        cmd: "config show name=who,type=CephString name=key,type=CephString,req=false",
        help: "show the options that a running daemon uses",
        perm: "r",
        run: |options, request| {
            beside(options, request, |options, request| listing::show(options, request, false))
        },
    },
    Builtin {
        cmd: "config show-with-defaults name=who,type=CephString",
        help: "show the options that a running daemon uses, defaults included",
        perm: "r",
        run: |options, request| {
            beside(options, request, |options, request| listing::show(options, request, true))
        },
    },
    Builtin {
        cmd: "config log name=num,type=CephInt,req=false",
        help: "show the latest changes of options",
        perm: "r",
        run: |options, request| beside(options, request, listing::log),
    },
    Builtin {
        cmd: "config reset name=num,type=CephInt",
        help: "undo all changes after a version that 'config log' shows",
        perm: "rw",
        run: |options, request| later(reset(options, request)),
    },
    Builtin {
        cmd: "config assimilate-conf",
        help: "set the options of a configuration file (-i FILE), print the unknown ones",
        perm: "rw",
        run: |options, request| later(assimilate(options, request)),
    },
    Builtin {
        cmd: "config generate-minimal-conf",
        help: "print a configuration file that is enough to reach the cluster",
        perm: "r",
        run: |options, _| now(minimal::generate(options)),
    },
];

fn word<'a>(request: &'a Request, name: &str) -> &'a str {
    request.text(name).unwrap_or_default()
}

async fn set(options: &Options, request: &Request) -> Result<Outcome, OptionError> {
    let [who, name, value] = ["who", "name", "value"].map(|arg| word(request, arg));
    let written = options.by(Writer::from(&request.caller));
    written.set(who, name, value, request.flag("force")).await?;
    Ok(Outcome::status(other_manager(options, who).unwrap_or_default()))
}

async fn remove(options: &Options, request: &Request) -> Result<Outcome, OptionError> {
    let [who, name] = ["who", "name"].map(|arg| word(request, arg));
    let mistyped = options.help(name).is_none() && !options.is_set(who, name).unwrap_or_default();
    options.remove(who, name).await?;
    let hint = || format!("there is no option '{name}' to remove; 'config ls' lists them all");
    Ok(Outcome::status(if mistyped { hint() } else { String::new() }))
}

/// A hint if a section is that of another manager: a module's name there is easily mistaken.
fn other_manager(options: &Options, who: &str) -> Option<String> {
    let id = who.strip_prefix("mgr.").filter(|id| *id != options.mgr_id())?;
    let own = options.mgr_id();
    Some(format!(
        "this applies to the manager '{id}' alone, and this manager is '{own}'; \
         use 'mgr' to set an option for all managers"
    ))
}

fn get(options: &Options, request: &Request) -> Result<Outcome, OptionError> {
    let who = word(request, "who");
    match request.text("key") {
        Some(key) => Ok(listing::value(&options.get(who, key)?, request)),
        None => Ok(listing::section(options.effective(who)?, request)),
    }
}

async fn reset(options: &Options, request: &Request) -> Result<Outcome, OptionError> {
    options.reset(request.int("num").unwrap_or(-1)).await?;
    Ok(Outcome::default())
}

async fn assimilate(options: &Options, request: &Request) -> Result<Outcome, OptionError> {
    let options = options.by(Writer::from(&request.caller));
    let (reader, input) = (options.clone(), request.input.clone());
    // A file may be large, so it is not read on the worker thread.
    let read = spawn_blocking(move || read(&reader, &input)).await;
    match read.unwrap_or_else(|why| {
        Err(Outcome::error(Errno::EIO, format!("cannot read the file: {why}")))
    }) {
        Ok((known, rest)) => {
            options.assign(known, "assimilate-conf").await?;
            Ok(Outcome::ok(rest))
        }
        Err(refused) => Ok(refused),
    }
}

/// The options of a configuration file that can be set, and the text of the others.
fn read(options: &Options, input: &[u8]) -> Result<(Vec<Assignment>, String), Outcome> {
    let invalid = |text: &str| Outcome::error(Errno::EINVAL, text);
    let text = std::str::from_utf8(input)
        .map_err(|_| invalid("the configuration file is not UTF-8 text"))?;
    if text.is_empty() {
        return Err(invalid("give a configuration file with -i FILE"));
    }
    options.fits_at_once(minimal::count(text))?;
    Ok(minimal::assimilate(options, text)?)
}
