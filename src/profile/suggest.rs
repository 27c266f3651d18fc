//! What somebody may have meant.

/// `did you mean 'timeout'?` where one of `known` is near to what was written.
pub fn did_you_mean<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let lower = written.to_lowercase();
    // A third of the letters may be wrong, and always one: `prdo` is near `prod`, `x` is near nothing long.
    let allowed = (lower.chars().count() / 3).max(1);
    let near = known.map(|word| (strsim::damerau_levenshtein(&lower, &word.to_lowercase()), word));
    let best = near.filter(|(distance, word)| *distance <= allowed && *distance < word.chars().count()).min()?;
    Some(format!("did you mean '{}'?", best.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_offered_and_far_ones_are_not() {
        let known = ["prod", "staging", "p"];
        let offer = |written| did_you_mean(written, known.into_iter());
        assert_eq!(offer("prdo").as_deref(), Some("did you mean 'prod'?"));
        assert_eq!(offer("Staging-").as_deref(), Some("did you mean 'staging'?"));
        assert_eq!(offer("x"), None);
        assert_eq!(offer("production"), None);
    }
}
