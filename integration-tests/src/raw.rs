//! HTTP/2 by hand, to send what a hostile client can send and no library would.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The start of every HTTP/2 connection, with an empty settings frame.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// What a ping contains, and its answer repeats.
const PINGED: &[u8; 8] = b"answer\r\n";

/// A connection that sends any bytes.
#[derive(Debug)]
pub struct Raw(UnixStream);

impl Raw {
    /// Connects, and sends nothing.
    ///
    /// # Errors
    ///
    /// If no process listens there.
    pub fn connect(socket: &Path) -> io::Result<Self> {
        UnixStream::connect(socket).map(Self)
    }

    /// Connects, and sends the start of HTTP/2.
    ///
    /// # Errors
    ///
    /// If no process listens there, or the connection is already closed.
    pub fn open(socket: &Path) -> io::Result<Self> {
        let mut raw = Self::connect(socket)?;
        raw.send(PREFACE)?;
        Ok(raw)
    }

    /// Sends these bytes.
    ///
    /// # Errors
    ///
    /// If the other end has closed the connection.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Sends as many bytes as the connection takes at once; returns how many it took.
    ///
    /// # Errors
    ///
    /// If the connection takes none within this time, or the other end has closed it.
    pub fn send_part(&mut self, bytes: &[u8], limit: Duration) -> io::Result<usize> {
        self.0.set_write_timeout(Some(limit))?;
        self.0.write(bytes)
    }

    /// Reads and forgets what comes, in a thread, until the connection is closed.
    pub fn discard(&self) {
        if let Ok(mut stream) = self.0.try_clone() {
            std::thread::spawn(move || io::copy(&mut stream, &mut io::sink()));
        }
    }

    /// Closes it, for its clones too.
    pub fn close(&self) {
        // It fails if the other end has closed it.
        let _ = self.0.shutdown(Shutdown::Both);
    }

    /// Sends a ping, and reads until its answer has come.
    ///
    /// # Errors
    ///
    /// If the connection is closed, or no answer comes within this time.
    pub fn ping(&mut self, limit: Duration) -> io::Result<()> {
        self.0.set_read_timeout(Some(limit))?;
        self.send(&ping())?;
        let mut last = [0; PINGED.len()];
        while last != *PINGED {
            last.rotate_left(1);
            self.0.read_exact(&mut last[PINGED.len() - 1..])?;
        }
        Ok(())
    }

    /// Reads until the last frame of a call has come.
    ///
    /// # Errors
    ///
    /// If the connection is closed, or about to be, or no frame comes within this time, or another call
    /// ends before this one.
    pub fn read_call(&mut self, stream: u32, limit: Duration) -> io::Result<()> {
        self.0.set_read_timeout(Some(limit))?;
        loop {
            let mut header = [0; 9];
            self.0.read_exact(&mut header)?;
            let [a, b, c, kind, flags, id @ ..] = header;
            let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
            self.0.read_exact(&mut payload)?;
            let ends = matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0;
            let of = u32::from_be_bytes(id);
            match kind {
                _ if ends && of == stream => return Ok(()),
                GOAWAY => return Err(io::Error::other(String::from_utf8_lossy(&payload))),
                RST_STREAM if of >= stream => {
                    return Err(io::Error::other(format!("{of} is reset")));
                }
                _ if ends => return Err(io::Error::other(format!("{of} ended"))),
                _ => {}
            }
        }
    }

    /// Reads until the other end closes the connection; returns the bytes.
    ///
    /// # Errors
    ///
    /// If it is not closed within this time.
    pub fn read_to_end(&mut self, limit: Duration) -> io::Result<Vec<u8>> {
        self.0.set_read_timeout(Some(limit))?;
        let mut all = Vec::new();
        match self.0.read_to_end(&mut all) {
            // It was closed before it had read all bytes.
            Err(why) if why.kind() == io::ErrorKind::ConnectionReset => Ok(all),
            read => read.map(|_| all),
        }
    }
}

/// The start of a call: its path, and metadata in addition to what every call has.
#[must_use]
pub fn call(stream: u32, path: &str, metadata: &[(&str, &str)]) -> Vec<u8> {
    let usual = [
        (":method", "POST"),
        (":scheme", "http"),
        (":authority", "localhost"),
        (":path", path),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ];
    let mut block = Vec::new();
    for (name, value) in usual.iter().chain(metadata) {
        // A field that is neither indexed nor compressed.
        block.push(0);
        text(&mut block, name);
        text(&mut block, value);
    }
    frame(HEADERS, END_HEADERS, stream, &block)
}

/// A part of the body of a call; the last part if `end`.
#[must_use]
pub fn data(stream: u32, bytes: &[u8], end: bool) -> Vec<u8> {
    frame(DATA, if end { END_STREAM } else { 0 }, stream, bytes)
}

/// Allows the other end to send so many bytes more on the connection.
#[must_use]
pub fn window_update(bytes: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, 0, &bytes.to_be_bytes())
}

/// Settings that change nothing. The other end must acknowledge them.
#[must_use]
pub fn settings() -> Vec<u8> {
    frame(SETTINGS, 0, 0, &[])
}

/// A ping, which the other end must answer.
#[must_use]
pub fn ping() -> Vec<u8> {
    frame(PING, 0, 0, PINGED)
}

/// The end of a call by its caller, before there is an answer.
#[must_use]
pub fn reset(stream: u32) -> Vec<u8> {
    // 8 means that the caller cancels.
    frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes())
}

/// The header of a message of this many bytes.
#[must_use]
pub fn prefix(length: u32) -> Vec<u8> {
    [&[0], &length.to_be_bytes()[..]].concat()
}

fn text(block: &mut Vec<u8>, text: &str) {
    let mut length = text.len();
    if length < 127 {
        block.push(u8::try_from(length).unwrap_or_default());
    } else {
        block.push(127);
        length -= 127;
        while length >= 128 {
            block.push(u8::try_from(length % 128).unwrap_or_default() | 128);
            length /= 128;
        }
        block.push(u8::try_from(length).unwrap_or_default());
    }
    block.extend_from_slice(text.as_bytes());
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}
