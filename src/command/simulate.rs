//! `simulate`: serves a simulated deployment on loopback until it is told to stop.

use crate::cli::{SimulateArgs, UsageError};
use crate::console;
use crate::env;
use crate::exit::Exit;
use crate::files::{self, Readers, WriteError};
use crate::settings;
use crate::signals::{self, SIGINT, SIGTERM};
use crate::simulate::{Credentials, Options, Plan, Server};
use crate::text::{quoted, visible};
use crate::view::Format;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use tempfile::NamedTempFile;

/// Serves, says where and how to sign in, and waits for Ctrl-C (exit 130) or SIGTERM (exit 0).
///
/// # Errors
/// The port is taken, the CA file cannot be written, half of the credentials is in the environment, stdout cannot be written.
pub(super) fn run(args: &SimulateArgs, output: Option<Format>) -> anyhow::Result<Exit> {
    let as_json = match output {
        None | Some(Format::Table) => false,
        Some(Format::Json) => true,
        Some(_) => return Err(UsageError::with_hint("simulate has no such output", "use -o table or -o json").into()),
    };
    let given = settings::simulated_credentials()?.map(|(app_id, app_secret)| Credentials { app_id, app_secret });
    let from_environment = given.is_some();
    let options = Options {
        plan: plan(args),
        port: args.port,
        speed: args.speed,
        credentials: given.unwrap_or_else(|| Credentials::drawn(args.seed)),
        tls: args.tls,
        fail_every: args.fail_every,
    };
    // Before there is anything to clean up.
    let (sender, stop) = mpsc::channel();
    signals::on(&[SIGINT, SIGTERM], move |signal| {
        let _ = sender.send(signal);
    })?;
    let server = Server::start(&options)?;
    let ca_file = server.ca_pem().map(|pem| CaFile::write(args.ca_out.as_deref(), pem)).transpose()?;
    let started = Started {
        schema_version: 1,
        kind: "simulate",
        endpoint: server.endpoint(),
        port: server.address().port(),
        app_id: &options.credentials.app_id,
        app_secret: (!from_environment).then(|| &*options.credentials.app_secret),
        ca_file: ca_file.as_ref().map(|file| file.path().display().to_string()),
        deployment_id: server.deployment_id(),
    };
    let text = if as_json { serde_json::to_string(&started)? + "\n" } else { started.for_a_person(args) };
    let mut stdout = console::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    drop(stdout);
    Ok(if stop.recv() == Ok(SIGTERM) { Exit::Ok } else { Exit::Interrupted })
}

/// The certificate of the authority, in a file that clients are given: one that stays, or one that goes with the server.
enum CaFile {
    Kept(PathBuf),
    Temporary(NamedTempFile),
}

impl CaFile {
    fn write(kept: Option<&Path>, pem: &str) -> Result<CaFile, WriteError> {
        let refused =
            |path: &Path, source| WriteError { what: format!("the CA certificate to {}", path.display()), source };
        if let Some(path) = kept {
            // Whoever reads where it is may stand elsewhere.
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            files::create(&path, pem, Readers::Usual, true).map_err(|error| refused(&path, error))?;
            return Ok(CaFile::Kept(path));
        }
        let file = tempfile::Builder::new().prefix("emqstat-simulate-ca-").suffix(".pem").tempfile();
        file.and_then(|mut file| file.write_all(pem.as_bytes()).map(|()| CaFile::Temporary(file)))
            .map_err(|error| refused(&std::env::temp_dir(), error))
    }

    fn path(&self) -> &Path {
        match self {
            CaFile::Kept(path) => path,
            CaFile::Temporary(file) => file.path(),
        }
    }
}

fn plan(args: &SimulateArgs) -> Plan {
    Plan {
        seed: args.seed,
        rules: args.rules,
        resources: args.resources,
        nodes: args.nodes,
        outage: args.outage,
        node_outage: args.node_outage,
        history: args.history,
        deployment_id: args.deployment_id.clone(),
        faults: args.fault.clone(),
    }
}

/// What `-o json` prints, on one line, once the server answers.
#[derive(Serialize)]
struct Started<'a> {
    schema_version: u32,
    kind: &'static str,
    endpoint: String,
    port: u16,
    app_id: &'a str,
    /// `null` where it came from the environment: it may be that of a real deployment.
    app_secret: Option<&'a str>,
    ca_file: Option<String>,
    deployment_id: String,
}

impl Started<'_> {
    fn for_a_person(&self, args: &SimulateArgs) -> String {
        let SimulateArgs { rules, resources, nodes, seed, speed, .. } = args;
        let secret = self.app_secret.unwrap_or("(that of EMQSTAT_APP_SECRET)");
        let mut rows = vec![("endpoint", &*self.endpoint), ("app id", self.app_id), ("app secret", secret)];
        rows.extend(self.ca_file.as_deref().map(|file| ("CA file", file)));
        let about = format!(
            "{} (rules: {rules}, resources: {resources}, nodes: {nodes}, seed: {seed}, speed: {speed})",
            self.deployment_id
        );
        rows.push(("deployment", &about));
        let rows: String = rows.iter().map(|(name, value)| format!("  {name:<12}{}\n", visible(value))).collect();

        let mut exports = vec![(env::ENDPOINT, &*self.endpoint)];
        if let Some(secret) = self.app_secret {
            exports.extend([(env::APP_ID, self.app_id), (env::APP_SECRET, secret)]);
        }
        exports.extend(self.ca_file.as_deref().map(|file| (env::CA_CERT, file)));
        let exports: String =
            exports.iter().map(|(name, value)| format!("  export {name}={}\n", quoted(value))).collect();
        format!(
            "A simulated deployment answers on loopback until Ctrl-C.\n\n{rows}\n\
             In a second terminal:\n\n{exports}  emqstat cluster\n  emqstat rules\n"
        )
    }
}
