//! Campaigns and leases.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{Place, Verdict, candidate, cases, ensure};

cases! {
    one_manager_leads_and_the_next_follows_when_it_steps_down,
    the_leader_is_published_to_all,
    a_campaign_that_is_dropped_does_not_keep_others_out,
    a_lease_is_lost_when_it_is_taken_away_and_not_before,
    after_a_lost_lease_another_manager_can_lead,
}

async fn one_manager_leads_and_the_next_follows_when_it_steps_down(
    place: Arc<dyn Place>,
) -> Verdict {
    let first = place.backend().campaign(&candidate("x")).await?;
    let mut second = place.backend().campaign(&candidate("y"));
    ensure!((&mut second).now_or_never().is_none(), "two managers lead at once");
    drop(first);
    let _lease = second.await?;
    Ok(())
}

async fn the_leader_is_published_to_all(place: Arc<dyn Place>) -> Verdict {
    let other = place.backend();
    let leader = other.leader();
    ensure!(leader.is_none(), "{leader:?} leads at a place that was never used");
    let lease = place.backend().campaign(&candidate("x")).await?;
    let leader = other.leader();
    ensure!(leader == Some(candidate("x")), "{leader:?} is published instead of x");
    drop(lease);
    let leader = other.leader();
    ensure!(leader.is_none(), "{leader:?} is published after x stepped down");
    let _lease = place.backend().campaign(&candidate("y")).await?;
    let leader = other.leader();
    ensure!(leader == Some(candidate("y")), "{leader:?} is published instead of y");
    Ok(())
}

async fn a_campaign_that_is_dropped_does_not_keep_others_out(place: Arc<dyn Place>) -> Verdict {
    let first = place.backend().campaign(&candidate("x")).await?;
    let mut dropped = place.backend().campaign(&candidate("y"));
    ensure!((&mut dropped).now_or_never().is_none(), "two managers lead at once");
    drop(dropped);
    drop(first);
    let _lease = place.backend().campaign(&candidate("z")).await?;
    Ok(())
}

async fn a_lease_is_lost_when_it_is_taken_away_and_not_before(place: Arc<dyn Place>) -> Verdict {
    let lease = place.backend().campaign(&candidate("x")).await?;
    let early = lease.lost().now_or_never();
    ensure!(early.is_none(), "a lease that nothing took away is lost: {early:?}");
    place.revoke_lease();
    let why = lease.lost().await.to_string();
    ensure!(!why.is_empty(), "a lost lease gives no reason");
    Ok(())
}

async fn after_a_lost_lease_another_manager_can_lead(place: Arc<dyn Place>) -> Verdict {
    let first = place.backend().campaign(&candidate("x")).await?;
    place.revoke_lease();
    first.lost().await;
    let second = place.backend().campaign(&candidate("y")).await?;
    // The former holder gives up a lease that it no longer has.
    drop(first);
    let early = second.lost().now_or_never();
    ensure!(early.is_none(), "the end of the former holder took the new lease: {early:?}");
    Ok(())
}
