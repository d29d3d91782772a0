//! Greets people: a command with an argument, and options that change its answer at once.

use mgrd_sdk::prelude::*;
use serde::Serialize;

#[derive(Options)]
struct HelloOptions {
    /// How to greet.
    #[option(default = "Hello", level = "basic", runtime)]
    greeting: String,
    /// How many times to greet.
    #[option(default = 1, min = 1, max = 10, level = "basic", runtime)]
    times: i64,
}

struct Hello {
    options: Live<HelloOptions>,
}

/// A greeting, for people and for programs alike.
#[derive(Serialize)]
struct Greeting {
    greeting: String,
    who: String,
    times: i64,
}

#[commands]
impl Hello {
    /// Says hello to the world.
    #[command("hello", perm = "r")]
    async fn hello(&self) -> Result<String> {
        let options = self.options.get();
        let line = format!("{}, world!", options.greeting);
        Ok(vec![line; usize::try_from(options.times)?].join("\n"))
    }

    /// Says hello to a person.
    #[command("hello greet", perm = "r")]
    async fn greet(&self, #[arg(default = "world")] who: String) -> Result<Greeting> {
        if who.trim().is_empty() {
            return Err(Error::invalid("no name to greet; give one"));
        }
        let options = self.options.get();
        Ok(Greeting { greeting: options.greeting.clone(), who, times: options.times })
    }

    /// Makes a greeting for another module.
    #[remote]
    async fn greeting_for(&self, who: String) -> Result<String> {
        Ok(format!("{}, {who}!", self.options.get().greeting))
    }
}

impl Module for Hello {
    type Options = HelloOptions;

    async fn start(_host: Host, options: Live<HelloOptions>) -> Result<Self> {
        Ok(Self { options })
    }
}

fn main() -> ExitCode {
    mgrd_sdk::run::<Hello>()
}

#[cfg(test)]
mod tests;
