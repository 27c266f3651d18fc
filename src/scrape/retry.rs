//! When to ask again, and how long to wait before.
//!
//! Each attempt has the whole `timeout`. The waits between attempts grow (0.25 s, 0.5 s, 1 s, ... up to 5 s, each made longer or shorter by
//! up to a half, so that many clients do not come back at once) and come to 30 s in all at most: one scrape is over after
//! `timeout × (retries + 1) + 30 s`, whatever the server does. A `Retry-After` that asks for more than what is left of the
//! 30 s ends it at once.

use std::time::Duration;

const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// All waits of one scrape together.
pub(super) const ALL_WAITS: Duration = Duration::from_secs(30);

/// Calls `attempt` until it succeeds, fails for good, or `retries` and waits are used up; gives the last result.
/// `least_wait` says of a failure how long to wait at least, or that it is for good; `most_wait` for how long there is time.
pub(super) fn run<T, F>(
    retries: u32,
    sleep: &dyn Fn(Duration),
    least_wait: impl Fn(&F) -> Option<Duration>,
    most_wait: impl Fn() -> Duration,
    mut attempt: impl FnMut() -> Result<T, F>,
) -> Result<T, F> {
    let mut waited = Duration::ZERO;
    let mut tried = 0;
    loop {
        let failure = match attempt() {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        let Some(least) = least_wait(&failure) else { return Err(failure) };
        let wait = backoff(tried, 0.5 + fastrand::f64()).max(least);
        if tried >= retries || waited.saturating_add(wait) > ALL_WAITS || wait >= most_wait() {
            return Err(failure);
        }
        sleep(wait);
        waited += wait;
        tried += 1;
    }
}

/// The wait after the attempt `tried`, counted from 0; `factor` is its jitter.
fn backoff(tried: u32, factor: f64) -> Duration {
    // Ten doublings are beyond the longest wait already.
    FIRST_WAIT.saturating_mul(1 << tried.min(10)).min(LONGEST_WAIT).mul_f64(factor)
}

/// The time that a `Retry-After` header asks for: seconds, or a date (RFC 9110, section 10.2.3).
pub(super) fn retry_after(value: &str, now: jiff::Timestamp) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    // A date gone by asks for no wait.
    Some(Duration::try_from(date.duration_since(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    const AT_ONCE: Option<Duration> = Some(Duration::ZERO);
    /// What is left of a deadline.
    const MOST: Duration = Duration::from_secs(40);

    /// Fails with each of `failures` in turn, the least wait of each or `None` for good, then succeeds; gives the result, the number of attempts and the waits.
    fn play(retries: u32, failures: &[Option<Duration>]) -> (bool, usize, Vec<Duration>) {
        let waits = RefCell::new(Vec::new());
        let mut attempts = 0;
        let result = run(
            retries,
            &|wait| waits.borrow_mut().push(wait),
            |failure: &Option<Duration>| *failure,
            || MOST,
            || {
                attempts += 1;
                failures.get(attempts - 1).map_or(Ok(()), |failure| Err(*failure))
            },
        );
        (result.is_ok(), attempts, waits.into_inner())
    }

    #[test]
    fn it_asks_again_as_often_as_told() {
        let again = [AT_ONCE; 9];
        assert_eq!(play(0, &again).1, 1);
        assert_eq!(play(2, &again).1, 3);
        let (ok, attempts, waits) = play(2, &again[..2]);
        assert!(ok);
        assert_eq!((attempts, waits.len()), (3, 2));
    }

    #[test]
    fn what_is_final_is_not_asked_again() {
        assert_eq!(play(5, &[None]), (false, 1, vec![]));
    }

    #[test]
    fn waits_grow_up_to_a_bound() {
        let waits: Vec<_> = (0..8).map(|tried| backoff(tried, 1.0).as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST_WAIT);
    }

    #[test]
    fn the_server_is_waited_for() {
        let (ok, _, waits) = play(1, &[Some(Duration::from_secs(7))]);
        assert!(ok);
        assert_eq!(waits, [Duration::from_secs(7)]);
    }

    #[test]
    fn waits_are_bounded_in_all() {
        let (ok, attempts, waits) = play(5, &[Some(Duration::from_secs(31))]);
        assert_eq!((ok, attempts, waits.len()), (false, 1, 0));
        let (_, _, waits) = play(u32::MAX, &[AT_ONCE; 1000]);
        assert!(waits.iter().sum::<Duration>() <= ALL_WAITS);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: jiff::Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
        let parse = |value| retry_after(value, now);
        assert_eq!(parse("120"), Some(Duration::from_secs(120)));
        assert_eq!(parse(" 0 "), Some(Duration::ZERO));
        assert_eq!(parse("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(7)));
        assert_eq!(parse("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-1", "1.5", "Sun, 06 Nov"] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }
}
