//! The endpoints of a deployment's metrics API.

use crate::profile::{CLUSTER_PATH, DATA_INTEGRATION_PATH};

/// One of the endpoints of the platform's metrics API (vendor's page).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    Cluster,
    DataIntegration,
}

impl Endpoint {
    /// Every endpoint, in the order in which they are asked and told of.
    pub const ALL: [Endpoint; 2] = [Endpoint::Cluster, Endpoint::DataIntegration];

    /// In words: the value of labels, and a part of the names of checks.
    pub fn name(self) -> &'static str {
        match self {
            Endpoint::Cluster => "cluster",
            Endpoint::DataIntegration => "data_integration",
        }
    }

    /// What follows the API address.
    pub fn path(self) -> &'static str {
        match self {
            Endpoint::Cluster => CLUSTER_PATH,
            Endpoint::DataIntegration => DATA_INTEGRATION_PATH,
        }
    }
}

/// Something for each endpoint, or for some of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerEndpoint<T>([Option<T>; Endpoint::ALL.len()]);

impl<T> PerEndpoint<T> {
    /// Asks `of` about each endpoint.
    pub fn from_fn(of: impl FnMut(Endpoint) -> Option<T>) -> PerEndpoint<T> {
        PerEndpoint(Endpoint::ALL.map(of))
    }

    pub fn get(&self, endpoint: Endpoint) -> Option<&T> {
        self.0[endpoint as usize].as_ref()
    }

    /// The place of `endpoint`, to be filled, changed or emptied.
    pub fn slot(&mut self, endpoint: Endpoint) -> &mut Option<T> {
        &mut self.0[endpoint as usize]
    }

    /// Takes over what only `other` has.
    pub fn complete(&mut self, other: PerEndpoint<T>) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = own.take().or(other);
        }
    }

    /// Those that are there, in the order of [`Endpoint::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Endpoint, &T)> {
        Endpoint::ALL.into_iter().zip(&self.0).filter_map(|(endpoint, value)| Some((endpoint, value.as_ref()?)))
    }

    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flatten()
    }
}

impl<T> Default for PerEndpoint<T> {
    fn default() -> PerEndpoint<T> {
        PerEndpoint::from_fn(|_| None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_listed_in_the_order_of_their_slots() {
        for (at, endpoint) in Endpoint::ALL.into_iter().enumerate() {
            assert_eq!(endpoint as usize, at);
        }
    }

    #[test]
    fn those_that_are_there_are_listed_with_their_endpoint() {
        let second = PerEndpoint::from_fn(|endpoint| (endpoint == Endpoint::DataIntegration).then_some(7));
        assert_eq!(second.iter().collect::<Vec<_>>(), [(Endpoint::DataIntegration, &7)]);
        assert_eq!(second.values().collect::<Vec<_>>(), [&7]);
    }
}
