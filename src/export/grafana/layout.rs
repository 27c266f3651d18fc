//! Where panels stand: in lines from left to right, none over another.

use serde::Serialize;

/// The width of Grafana's grid.
pub(super) const WIDTH: u32 = 24;

/// Where a panel stands in the grid, and its size.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct GridPos {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

/// The places of panels of these sizes (width, height), in their order, from the line `top` on; and the first free line
/// below them. A panel that does not fit into its line begins the next; a line that is not full is stretched over the grid.
pub(super) fn place(sizes: &[(u32, u32)], top: u32) -> (Vec<GridPos>, u32) {
    let (mut places, mut y): (Vec<GridPos>, u32) = (Vec::new(), top);
    let mut line: Vec<(u32, u32)> = Vec::new();
    let mut put = |line: &mut Vec<(u32, u32)>| {
        let used: u32 = line.iter().map(|(w, _)| w).sum();
        let (mut x, mut tallest) = (0, 0);
        for (at, (w, h)) in line.iter().enumerate() {
            // The last one takes what rounding left over.
            let is_last = at + 1 == line.len();
            let w = if is_last { WIDTH - x } else { w * WIDTH / used };
            places.push(GridPos { x, y, w, h: *h });
            x += w;
            tallest = tallest.max(*h);
        }
        y += tallest;
        line.clear();
    };
    for &(w, h) in sizes {
        let w = w.clamp(1, WIDTH);
        if line.iter().map(|(w, _)| w).sum::<u32>() + w > WIDTH {
            put(&mut line);
        }
        line.push((w, h));
    }
    put(&mut line);
    (places, y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_overlaps_or_sticks_out(sizes in prop::collection::vec((1..=30u32, 1..=12u32), 0..40), top in 0..50u32) {
            let (places, below) = place(&sizes, top);
            prop_assert_eq!(places.len(), sizes.len());
            for line in places.chunk_by(|a, b| a.y == b.y) {
                prop_assert_eq!(line.iter().map(|place| place.w).sum::<u32>(), WIDTH, "no line has a gap");
            }
            for (index, a) in places.iter().enumerate() {
                prop_assert!(a.x + a.w <= WIDTH && a.y >= top && a.y + a.h <= below);
                for b in places.iter().skip(index + 1) {
                    let apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
                    prop_assert!(apart, "{a:?} {b:?}");
                }
            }
        }
    }
}
