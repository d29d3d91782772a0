//! Configuration files: reading one, and printing a minimal one.

use mgrd_command::{CommandError, Errno, Outcome};

use crate::options::{Assignment, Options, Section};

/// `config generate-minimal-conf`.
pub(super) fn generate(options: &Options) -> Outcome {
    let value = |key| options.get("global", key).unwrap_or_default();
    let (fsid, hosts) = (value("fsid"), value("mon_host"));
    let text = format!(
        "# minimal ceph.conf for {fsid}\n[global]\n\tfsid = {fsid}\n\tmon_host = {hosts}\n"
    );
    Outcome::ok(text)
}

/// A line of a configuration file that is neither a section nor an option.
#[derive(Debug, thiserror::Error)]
#[error("line {number}: '{line}' is not of the form 'option = value'; correct it, or remove it")]
pub(super) struct BadLine {
    number: usize,
    line: String,
}

impl CommandError for BadLine {
    fn errno(&self) -> Errno {
        Errno::EINVAL
    }
}

/// The number of lines of a configuration file that set an option.
pub(super) fn count(text: &str) -> usize {
    text.lines().filter(|line| !is_empty(line.trim())).filter(|line| line.contains('=')).count()
}

fn is_empty(line: &str) -> bool {
    line.is_empty() || line.starts_with(['#', ';'])
}

/// Splits a configuration file into the options that can be set and the text of the others.
///
/// # Errors
/// If a line is invalid.
pub(super) fn assimilate(
    options: &Options,
    text: &str,
) -> Result<(Vec<Assignment>, String), BadLine> {
    let mut known = Vec::new();
    let mut rest = String::new();
    let mut section = "global".to_owned();
    let mut rest_section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if is_empty(line) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.trim().to_owned();
            continue;
        }
        let Some((name, value)) = line.split_once('=') else {
            return Err(BadLine { number: index + 1, line: line.to_owned() });
        };
        let name = name.trim().replace([' ', '-'], "_");
        let value = value.trim().trim_matches('"');
        match assignment(options, &section, &name, value) {
            Some(assignment) => known.push(assignment),
            None => {
                if rest_section != section {
                    rest += &format!("[{section}]\n");
                    rest_section.clone_from(&section);
                }
                rest += &format!("\t{name} = {value}\n");
            }
        }
    }
    Ok((known, rest))
}

fn assignment(options: &Options, who: &str, name: &str, value: &str) -> Option<Assignment> {
    let section: Section = who.parse().ok()?;
    let value = options.help(name)?.normalise(value).ok()?;
    Some(Assignment { section, name: name.to_owned(), value: Some(value) })
}

#[cfg(test)]
mod tests;
