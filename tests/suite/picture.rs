//! The README's picture: the program's own output, painted as SVG. The file is written anew where it is asked for,
//! and else compared word by word; numbers move.

use crate::harness::Sandbox;
use crate::readme::simulate;
use std::fmt::Write;
use std::path::Path;

const COLUMNS: u16 = 100;
/// A character's size in the picture.
const CELL: (usize, usize) = (8, 18);
/// So much of each answer is shown.
const SHOWN: [(&str, usize); 2] = [("cluster", 27), ("rules", 40)];

/// What the program says on a terminal, with the prompt before it.
fn screen() -> String {
    let sandbox = Sandbox::new();
    let _servers = simulate(&sandbox, &["prod"], &["--speed", "0.1"]);
    let mut screen = String::new();
    for (view, lines) in SHOWN {
        let out = sandbox.emqstat([view, "--color", "always"]).terminal(COLUMNS).run().ok();
        writeln!(screen, "\u{1b}[1m$ emqstat {view}\u{1b}[0m").unwrap();
        out.lines().take(lines).for_each(|line| writeln!(screen, "{line}").unwrap());
        screen.push_str(if out.lines().count() > lines { "\u{1b}[2m...\u{1b}[0m\n\n" } else { "\n" });
    }
    screen.trim_end().to_owned()
}

/// The attributes of SVG that stand for a terminal's style.
fn style(codes: &str) -> String {
    let one = |code: &str| match code {
        "1" => r#" font-weight="bold""#,
        "2" => r##" fill="#8b8b8b""##,
        "31" => r##" fill="#ff6b6b""##,
        "32" => r##" fill="#4ec07a""##,
        "35" => r##" fill="#d98cd9""##,
        "0" => "",
        _ => panic!("a style that the picture does not know: {codes}"),
    };
    codes.split(';').map(one).collect()
}

fn svg(screen: &str) -> String {
    let (width, height) = (usize::from(COLUMNS) * CELL.0 + 32, screen.lines().count() * CELL.1 + 32);
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
<title>emqstat cluster and emqstat rules in a terminal</title>
<rect width="{width}" height="{height}" rx="8" fill="#1e1e1e"/>
<g font-family="ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="13" fill="#d4d4d4">
"##
    );
    for (row, line) in screen.lines().enumerate() {
        let mut column = 0;
        // What stands before the first escape has no style of its own.
        for span in format!("\u{1b}[0m{line}").split("\u{1b}[").skip(1) {
            let (codes, text) = span.split_once('m').unwrap();
            let style = style(codes);
            let mut at = column;
            // Blanks side by side would be drawn as one: what they separate is placed by itself.
            for piece in text.split("  ") {
                let shown = piece.trim();
                let (x, y) = (16 + (at + piece.len() - piece.trim_start().len()) * CELL.0, 28 + row * CELL.1);
                let wide = shown.chars().count() * CELL.0;
                let escaped = shown.replace('&', "&amp;").replace('<', "&lt;");
                if !shown.is_empty() {
                    writeln!(svg, r#"<text x="{x}" y="{y}" textLength="{wide}"{style}>{escaped}</text>"#).unwrap();
                }
                at += piece.chars().count() + 2;
            }
            column += text.chars().count();
        }
    }
    svg + "</g>\n</svg>\n"
}

/// The words of a picture, without those that hold a digit and without times.
fn words(svg: &str) -> Vec<&str> {
    let texts = svg.lines().filter(|line| line.starts_with("<text ")).map(|line| {
        let (_, rest) = line.split_once('>').unwrap();
        rest.strip_suffix("</text>").unwrap()
    });
    let texts = texts.filter(|text| !text.starts_with("asked ") && !text.contains("; of prod, "));
    texts.flat_map(str::split_whitespace).filter(|word| !word.contains(|c: char| c.is_ascii_digit())).collect()
}

#[test]
fn generated_picture_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/emqstat.svg");
    let painted = svg(&screen());
    let mut found = std::fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("EMQSTAT_TEST_REFRESH").is_some() && words(&found) != words(&painted) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &painted).unwrap();
        found.clone_from(&painted);
    }
    let refresh = crate::generated::REFRESH;
    assert_eq!(words(&found), words(&painted), "{} is not what the program shows; run: {refresh}", path.display());
}
