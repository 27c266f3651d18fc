//! `export prometheus`.

use super::write;
use super::{chosen, label};
use crate::cli::PrometheusArgs;
use crate::exit::Exit;
use crate::export::{self, Alerting, Credential, Job};
use crate::files::Readers;
use crate::profile::{Resolved, SecretSource};
use crate::settings::Settings;
use crate::text::quoted;
use std::path::{Path, PathBuf};

/// Prints or writes it.
///
/// # Errors
/// A profile that is not in order, a secret that cannot be had, a file that cannot be written.
pub(super) fn run(args: &PrometheusArgs, settings: &Settings) -> anyhow::Result<Exit> {
    let deployments = chosen(settings)?;
    if args.file_sd {
        let jobs = jobs(&deployments, |resolved| file_of(resolved, args, settings))?;
        write::write(&args.out, "emqx-targets.json", &export::targets(&jobs), Readers::Usual)?;
        return Ok(Exit::Ok);
    }
    deployments.iter().flat_map(Resolved::warnings).for_each(|warning| settings.console.caution(&warning));
    let jobs = jobs(&deployments, |resolved| {
        if args.inline_secrets {
            Ok(Credential::Inline(secret(resolved, settings)?.app_secret))
        } else {
            file_of(resolved, args, settings)
        }
    })?;
    let alerting = args.full.then_some(Alerting { rules: &args.rules, alertmanager: &args.alertmanager });
    let text = export::scrape_configuration(&jobs, args.interval, alerting);
    let name = if args.full { "prometheus.yml" } else { "emqx-scrape.yml" };
    if args.write_secrets {
        write_secrets(&deployments, args, settings)?;
    }
    write::write(&args.out, name, &text, if args.inline_secrets { Readers::Owner } else { Readers::Usual })?;
    Ok(Exit::Ok)
}

fn jobs(
    deployments: &[Resolved],
    credential: impl Fn(&Resolved) -> anyhow::Result<Credential>,
) -> anyhow::Result<Vec<Job>> {
    let job = |resolved: &Resolved| {
        let mut connect = resolved.connect.connect();
        connect.ca_cert = connect.ca_cert.map(std::path::absolute).transpose()?;
        Ok(Job {
            name: label(resolved),
            endpoint: resolved.endpoint.value.clone(),
            app_id: resolved.app_id.value.clone(),
            credential: credential(resolved)?,
            connect,
        })
    };
    deployments.iter().map(job).collect()
}

fn secret(resolved: &Resolved, settings: &Settings) -> anyhow::Result<crate::profile::Target> {
    resolved.target(settings.environment).map_err(super::told)
}

/// The file that Prometheus reads the secret from: the profile's own, or one that emqstat makes.
fn file_of(resolved: &Resolved, args: &PrometheusArgs, settings: &Settings) -> anyhow::Result<Credential> {
    if let Some(own) = own_file(resolved) {
        return Ok(Credential::File { path: std::path::absolute(own)?, made_by: None });
    }
    let path = std::path::absolute(made_file(resolved, args))?;
    let made_by = (!args.write_secrets).then(|| {
        let which = match &resolved.profile {
            Some(name) => format!("-p {}", quoted(name)),
            None => format!("--endpoint {}", quoted(&resolved.endpoint.value.to_string())),
        };
        let file = settings.selection.profile_file.as_ref();
        let file = file.map(|file| format!("--profile-file {} ", quoted(&file.display().to_string())));
        let folder = path.parent().unwrap_or(Path::new("/")).display().to_string();
        let folder = quoted(&folder);
        format!(
            "emqstat export prometheus {}{which} --secrets {folder} --write-secrets > /dev/null",
            file.unwrap_or_default()
        )
    });
    Ok(Credential::File { path, made_by })
}

fn own_file(resolved: &Resolved) -> Option<&Path> {
    match &resolved.app_secret.value {
        SecretSource::File(path) => Some(path),
        SecretSource::Inline(_) | SecretSource::Env(_) | SecretSource::Command(_) => None,
    }
}

fn made_file(resolved: &Resolved, args: &PrometheusArgs) -> PathBuf {
    // An address can hold characters that file names had better not.
    let name: String =
        label(resolved).chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    args.secrets.join(format!("{name}.secret"))
}

fn write_secrets(deployments: &[Resolved], args: &PrometheusArgs, settings: &Settings) -> anyhow::Result<()> {
    for resolved in deployments.iter().filter(|resolved| own_file(resolved).is_none()) {
        let target = secret(resolved, settings)?;
        write::file(&made_file(resolved, args), target.app_secret.expose(), Readers::Owner, args.out.force)?;
    }
    Ok(())
}
