use super::*;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A caller that always has work for the worker thread, or one that makes a short call now and then.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Busy,
    Quiet,
    /// It works only to answer others.
    Answers,
}

/// Lets callers use the worker thread for ten seconds, in turns of 0.1 ms; returns what part of the
/// time each of them used.
fn run(kinds: &[Kind]) -> Vec<f64> {
    const TURN: Duration = Duration::from_micros(100);
    let start = Instant::now();
    let shares = Shares::new(start);
    let mut callers: Vec<(Kind, Id, Duration)> =
        kinds.iter().map(|&kind| (kind, shares.add(), Duration::ZERO)).collect();
    let (end, mut now, mut turn) = (start + ms(10_000), start, 0_u32);
    while now < end {
        let before = now;
        for (kind, id, used) in &mut callers {
            match kind {
                Kind::Quiet if !turn.is_multiple_of(50) => continue,
                Kind::Quiet | Kind::Busy => shares.asks(*id, now),
                Kind::Answers => shares.answers(*id),
            }
            if shares.pause(*id, now).is_none() {
                now += TURN;
                *used += TURN;
                shares.charge(*id, now, TURN);
            }
        }
        turn += 1;
        now = now.max(before + TURN / 10);
    }
    callers.iter().map(|(_, _, used)| part(*used, ms(10_000))).collect()
}

#[test]
fn without_a_quiet_caller_all_use_the_whole_time() {
    for busy in [1, 2, 8] {
        let used = run(&vec![Kind::Busy; busy]);
        assert!(used.iter().sum::<f64>() > 0.99, "{used:?}");
    }
}

#[test]
fn a_module_that_answers_is_not_held_back() {
    let used = run(&[Kind::Busy, Kind::Answers]);
    assert!(used.iter().sum::<f64>() > 0.99, "{used:?}");
    let used = run(&[Kind::Busy, Kind::Quiet, Kind::Answers]);
    assert!(used[2] > 0.4, "{used:?}");
}

#[test]
fn busy_callers_are_held_back_alike_while_a_quiet_one_waits() {
    for busy in [1, 2, 8] {
        let used = run(&[vec![Kind::Busy; busy], vec![Kind::Quiet]].concat());
        let (quiet, busy) = used.split_last().unwrap();
        assert!(*quiet > 0.01, "{used:?}");
        let total = busy.iter().sum::<f64>();
        assert!((0.3..0.6).contains(&total), "{total}: {used:?}");
        let least = busy.iter().copied().fold(1.0, f64::min);
        let most = busy.iter().copied().fold(0.0, f64::max);
        assert!(most < 1.5 * least, "{used:?}");
    }
}

#[test]
fn a_caller_is_free_again_when_the_others_have_left() {
    let start = Instant::now();
    let shares = Shares::new(start);
    let (busy, quiet) = (shares.add(), shares.add());
    let mut now = start;
    let mut held = false;
    while now < start + ms(1000) {
        shares.asks(quiet, now);
        now += ms(5);
        shares.charge(busy, now, ms(5));
        held |= shares.pause(busy, now).is_some();
    }
    assert!(held);
    shares.charge(busy, now, ms(100));
    assert!(shares.pause(busy, now).is_some());
    assert_eq!(shares.pause(busy, now + WAITS), None);
    shares.remove(quiet);
    shares.charge(quiet, now, ms(1));
    assert_eq!(shares.pause(quiet, now), None);
}

#[test]
fn levels() {
    let asks = |used| Part { used, asks: true };
    let other = |used| Part { used, asks: false };
    let cases: [(&str, f64, &[Part], Option<f64>); 9] = [
        ("none", 0.0, &[], None),
        ("one alone", 1.0, &[asks(1.0)], None),
        ("time is left", 0.5, &[asks(0.45), asks(0.05)], None),
        ("no quiet one", 1.0, &[asks(0.6), asks(0.4)], None),
        ("the quiet one asks for nothing", 1.0, &[asks(0.9), other(0.01)], None),
        ("one and a quiet one", 1.0, &[asks(0.9), asks(0.1)], Some(0.4)),
        ("two and a quiet one", 1.0, &[other(0.6), asks(0.05), asks(0.35)], Some(0.225)),
        ("less is not held back", 1.0, &[asks(0.8), asks(0.15), asks(0.05)], Some(0.3)),
        ("one that has used nothing yet", 1.0, &[asks(1.0), asks(0.0)], Some(0.5)),
    ];
    for (what, total, parts, expected) in cases {
        let found = level(total, parts);
        let same = match (found, expected) {
            (Some(found), Some(expected)) => (found - expected).abs() < 1e-9,
            (found, expected) => found == expected,
        };
        assert!(same, "{what}: {found:?}, not {expected:?}");
    }
}
