//! What is asked of a person at a terminal.

use crate::harness::Sandbox;
use crate::terminal::Terminal;

const GOOD: &str = "https://mq.example:8443/api/v5\r";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";
const CTRL_U: &str = "\u{15}";
const BACKSPACE: &str = "\u{7f}";

fn adding(sandbox: &Sandbox) -> Terminal {
    Terminal::start(sandbox.emqstat(["profile", "add", "prod"]))
}

#[test]
fn a_profile_is_asked_for_and_its_secret_is_not_shown() {
    let sandbox = Sandbox::new();
    let mut terminal = adding(&sandbox);
    terminal.expect("Endpoint (https://HOST:8443/api/v5): ");
    terminal.press("mq.example:8443\r");
    terminal.expect("the address has no scheme (did you mean 'https://mq.example:8443'?)");
    terminal.expect("Endpoint (https://HOST:8443/api/v5): ");
    terminal.press("http://mq.example/api/v5\r");
    terminal.expect("http://mq.example/api/v5 is plain http");
    terminal.expect("Endpoint (https://HOST:8443/api/v5): ");
    terminal.press("https://mq.example:8443/api/v5/deployment_metrics\r");
    terminal.expect("APP ID: ");
    terminal.press("a:b\r");
    terminal.expect("this holds a ':'");
    terminal.expect("APP ID: ");
    terminal.press(" b4f8 \r");
    terminal.expect("APP Secret (not shown): ");
    terminal.press("\r");
    terminal.expect("The secret is empty.");
    terminal.expect("APP Secret (not shown): ");
    terminal.press(&format!("wrong{CTRL_U}hunter33{BACKSPACE}{BACKSPACE}2\r"));
    let (code, stdout, shown) = terminal.end();
    assert_eq!((code, shown.as_str()), (0, "\r\n"));
    let path = sandbox.profile_file();
    assert_eq!(
        stdout,
        format!(
            "Added profile 'prod', the default, in {}.\nSee whether it works: emqstat profile test prod\n",
            path.display()
        )
    );
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        "default = \"prod\"\n\n[profiles.prod]\nendpoint = \"https://mq.example:8443/api/v5\"\napp_id = \"b4f8\"\n\
         app_secret = \"hunter2\"\n"
    );
}

#[test]
fn everything_may_be_pasted_at_once() {
    let sandbox = Sandbox::new();
    let mut terminal = adding(&sandbox);
    terminal.expect("Endpoint");
    terminal.press(&format!("{GOOD}b4f8\rhunter2\r"));
    terminal.expect("APP Secret (not shown): ");
    let (code, _, shown) = terminal.end();
    assert_eq!((code, shown.as_str()), (0, "\r\n"));
    assert!(std::fs::read_to_string(sandbox.profile_file()).unwrap().contains("\"hunter2\""));
}

#[test]
fn what_is_given_is_not_asked_for() {
    let sandbox = Sandbox::new();
    let call = sandbox.emqstat(["profile", "add", "prod", "--endpoint", "https://mq.example", "--app-id", "x"]);
    let mut terminal = Terminal::start(call.arg("--secret-stdin"));
    terminal.expect("APP Secret (not shown): ");
    terminal.press("hunter2\r");
    let (code, _, shown) = terminal.end();
    assert_eq!((code, shown.as_str()), (0, "\r\n"));
}

#[test]
fn a_stop_gives_the_terminal_back_and_what_goes_on_asks_on() {
    let sandbox = Sandbox::new();
    for signal in ["TSTP", "STOP"] {
        let mut terminal = adding(&sandbox);
        terminal.expect("Endpoint");
        terminal.signal(signal);
        terminal.wait_for_stop();
        assert!(signal == "STOP" || terminal.is_as_before());
        terminal.restore();
        terminal.signal("CONT");
        terminal.wait_until_taken();
        terminal.press(CTRL_C);
        assert_eq!(terminal.end().0, 130, "{signal}");
    }
    let mut terminal = adding(&sandbox);
    terminal.expect("Endpoint");
    terminal.signal("QUIT");
    assert_eq!(terminal.end().0, 130);
}

#[test]
fn ctrl_c_leaves_the_terminal_as_it_was_and_no_file() {
    for steps in [0, 1, 2] {
        let sandbox = Sandbox::new();
        let mut terminal = adding(&sandbox);
        for (prompt, answer) in [("v5): ", GOOD), ("APP ID: ", "b4f8\r")].into_iter().take(steps) {
            terminal.expect(prompt);
            terminal.press(answer);
        }
        terminal.expect(["v5): ", "APP ID: ", "shown): "][steps]);
        terminal.press(&format!("half{CTRL_C}"));
        let (code, stdout, shown) = terminal.end();
        assert_eq!((code, stdout.as_str()), (130, ""));
        assert!(!shown.contains("error"), "{shown}");
        assert!(!sandbox.profile_file().exists());
    }
}

#[test]
fn a_signal_leaves_the_terminal_as_it_was() {
    for signal in ["INT", "TERM", "HUP"] {
        let sandbox = Sandbox::new();
        let mut terminal = adding(&sandbox);
        terminal.expect("v5): ");
        terminal.signal(signal);
        assert_eq!(terminal.end().0, 130, "{signal}");
    }
}

#[test]
fn a_terminal_that_is_closed_is_not_waited_for() {
    let sandbox = Sandbox::new();
    let mut terminal = adding(&sandbox);
    terminal.expect("v5): ");
    assert_eq!(terminal.hang_up(), 64);
    assert!(!sandbox.profile_file().exists());
}

#[test]
fn ctrl_d_says_that_nothing_was_entered() {
    let sandbox = Sandbox::new();
    let mut terminal = Terminal::start(sandbox.emqstat(["profile", "add", "prod"]).env("NO_COLOR", "1"));
    terminal.expect("v5): ");
    terminal.press(CTRL_D);
    terminal.expect("error: ");
    let (code, _, shown) = terminal.end();
    assert_eq!((code, shown.as_str()), (64, "nothing was entered\r\n"));
}

#[test]
fn removing_is_confirmed() {
    let sandbox = Sandbox::new();
    let path = sandbox.profiles("[profiles.p]\nendpoint = \"https://h\"\napp_id = \"i\"\napp_secret_env = \"X\"\n");
    for (answer, left) in [("\r", true), ("n\r", true), ("yes\r", false)] {
        let mut terminal = Terminal::start(sandbox.emqstat(["profile", "remove", "p"]));
        terminal.expect(&format!("Remove profile 'p' from {}? [y/N] ", path.display()));
        terminal.press(answer);
        assert_eq!(terminal.end().0, 0);
        assert_eq!(std::fs::read_to_string(&path).unwrap().contains("profiles.p"), left, "{answer}");
    }
}
