//! The deployment put together, and its clock-less time.

use super::cluster::Cluster;
use super::integration::{Integration, Progress, RuleCounts};
use super::outage::{Frequency, Outage, Schedule};
use super::wave::Activity;
use crate::deployment::catalog::Entry;
use std::sync::Arc;
use std::time::Duration;

/// What a simulated deployment is like.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
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
    /// What goes wrong from the simulation's start on.
    pub faults: Vec<Fault>,
}

/// Something that goes wrong, by the check that is for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Fault {
    ActionFailures,
    RuleExceptions,
    QueueFullDrops,
    OtherDrops,
    SigninFailures,
    AuthorizationRefusals,
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
            faults: Vec::new(),
        }
    }
}

/// The rates are means over this long, in simulated seconds.
const RATE_SPAN: f64 = 10.0;
/// An action takes this long, in simulated seconds.
const LATENCY: f64 = 0.05;

/// Now and then: soon enough that who watches sees one, rare enough that most of the time all is well.
const RESOURCE_OUTAGES: Frequency = Frequency { first: (20.0, 40.0), gap: (240.0, 720.0), length: (15.0, 60.0) };
/// Rarely.
const NODE_OUTAGES: Frequency =
    Frequency { first: (1_800.0, 7_200.0), gap: (14_400.0, 43_200.0), length: (60.0, 300.0) };

/// A deployment at one instant of simulated time. It depends on the plan and on that instant alone, not on the
/// steps that led there.
///
/// A clone costs little, whatever the number of rules.
#[derive(Debug, Clone)]
pub(super) struct Model {
    fixed: Arc<Fixed>,
    progress: Vec<Progress>,
    outages: Schedule,
    node_outages: Schedule,
    node_down: bool,
    elapsed: Duration,
}

/// What does not change as time passes.
#[derive(Debug)]
struct Fixed {
    deployment_id: String,
    activity: Activity,
    cluster: Cluster,
    integration: Integration,
    faults: Vec<Fault>,
    /// The age of the deployment when the simulation starts.
    start: Duration,
}

impl Model {
    /// The deployment at the simulation's start, when everything is up.
    pub(super) fn new(plan: &Plan) -> Model {
        let mut rng = fastrand::Rng::with_seed(plan.seed);
        let drawn_id = format!("demo{:04x}", rng.u16(..));
        let activity = Activity::new(&mut rng);
        let start = plan.history.as_secs_f64();
        let now = activity.moment(start);
        let cluster = Cluster::new(&mut rng.fork(), plan.nodes, now.activity);
        let integration = Integration::new(&mut rng.fork(), plan.rules, plan.resources, now);
        let past_outages = plan.outage == Outage::Random;
        let progress = integration.progress(&mut rng.fork(), past_outages, activity.moment(start - LATENCY));
        let outages = Schedule::new(plan.outage, RESOURCE_OUTAGES, integration.resources(), start, rng.fork());
        let stoppable = usize::from(plan.nodes > 1);
        let node_outages = Schedule::new(plan.node_outage, NODE_OUTAGES, stoppable, start, rng.fork());
        let deployment_id = plan.deployment_id.clone().unwrap_or(drawn_id);
        let faults = plan.faults.clone();
        let fixed = Arc::new(Fixed { deployment_id, activity, cluster, integration, faults, start: plan.history });
        let mut model = Model { fixed, progress, outages, node_outages, node_down: false, elapsed: Duration::ZERO };
        model.advance(Duration::ZERO);
        model
    }

    /// Lets simulated time pass.
    pub(super) fn advance(&mut self, by: Duration) {
        self.elapsed = self.elapsed.saturating_add(by);
        let now = self.seconds();
        let Fixed { activity, integration, .. } = &*self.fixed;
        while let Some(change) = self.outages.next_change(now) {
            let done = activity.moment(change.at - LATENCY);
            integration.switch(&mut self.progress, change.which, change.down, done);
        }
        while let Some(change) = self.node_outages.next_change(now) {
            self.node_down = change.down;
        }
    }

