//! When a tick is due, and for how long an endpoint that fails is left alone.

use std::time::{Duration, Instant};

/// When ticks are due: at the start, and every interval after it. What is late is left out, never made up for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Schedule {
    interval: Duration,
    next: Instant,
}

impl Schedule {
    /// The first tick is due at once.
    pub(super) fn new(interval: Duration, now: Instant) -> Schedule {
        Schedule { interval, next: now }
    }

    /// When the next tick is due.
    pub(super) fn next(&self) -> Instant {
        self.next
    }

    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// The tick that is due, if one is; the next one is then the first of the raster that is not over yet.
    pub(super) fn take(&mut self, now: Instant) -> Option<Instant> {
        let (due, late) = (self.next, now.checked_duration_since(self.next)?);
        let over = late.as_nanos() / self.interval.as_nanos().max(1) + 1;
        let steps = u32::try_from(over).unwrap_or(u32::MAX);
        self.next = due.checked_add(self.interval.saturating_mul(steps)).unwrap_or(now + self.interval);
        Some(due)
    }

    /// Another interval, counted from the last tick; not before `now`.
    pub(super) fn change(&mut self, interval: Duration, now: Instant) {
        let last = self.next.checked_sub(self.interval).unwrap_or(now);
        self.interval = interval;
        self.next = last.checked_add(interval).unwrap_or(now).max(now);
    }

    /// A tick now, and every interval after it.
    pub(super) fn restart(&mut self, now: Instant) {
        self.next = now;
    }
}

/// However often an endpoint has failed, it is asked again after this, or after an interval where that is longer.
const LONGEST: Duration = Duration::from_secs(15);

/// What a server asks for is granted up to this: it may have meant an hour, and nobody watches for that long without an answer.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(300);

/// How often an endpoint has failed in a row, and for how long it is left alone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Backoff {
    failures: u32,
    not_before: Option<Instant>,
}

impl Backoff {
    /// Whether it is to be asked at a tick.
    pub(super) fn is_due(&self, tick: Instant) -> bool {
        self.not_before.is_none_or(|earliest| earliest <= tick)
    }

    /// It failed when asked at `tick`. The next attempt is an interval away, then two, four and so on; later where the server
    /// asks for it (`Retry-After`).
    pub(super) fn failed(&mut self, tick: Instant, interval: Duration, retry_after: Option<Duration>) {
        let wait = interval.saturating_mul(1 << self.failures.min(20)).min(LONGEST.max(interval));
        let wait = wait.max(retry_after.unwrap_or_default().min(LONGEST_ASKED_FOR));
        self.failures = self.failures.saturating_add(1);
        self.not_before = tick.checked_add(wait);
    }

    /// Lets it be asked at once.
    pub(super) fn forgive(&mut self) {
        self.not_before = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn millis(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn ticks_keep_their_raster_and_what_is_late_is_left_out() {
        let start = Instant::now();
        let mut schedule = Schedule::new(SECOND, start);
        let mut take = |at| (schedule.take(start + millis(at)).is_some(), schedule.next() - start);
        assert_eq!(take(0), (true, SECOND));
        assert_eq!(take(999), (false, SECOND));
        assert_eq!(take(1003), (true, 2 * SECOND), "not a second after 1.003");
        assert_eq!(take(5500), (true, 6 * SECOND), "2, 3, 4 and 5 are one tick");
        assert_eq!(take(6000), (true, 7 * SECOND));
    }

    #[test]
    fn an_interval_changes_from_the_last_tick_on() {
        let start = Instant::now();
        let mut schedule = Schedule::new(5 * SECOND, start);
        assert!(schedule.take(start).is_some());
        schedule.change(2 * SECOND, start + SECOND);
        assert_eq!(schedule.next() - start, 2 * SECOND);
        schedule.change(10 * SECOND, start + SECOND);
        assert_eq!(schedule.next() - start, 10 * SECOND);
        schedule.change(SECOND, start + 4 * SECOND);
        assert_eq!(schedule.next() - start, 4 * SECOND, "at once, not in the past");
    }

    #[test]
    fn who_fails_is_asked_less_often_up_to_a_bound() {
        let start = Instant::now();
        let mut endpoint = Backoff::default();
        assert!(endpoint.is_due(start));
        let mut waits = Vec::new();
        for _ in 0..8 {
            endpoint.failed(start, SECOND, None);
            waits.push((0..).find(|seconds| endpoint.is_due(start + *seconds * SECOND)).unwrap());
        }
        assert_eq!(waits, [1, 2, 4, 8, 15, 15, 15, 15]);
        endpoint = Backoff::default();
        assert!(endpoint.is_due(start));
        endpoint.failed(start, 60 * SECOND, None);
        assert!(!endpoint.is_due(start + 59 * SECOND) && endpoint.is_due(start + 60 * SECOND));
        endpoint = Backoff::default();
        endpoint.failed(start, SECOND, Some(30 * SECOND));
        assert!(!endpoint.is_due(start + 29 * SECOND) && endpoint.is_due(start + 30 * SECOND), "as the server asks");
        endpoint.failed(start, SECOND, Some(100_000 * SECOND));
        assert!(endpoint.is_due(start + 300 * SECOND), "within reason");
    }
}
