//! The deployment put together, and its clock-less time.

use super::broker::{Broker, Counts, Moment};
use super::integration::{Integration, Progress, RuleCounts};
use super::outage::{Habit, Outage, Schedule};
use super::wave::Activity;
use std::time::Duration;

/// What a simulated deployment is like.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Everything that is drawn is drawn from this: the same plan gives the same deployment.
    pub seed: u64,
    pub rules: u32,
    pub resources: u32,
    /// At least one.
    pub nodes: u32,
    /// Of a resource; not drawn, it is the first.
    pub outage: Outage,
    /// Of a node. The last one never stops: nobody would be left to answer.
    pub node_outage: Outage,
    /// How long it has been running when the simulation starts.
    pub history: Duration,
    /// The label `deployment_id`; from the seed if there is none.
    pub deployment_id: Option<String>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            seed: 1,
            rules: 12,
            resources: 6,
            nodes: 3,
            outage: Outage::Random,
            node_outage: Outage::Never,
            history: Duration::from_secs(3 * 86_400),
            deployment_id: None,
        }
    }
}

/// The rates are means over this long, in simulated seconds.
const RATE_SPAN: f64 = 10.0;
/// An action takes this long, in simulated seconds.
const LATENCY: f64 = 0.05;

/// Now and then: soon enough that who watches sees one, rare enough that most of the time all is well.
const RESOURCE_HABIT: Habit = Habit { first: (20.0, 40.0), gap: (240.0, 720.0), length: (15.0, 60.0) };
/// Rarely.
const NODE_HABIT: Habit = Habit { first: (1_800.0, 7_200.0), gap: (14_400.0, 43_200.0), length: (60.0, 300.0) };

/// A deployment at one instant of simulated time. It depends on the plan and on that instant alone, not on the
/// steps that led there.
#[derive(Debug)]
pub struct Model {
    deployment_id: String,
    activity: Activity,
    broker: Broker,
    integration: Integration,
    progress: Vec<Progress>,
    outages: Schedule,
    node_outages: Schedule,
    /// The current outage has begun.
    down: bool,
    start: Duration,
    elapsed: Duration,
}

impl Model {
    /// The deployment at the simulation's start, when everything is up.
    pub fn new(plan: &Plan) -> Model {
        let mut rng = fastrand::Rng::with_seed(plan.seed);
        let drawn_id = format!("demo{:04x}", rng.u16(..));
        let activity = Activity::new(&mut rng);
        let start = plan.history.as_secs_f64();
        let now = moment(&activity, start);
        let broker = Broker::new(&mut rng.fork(), plan.nodes, now.activity);
        let integration = Integration::new(&mut rng.fork(), plan.rules, plan.resources, now);
        let past_outages = plan.outage == Outage::Random;
        let progress = integration.progress(&mut rng.fork(), past_outages, moment(&activity, start - LATENCY));
        let outages = Schedule::new(plan.outage, RESOURCE_HABIT, integration.resources(), start, rng.fork());
        let stoppable = usize::from(plan.nodes > 1);
        let node_outages = Schedule::new(plan.node_outage, NODE_HABIT, stoppable, start, rng.fork());
        let mut model = Model {
            deployment_id: plan.deployment_id.clone().unwrap_or(drawn_id),
            activity,
            broker,
            integration,
            progress,
            outages,
            node_outages,
            down: false,
            start: plan.history,
            elapsed: Duration::ZERO,
        };
        model.advance(Duration::ZERO);
        model
    }

    /// Lets simulated time pass.
    pub fn advance(&mut self, by: Duration) {
        self.elapsed = self.elapsed.saturating_add(by);
        let now = self.seconds();
        while let Some(window) = self.outages.current() {
            let done = |at: f64| moment(&self.activity, at - LATENCY);
            if !self.down && window.start <= now {
                self.integration.switch(&mut self.progress, window.which, true, done(window.start));
                self.down = true;
            } else if self.down && window.end <= now {
                self.integration.switch(&mut self.progress, window.which, false, done(window.end));
                self.down = false;
                self.outages.next();
            } else {
                break;
            }
        }
        while self.node_outages.current().is_some_and(|window| window.end <= now) {
            self.node_outages.next();
        }
    }

    /// Simulated time since the start.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The label `deployment_id`.
    pub fn deployment_id(&self) -> &str {
        &self.deployment_id
    }

    /// What the cluster endpoint has to say now.
    pub fn cluster(&self) -> Counts<'_> {
        let now = self.seconds();
        let stopped = self.node_outages.current().is_some_and(|window| window.start <= now);
        let earlier = (now - RATE_SPAN).max(0.0);
        self.broker.counts(moment(&self.activity, now), moment(&self.activity, earlier), stopped.into())
    }

    /// The ids of the rules with what the data-integration endpoint has to say of each now, sorted by id.
    pub fn rules(&self) -> impl Iterator<Item = (&str, RuleCounts)> {
        let now = self.seconds();
        self.integration.rules(&self.progress, moment(&self.activity, now), moment(&self.activity, now - LATENCY))
    }

    /// The ids of the resources and whether each is connected now, sorted by id.
    pub fn resources(&self) -> impl Iterator<Item = (&str, bool)> {
        self.integration.statuses(&self.progress)
    }

    fn seconds(&self) -> f64 {
        self.start.saturating_add(self.elapsed).as_secs_f64()
    }
}

/// Before the deployment's first instant nothing had happened.
fn moment(activity: &Activity, seconds: f64) -> Moment {
    let seconds = seconds.max(0.0);
    Moment { seconds, activity: activity.total(seconds) }
}

#[cfg(test)]
mod tests {
    use super::*;
}
