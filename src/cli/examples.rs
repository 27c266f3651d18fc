//! Command lines worth showing: help and man pages print them, and each of them is one that can be typed.

use clap::Command;

/// What for, and the lines to type.
pub type Example = (&'static str, &'static str);

/// The examples of a command, by its path below the program.
pub fn examples(path: &[&str]) -> &'static [Example] {
    match path {
        [] => &[
            ("See a simulated deployment, without credentials:", "emqstat --demo cluster"),
            ("Set up a deployment, then see it:", "emqstat profile add prod"),
            (
                "Show the rules whose actions failed, the worst first:",
                "emqstat rules --filter 'actions_failed > 0' --sort -action_failure_share",
            ),
            (
                "Hand one number to a script:",
                "emqstat cluster -o json | jq '.deployments[0].metrics.messages_received'",
            ),
        ],
        ["deployments"] => &[
            ("Every profile, those in trouble first:", "emqstat deployments"),
            ("The busiest ones:", "emqstat deployments --sort -received_rate --limit 10"),
            ("Those that are not well, as CSV:", "emqstat deployments --filter 'status != ok' -o csv"),
            ("Gate a job on all of them:", "emqstat deployments --fail-on 'status == critical'"),
        ],
        ["cluster"] => &[
            ("Two deployments, one after the other:", "emqstat cluster -p prod,staging"),
            ("Every counter of drops:", "emqstat cluster --metric '*dropped*'"),
            ("What is being dropped right now:", "emqstat cluster --window 10s --group drops"),
            ("A spreadsheet of all metrics:", "emqstat cluster -o csv > cluster.csv"),
        ],
        ["rules"] => &[
            (
                "The rules whose actions failed, the worst first:",
                "emqstat rules --filter 'actions_failed > 0' --sort -action_failure_share",
            ),
            ("Three columns of one rule:", "emqstat rules rule-3394ce25 --columns rule_id,matched,passed"),
            (
                "The rules whose actions fail now, the worst first:",
                "emqstat rules --window 10s --filter 'rate(actions_failed) > 0' --sort '-rate(actions_failed)'",
            ),
            ("A line a rule, for grep:", "emqstat rules -o jsonl | grep '\"status\":\"disabled\"'"),
        ],
        ["resources"] => &[
            ("What is down, in every deployment:", "emqstat resources --all-profiles --filter 'status != connected'"),
            (
                "The names of all HTTP resources:",
                "emqstat resources --filter 'type == http' --columns name --no-headers",
            ),
        ],
        ["check"] => &[
            ("Gate a CI job:", "emqstat check -p prod"),
            (
                "Judge a minute, and take some drops for normal:",
                "emqstat check --window 1m -w other_drops=10 -c other_drops=100",
            ),
            ("Only what one look can tell, at once:", "emqstat check --window 0 --only nodes_stopped,resources_down"),
            ("For Nagios, Icinga and their like:", "emqstat check -p prod -o nagios --on-error critical"),
            (
                "The names of what is wrong, for a script:",
                "emqstat check -o json |\n  jq -r '.deployments[].health.checks[] | select(.status == \"critical\") | .name'",
            ),
        ],
        ["watch"] => &[
            ("Everything at a glance, on a full screen:", "emqstat watch"),
            ("The rules, every second:", "emqstat watch rules --interval 1s"),
            (
                "Wait in a script until all resources are connected, two minutes at most:",
                "emqstat watch --until 'resources.down == 0' --deadline 2m -o jsonl > /dev/null",
            ),
            ("Healthy for half a minute after a deploy:", "emqstat watch --until healthy --for 30s --deadline 10m"),
            (
                "Messages per second, as they come:",
                "emqstat watch cluster -o jsonl |\n  jq '.deployments[0].rates.metrics.messages_received'",
            ),
        ],
        ["scrape"] => &[
            (
                "Save what the cluster endpoint says, and read it again:",
                "emqstat scrape cluster > cluster.prom\nemqstat cluster --input cluster.prom",
            ),
            (
                "The names of all families of any Prometheus text:",
                "emqstat scrape --input node.prom -o json | jq -r '.scrapes[].families[].name'",
            ),
        ],
        ["profile", "add"] => &[
            ("Be asked for address, APP ID and APP Secret:", "emqstat profile add prod"),
            (
                "Take the secret from a password manager, once:",
                "pass show emqx/prod |\n  emqstat profile add prod --secret-stdin --app-id b4f8e0 \\\n    --endpoint https://emqx.example.com:8443/api/v5",
            ),
            (
                "Take it from there at each run:",
                "emqstat profile add prod --app-id b4f8e0 \\\n  --endpoint https://emqx.example.com:8443/api/v5 \\\n  --app-secret-command pass show emqx/prod",
            ),
        ],
        ["profile", "test"] => &[("Find out why a deployment does not answer:", "emqstat profile test prod")],
        ["explain"] => &[
            ("What a metric counts, and what a rise means:", "emqstat explain delivery_dropped_queue_full"),
            ("Every metric about authentication:", "emqstat explain '*authentication*'"),
        ],
        ["export"] => &[(
            "All that Prometheus and Grafana need, in this folder:",
            "emqstat export prometheus --full --secrets secrets --write-secrets -O .\nemqstat export alerts -O .\nemqstat export grafana -O .",
        )],
        ["export", "prometheus"] => &[
            ("Jobs to paste below scrape_configs:", "emqstat export prometheus -p prod,staging"),
            (
                "A whole configuration, with the secrets in files beside it:",
                "emqstat export prometheus --full --secrets secrets --write-secrets -O prometheus.yml",
            ),
            ("Targets for file_sd_configs:", "emqstat export prometheus --all-profiles --file-sd"),
        ],
        ["export", "grafana"] => &[("A file to import:", "emqstat export grafana -O emqx-dashboard.json")],
        ["export", "alerts"] => &[(
            "Into the file that the configuration names:",
            "emqstat export alerts --all-profiles -O emqx-alerts.yml",
        )],
        ["simulate"] => &[
            ("A deployment to play with; it prints what to type in a second terminal:", "emqstat simulate"),
            (
                "An hour each minute, over TLS, for a Prometheus to scrape:",
                "emqstat simulate --speed 60 --tls --ca-out ca.pem",
            ),
            (
                "A resource that is down from the 10th second to the 30th, on a free port, told to a script:",
                "emqstat simulate --outage 10s+20s --port 0 -o json",
            ),
        ],
        ["completions"] => &[
            ("bash:", "emqstat completions bash > ~/.local/share/bash-completion/completions/emqstat"),
            ("zsh, in a folder of $fpath:", "emqstat completions zsh > ~/.zfunc/_emqstat"),
            ("fish:", "emqstat completions fish > ~/.config/fish/completions/emqstat.fish"),
        ],
        ["man"] => &[("Read a page without installing it:", "emqstat man rules | man -l -")],
        _ => &[],
    }
}

/// Puts a command's examples at the end of its long help.
pub(super) fn show(command: Command, path: &[&str]) -> Command {
    let mut text = String::new();
    for (purpose, lines) in examples(path) {
        text.push_str(&format!("\n  {purpose}"));
        text.extend(lines.lines().map(|line| format!("\n    {line}")));
    }
    if text.is_empty() { command } else { command.after_long_help(format!("Examples:{text}")) }
}

/// The same for a subcommand of the program and those below it.
pub(super) fn show_below(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = show(command, &[&name]);
    command.mut_subcommands(|sub| {
        let own = sub.get_name().to_owned();
        let path = [name.as_str(), own.as_str()];
        show(sub, &path)
    })
}
