//! The log lines for people: the message first, then its fields, then the fields of its spans.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// The span of a connection.
pub(crate) const CONNECTION: &str = "connection";
/// The span of a call on a connection.
pub(crate) const CALL: &str = "call";

/// Formats a line as `TIME LEVEL message field=value [span fields]`. A reader looks for the message,
/// so the fields of the spans, which can be long, come last.
pub(crate) struct LogLines;

impl<S, N> FormatEvent<S, N> for LogLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        SystemTime.format_time(&mut line)?;
        write_level(&mut line, *event.metadata().level())?;
        context.field_format().format_fields(line.by_ref(), event)?;
        let mut module = ModuleField::default();
        event.record(&mut module);
        let module = module.0;
        let mut before = " [";
        let spans: Vec<_> =
            context.event_scope().into_iter().flat_map(|scope| scope.from_root()).collect();
        let in_call = spans.iter().any(|span| span.name() == CALL);
        // A call names its caller, and its request id names its connection.
        let shown = spans.iter().filter(|span| !(in_call && span.name() == CONNECTION));
        for span in shown {
            let extensions = span.extensions();
            let fields = extensions.get::<FormattedFields<N>>();
            if let Some(fields) = fields.filter(|fields| !fields.is_empty()) {
                let fields = match &module {
                    Some(module) => without_module(fields, module),
                    None => fields.to_string(),
                };
                write!(line, "{before}{fields}")?;
                before = " ";
            }
        }
        if before == " " {
            line.write_char(']')?;
        }
        writeln!(line)
    }
}

/// The module that a line is about.
#[derive(Default)]
struct ModuleField(Option<String>);

impl Visit for ModuleField {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "module" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

/// The fields of a span without the module that its line names already.
fn without_module(fields: &str, module: &str) -> String {
    let plain = format!("module={module:?}");
    let coloured = format!("\x1b[3mmodule\x1b[0m\x1b[2m=\x1b[0m{module:?}");
    [plain, coloured].iter().fold(fields.to_owned(), |fields, module| {
        fields.replace(&format!("{module} "), "").replace(&format!(" {module}"), "")
    })
}

/// Writes the level, in its usual colour on a terminal.
fn write_level(line: &mut Writer<'_>, level: Level) -> fmt::Result {
    if !line.has_ansi_escapes() {
        return write!(line, " {level:>5} ");
    }
    let colour = match level {
        Level::ERROR => 31,
        Level::WARN => 33,
        Level::INFO => 32,
        Level::DEBUG => 34,
        Level::TRACE => 35,
    };
    write!(line, " \x1b[{colour}m{level:>5}\x1b[0m ")
}

#[cfg(test)]
mod tests;
