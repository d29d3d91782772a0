use super::*;

const TICK: Duration = Duration::from_secs(1);
const PATIENCE: Patience =
    Patience { warning: Duration::from_secs(2), abort: Some(Duration::from_secs(4)) };

fn one(hearts: &Hearts) -> News {
    let news = hearts.tick(TICK, PATIENCE);
    assert_eq!(news.len(), 1);
    news[0].1
}

#[test]
fn a_loop_that_hangs_is_warned_about_and_then_hung() {
    let hearts = Hearts::default();
    let heart = hearts.add("loop");
    heart.beat();
    let expected = [News::Beats, News::Silent, News::Warning, News::Silent, News::Hung];
    assert_eq!(expected.map(|_| one(&hearts)), expected);
    assert_eq!(one(&hearts), News::Silent);
}

#[test]
fn a_loop_that_goes_on_is_silent_from_then_on() {
    let hearts = Hearts::default();
    let heart = hearts.add("loop");
    assert_eq!([(); 2].map(|()| one(&hearts)), [News::Silent, News::Warning]);
    heart.beat();
    assert_eq!(one(&hearts), News::Recovered(2 * TICK));
    assert_eq!([(); 2].map(|()| one(&hearts)), [News::Silent, News::Warning]);
}

#[test]
fn a_loop_that_ended_is_not_missed() {
    let hearts = Hearts::default();
    let heart = hearts.add("loop");
    assert_eq!(one(&hearts), News::Silent);
    drop(heart);
    assert_eq!(hearts.tick(60 * TICK, PATIENCE), vec![]);
}

#[test]
fn without_a_limit_a_loop_may_hang_for_ever() {
    let hearts = Hearts::default();
    let _heart = hearts.add("loop");
    let patience = Patience { abort: None, ..PATIENCE };
    for _ in 0..100 {
        assert_ne!(hearts.tick(TICK, patience)[0].1, News::Hung);
    }
}

#[test]
fn one_loop_that_hangs_is_seen_beside_another_that_beats() {
    let hearts = Hearts::default();
    let (well, _stuck) = (hearts.add("well"), hearts.add("stuck"));
    well.beat();
    hearts.tick(TICK, PATIENCE);
    well.beat();
    let expected = vec![("well", News::Beats), ("stuck", News::Warning)];
    assert_eq!(hearts.tick(TICK, PATIENCE), expected);
}
