//! Alerting and recording rules: the default checks and the profiles' own, as PromQL says them.

use super::prometheus::duration;
use super::yaml::{comment, quoted};
use super::{ENDPOINT_LABEL, PROFILE_LABEL, promql};
use crate::deployment::Endpoint;
use crate::health::{self, CHECKS, Check, Expr, Limit, Measure, Policy, Status, Threshold, Value, deployment_expr};
use crate::profile::{self, Severity};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::time::Duration;

/// What a profile adds.
#[derive(Debug)]
pub(crate) struct AlertProfile {
    /// The label `profile`.
    pub name: String,
    /// How many nodes are planned to run.
    pub min_nodes: u32,
    /// Which checks are made, and with what thresholds.
    pub policy: Policy,
    pub checks: Vec<profile::ProfileCheck>,
}

struct Alert {
    name: String,
    expr: String,
    /// How long the expression has to hold, and why.
    lasting: (Duration, &'static str),
    severity: &'static str,
    summary: String,
    /// Why it matters and what to do.
    description: String,
    /// A template that names the rules or resources behind it.
    affected: Option<String>,
}

/// The alerts of one profile, or of all that is scraped.
#[derive(Default)]
struct Group<'a> {
    profile: Option<&'a str>,
    alerts: Vec<Alert>,
    /// Checks that no alert stands for, each with why.
    left_out: Vec<(String, String)>,
}

/// Growth is judged over this long: the vendor's "grows (5 min)".
const WINDOW: &str = "5m";
const GROWING: Duration = Duration::from_secs(300);

/// Fields whose rates a dashboard asks for again and again.
const RECORDED: [&str; 11] = [
    "metrics.messages_received",
    "metrics.messages_sent",
    "metrics.bytes_received",
    "metrics.bytes_sent",
    "metrics.messages_dropped",
    "metrics.delivery_dropped",
    "metrics.authentication_failure",
    "metrics.authorization_deny",
    "rules.matched",
    "rules.actions_success",
    "rules.actions_failed",
];

/// The recording rule that holds the rate of `field`, if there is one.
pub(super) fn record_of(field: &str) -> Option<String> {
    let name = field.strip_prefix("metrics.").unwrap_or(field).replace('.', "_");
    RECORDED.contains(&field).then(|| format!("emqx:{name}:rate{WINDOW}"))
}

/// Those that all deployments have in common, then those of each profile.
fn groups<'a>(default: &Policy, profiles: &'a [AlertProfile]) -> Vec<Group<'a>> {
    // Where no profile says otherwise, one node is planned.
    let is_common = |check: &Check| {
        let limits = default.limits_of(check, 1);
        let like_default = |profile: &AlertProfile| {
            profile.policy.limits_of(check, profile.min_nodes) == limits && profile.policy.muted_until(check).is_none()
        };
        // The plan is a profile's own, also where it is the usual one.
        (profiles.is_empty() || !of_plan(check)) && profiles.iter().all(like_default)
    };
    let mut all = Group::default();
    CHECKS.iter().filter(|check| is_common(check)).for_each(|check| all.add(check, default, 1));
    let mut groups = vec![all];
    for AlertProfile { name, min_nodes, policy, checks } in profiles {
        let mut group = Group { profile: Some(name), ..Group::default() };
        CHECKS.iter().filter(|check| !is_common(check)).for_each(|check| group.add(check, policy, *min_nodes));
        for check in checks {
            match own_alert(check, name) {
                Ok(alert) => group.alerts.push(alert),
                Err(why) => group.left_out.push((check.name.value.clone(), why)),
            }
        }
        groups.push(group);
    }
    groups
}

/// The rules as Prometheus reads them; `default` says which checks are made, and with what thresholds, where no profile does.
pub(crate) fn rules(default: &Policy, profiles: &[AlertProfile]) -> String {
    let made_by =
        "Made by 'emqstat export alerts': the checks of 'emqstat check', for a Prometheus that asks all the time.";
    let mut out = comment("", made_by) + "groups:\n" + &comment("  ", "What the dashboard asks for again and again.");
    out += "  - name: \"emqx-rates\"\n    rules:\n";
    for field in RECORDED {
        if let (Some(name), Some(expr)) = (record_of(field), promql::rate(field, "", WINDOW)) {
            out += &format!("      - record: {}\n        expr: {}\n", quoted(&name), quoted(&expr));
        }
    }
    for Group { profile, alerts, left_out } in groups(default, profiles) {
        for (name, why) in &left_out {
            out += &comment("  ", &format!("{name} is not among them: {why}."));
        }
        let name = profile.map_or("emqx".to_owned(), |name| format!("emqx-{name}"));
        out += &match alerts.as_slice() {
            [] => format!("  - name: {}\n    rules: []\n", quoted(&name)),
            _ => format!("  - name: {}\n    rules:\n", quoted(&name)),
        };
        out.extend(alerts.iter().map(|alert| rule(alert, profile)));
    }
    out
}

