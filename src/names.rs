//! Names that people type: the ones they may have meant, and patterns with `*` and `?`.

/// Those of `candidates` that `word` is most likely a slip of the keyboard or a part of, the likeliest first; at most three.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_ascii_lowercase();
    let far = word.chars().count() / 3 + 1;
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let lower = candidate.to_ascii_lowercase();
            let edits = strsim::osa_distance(&word, &lower);
            // A part that was typed right is nearer than another name with as many edits.
            let part = word.len() >= 4 && lower.contains(&word);
            (part || edits <= far).then_some((if part { edits.min(far) } else { edits }, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

/// Whether `text` matches `pattern`, in which `*` stands for any characters and `?` for one. Letter case does not count.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What follows the last star, and the text that is left once the star has taken one character more.
    let mut star = None;
    loop {
        let rest = text.clone();
        match (pattern.next(), text.next()) {
            (Some('*'), _) => {
                star = Some((pattern.clone(), rest.clone()));
                text = rest;
            }
            (None, None) => return true,
            (Some(p), Some(t)) if p == '?' || p.eq_ignore_ascii_case(&t) => {}
            _ => {
                let Some((after, taken)) = &mut star else { return false };
                if taken.next().is_none() {
                    return false;
                }
                (pattern, text) = (after.clone(), taken.clone());
            }
        }
    }
}

/// Whether `text` is a pattern rather than a name.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] =
        ["messages_received", "messages_retained", "delivery_dropped", "delivery_dropped_queue_full", "status"];

    #[test]
    fn slips_are_recognised() {
        assert_eq!(closest("message_recieved", NAMES).first(), Some(&"messages_received"));
        assert_eq!(closest("statsu", NAMES), ["status"]);
        assert_eq!(closest("Status", NAMES), ["status"]);
        assert_eq!(closest("queue_full", NAMES), ["delivery_dropped_queue_full"]);
        assert_eq!(closest("temperature", NAMES), [""; 0]);
        assert_eq!(closest("", NAMES), [""; 0]);
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, text, expected) in [
            ("*drop*", "delivery_dropped", true),
            ("delivery", "delivery_dropped", false),
            ("delivery*", "delivery_dropped", true),
            ("*_?ropped", "delivery_dropped", true),
            ("?", "", false),
            ("*", "", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-d", false),
            ("QoS?", "qos1", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
