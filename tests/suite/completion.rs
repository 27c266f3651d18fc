//! What the program offers a completion script. The scripts themselves are loaded in real shells by `.ci/completions`.

use crate::harness::Sandbox;

/// The candidates for the last word of `line`, without their descriptions; a trailing blank starts a new word.
fn offers(sandbox: &Sandbox, line: &str) -> Vec<String> {
    let out = sandbox.emqstat(line.split(' ').skip(1)).env("EMQSTAT_COMPLETE", "1").run().ok();
    out.lines().map(|line| line.split('\t').next().unwrap().to_owned()).collect()
}

#[test]
fn a_new_word_is_a_subcommand_first_and_an_option_after_a_dash() {
    let sandbox = Sandbox::new();
    let offered = offers(&sandbox, "emqstat ");
    assert!(offered.contains(&"cluster".to_owned()), "{offered:?}");
    assert!(!offered.iter().any(|word| word.starts_with('-')), "{offered:?}");
    for line in ["emqstat -", "emqstat rules -", "emqstat rules --"] {
        let offered = offers(&sandbox, line);
        assert!(offered.contains(&"--output".to_owned()), "{line}: {offered:?}");
        assert!(offered.iter().all(|word| word.starts_with("--")), "{line}: {offered:?}");
    }
}

#[test]
fn options_that_mean_nothing_are_not_offered() {
    let offered = offers(&Sandbox::new(), "emqstat completions -");
    assert!(!offered.contains(&"--demo".to_owned()), "{offered:?}");
}

#[test]
fn values_are_offered_with_their_option() {
    let sandbox = Sandbox::new();
    assert_eq!(offers(&sandbox, "emqstat rules --output js"), ["json", "jsonl"]);
    assert_eq!(offers(&sandbox, "emqstat rules --output=js"), ["--output=json", "--output=jsonl"]);
    assert_eq!(offers(&sandbox, "emqstat man pro"), ["profile"]);
}

#[test]
fn file_names_are_left_to_the_shell() {
    let sandbox = Sandbox::new();
    for line in ["emqstat --input ", "emqstat cluster --ca-cert=/etc/s", "emqstat --profile-file ~/"] {
        assert_eq!(offers(&sandbox, line), [":files"], "{line}");
    }
}

#[test]
fn columns_are_those_of_the_view() {
    let sandbox = Sandbox::new();
    assert_eq!(offers(&sandbox, "emqstat rules --columns failed,no_"), ["failed,no_result"]);
    assert_eq!(
        offers(&sandbox, "emqstat resources --columns=resource_id,sta"),
        ["--columns=resource_id,status", "--columns=resource_id,status_code"]
    );
    assert_eq!(offers(&sandbox, "emqstat rules --sort actions_f"), ["actions_failed"]);
    assert_eq!(offers(&sandbox, "emqstat rules --sort -actions_f"), ["-actions_failed"]);
    assert_eq!(offers(&sandbox, "emqstat rules --sort=-actions_f"), ["--sort=-actions_failed"]);
    assert_eq!(offers(&sandbox, "emqstat cluster --filter unit"), ["unit"]);
    assert_eq!(offers(&sandbox, "emqstat explain --columns also"), ["also_called"]);
    assert_eq!(offers(&sandbox, "emqstat watch --until resources.d"), ["resources.down"]);
    assert_eq!(offers(&sandbox, "emqstat watch re"), ["resources"]);
    assert!(offers(&sandbox, "emqstat cluster --columns matched").is_empty());
    assert_eq!(offers(&sandbox, "emqstat rules --sort -rate(f"), ["-rate(failed)"]);
    assert_eq!(offers(&sandbox, "emqstat rules --columns rule_id,rate(actions_f"), ["rule_id,rate(actions_failed)"]);
    assert_eq!(offers(&sandbox, "emqstat cluster --columns name,rate"), ["name,rate(value)"]);
    assert!(offers(&sandbox, "emqstat resources --columns rate").is_empty());
}

#[test]
fn checks_are_those_of_the_table() {
    let sandbox = Sandbox::new();
    assert_eq!(offers(&sandbox, "emqstat check --only nodes_st"), ["nodes_stopped"]);
    assert_eq!(offers(&sandbox, "emqstat check --skip age,nodes_"), ["age,nodes_stopped", "age,nodes_running"]);
    assert_eq!(offers(&sandbox, "emqstat check -w queue"), ["queue_full_drops="]);
    assert_eq!(offers(&sandbox, "emqstat check --critical=queue"), ["--critical=queue_full_drops="]);
    assert_eq!(offers(&sandbox, "emqstat check --on-error c"), ["critical"]);
    assert_eq!(offers(&sandbox, "emqstat rules --fail-on actions_f"), ["actions_failed"]);
    assert_eq!(
        offers(&sandbox, "emqstat cluster --warn-on metrics.delivery_dropped_queue"),
        ["metrics.delivery_dropped_queue_full"]
    );
}

#[test]
fn groups_and_metrics_are_those_of_the_catalog() {
    let sandbox = Sandbox::new();
    assert_eq!(offers(&sandbox, "emqstat cluster --group drops,me"), ["drops,messages"]);
    for line in ["emqstat explain delivery_dropped_queue", "emqstat cluster --metric delivery_dropped_queue"] {
        assert_eq!(offers(&sandbox, line), ["delivery_dropped_queue_full"], "{line}");
    }
    assert_eq!(
        offers(&sandbox, "emqstat explain metrics.delivery_dropped_queue"),
        ["metrics.delivery_dropped_queue_full"]
    );
}

#[test]
fn profiles_are_those_of_the_file_that_the_line_names() {
    let sandbox = Sandbox::new();
    let profile = |name: &str| {
        format!(
            "[profiles.{name}]\nendpoint = \"https://{name}.example/api/v5\"\napp_id = \"x\"\napp_secret_env = \"S\"\n"
        )
    };
    sandbox.profiles(&(profile("prod") + &profile("staging")));
    sandbox.write("other.toml", profile("prelude"));
    for line in
        ["emqstat cluster -p pr", "emqstat rules --profile pr", "emqstat profile test pr", "emqstat profile remove pr"]
    {
        assert_eq!(offers(&sandbox, line), ["prod"], "{line}");
    }
    assert_eq!(offers(&sandbox, "emqstat cluster -p staging,pr"), ["staging,prod"]);
    assert_eq!(offers(&sandbox, "emqstat cluster --profile=s"), ["--profile=staging"]);
    for line in ["emqstat --profile-file ~/other.toml cluster -p pr", "emqstat --profile-file=other.toml cluster -p pr"]
    {
        assert_eq!(offers(&sandbox, line), ["prelude"], "{line}");
    }
    assert!(offers(&sandbox, "emqstat profile add pr").is_empty(), "a new profile has a new name");
}

#[test]
fn without_a_profile_file_tab_is_silent() {
    assert!(offers(&Sandbox::new(), "emqstat cluster -p pr").is_empty());
}

#[test]
fn a_name_that_no_profile_may_have_is_not_offered() {
    let sandbox = Sandbox::new();
    let profile = |name: &str| {
        format!(
            "[profiles.\"{name}\"]\nendpoint = \"http://127.0.0.1:1/api/v5\"\napp_id = \"a\"\napp_secret_env = \"S\"\n"
        )
    };
    let names = ["good", "\\u001B[31mred", "two words", "-x", "a\\tb", "a\\nb", "a,b", ""];
    sandbox.profiles(&names.map(profile).concat());
    assert_eq!(offers(&sandbox, "emqstat profile show "), ["good"]);
    assert_eq!(offers(&sandbox, "emqstat rules -p "), ["good"]);
}
