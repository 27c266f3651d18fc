//! Rules and the resources they write to: what the data-integration endpoint counts.
//!
//! A rule's actions fail, or wait where its resource has a buffer, while the resource is down. Each resource
//! keeps how much of its work got through; a rule is a share of that, so an outage costs the same for any number of rules.

use super::model::Fault;
use super::wave::{Counter, Moment, Wave};

/// Types of connectors as resource ids spell them, those that keep what they cannot send marked `true`. The first
/// sorts first: an outage that is not drawn hits it.
const TYPES: [(&str, bool); 9] = [
    ("http", false),
    ("mysql", false),
    ("kafka_producer", true),
    ("mqtt", true),
    ("pgsql", false),
    ("redis", false),
    ("influxdb", true),
    ("mongodb", false),
    ("timescale", false),
];

/// Rules and resources that never change while they run.
#[derive(Debug)]
pub(super) struct Integration {
    /// Sorted by id.
    rules: Vec<Rule>,
    /// Sorted by id. Where there is none, one without an id stands for what rules do on their own.
    resources: Vec<Resource>,
}

#[derive(Debug)]
struct Rule {
    id: String,
    resource: usize,
    actions: f64,
    /// Matches that passed, per second of the resource's work.
    passed: f64,
    no_result: Counter,
    exception: Counter,
    /// Where a disabled rule stopped.
    disabled_at: Option<Moment>,
}

#[derive(Debug)]
struct Resource {
    id: Option<String>,
    buffers: bool,
    /// The work it is given comes in waves of its own.
    wave: Wave<1>,
}

/// How much of a resource's work is done, in seconds of average work. What is in neither sum waits or is under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress {
    through: f64,
    failed: f64,
    /// The work that was settled when it went down or came back.
    settled: f64,
    down: bool,
}

/// Counts of one rule at one instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RuleCounts {
    pub(super) enabled: bool,
    pub(super) passed: f64,
    pub(super) exception: f64,
    pub(super) no_result: f64,
    pub(super) taken: f64,
    pub(super) success: f64,
    pub(super) failed_actions: f64,
}

impl RuleCounts {
    /// With what a fault has done since the simulation's start, when so many matches had passed.
    fn with(self, fault: Fault, passed_at_start: f64) -> RuleCounts {
        let since = (self.passed - passed_at_start).max(0.0);
        match fault {
            Fault::ActionFailures => {
                // Attempts of their own: what a counter has counted it keeps, also while nothing gets through.
                let failed = (0.1 * since).floor();
                RuleCounts { taken: self.taken + failed, failed_actions: self.failed_actions + failed, ..self }
            }
            Fault::RuleExceptions => RuleCounts { exception: self.exception + (0.1 * since).floor(), ..self },
            Fault::QueueFullDrops | Fault::OtherDrops | Fault::SigninFailures | Fault::AuthorizationRefusals => self,
        }
    }

    /// Matches that gave nothing: by an exception, or filtered out.
    pub(super) fn failed(&self) -> f64 {
        self.exception + self.no_result
    }

    /// All matches.
    pub(super) fn matched(&self) -> f64 {
        self.passed + self.failed()
    }
}

impl Integration {
    /// `start`: when the simulation starts.
    pub(super) fn new(rng: &mut fastrand::Rng, rules: u32, resources: u32, start: Moment) -> Integration {
        let mut connectors: Vec<Resource> = ids(rng, resources)
            .zip(TYPES.iter().cycle())
            .map(|(name, &(kind, buffers))| Resource {
                id: Some(format!("{kind}:connector-{name}")),
                buffers,
                wave: wave(rng),
            })
            .collect();
        connectors.sort_by(|a, b| a.id.cmp(&b.id));
        if connectors.is_empty() {
            connectors.push(Resource { id: None, buffers: false, wave: wave(rng) });
        }
        let mut names: Vec<String> = ids(rng, rules).collect();
        names.sort();
        let count = connectors.len();
        let rules = names.iter().enumerate().map(|(index, name)| rule(rng, index, count, name, start)).collect();
        Integration { rules, resources: connectors }
    }

    /// How many resources can be down.
    pub(super) fn resources(&self) -> usize {
        self.resources.iter().filter(|resource| resource.id.is_some()).count()
    }

    /// The progress of every resource when the simulation starts; with `past_outages`, some of it failed.
    pub(super) fn progress(&self, rng: &mut fastrand::Rng, past_outages: bool, done: Moment) -> Vec<Progress> {
        let start = |resource: &Resource| {
            let work = resource.work(done);
            let lost = if past_outages && !resource.buffers { work * (0.001 + 0.004 * rng.f64()) } else { 0.0 };
            Progress { through: work - lost, failed: lost, settled: work, down: false }
        };
        self.resources.iter().map(start).collect()
    }

    /// The resource at `index` goes down or comes back when its work is done up to `done`.
    pub(super) fn switch(&self, progress: &mut [Progress], index: usize, down: bool, done: Moment) {
        progress[index] = Progress { down, ..progress[index].at(&self.resources[index], done) };
    }

