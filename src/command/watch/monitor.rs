//! What is known of every deployment from tick to tick: the last good numbers, how they changed, the verdict.

use super::until::{Evaluation, Until};
use crate::deployment::{Endpoint, PerEndpoint};
use crate::health::{DeploymentRecord, ExprError, Judgement, Look, Plan, Status, Truth, Verdicts, slip};
use crate::profile::Target;
use crate::source::{Completed, Failure, Report, Round, Warning};
use crate::view::watch::{DeploymentState, View, WatchAnswer};
use crate::view::{Answer, Kind, Summary};
use jiff::Timestamp;
use std::collections::HashMap;
use std::time::Instant;

/// Every address that is watched, and what is shown of it.
pub(super) struct Monitor {
    pub shown: WatchAnswer,
    addresses: Vec<Address>,
    /// What is waited for.
    pub until: Option<Until>,
}

/// Profile and endpoint.
type Asked = (Option<String>, Option<String>);

/// One of the addresses that are asked: most often one deployment, which its name is that of.
pub(super) struct Address {
    name: String,
    asked: Option<Asked>,
    plan: Plan,
    /// It cannot be asked at all.
    unreachable: Option<Failure>,
    /// Of the endpoints that have not answered since.
    failures: PerEndpoint<Failure>,
    warnings: Vec<Warning>,
    /// What it said last of the condition that is waited for.
    evaluation: Option<Evaluation>,
}

impl Monitor {
    /// One that knows nothing yet.
    pub(super) fn new(view: View, addresses: Vec<Address>, until: Option<Until>) -> Monitor {
        let kind = if let View::Rows(kind) = view { kind } else { Kind::Cluster };
        let (generated_at, reports) = (Timestamp::now(), Vec::new());
        let answer = Answer {
            kind,
            generated_at,
            reports,
            judgements: Vec::new(),
            summaries: Vec::new(),
            failures: Vec::new(),
            warnings: Vec::new(),
            verdicts: Vec::new(),
        };
        let mut shown = WatchAnswer { tick: 0, view, answer, states: Vec::new() };
        for (index, address) in addresses.iter().enumerate() {
            shown.put(index, address.asked.as_ref().map(|asked| address.waiting(index, asked)).into_iter().collect());
        }
        Monitor { shown, addresses, until }
    }

    /// Takes an answer in.
    pub(super) fn take(&mut self, completed: Completed) {
        let Completed { index, endpoints, round: Round { reports, failures, warnings } } = completed;
        let address = &mut self.addresses[index];
        let has_failed = !failures.is_empty();
        address.note(&endpoints, failures);
        address.warnings = warnings;
        // Of what has not answered yet there is nothing earlier.
        let earlier = self.shown.take(index).into_iter().filter(|(report, _)| report.has_answered());
        let mut before = Earlier::new(earlier.collect());
        let mut after = Vec::new();
        let mut evaluations = Vec::new();
        let mut known = Verdicts::default();
        for mut report in reports {
            let earlier = before.take(&report);
            report.rates = earlier.as_ref().map(|earlier| report.rates_since(earlier));
            let judgement = address.judge(&report, earlier.is_none(), &mut known);
            let (snapshot, rates) = (&report.snapshot, report.rates.as_ref());
            // What is well at the first look may not be at the second, which tells of change.
            let verdict = Some(judgement.health.status).filter(|status| rates.is_some() || *status != Status::Ok);
            let record = DeploymentRecord { snapshot, rates, verdict };
            evaluations.extend(self.until.as_ref().map(|until| until.evaluate(&record)));
            let before = earlier.map(|earlier| report.complete(earlier));
            after.push((report, DeploymentState { judgement, before }));
        }
        if has_failed {
            // Of these nothing came: the last good numbers stay, and nothing can be said of now.
            after.extend(before.rest().map(|mut report| {
                let judgement = address.judge(&report.silent(), false, &mut known);
                report.expire();
                (report, DeploymentState { judgement, before: None })
            }));
        }
        if after.is_empty() {
            let failure = address.failures().next();
            let asked = failure.map(|failure| (failure.profile.clone(), failure.endpoint.clone()));
            after.extend(asked.as_ref().or(address.asked.as_ref()).map(|asked| address.waiting(index, asked)));
        }
        address.evaluation = self.until.is_some().then(|| address.evaluation_of_all(evaluations));
        self.shown.put(index, after);
    }

    /// Completes a tick: what is shown now is what there is. Gives whether what is waited for has come.
    pub(super) fn tick(&mut self, now: Instant) -> bool {
        self.shown.tick += 1;
        let answer = &mut self.shown.answer;
        answer.generated_at = Timestamp::now();
        answer.judgements = self.shown.states.iter().map(|state| state.judgement.clone()).collect();
        answer.failures = Failure::distinct(self.addresses.iter().flat_map(Address::failures).cloned().collect());
        answer.warnings = self.addresses.iter().flat_map(|address| &address.warnings).cloned().collect();
        Warning::limit(&mut answer.warnings);
        let summary = |(report, judgement)| Summary::of(report, judgement, &answer.failures, answer.generated_at);
        answer.summaries = answer.reports.iter().zip(&answer.judgements).map(summary).collect();
        let holds = |address: &Address| matches!(&address.evaluation, Some(last) if last.truth == Truth::True);
        let all = self.addresses.iter().all(holds);
        self.until.as_mut().is_some_and(|until| until.update(all, now))
    }

