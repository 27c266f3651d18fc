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
/// below them. A panel that does not fit into its line begins the next.
pub(super) fn place(sizes: &[(u32, u32)], top: u32) -> (Vec<GridPos>, u32) {
    let (mut places, mut x, mut y, mut tallest) = (Vec::new(), 0, top, 0);
    for &(w, h) in sizes {
        let w = w.clamp(1, WIDTH);
        if x + w > WIDTH {
            (x, y, tallest) = (0, y + tallest, 0);
        }
        places.push(GridPos { x, y, w, h });
        x += w;
        tallest = tallest.max(h);
    }
    (places, y + tallest)
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
