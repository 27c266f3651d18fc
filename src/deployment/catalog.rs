//! The metric catalog: one row a family, the only place that knows names, kinds, units, groups and meanings.
