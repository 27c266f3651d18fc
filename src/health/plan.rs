//! What is checked of each deployment: the policy of the command line with what its profile says.

use super::conditions::Condition;
use super::{Expr, Health, Judgement, NoRates, Observation, Policy, PolicyError, slip};
use crate::deployment::{Endpoint, PerEndpoint, Snapshot};
use crate::profile::{self, Target};
use crate::source::{self, Failure, Fetcher, Report, Round};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many nodes are planned where no profile tells.
const MIN_NODES: u32 = 1;

/// What is checked of a deployment.
#[derive(Debug, Clone)]
pub struct Plan {
    policy: Arc<Policy>,
    own: Arc<[Condition]>,
    min_nodes: u32,
    /// Whom it is for; `None` for one that cannot be asked and for saved scrapes.
    target: Option<Target>,
}

/// What was seen of a deployment beside its report, and what is judged of it.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub now: Timestamp,
    /// Why there was one look; `None` where two were meant.
    pub once: Option<&'static str>,
    /// What was asked for: checks of the other endpoint are not made.
    pub asked: &'a [Endpoint],
    pub failures: &'a [Failure],
}

impl Plan {
    /// That of the profile of `target`, under what the command line says.
    ///
    /// # Errors
    /// What the profile says about checks cannot be done.
    pub fn of(target: &Target, flags: &Policy) -> Result<Plan, profile::Error> {
        let own = target.checks.iter().map(Condition::of_profile).collect::<Result<Arc<[_]>, _>>()?;
        let names: Vec<&str> = own.iter().map(|check| check.name.as_str()).collect();
        let policy = Arc::new(flags.with_profile(&target.thresholds, &names)?);
        Ok(Plan { policy, own, min_nodes: target.min_nodes, target: Some(target.clone()) })
    }

    /// That of a deployment that no profile tells of.
    pub fn without_profile(flags: &Policy) -> Plan {
        Plan { policy: Arc::new(flags.clone()), own: Arc::default(), min_nodes: MIN_NODES, target: None }
    }

    /// The verdict on what was seen.
    pub fn judge(&self, report: &Report, look: Look<'_>) -> Health {
        let failure = |endpoint| {
            let is_it = |one: &&Failure| one.index == report.index && one.request.is_none_or(|asked| asked == endpoint);
            look.failures.iter().find(is_it).map(|failure| failure.message.as_str())
        };
        let answer = |endpoint| match report.timing.get(endpoint).filter(|timing| !timing.stale) {
            Some(timing) => Some(Ok(timing.duration)),
            None => failure(endpoint).map(Err),
        };
        let outdated = report.outdated().map(source::outdated_by);
        let health = self.policy.judge(
            &Observation {
                snapshot: &report.snapshot,
                rates: match (&report.rates, look.once) {
                    (Some(rates), _) => Ok(rates),
                    (None, Some(why)) => Err(NoRates::OneSnapshot(why)),
                    (None, None) => Err(NoRates::Lost),
                },
                min_nodes: self.min_nodes,
                endpoints: PerEndpoint::from_fn(answer),
                asked: look.asked,
                age: report.age_of_samples(look.now),
                outdated: outdated.as_deref(),
                today: look.now.to_zoned(TimeZone::UTC).date(),
            },
            &self.own,
        );
        match &self.target {
            Some(target) => health.with_advice(|advice| target.name_in_commands(advice)),
            None => health,
        }
    }

    /// The verdict, with what tells the severity of single numbers and rows.
    pub fn judgement(&self, health: Arc<Health>, now: Timestamp) -> Judgement {
        Judgement::new(health, Arc::clone(&self.policy), now.to_zoned(TimeZone::UTC).date())
    }
}

/// What is checked of each deployment that is asked.
#[derive(Debug)]
pub struct Plans {
    /// What the command line says.
    pub flags: Policy,
    /// In the order in which the deployments are asked.
    by_index: Vec<Plan>,
    /// The deployments whose profile says something about checks that cannot be done.
    refused: BTreeMap<usize, Failure>,
}

impl Plans {
    /// # Errors
    /// A check or a threshold of the command line that there is not.
    pub fn of(fetcher: &Fetcher, flags: &Policy) -> Result<Plans, PolicyError> {
        let (mut by_index, mut refused) = (Vec::new(), BTreeMap::new());
        for (index, target) in fetcher.targets().enumerate() {
            by_index.push(match target.map(|target| (target, Plan::of(target, flags))) {
                None => Plan::without_profile(flags),
                Some((_, Ok(plan))) => plan,
                Some((target, Err(error))) => {
                    refused.insert(index, refusal(index, target, &error));
                    Plan::without_profile(flags)
                }
            });
        }
        let own = by_index.iter().flat_map(|plan: &Plan| plan.own.iter());
        let names: Vec<&str> = own.map(|check| check.name.as_str()).collect();
        flags.validate(&names)?;
        if by_index.is_empty() {
            by_index.push(Plan::without_profile(flags));
        }
        Ok(Plans { flags: flags.clone(), by_index, refused })
    }

    /// That of the deployment at this place of those that are asked.
    pub fn get(&self, index: usize) -> &Plan {
        &self.by_index[index]
    }

    /// Refuses own checks about a metric that no catalog knows and that their deployment did not send.
    pub fn refuse_slips(&mut self, fetcher: &Fetcher, round: &Round) {
        for (index, target) in fetcher.targets().enumerate() {
            let (Some(target), None) = (target, round.failures.iter().find(|failure| failure.index == index)) else {
                continue;
            };
            let reports = round.reports.iter().filter(|report| report.index == index);
            let error = self.slip(index, target, reports.map(|report| &report.snapshot));
            if let Some(error) = error {
                self.refused.entry(index).or_insert_with(|| refusal(index, target, &error));
            }
        }
    }

    fn slip<'a>(
        &'a self,
        index: usize,
        target: &'a Target,
        snapshots: impl Iterator<Item = &'a Snapshot> + Clone,
    ) -> Option<profile::Error> {
        // The conditions are those of the profile, in its order.
        target.checks.iter().zip(self.get(index).own.iter()).find_map(|(check, own)| {
            let when: [&Expr; 1] = [&own.when];
            let error = slip(when, snapshots.clone())?;
            Some(check.when.refuse("checks.when", &error, error.hint()))
        })
    }

    /// Those whose profile was refused.
    pub fn refused(&self) -> &BTreeMap<usize, Failure> {
        &self.refused
    }

    /// The endpoints that the checks of some deployment speak of.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let wanted: Vec<Endpoint> = self.by_index.iter().flat_map(|plan| plan.policy.endpoints(&plan.own)).collect();
        Endpoint::ALL.into_iter().filter(|endpoint| wanted.contains(endpoint)).collect()
    }

    /// Whether one of the checks judges change.
    pub fn need_window(&self) -> bool {
        self.by_index.iter().any(|plan| plan.policy.needs_window(&plan.own))
    }
}

/// What a profile says about checks cannot be done.
fn refusal(index: usize, target: &Target, error: &profile::Error) -> Failure {
    Failure {
        index,
        profile: target.profile.clone(),
        endpoint: Some(target.endpoint.to_string()),
        ..Failure::new(error.into(), error.to_string(), error.hint())
    }
}
