use super::*;

#[test]
fn the_watchdog_of_another_process_does_not_count() {
    let second = Some(Duration::from_secs(1));
    let cases = [
        (Some("1000000"), None, second),
        (Some("1000000"), Some("7"), second),
        (Some("1000000"), Some("8"), None),
        (Some("1000000"), Some("x"), None),
        (Some("0"), None, None),
        (Some("-1"), None, None),
        (None, Some("7"), None),
    ];
    for (interval, process, expected) in cases {
        assert_eq!(watchdog(interval, process, 7), expected, "{interval:?} {process:?}");
    }
}

#[test]
fn an_address_that_is_no_socket_is_refused() {
    assert!(open("vsock:2:1234").is_err());
    assert!(open("relative").is_err());
    assert!(open(&format!("/{}", "x".repeat(200))).is_err());
}

#[test]
fn a_service_manager_that_does_not_read_holds_nothing_up() {
    let name = format!("mgrd-test-{}", std::process::id());
    let reader = UnixDatagram::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    let socket = Some(open(&format!("@{name}")).unwrap());
    let manager = ServiceManager { socket, watchdog: None };
    for _ in 0..10_000 {
        manager.keep_alive();
    }
    let mut first = [0; 64];
    let size = reader.recv(&mut first).unwrap();
    assert_eq!(&first[..size], b"WATCHDOG=1");
}
