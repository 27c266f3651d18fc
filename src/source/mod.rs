//! Where snapshots come from: deployments that are asked, saved scrapes, the simulated deployment. Who is asked, for what,
//! how many at a time and how often; failures beside answers. Knows nothing of how they are judged or shown.
//!
//! | file | holds |
//! | --- | --- |
//! | `fetcher` | the connections of a run, and what one round over them brings |
//! | `parallel` | how many are asked at a time, and the threads that do it |
//! | `round` | one round put together: a report a deployment, and its rates since an earlier round |
//! | `window` | two rounds a window apart |
//! | `poller` | who is asked when, again and again |
//! | `schedule` | when a tick is due; for how long an endpoint that fails is left alone |
//! | `workers` | threads that ask, so that who watches waits for none of them |
//! | `report` | what is known of one deployment; what failed and what was odd |
//! | `demo` | the simulated deployment as something to ask |

mod demo;
mod fetcher;
mod parallel;
mod poller;
mod report;
mod round;
mod schedule;
mod window;
mod workers;

pub use fetcher::{Fetcher, Response, Rounds, Source};
pub use poller::Poller;
pub use report::{Failure, Report, Timing, Warning, tell};
pub use round::{Round, outdated_by, round, round_of};
pub use window::{LONGEST, Seen, look, two_rounds};
pub use workers::Completed;