    /// The rules' ids with their counts at `now`, when the resources' work is done up to `done`.
    pub(super) fn rules(
        &self,
        progress: &[Progress],
        now: Moment,
        done: Moment,
        faults: &[Fault],
        start: Moment,
    ) -> impl Iterator<Item = (&str, RuleCounts)> {
        let work = |(resource, progress): (&Resource, &Progress)| (resource.work(now), progress.at(resource, done));
        let work: Vec<(f64, Progress)> = self.resources.iter().zip(progress).map(work).collect();
        self.rules.iter().map(move |rule| {
            let counts = match rule.disabled_at {
                None => {
                    let (taken, progress) = work[rule.resource];
                    let counts = rule.counts(taken, progress.through, progress.failed, now);
                    let passed = (rule.passed * self.resources[rule.resource].work(start)).floor();
                    faults.iter().fold(counts, |counts, fault| counts.with(*fault, passed))
                }
                Some(then) => {
                    let work = self.resources[rule.resource].work(then);
                    rule.counts(work, work, 0.0, then)
                }
            };
            (rule.id.as_str(), counts)
        })
    }

    /// The resources' ids, and whether each is connected.
    pub(super) fn statuses(&self, progress: &[Progress]) -> impl Iterator<Item = (&str, bool)> {
        let pairs = self.resources.iter().zip(progress);
        pairs.filter_map(|(resource, progress)| Some((resource.id.as_deref()?, !progress.down)))
    }
}

impl Resource {
    fn work(&self, at: Moment) -> f64 {
        self.wave.total(at.activity)
    }
}

impl Progress {
    /// This progress continued to `done`.
    fn at(self, resource: &Resource, done: Moment) -> Progress {
        let settled = resource.work(done);
        let since = settled - self.settled;
        match (self.down, resource.buffers) {
            (false, _) => Progress { through: self.through + since, settled, ..self },
            (true, false) => Progress { failed: self.failed + since, settled, ..self },
            // It waits, and goes through when the resource is back: not settled.
            (true, true) => self,
        }
    }
}

impl Rule {
    fn counts(&self, taken: f64, through: f64, failed: f64, now: Moment) -> RuleCounts {
        let passed = (self.passed * taken).floor();
        RuleCounts {
            enabled: self.disabled_at.is_none(),
            passed,
            exception: self.exception.total(now.activity).floor(),
            no_result: self.no_result.total(now.activity).floor(),
            taken: self.actions * passed,
            success: self.actions * (self.passed * through).floor(),
            failed_actions: self.actions * (self.passed * failed).floor(),
        }
    }
}

fn wave(rng: &mut fastrand::Rng) -> Wave<1> {
    let period = 20.0 + 200.0 * rng.f64();
    Wave::new(rng, [(0.3, period)])
}

/// One rule. The shares of filters, exceptions and disabled rules are those of a deployment in good order.
fn rule(rng: &mut fastrand::Rng, index: usize, resources: usize, name: &str, start: Moment) -> Rule {
    let passed = 0.5 * 60_f64.powf(rng.f64());
    let filtered = if rng.bool() { passed * (0.1 + 2.0 * rng.f64()) } else { 0.0 };
    let raised = if index % 5 == 2 { passed * 0.004 } else { 0.0 };
    let stopped = Moment { seconds: start.seconds * 0.8, activity: start.activity * 0.8 };
    Rule {
        id: format!("rule-{name}"),
        resource: index % resources,
        actions: if rng.u8(..4) == 0 { 2.0 } else { 1.0 },
        passed,
        no_result: Counter::steady(rng, filtered),
        exception: Counter::bursts(rng, raised, start.activity),
        disabled_at: (index % 12 == 7).then_some(stopped),
    }
}

/// Eight hexadecimal digits each, all different: numbers that look drawn, made from a sequence by steps that can be undone.
fn ids(rng: &mut fastrand::Rng, count: u32) -> impl Iterator<Item = String> + use<> {
    let salt = rng.u32(..);
    (0..count).map(move |index| {
        let mut x = index ^ salt;
        for factor in [0x85eb_ca6b_u32, 0xc2b2_ae35] {
            x = (x ^ (x >> 15)).wrapping_mul(factor);
        }
        format!("{:08x}", x ^ (x >> 16))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: f64) -> Moment {
        Moment { seconds: 1e6 + seconds, activity: 1e6 + seconds }
    }

    #[test]
    fn while_a_resource_is_down_its_work_fails_or_waits() {
        let mut rng = fastrand::Rng::with_seed(1);
        for kind in ["http", "kafka_producer"] {
            let integration = Integration::new(&mut rng, 9, 9, after(0.0));
            let index = integration.resources.iter().position(|r| r.id.as_deref().unwrap().starts_with(kind)).unwrap();
            let mut progress = integration.progress(&mut rng, false, after(0.0));
            let of = |progress: &[Progress], at| integration.rules(progress, at, at, &[], at).nth(index).unwrap().1;

            integration.switch(&mut progress, index, true, after(0.0));
            let (start, end) = (of(&progress, after(0.0)), of(&progress, after(60.0)));
            assert!(end.taken > start.taken + 5.0, "the rule goes on: {end:?}");
            assert_eq!(end.success, start.success, "nothing gets through");

            let buffers = kind == "kafka_producer";
            assert_eq!(end.failed_actions == 0.0, buffers);
            integration.switch(&mut progress, index, false, after(60.0));
            let back = of(&progress, after(60.0));
            assert_eq!(back.failed_actions, end.failed_actions);
            assert_eq!(back.success > start.success, buffers, "what waited is sent");
            assert!(back.taken - back.success - back.failed_actions <= 4.0, "and nothing waits: {back:?}");
        }
    }

    #[test]
    fn ids_are_all_different() {
        let mut all: Vec<String> = ids(&mut fastrand::Rng::with_seed(3), 100_000).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 100_000);
    }
}
