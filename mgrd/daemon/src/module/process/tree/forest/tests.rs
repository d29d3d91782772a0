//! Which process belongs to which tree.

use super::*;

/// A process with this number, parent and session.
fn process((pid, parent, session): (i32, i32, i32)) -> Stat {
    let any = Stat::read(own_pid()).unwrap();
    Stat { id: ProcessId { pid, start: 1 }, parent, session, is_zombie: false, ..any }
}

/// Takes over a table. Returns the trees as leaders with members, and the strays.
fn update(forest: &mut Forest, rows: &[(i32, i32, i32)]) -> (Vec<(i32, Vec<i32>)>, Vec<i32>) {
    let table = rows.iter().copied().map(process).collect();
    let (sample, zombies) = forest.update(&table, Instant::now());
    assert_eq!(zombies, Vec::<i32>::new());
    let numbers = |ids: &mut dyn Iterator<Item = ProcessId>| {
        let mut numbers: Vec<_> = ids.map(|id| id.pid).collect();
        numbers.sort_unstable();
        numbers
    };
    let tree = |(leader, stats): (&ProcessId, &Vec<Stat>)| {
        (leader.pid, numbers(&mut stats.iter().map(|stat| stat.id)))
    };
    let mut trees: Vec<_> = sample.trees.iter().map(tree).collect();
    trees.sort_unstable();
    (trees, numbers(&mut sample.strays.iter().copied()))
}

fn forest(leaders: &[i32]) -> Forest {
    let tree = |pid: i32| {
        let leader = ProcessId { pid, start: 1 };
        (pid, Arc::new(Tree { leader, module: pid.to_string() }))
    };
    let leaders = leaders.iter().copied().map(tree).collect();
    Forest { leaders, adopts: true, ..Forest::default() }
}

#[test]
fn a_process_belongs_to_the_leader_above_it_whatever_its_session() {
    let me = own_pid();
    let mut forest = forest(&[-10, -20]);
    let rows = [(-10, me, -10), (-11, -10, -11), (-12, -11, -12), (-20, me, -20), (-30, 1, 1)];
    let trees = vec![(-20, vec![-20]), (-10, vec![-12, -11, -10])];
    assert_eq!(update(&mut forest, &rows), (trees, vec![]));
}

#[test]
fn an_orphan_is_recognized_by_its_session_or_because_it_was_seen() {
    let me = own_pid();
    let mut forest = forest(&[-10]);
    let rows = [(-10, me, -10), (-11, -10, -10), (-12, -10, -12)];
    assert_eq!(update(&mut forest, &rows).1, Vec::<i32>::new());
    // Orphans, some of which do not come to mgrd, and one that was never seen.
    let rows = [(-10, me, -10), (-11, 1, -10), (-12, me, -12), (-13, me, -13), (-14, -12, -14)];
    let trees = vec![(-10, vec![-14, -12, -11, -10])];
    assert_eq!(update(&mut forest, &rows), (trees, vec![-13]));
}

#[test]
fn what_is_left_of_a_tree_without_its_leader_is_astray() {
    let me = own_pid();
    let mut forest = forest(&[-10]);
    assert_eq!(update(&mut forest, &[(-10, me, -10), (-12, -10, -12)]).1, Vec::<i32>::new());
    forest.leaders.clear();
    assert_eq!(update(&mut forest, &[(-12, me, -12), (-13, -12, -13)]).1, vec![-13, -12]);
    assert_eq!(update(&mut forest, &[(-12, 1, -12)]).1, vec![-12]);
}

#[test]
fn what_mgrd_has_not_started_is_left_alone() {
    let me = own_pid();
    let mut forest = forest(&[]);
    forest.inherited.insert(ProcessId { pid: -5, start: 1 });
    assert_eq!(update(&mut forest, &[(-5, me, 1), (-6, -5, 1)]), (vec![], vec![]));
}

#[test]
fn orphans_that_have_ended_are_reaped_and_leaders_are_not() {
    let mut forest = forest(&[-10]);
    let zombie = |pid| Stat { is_zombie: true, ..process((pid, own_pid(), pid)) };
    let table = [zombie(-10), zombie(-11)].into_iter().collect();
    assert_eq!(forest.update(&table, Instant::now()).1, vec![-11]);
}

#[test]
fn a_number_that_is_used_again_is_another_process() {
    let me = own_pid();
    let mut forest = forest(&[-10]);
    assert_eq!(update(&mut forest, &[(-10, me, -10), (-12, -10, -12)]).1, Vec::<i32>::new());
    let new = Stat { id: ProcessId { pid: -12, start: 2 }, ..process((-12, 1, 1)) };
    let table = [process((-10, me, -10)), new].into_iter().collect();
    let (sample, _) = forest.update(&table, Instant::now());
    assert_eq!(sample.all().count(), 1);
}
