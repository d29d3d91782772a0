//! Stands in for the module of a page: `mgrd` starts and watches this process, and the messages of the
//! page pass through it.
//!
//! In the folder of the host's socket it writes `MODULE.secret` and listens at `MODULE.stand-in`. It
//! passes one connection on to the host, and ends with it.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match stand_in() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("stand-in: {why}");
            ExitCode::FAILURE
        }
    }
}

fn stand_in() -> Result<(), Box<dyn std::error::Error>> {
    let host = std::env::var("MGRD_SOCKET")?;
    let secret = std::fs::read_to_string(std::env::var("MGRD_SECRET_FILE")?)?;
    let base = Path::new(&host).with_file_name(std::env::var("MGRD_MODULE")?);
    std::fs::write(base.with_extension("secret"), secret)?;
    let own = base.with_extension("stand-in");
    if own.exists() {
        std::fs::remove_file(&own)?;
    }
    let (page, _) = UnixListener::bind(own)?.accept()?;
    let host = UnixStream::connect(host)?;
    let (from_page, to_host) = (page.try_clone()?, host.try_clone()?);
    // This thread ends with the process.
    std::thread::spawn(move || pass_on(from_page, to_host));
    pass_on(host, page);
    Ok(())
}

/// Copies until one side is gone, then ends the other.
fn pass_on(mut from: UnixStream, mut to: UnixStream) {
    let mut buffer = [0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}