fn rule(alert: &Alert, profile: Option<&str>) -> String {
    let entry = |indent: &str, key: &str, text: &str| format!("{indent}{key}: {}\n", quoted(text));
    let mut out = entry("      - ", "alert", &alert.name) + &entry("        ", "expr", &alert.expr);
    let (lasting, why) = alert.lasting;
    out += &comment("        ", &format!("{}: {why}.", duration(lasting)));
    out += &entry("        ", "for", &duration(lasting));
    out += "        labels:\n";
    out += &entry("          ", "severity", alert.severity);
    if let Some(profile) = profile {
        // What the series say too; it tells the rules of two profiles apart.
        out += &entry("          ", PROFILE_LABEL, profile);
    }
    out += "        annotations:\n";
    out += &entry("          ", "summary", &alert.summary);
    out += &entry("          ", "description", &alert.description);
    out += &entry("          ", "value", "{{ $value }}");
    if let Some(affected) = &alert.affected {
        out += &entry("          ", "affected", affected);
    }
    out
}

fn of_plan(check: &Check) -> bool {
    [check.warning, check.critical].contains(&Threshold::BelowPlan)
}

/// Whose it is: a template.
const WHO: &str = "{{ with $labels.profile }}{{ . }}{{ else }}{{ $labels.instance }}{{ end }}\
                   {{ with $labels.deployment_id }} ({{ . }}){{ end }}";

impl Group<'_> {
    /// Adds the alerts of a default check.
    fn add(&mut self, check: &Check, policy: &Policy, min_nodes: u32) {
        let Some(limits) = policy.limits_of(check, min_nodes) else {
            return self.left_out.push((check.name.to_owned(), "the profile skips it".to_owned()));
        };
        let selector = self.profile.map(own_series).unwrap_or_default();
        let Some(expr) = measure(check, &selector) else {
            let why = match check.measure {
                Measure::Age => "what Prometheus scrapes is never old",
                _ => "PromQL cannot say it",
            };
            return self.left_out.push((check.name.to_owned(), why.to_owned()));
        };
        let alert = |name: String, expr: String, severity: Status, summary: String| Alert {
            name,
            expr,
            lasting: check.lasting(severity),
            severity: severity.word(),
            summary,
            description: format!("{} {}", literal(check.why), literal(check.advice)),
            affected: affected(&check.measure),
        };
        let before = self.alerts.len();
        if let Measure::EndpointTime(endpoint) = check.measure {
            let name = format!("{}Unreachable", camel(check.name));
            let down = format!("{} == 0", of_endpoint("up", endpoint, &selector));
            let summary = format!("{WHO}: the endpoint {} does not answer", endpoint.name());
            let lasting =
                (Duration::from_secs(60), "a scrape that failed once may be the network's fault; two are not");
            self.alerts.push(Alert { lasting, ..alert(name, down, Status::Critical, summary) });
        }
        let condition = |limit: Option<Limit>| over(check, &expr, limit?, limits.min_events, &selector);
        for (limit, severity) in [(limits.warning, Status::Warning), (limits.critical, Status::Critical)] {
            let Some(limit) = limit else { continue };
            let is_warning = severity == Status::Warning;
            // What is critical, or told by a stricter check, is no warning as well.
            let stricter = check.covered_by.and_then(health::find).filter(|_| is_warning);
            let stricter = stricter.and_then(|check| {
                let limits = policy.limits_of(check, min_nodes)?;
                over(check, &measure(check, &selector)?, limits.warning?, limits.min_events, &selector)
            });
            let critical = condition(limits.critical.filter(|_| is_warning));
            let without = critical.into_iter().chain(stricter).map(|more| format!(" unless ({more})"));
            let condition = condition(Some(limit)).map(|own| match without.collect::<String>() {
                without if without.is_empty() => own,
                without => format!("({own}){without}"),
            });
            let mute = policy.muted_until(check).filter(|_| is_warning);
            let condition = condition.map(|condition| match mute.and_then(end_of) {
                Some(end) => format!("({condition}) and on() vector(time()) >= {end}"),
                None => condition,
            });
            let summary = || summary(check, limit.is_share);
            self.alerts.extend(condition.map(|condition| alert(camel(check.name), condition, severity, summary())));
        }
        if self.alerts.len() == before {
            self.left_out.push((check.name.to_owned(), "it has no threshold unless you set one".to_owned()));
        }
    }
}

