//! What works, step by step.

use super::*;
use crate::server::DATA_INTEGRATION;
use emqstat::scrape::{Step, diagnose};
use std::io::Read;

type Steps = Vec<(Step, Result<String, String>)>;

fn steps(target: &Target) -> Steps {
    let read = |_, body: &mut dyn Read| io::copy(body, &mut io::sink()).map(|count| format!("{count} bytes"));
    let reports = diagnose(target, &Arc::new(system()), &Endpoint::ALL.map(Endpoint::path), read).unwrap();
    let outcome = |outcome: Result<String, ScrapeError<io::Error>>| match outcome {
        Ok(found) => Ok(found),
        Err(ScrapeError::Transport(error)) => Err(error.to_string()),
        Err(ScrapeError::Content(error)) => Err(error.to_string()),
    };
    reports.into_iter().map(|report| (report.step, outcome(report.outcome))).collect()
}

fn names(steps: &Steps) -> Vec<(Step, bool)> {
    steps.iter().map(|(step, outcome)| (*step, outcome.is_ok())).collect()
}

#[test]
fn everything_that_works_is_a_step() {
    let server = Server::start_tls(["127.0.0.1"]);
    server.on(CLUSTER, [Answer::metrics(BODY)]).on(DATA_INTEGRATION, [Answer::metrics("")]);
    let (target, _ca) = trusting(&server, &server.endpoint());
    let found = steps(&target);
    let expected = [
        (Step::Lookup, "127.0.0.1".to_owned()),
        (Step::Connect, server.address().to_string()),
        (Step::Tls, "certificate valid".to_owned()),
        (Step::SignIn, "APP ID and Secret accepted".to_owned()),
        (Step::Request(Endpoint::Cluster.path()), "10 bytes".to_owned()),
        (Step::Request(Endpoint::DataIntegration.path()), "0 bytes".to_owned()),
    ];
    assert_eq!(found, expected.map(|(step, found)| (step, Ok(found))));
    assert_eq!(server.connections(), 1);
}

#[test]
fn the_first_step_that_fails_is_the_last() {
    let server = Server::start_tls(["127.0.0.1"]);
    let found = steps(&target(&server.endpoint()));
    assert_eq!(names(&found), [(Step::Lookup, true), (Step::Connect, true), (Step::Tls, false)]);

    let server = Server::start();
    server.on(CLUSTER, [Answer::status(401)]);
    let found = steps(&target(&server.endpoint()));
    assert_eq!(names(&found), [(Step::Lookup, true), (Step::Connect, true), (Step::SignIn, false)]);
}

#[test]
fn one_endpoint_may_work_without_the_other() {
    let server = Server::start();
    server.on(DATA_INTEGRATION, [Answer::metrics(BODY)]);
    let found = steps(&target(&server.endpoint()));
    let expected = [
        (Step::Lookup, true),
        (Step::Connect, true),
        (Step::Request(Endpoint::Cluster.path()), false),
        (Step::SignIn, true),
        (Step::Request(Endpoint::DataIntegration.path()), true),
    ];
    assert_eq!(names(&found), expected);
}
