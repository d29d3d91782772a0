//! Campaigns and leases.

use std::sync::Arc;

use futures_util::FutureExt;

use super::{Fixture, Verdict, candidate, cases, ensure};

cases! {
    one_manager_leads_and_the_next_follows_when_it_steps_down,
    the_leader_is_published_to_all,
    a_campaign_that_is_dropped_does_not_keep_others_out,
    a_lease_is_lost_when_it_is_taken_away_and_not_before,
    after_a_lost_lease_another_manager_can_lead,
}

async fn one_manager_leads_and_the_next_follows_when_it_steps_down(
    fixture: Arc<dyn Fixture>,
) -> Verdict {
    let first = fixture.backend().campaign(&candidate("x")).await?;
    let mut second = fixture.backend().campaign(&candidate("y"));
    ensure!((&mut second).now_or_never().is_none(), "two managers lead at once");
    drop(first);
    let _lease = second.await?;
    Ok(())
}

async fn the_leader_is_published_to_all(fixture: Arc<dyn Fixture>) -> Verdict {
    let other = fixture.backend();
    let leader = other.leader();
    ensure!(leader.is_none(), "{leader:?} leads although no manager campaigned");
    let lease = fixture.backend().campaign(&candidate("x")).await?;
    let leader = other.leader();
    ensure!(leader == Some(candidate("x")), "{leader:?} is published instead of x");
    drop(lease);
    let leader = other.leader();
    ensure!(leader.is_none(), "{leader:?} is published after x stepped down");
    let _lease = fixture.backend().campaign(&candidate("y")).await?;
    let leader = other.leader();
    ensure!(leader == Some(candidate("y")), "{leader:?} is published instead of y");
    Ok(())
}

async fn a_campaign_that_is_dropped_does_not_keep_others_out(fixture: Arc<dyn Fixture>) -> Verdict {
    let first = fixture.backend().campaign(&candidate("x")).await?;
    let mut dropped = fixture.backend().campaign(&candidate("y"));
    ensure!((&mut dropped).now_or_never().is_none(), "two managers lead at once");
    drop(dropped);
    drop(first);
    let _lease = fixture.backend().campaign(&candidate("z")).await?;
    Ok(())
}

async fn a_lease_is_lost_when_it_is_taken_away_and_not_before(
    fixture: Arc<dyn Fixture>,
) -> Verdict {
    let lease = fixture.backend().campaign(&candidate("x")).await?;
    let early = lease.lost().now_or_never();
    ensure!(early.is_none(), "a lease that nothing took away is lost: {early:?}");
    fixture.revoke_lease();
    let why = lease.lost().await.to_string();
    ensure!(!why.is_empty(), "a lost lease gives no reason");
    Ok(())
}

async fn after_a_lost_lease_another_manager_can_lead(fixture: Arc<dyn Fixture>) -> Verdict {
    let first = fixture.backend().campaign(&candidate("x")).await?;
    fixture.revoke_lease();
    first.lost().await;
    let second = fixture.backend().campaign(&candidate("y")).await?;
    // The former holder gives up a lease that it no longer has.
    drop(first);
    let early = second.lost().now_or_never();
    ensure!(early.is_none(), "the end of the former holder took the new lease: {early:?}");
    Ok(())
}