/// The series of a profile.
fn own_series(profile: &str) -> String {
    format!("{PROFILE_LABEL}={}", quoted(profile))
}

/// What Prometheus knows of an endpoint's target by itself (`up`, `scrape_duration_seconds`): by the labels that 'export
/// prometheus' gives, or because the target told of a deployment within the last hour.
fn of_endpoint(series: &str, endpoint: Endpoint, labels: &str) -> String {
    let told = match endpoint {
        Endpoint::Cluster => ["deployment_emqx_metrics_cluster_nodes_running", "deployment_emqx_connections_count"],
        Endpoint::DataIntegration => [promql::RULE_STATUS, promql::RESOURCE_STATUS],
    };
    let own = format!("{ENDPOINT_LABEL}=\"{}\",{PROFILE_LABEL}!=\"\"", endpoint.name());
    let labelled = promql::series(series, &[&own, labels]);
    let known = told.map(|name| format!("last_over_time({}[1h])", promql::series(name, &[labels])));
    let other = promql::series(series, &[&format!("{ENDPOINT_LABEL}=\"\""), labels]);
    format!("({labelled} or {other} and on (job, instance) ({}))", known.join(" or "))
}

/// When that day ends (UTC), in seconds since 1970.
fn end_of(day: Date) -> Option<i64> {
    Some(day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The values of a check's `expression` that `limit` alerts at.
fn over(check: &Check, expression: &str, limit: Limit, min_events: u32, labels: &str) -> Option<String> {
    let (part, whole) = match check.measure {
        Measure::Growth { whole, .. } if limit.is_share => (format!("({expression})"), whole),
        Measure::Share { part, whole } => (promql::rate(part, labels, WINDOW)?, whole),
        _ => return promql::outside(expression, &limit.range),
    };
    let whole = format!("({})", rates(whole, labels)?.join(" + "));
    let share = promql::outside(&format!("{part} / {whole}"), &limit.range)?;
    Some(format!("({share}) and {whole} * {} >= {min_events}", GROWING.as_secs()))
}

fn rates(fields: &[&str], labels: &str) -> Option<Vec<String>> {
    fields.iter().map(|field| promql::rate(field, labels, WINDOW)).collect()
}

/// What a check measures, over the series with these labels. Of a share it is the part.
fn measure(check: &Check, labels: &str) -> Option<String> {
    let rates = |fields| rates(fields, labels);
    match check.measure {
        Measure::Field(field) => {
            let fields = std::iter::once(field).chain(check.instead);
            let all: Option<Vec<String>> = fields.map(|field| promql::now(field, labels)).collect();
            Some(promql::first_of(all?.into_iter()))
        }
        Measure::Growth { plus, minus: [], .. } => Some(rates(plus)?.join(" + ")),
        Measure::Growth { plus, minus, .. } => {
            let rest = [rates(plus)?.join(" + "), rates(minus)?.join(" - ")].join(" - ");
            // Differences of rates are not exact: less than one in three hours is none.
            Some(format!("round(clamp_min({rest}, 0), 0.0001)"))
        }
        Measure::Share { part, .. } => promql::rate(part, labels, WINDOW),
        Measure::EndpointTime(endpoint) => Some(of_endpoint("scrape_duration_seconds", endpoint, labels)),
        Measure::Age => None,
    }
}

fn summary(check: &Check, is_share: bool) -> String {
    let (one, many) = (literal(check.one), literal(check.many));
    let what = match check.measure {
        Measure::Field(_) => {
            format!("{{{{ $value }}}} {{{{ if eq $value 1.0 }}}}{one}{{{{ else }}}}{many}{{{{ end }}}}")
        }
        Measure::Growth { .. } if is_share => {
            format!("{many}: {{{{ $value | humanizePercentage }}}} of the {}", literal(check.of))
        }
        // As people write it: 0.44, not 437m.
        Measure::Growth { .. } => format!("{many}: {{{{ printf \"%.2f\" $value }}}}/s"),
        Measure::Share { .. } => format!("{{{{ $value | humanizePercentage }}}} {many}"),
        Measure::EndpointTime(endpoint) => {
            format!("the endpoint {} takes {{{{ $value | humanizeDuration }}}}", endpoint.name())
        }
        Measure::Age => "{{ $value | humanizeDuration }}".to_owned(),
    };
    format!("{WHO}: {what}")
}

/// A template that lists the ids of the rules or resources behind a number.
fn affected(measure: &Measure) -> Option<String> {
    let (Measure::Field(field) | Measure::Growth { plus: [field], .. } | Measure::Share { part: field, .. }) = measure
    else {
        return None;
    };
    let same = format!("deployment_id=\"%s\",{PROFILE_LABEL}=\"%s\"");
    let (query, id) = promql::behind(field, &same, WINDOW)?;
    Some(format!(
        "{{{{ range printf `{query}` $labels.deployment_id $labels.profile | query }}}}{{{{ .Labels.{id} }}}} {{{{ end }}}}"
    ))
}

/// A profile's own check; a clause that says why it cannot be said.
fn own_alert(check: &profile::ProfileCheck, profile: &str) -> Result<Alert, String> {
    let when = &check.when.value;
    let expr = deployment_expr(when).map_err(|error| error.to_string())?;
    let condition = condition(&expr, &own_series(profile))?;
    let rate = expr.needs_rates();
    Ok(Alert {
        name: check.name.value.clone(),
        expr: condition,
        lasting: match (rate, check.severity) {
            (true, Severity::Critical) => (Duration::from_secs(120), "the rate is of 5 min already"),
            (true, Severity::Warning) => (GROWING, "the vendor's advice: growth over 5 min"),
            (false, _) => (Duration::from_secs(60), "one odd scrape is no trouble"),
        },
        severity: check.severity.as_str(),
        summary: format!("{WHO}: {}: {} is {{{{ $value }}}}", literal(&check.name.value), literal(&expr.subject())),
        description: format!("The condition of the profile {} holds: {}.", literal(profile), literal(when)),
        affected: None,
    })
}

fn condition(expr: &Expr, labels: &str) -> Result<String, String> {
    let field = expr.field();
    let (Value::Number(limit, _), false) = (expr.value(), expr.op().is_pattern()) else {
        return Err(format!("PromQL compares numbers alone ({expr})"));
    };
    let value = if expr.needs_rates() { promql::rate(field, labels, WINDOW) } else { promql::now(field, labels) };
    let value = value.ok_or_else(|| format!("only a broker's own endpoint has {field}"))?;
    Ok(format!("{value} {} {limit}", expr.op().sign()))
}

/// `nodes_stopped` as alerts are named: `EmqxNodesStopped`.
fn camel(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    std::iter::once("Emqx".to_owned()).chain(name.split('_').map(word)).collect()
}

/// Text that a template says as it is.
fn literal(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Origin, Sourced};

    fn own(name: &str, when: &str) -> AlertProfile {
        let sourced = |text: &str| Sourced::new(text.to_owned(), Origin::BuiltIn);
        let check = profile::ProfileCheck { name: sourced(name), when: sourced(when), severity: Severity::Warning };
        let policy = Policy::default_checks();
        AlertProfile { name: "prod".to_owned(), min_nodes: 3, policy, checks: vec![check] }
    }

    /// Name, severity, how long, expression.
    fn told(profiles: &[AlertProfile]) -> Vec<String> {
        let told =
            |alert: &Alert| format!("{} {} {} {}", alert.name, alert.severity, alert.lasting.0.as_secs(), alert.expr);
        groups(&Policy::default_checks(), profiles).iter().flat_map(|group| group.alerts.iter().map(told)).collect()
    }

    #[test]
    fn each_default_check_is_a_rule_or_is_named() {
        let policy = Policy::default_checks();
        let groups = groups(&policy, &[]);
        for check in CHECKS {
            let has =
                groups.iter().flat_map(|group| &group.alerts).any(|alert| alert.name.starts_with(&camel(check.name)));
            let named = groups.iter().flat_map(|group| &group.left_out).any(|(name, _)| name == check.name);
            assert!(has != named, "{}", check.name);
        }
    }

    #[test]
    fn thresholds_and_durations_are_those_of_the_checks() {
        let told = told(&[]);
        for expected in [
            "EmqxNodesStopped critical 60 deployment_emqx_metrics_cluster_nodes_stopped > 0",
            "EmqxNodesRunning critical 60 (deployment_emqx_metrics_cluster_nodes_running or deployment_emqx_node_count) < 1",
            "EmqxResourcesDown critical 120 sum without (resource_id) (deployment_emqx_resource_status == bool 0) > 0",
            "EmqxQueueFullDrops warning 300 ((rate(deployment_emqx_metrics_delivery_dropped_queue_full[5m])) / \
             (rate(deployment_emqx_metrics_messages_sent[5m]) + rate(deployment_emqx_metrics_delivery_dropped[5m])) \
             > 0.01) and (rate(deployment_emqx_metrics_messages_sent[5m]) + \
             rate(deployment_emqx_metrics_delivery_dropped[5m])) * 300 >= 50",
            "EmqxEndpointClusterUnreachable critical 60 (up{endpoint=\"cluster\",profile!=\"\"} or up{endpoint=\"\"} \
             and on (job, instance) (last_over_time(deployment_emqx_metrics_cluster_nodes_running[1h]) or \
             last_over_time(deployment_emqx_connections_count[1h]))) == 0",
        ] {
            assert!(told.iter().any(|own| own == expected), "{expected}\n{told:#?}");
        }
        // The warning of what has a critical level holds only below that level.
        let ends = |name: &str, end: &str| told.iter().any(|own| own.starts_with(name) && own.ends_with(end));
        assert!(ends("EmqxEndpointCluster warning 300 ((", " > 10)"), "{told:#?}");
        assert!(ends("EmqxEndpointCluster critical 120 (", " > 10"), "{told:#?}");
        let is_share =
            |own: &String| own.starts_with("EmqxActionFailureShare critical") && own.contains(" > 0.5) and ");
        assert!(told.iter().any(is_share));
    }

    #[test]
    fn a_profile_brings_its_plan_and_its_own_checks() {
        let all = told(&[own("drops {{", "rate(metrics.delivery_dropped) >= 1k")]);
        for expected in [
            "EmqxNodesRunning critical 60 (deployment_emqx_metrics_cluster_nodes_running{profile=\"prod\"} or \
             deployment_emqx_node_count{profile=\"prod\"}) < 3",
            "drops {{ warning 300 rate(deployment_emqx_metrics_delivery_dropped{profile=\"prod\"}[5m]) >= 1000",
        ] {
            assert!(all.iter().any(|own| own == expected), "{expected}\n{all:#?}");
        }
        assert_eq!(all.iter().filter(|own| own.starts_with("EmqxNodesRunning")).count(), 1);
    }

    #[test]
    fn a_profile_s_own_thresholds_are_alerted_by_and_the_others_stay_common() {
        let policy = Policy {
            skip: vec!["rule_exceptions".to_owned()],
            warning: vec![("queue_full_drops".to_owned(), "5".parse().unwrap())],
            mute: vec![("action_failures".to_owned(), "2026-12-24".parse().unwrap())],
            min_events: 7,
            ..Policy::default_checks()
        };
        let profile = AlertProfile { name: "prod".to_owned(), min_nodes: 1, policy, checks: Vec::new() };
        let profiles = [profile];
        let told = told(&profiles);
        let drops = "EmqxQueueFullDrops warning 300 \
                     rate(deployment_emqx_metrics_delivery_dropped_queue_full{profile=\"prod\"}[5m]) > 5";
        assert!(told.iter().any(|own| own == drops), "{told:#?}");
        let muted = |own: &&String| own.starts_with("EmqxActionFailures ");
        assert!(told.iter().find(muted).unwrap().ends_with(") and on() vector(time()) >= 1798156800"), "{told:#?}");
        assert!(told.iter().any(|own| own.contains("profile=\"prod\"") && own.ends_with(" * 300 >= 7")), "{told:#?}");
        assert!(!told.iter().any(|own| own.starts_with("EmqxRuleExceptions")), "{told:#?}");
        assert!(
            rules(&Policy::default_checks(), &profiles)
                .contains("# rule_exceptions is not among them: the profile skips it.")
        );
    }

    #[test]
    fn what_promql_cannot_say_is_named_in_a_comment() {
        let text = rules(&Policy::default_checks(), &[own("vm", "metrics.vm_total_memory > 1")]);
        assert!(text.contains("  # vm is not among them: "), "{text}");
        assert!(text.contains("  # age is not among them: what Prometheus scrapes is never old."), "{text}");
    }
}
