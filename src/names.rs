//! Names that people type: the ones they may have meant, and patterns with `*` and `?`.

/// Those of `candidates` that `word` is most likely a slip of the keyboard or a part of, the likeliest first; at most three.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_ascii_lowercase();
    let far = word.chars().count() / 3 + 1;
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = edits(&word, &candidate.to_ascii_lowercase());
            // A part that was typed right is nearer than another name with as many edits.
            let part = word.len() >= 4 && candidate.to_ascii_lowercase().contains(&word);
            (part || distance <= far).then_some((if part { distance.min(far) } else { distance }, candidate))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

/// How many characters have to be put in, taken out, changed or swapped with their neighbour to make one of the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, x) in a.chars().enumerate() {
        let mut now = Vec::with_capacity(last.len());
        now.push(row + 1);
        let at = |line: &[usize], i: usize| line.get(i).copied().unwrap_or(usize::MAX - 1);
        for (i, &y) in b.iter().enumerate() {
            let changed = at(&last, i) + usize::from(x != y);
            let mut least = changed.min(at(&last, i + 1) + 1).min(at(&now, i) + 1);
            let swapped = i > 0 && previous == Some(y) && b.get(i - 1) == Some(&x);
            if swapped {
                least = least.min(at(&before, i - 1) + 1);
            }
            now.push(least);
        }
        before = std::mem::replace(&mut last, now);
        previous = Some(x);
    }
    last.last().copied().unwrap_or(0)
}

/// Whether `text` matches `pattern`, in which `*` stands for any characters and `?` for one. Letter case does not count.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // Where the last star stood: what follows it, and the text that is left once it has taken one character more.
    let mut star: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let (before, rest) = (pattern.clone(), text.clone());
        match (pattern.next(), text.next()) {
            (Some('*'), _) => {
                text = rest.clone();
                star = Some((pattern.clone(), rest));
                continue;
            }
            (None, None) => return true,
            (Some('?'), Some(_)) => continue,
            (Some(p), Some(t)) if p.eq_ignore_ascii_case(&t) => continue,
            _ => drop((before, rest)),
        }
        let Some((after, taken)) = &mut star else { return false };
        if taken.next().is_none() {
            return false;
        }
        pattern = after.clone();
        text = taken.clone();
    }
}

/// Whether `text` is a pattern rather than a name.
pub fn is_pattern(text: &str) -> bool {
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
    fn edits_are_counted_as_people_make_them() {
        for (a, b, count) in
            [("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abd", 1), ("abc", "acb", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(edits(a, b), count, "{a} {b}");
            assert_eq!(edits(b, a), count, "{b} {a}");
        }
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
