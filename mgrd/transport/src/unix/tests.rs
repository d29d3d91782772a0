use std::os::fd::AsRawFd;

use super::*;

#[test]
fn a_dead_socket_is_replaced_and_a_live_one_is_not() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sub/m.sock");
    let first = UnixSocket::bind(&path).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(UnixSocket::bind(&path), Err(ListenError::InUse { .. })));
    drop(first);
    assert!(!path.exists());
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(path.exists());
    UnixSocket::bind(&path).unwrap();
}

#[test]
fn the_socket_of_another_process_is_not_removed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.sock");
    let former = UnixSocket::bind(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let now = UnixSocket::bind(&path).unwrap();
    drop(former);
    assert!(path.exists());
    now.close();
    assert!(!path.exists());
}

#[test]
fn a_removed_socket_is_created_again_unless_it_is_closed_or_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("m.sock");
    let listener = UnixSocket::bind(&path).unwrap();
    assert!(!listener.renew().unwrap());
    std::fs::remove_file(&path).unwrap();
    assert!(listener.renew().unwrap());
    UnixStream::connect(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let other = UnixSocket::bind(&path).unwrap();
    assert!(matches!(listener.renew(), Err(ListenError::InUse { .. })));
    drop(other);
    listener.close();
    assert!(!listener.renew().unwrap());
    assert!(!path.exists());
}

#[test]
fn a_path_that_is_too_long_is_refused() {
    let path = Path::new("/tmp").join("x".repeat(120));
    assert!(matches!(UnixSocket::bind(&path), Err(ListenError::TooLong { .. })));
}

#[tokio::test]
async fn a_full_queue_of_connections_is_waited_for() {
    use nix::sys::socket::{
        AddressFamily, Backlog, SockFlag, SockType, UnixAddr, accept, bind, listen, socket,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let flags = SockFlag::SOCK_CLOEXEC;
    let listener = socket(AddressFamily::Unix, SockType::Stream, flags, None).unwrap();
    bind(listener.as_raw_fd(), &UnixAddr::new(&path).unwrap()).unwrap();
    listen(&listener, Backlog::new(1).unwrap()).unwrap();
    let mut queued = Vec::new();
    while let Ok(connection) = tokio::net::UnixStream::connect(&path).await {
        queued.push(connection);
    }
    let waiting = tokio::spawn(async move { connect(&path).await.map(drop) });
    // It has tried once.
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    for _ in 0..queued.len() {
        nix::unistd::close(accept(listener.as_raw_fd()).unwrap()).unwrap();
    }
    waiting.await.unwrap().unwrap();
}