    /// What is waited for is about a metric that no catalog knows and that nobody sends.
    pub(super) fn slip(&self) -> Option<ExprError> {
        let until = self.until.as_ref()?;
        let has_answered = |address: &Address| address.evaluation.is_some() && address.failures().next().is_none();
        let all = self.shown.answer.reports.iter().map(|report| &report.snapshot);
        self.addresses.iter().all(has_answered).then(|| slip([&until.condition], all)).flatten()
    }

    /// What each address said last of the condition that is waited for.
    pub(super) fn evaluations(&self) -> String {
        let found = self.addresses.iter().map(|Address { name, evaluation, .. }| {
            let found = evaluation.as_ref().map_or("has not answered", |last| last.found.as_str());
            if name.is_empty() { found.to_owned() } else { format!("{name}: {found}") }
        });
        found.collect::<Vec<_>>().join("; ")
    }
}

impl Address {
    pub(super) fn new(target: Option<&Target>, plan: Plan) -> Address {
        let (unreachable, failures, warnings, evaluation) = (None, PerEndpoint::default(), Vec::new(), None);
        let name = target.map(Target::name).unwrap_or_default();
        let asked = target.map(|target| (target.profile.clone(), Some(target.endpoint.to_string())));
        Address { name, asked, plan, unreachable, failures, warnings, evaluation }
    }

    /// What is shown of it before it answers.
    fn waiting(&self, index: usize, (profile, endpoint): &Asked) -> (Report, DeploymentState) {
        let report = Report::unanswered(index, profile.clone(), endpoint.clone(), Timestamp::now());
        let judgement = self.judge(&report, false, &mut Verdicts::default());
        (report, DeploymentState { judgement, before: None })
    }

    fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.unreachable.iter().chain(self.failures.values())
    }

    /// Takes note of which endpoints failed and which answered.
    fn note(&mut self, asked: &[Endpoint], failures: Vec<Failure>) {
        for endpoint in asked {
            *self.failures.slot(*endpoint) = None;
        }
        for failure in failures {
            match failure.request {
                Some(endpoint) => *self.failures.slot(endpoint) = Some(failure),
                None => self.unreachable = Some(failure),
            }
        }
    }

    /// Judges what came.
    fn judge(&self, report: &Report, is_first: bool, known: &mut Verdicts) -> Judgement {
        let (now, once) = (Timestamp::now(), is_first.then_some("the first look at it"));
        let failures: Vec<Failure> = self.failures().cloned().collect();
        let look = Look { now, once, asked: &Endpoint::ALL, failures: &failures };
        self.plan.judgement(known.hold(self.plan.judge(report, look)), now)
    }

    /// What all the deployments of one address say together: that of the one furthest from the condition.
    fn evaluation_of_all(&self, all: Vec<Evaluation>) -> Evaluation {
        let distance = |one: &Evaluation| match one.truth {
            Truth::False => 0,
            Truth::Unknown => 1,
            Truth::True => 2,
        };
        all.into_iter().min_by_key(distance).unwrap_or_else(|| {
            let failure = self.failures().next().map(|failure| failure.message.clone());
            let found = failure.unwrap_or_else(|| "it told of no deployment".to_owned());
            Evaluation { truth: Truth::Unknown, found }
        })
    }
}

/// What one address said before, by deployment.
struct Earlier {
    reports: Vec<Option<Report>>,
    by_id: HashMap<Option<String>, usize>,
}

impl Earlier {
    fn new(shown: Vec<(Report, DeploymentState)>) -> Earlier {
        let reports: Vec<Option<Report>> = shown.into_iter().map(|(report, _)| Some(report)).collect();
        let id = |report: &Report| report.snapshot.identity.deployment_id.clone();
        let by_id = reports.iter().flatten().enumerate().map(|(at, report)| (id(report), at)).collect();
        Earlier { reports, by_id }
    }

    /// Takes out the same deployment. One that did not tell its id is the only one that there was.
    fn take(&mut self, now: &Report) -> Option<Report> {
        let id = &now.snapshot.identity.deployment_id;
        if let Some(at) = self.by_id.get(id) {
            return self.reports[*at].take();
        }
        match self.reports.as_mut_slice() {
            [only] => only.take_if(|only| id.is_none() || only.snapshot.identity.deployment_id.is_none()),
            _ => None,
        }
    }

    /// Those that were not taken.
    fn rest(self) -> impl Iterator<Item = Report> {
        self.reports.into_iter().flatten()
    }
}
