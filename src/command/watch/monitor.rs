//! What is known of every deployment from tick to tick: the last good numbers, how they changed, the verdict.

use super::until::{Evaluation, Until};
use crate::deployment::{Endpoint, PerEndpoint, Rates, Series, Snapshot};
use crate::exit::Exit;
use crate::health::{Condition, DeploymentRecord, Health, NoRates, Observation, Policy, Truth};
use crate::source::{Completed, Failure, Report, Round, Timing, Warning};
use crate::view::watch::{Changes, DeploymentState, LastScrape, View, WatchAnswer};
use crate::view::{Answer, Kind};
use jiff::Timestamp;

/// Everything that is followed.
pub struct Monitor {
    pub shown: WatchAnswer,
    policy: Policy,
    deployments: Vec<Deployment>,
}

/// What is known of one deployment beside what is shown of it.
#[derive(Default)]
struct Deployment {
    min_nodes: u32,
    own_checks: Vec<Condition>,
    /// It cannot be asked at all.
    beyond_reach: Option<Failure>,
    /// The last failure of each endpoint that has not answered since.
    cluster: Option<Failure>,
    data_integration: Option<Failure>,
    warnings: Vec<Warning>,
    said: Option<Evaluation>,
}

impl Monitor {
    /// Nothing is known yet. `deployments` have the number of planned nodes and the checks of their profiles.
    pub fn new(view: View, deployments: impl IntoIterator<Item = (u32, Vec<Condition>)>) -> Monitor {
        let kind = if let View::Rows(kind) = view { kind } else { Kind::Cluster };
        let (generated_at, reports) = (Timestamp::now(), Vec::new());
        let answer =
            Answer { kind, generated_at, reports, failures: Vec::new(), warnings: Vec::new(), verdicts: Vec::new() };
        let deployment = |(min_nodes, own_checks)| Deployment { min_nodes, own_checks, ..Deployment::default() };
        Monitor {
            shown: WatchAnswer { tick: 0, view, answer, states: Vec::new() },
            policy: Policy::default_checks(),
            deployments: deployments.into_iter().map(deployment).collect(),
        }
    }

    /// Takes an answer in.
    pub fn take(&mut self, completed: Completed, until: Option<&Until>) {
        let Completed { index, endpoints, round } = completed;
        let Round { reports, failures, warnings } = round;
        let Some(deployment) = self.deployments.get_mut(index) else { return };
        let nothing_failed = failures.is_empty();
        deployment.note(&endpoints, failures);
        deployment.warnings = warnings;
        let mut before = self.shown.take(index);
        let mut after = Vec::new();
        let mut said: Vec<Evaluation> = Vec::new();
        for report in reports {
            let earlier = find(&before, &report).map(|at| before.swap_remove(at));
            let (report, state) = deployment.see(&self.policy, report, earlier, until, &mut said);
            after.push((report, state));
        }
        if !nothing_failed {
            // Nothing came of these: what was known of them stays.
            after.extend(before.into_iter().map(|(report, state)| deployment.keep(&self.policy, report, state)));
        }
        deployment.said = until.map(|_| deployment.sum_up(said));
        self.shown.put(index, after);
    }

    /// Completes a tick: what is shown now is what there is.
    pub fn tick(&mut self) {
        self.shown.tick += 1;
        let answer = &mut self.shown.answer;
        answer.generated_at = Timestamp::now();
        answer.failures = self.deployments.iter().flat_map(Deployment::failures).cloned().collect();
        answer.warnings = self.deployments.iter().flat_map(|deployment| deployment.warnings.iter().cloned()).collect();
    }

    /// Whether the condition holds of every deployment.
    pub fn holds(&self) -> bool {
        self.deployments.iter().all(|one| one.said.as_ref().is_some_and(|said| said.truth == Truth::True))
    }

    /// What each deployment says of the condition.
    pub fn said(&self) -> impl Iterator<Item = (usize, Option<&Evaluation>)> {
        self.deployments.iter().map(|deployment| deployment.said.as_ref()).enumerate()
    }

    /// The exit status of what the last tick showed.
    pub fn exit(&self) -> Exit {
        self.shown.answer.failures.iter().map(|failure| failure.exit).max().unwrap_or(Exit::Ok)
    }
}

