//! Which columns are shown, and how wide.

use super::Column;
use std::cmp::Reverse;

/// A column on the screen.
pub struct Place {
    /// Where it stands in the table.
    pub column: usize,
    pub right: bool,
    pub importance: u8,
    pub can_wrap: bool,
    /// What its widest cell needs.
    pub natural: usize,
    /// What it is meant to have at least.
    pub least: usize,
    /// What it has.
    pub width: usize,
}

/// Between two columns.
pub const GAP: usize = 2;
/// Text in fewer columns than this is no text any more.
const LEAST_WRAPPED: usize = 8;

/// Fits `places` into `width`; without one, each has what it needs.
pub fn arrange(mut places: Vec<Place>, width: Option<usize>) -> Vec<Place> {
    let Some(width) = width else { return places };
    while needed(&places) > width {
        let least = places.iter().enumerate().rev().min_by_key(|(_, place)| place.importance);
        match least {
            Some((index, place)) if place.importance < Column::ESSENTIAL => drop(places.remove(index)),
            _ => break,
        }
    }
    // Where hiding did not do, the widest of those that can be wrapped gives way below the width it was meant to have.
    for _ in width..needed(&places) {
        let wrapped = places.iter_mut().filter(|place| place.can_wrap && place.least > LEAST_WRAPPED);
        let Some(widest) = wrapped.max_by_key(|place| place.least) else { break };
        widest.least -= 1;
    }
    // What is left over goes to wrapped columns, the most important first, up to what they need.
    let mut spare = width.saturating_sub(needed(&places));
    places.iter_mut().for_each(|place| place.width = place.least);
    let mut wanting: Vec<&mut Place> = places.iter_mut().filter(|place| place.width < place.natural).collect();
    wanting.sort_by_key(|place| Reverse(place.importance));
    for place in wanting {
        let more = spare.min(place.natural - place.width);
        place.width += more;
        spare -= more;
    }
    places
}

/// What the columns need at least, with the gaps between them.
fn needed(places: &[Place]) -> usize {
    places.iter().map(|place| place.least + GAP).sum::<usize>().saturating_sub(GAP)
}
