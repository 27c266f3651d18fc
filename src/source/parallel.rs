//! Work on many items at a time, on threads that wait for most of it.

use crate::console::Waiting;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::Builder;
use std::time::Instant;

/// How many deployments are asked at the same time where descriptors allow it: a thousand are three rounds of waiting.
const MOST_AT_ONCE: usize = 340;

/// Descriptors that are not for requests: streams, profile file, the terminal.
const RESERVED: usize = 40;

/// Descriptors that a request takes: its connection, and while a name is looked up a file or a socket of the resolver.
const PER_REQUEST: usize = 2;

/// What the stack of a thread that asks may grow to, in bytes: twice what was ever needed without optimization.
pub(super) const STACK: usize = 512 * 1024;

/// Lets the process have as many descriptors as the system allows.
pub(super) fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    // What is refused leaves the limit as it was, and that is looked at later.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
}

/// How many descriptors are left for requests.
fn descriptors() -> usize {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    usize::try_from(limit).unwrap_or(usize::MAX).saturating_sub(RESERVED)
}

/// How many of `count` deployments may be asked at the same time, with so many requests each.
pub(super) fn at_once(count: usize, requests: usize) -> usize {
    (descriptors() / (PER_REQUEST * requests.max(1))).clamp(1, MOST_AT_ONCE).min(count)
}

/// Whether so many connections may stay open between two rounds.
pub(super) fn may_stay_open(connections: usize) -> bool {
    connections <= descriptors() / PER_REQUEST
}

/// Is told the places of the items that are not done.
pub(super) type Tell<'a> = &'a dyn Fn(&[usize]);

/// `work` on every item and its place, `at_once` at a time; the results in the items' order. Where it takes long, `waiting` is told from time to
/// time, on this thread, which are not done.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    at_once: usize,
    work: impl Fn(usize, &T) -> R + Sync,
    waiting: Option<Tell<'_>>,
) -> Vec<R> {
    if let ([only], None) = (items, waiting) {
        return vec![work(0, only)];
    }
    let next = AtomicUsize::new(0);
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let (sender, done) = channel();
        let (next, work) = (&next, &work);
        let take = move |sender: std::sync::mpsc::Sender<(usize, R)>| {
            while let index = next.fetch_add(1, Ordering::Relaxed)
                && let Some(item) = items.get(index)
            {
                // The receiver waits for all of them.
                let _ = sender.send((index, work(index, item)));
            }
        };
        let start = |_: &usize| {
            let sender = sender.clone();
            Builder::new().stack_size(STACK).spawn_scoped(scope, move || take(sender)).is_ok()
        };
        // Where the system gives no thread, this one does all of it.
        if (0..at_once.min(items.len())).take_while(start).count() == 0 {
            take(sender.clone());
        }
        drop(sender);
        let mut tell_at = Instant::now() + Waiting::AFTER;
        loop {
            match done.recv_timeout(tell_at.saturating_duration_since(Instant::now())) {
                Ok((index, result)) => results[index] = Some(result),
                Err(RecvTimeoutError::Timeout) => {
                    let missing: Vec<usize> = (0..results.len()).filter(|index| results[*index].is_none()).collect();
                    waiting.inspect(|tell| tell(&missing));
                    tell_at = Instant::now() + Waiting::EVERY;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    });
    results.into_iter().flatten().collect()
}

/// `work` on all items at the same time, each on a thread of its own but the first; the results in their order.
pub(super) fn together<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let Some((first, rest)) = items.split_first() else { return Vec::new() };
    std::thread::scope(|scope| {
        let work = &work;
        let started: Vec<_> = rest
            .iter()
            .map(|item| (item, Builder::new().stack_size(STACK).spawn_scoped(scope, move || work(item))))
            .collect();
        let first = work(first);
        let rest = started.into_iter().map(|(item, thread)| match thread {
            Ok(thread) => thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            // The system gives no thread: it is done on this one.
            Err(_) => work(item),
        });
        std::iter::once(first).chain(rest).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..100).collect();
        for at_once in [1, 3, 100, 1000] {
            assert_eq!(
                each(&items, at_once, |index, item| (index, item * 2), None),
                each(&items, 1, |i, n| (i, n * 2), None)
            );
        }
        assert_eq!(each(&[7], 4, |_, item| item + 1, None), [8]);
        assert!(each(&[0; 0], 4, |_, item: &u8| *item, None).is_empty());
        assert_eq!(together(&items, |item| item * 2), items.iter().map(|item| item * 2).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_asked_at_once_is_never_nothing_and_never_more_than_there_is() {
        assert_eq!(at_once(1, 2), 1);
        assert_eq!(at_once(1, 0), 1);
        assert!((1..=MOST_AT_ONCE).contains(&at_once(100_000, 2)));
    }
}