impl Deployment {
    fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.beyond_reach.iter().chain(&self.cluster).chain(&self.data_integration)
    }

    /// Takes note of which endpoints failed and which answered.
    fn note(&mut self, asked: &[Endpoint], failures: Vec<Failure>) {
        for endpoint in asked {
            *self.slot(*endpoint) = None;
        }
        for failure in failures {
            match failure.request {
                Some(endpoint) => *self.slot(endpoint) = Some(failure),
                None => self.beyond_reach = Some(failure),
            }
        }
    }

    fn slot(&mut self, endpoint: Endpoint) -> &mut Option<Failure> {
        match endpoint {
            Endpoint::Cluster => &mut self.cluster,
            Endpoint::DataIntegration => &mut self.data_integration,
        }
    }

    /// Judges what came, and completes it with the last good numbers of what did not come.
    fn see(
        &self,
        policy: &Policy,
        mut report: Report,
        earlier: Option<(Report, DeploymentState)>,
        until: Option<&Until>,
        said: &mut Vec<Evaluation>,
    ) -> (Report, DeploymentState) {
        let first = report.timing.values().map(|timing| timing.started).min();
        let scraped_at = report.scraped_at;
        let told = |endpoint| {
            let Timing { started: at, duration } = *report.timing.get(endpoint)?;
            let later = first.map(|first| at.saturating_duration_since(first)).unwrap_or_default();
            Some(LastScrape {
                at,
                scraped_at: scraped_at.saturating_add(later).unwrap_or(scraped_at),
                duration,
                stale: false,
            })
        };
        let (cluster, data_integration) = (told(Endpoint::Cluster), told(Endpoint::DataIntegration));
        let mut state =
            DeploymentState { index: report.index, cluster, data_integration, ..DeploymentState::default() };
        report.rates = earlier.as_ref().map(|(before, was)| {
            let elapsed = |earlier: Option<LastScrape>, later: Option<LastScrape>| {
                Some(later?.at.saturating_duration_since(earlier?.at))
            };
            let elapsed = PerEndpoint::from_fn(|endpoint| match endpoint {
                Endpoint::Cluster => elapsed(was.cluster, state.cluster),
                Endpoint::DataIntegration => elapsed(was.data_integration, state.data_integration),
            });
            Rates::between(&before.snapshot, &report.snapshot, elapsed)
        });
        let health = self.judge(policy, &report.snapshot, report.rates.as_ref(), &state);
        if let Some(until) = until {
            let (snapshot, rates) = (&report.snapshot, report.rates.as_ref());
            said.push(until.ask(&DeploymentRecord { snapshot, rates, verdict: Some(health.status) }));
        }
        state.health = Some(health);
        if let Some((mut before, was)) = earlier {
            complete(
                &mut report.snapshot,
                &mut before.snapshot,
                state.cluster.is_none(),
                state.data_integration.is_none(),
            );
            let kept = |told: Option<LastScrape>, was: Option<LastScrape>| {
                told.or(was.map(|was| LastScrape { stale: true, ..was }))
            };
            state.cluster = kept(state.cluster, was.cluster);
            state.data_integration = kept(state.data_integration, was.data_integration);
            state.changes = Changes::between(&mut before.snapshot, &report.snapshot);
        }
        (report, state)
    }

    /// Nothing came: the last good numbers stay, and nothing can be said of now.
    fn keep(&self, policy: &Policy, report: Report, state: DeploymentState) -> (Report, DeploymentState) {
        let stale = |told: Option<LastScrape>| told.map(|told| LastScrape { stale: true, ..told });
        let (cluster, data_integration) = (stale(state.cluster), stale(state.data_integration));
        let report = Report { rates: None, ..report };
        let health = Some(self.judge(policy, &Snapshot::default(), None, &DeploymentState::default()));
        (report, DeploymentState { index: state.index, cluster, data_integration, health, changes: Changes::default() })
    }

    fn judge(&self, policy: &Policy, snapshot: &Snapshot, rates: Option<&Rates>, state: &DeploymentState) -> Health {
        let answer = |endpoint| {
            let (scrape, failure) = match endpoint {
                Endpoint::Cluster => (state.cluster, &self.cluster),
                Endpoint::DataIntegration => (state.data_integration, &self.data_integration),
            };
            match scrape {
                Some(scrape) => Some(Ok(scrape.duration)),
                None => Some(Err(failure.as_ref()?.message.as_str())),
            }
        };
        let observation = Observation {
            snapshot,
            rates: match rates {
                Some(rates) => Ok(rates),
                None if state.scrapes().next().is_none() => Err(NoRates::Lost),
                None => Err(NoRates::OneSnapshot("the first look at it")),
            },
            min_nodes: self.min_nodes,
            endpoints: PerEndpoint::from_fn(answer),
            age: state.scrapes().map(|told| told.at.elapsed()).max().unwrap_or_default(),
        };
        policy.judge(&observation, &self.own_checks)
    }

    /// What all the deployments of one address say together: that of the one furthest from it.
    fn sum_up(&self, said: Vec<Evaluation>) -> Evaluation {
        let rank = |said: &Evaluation| match said.truth {
            Truth::False => 0,
            Truth::Unknown => 1,
            Truth::True => 2,
        };
        said.into_iter().min_by_key(rank).unwrap_or_else(|| {
            let failure = self.failures().next().map(|failure| failure.message.clone());
            Evaluation {
                truth: Truth::Unknown,
                found: failure.unwrap_or_else(|| "it told of no deployment".to_owned()),
            }
        })
    }
}

/// The same deployment before. One that did not tell its id is the only one that there was.
fn find(before: &[(Report, DeploymentState)], report: &Report) -> Option<usize> {
    let id = |report: &Report| report.snapshot.identity.deployment_id.clone();
    let own = id(report);
    let same = before.iter().position(|(report, _)| id(report) == own);
    same.or_else(|| {
        let (only, _) = if let [only] = before { only } else { return None };
        (own.is_none() || id(only).is_none()).then_some(0)
    })
}

/// Takes over what only `before` has of the endpoints that are missing.
fn complete(after: &mut Snapshot, before: &mut Snapshot, cluster: bool, data_integration: bool) {
    if cluster {
        after.metrics = before.metrics.take();
    }
    if data_integration {
        (after.rules, after.resources) = (before.rules.take(), before.resources.take());
    }
    if cluster || data_integration {
        // Where a series came from is not told; what did not come again is from the endpoint that failed.
        let is_new = |one: &Series| !after.series.iter().any(|own| own.key == one.key && own.labels == one.labels);
        let kept: Vec<Series> = before.series.drain(..).filter(is_new).collect();
        after.series.extend(kept);
    }
    after.identity.complete(std::mem::take(&mut before.identity));
}