    /// Simulated time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The label `deployment_id`.
    pub(super) fn deployment_id(&self) -> &str {
        &self.fixed.deployment_id
    }

    /// The value of each family of the cluster endpoint now.
    pub(super) fn cluster(&self) -> impl Fn(&Entry) -> f64 {
        let Fixed { activity, cluster, faults, .. } = &*self.fixed;
        let now = self.seconds();
        cluster.values(activity.moment(now), activity.moment(now - RATE_SPAN), self.node_down.into(), faults)
    }

    /// The ids of the rules with what the data-integration endpoint has to say of each now, sorted by id.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&str, RuleCounts)> {
        let Fixed { activity, integration, faults, start, .. } = &*self.fixed;
        let now = self.seconds();
        let start = activity.moment(start.as_secs_f64());
        let (now, done) = (activity.moment(now), activity.moment(now - LATENCY));
        integration.rules(&self.progress, now, done, faults, start)
    }

    /// The ids of the resources and whether each is connected now, sorted by id.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, bool)> {
        self.fixed.integration.statuses(&self.progress)
    }

    fn seconds(&self) -> f64 {
        self.fixed.start.saturating_add(self.elapsed).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::catalog;

    fn down(model: &Model) -> Vec<String> {
        model.resources().filter(|(_, connected)| !connected).map(|(id, _)| id.to_owned()).collect()
    }

    fn actions(model: &Model) -> (f64, f64) {
        model
            .rules()
            .fold((0.0, 0.0), |(success, failed), (_, rule)| (success + rule.success, failed + rule.failed_actions))
    }

    #[test]
    fn a_scripted_outage_is_one_of_the_first_resource_and_its_rules_actions_fail() {
        let outage = Outage::Once { start: Duration::from_secs(10), length: Duration::from_secs(20) };
        let mut model = Model::new(&Plan { outage, ..Plan::default() });
        let first = model.resources().next().unwrap().0.to_owned();
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push((down(&model), actions(&model).1));
            model.advance(Duration::from_secs(1));
        }
        for (second, (down, _)) in seen.iter().enumerate() {
            let expected = if (10..30).contains(&second) { std::slice::from_ref(&first) } else { &[] };
            assert_eq!(down, expected, "after {second} s");
        }
        let failed: Vec<f64> = seen.into_iter().map(|(_, failed)| failed).collect();
        assert_eq!(failed[10], 0.0);
        assert!(failed[30] > failed[20] && failed[20] > failed[11], "{failed:?}");
        assert_eq!(failed[39], failed[31]);
    }

    #[test]
    fn a_random_outage_comes_soon_and_passes_and_most_of_the_time_all_is_well() {
        let mut model = Model::new(&Plan::default());
        assert_eq!(down(&model), [""; 0], "it begins well");
        let mut trouble = Vec::new();
        for second in 1..36_000 {
            model.advance(Duration::from_secs(1));
            if !down(&model).is_empty() {
                trouble.push(second);
            }
        }
        assert!((20..=40).contains(&trouble[0]), "{}", trouble[0]);
        assert!((1..3_600).contains(&trouble.len()), "{}", trouble.len());
    }

    #[test]
    fn a_node_stops_and_comes_back_but_never_the_last() {
        let node_outage = Outage::Once { start: Duration::from_secs(5), length: Duration::from_secs(5) };
        for (nodes, expected) in [(3, [3.0, 2.0, 3.0]), (1, [1.0, 1.0, 1.0])] {
            let mut model = Model::new(&Plan { node_outage, nodes, ..Plan::default() });
            for running in expected {
                let value = |name| model.cluster()(catalog::of_metrics(name).unwrap());
                assert_eq!(value("cluster_nodes_running"), running);
                assert_eq!(value("cluster_nodes_stopped"), f64::from(nodes) - running);
                model.advance(Duration::from_secs(5));
            }
        }
    }
}
