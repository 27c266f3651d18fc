//! How to connect: the settings, and the layers that they come from.

use super::environment::Environment;
use super::section::Section;
use super::setting::{Setting, SettingValue};
use super::{Error, Origin, Sourced};
use crate::env;
use std::path::PathBuf;
use std::time::Duration;

/// Defines each setting once: its key in the profile file, type, built-in value and variable. From this list come the
/// structs with a field for each setting, and all that is done with every one of them.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $key:ident: $type:ty = $built_in:expr, $variable:expr;)+) => {
        /// How to connect.
        #[derive(Debug, Clone)]
        pub struct Connect { $($(#[doc = $doc])+ pub $key: $type,)+ }

        /// What is built in.
        impl Default for Connect {
            fn default() -> Connect {
                Connect { $($key: $built_in,)+ }
            }
        }

        /// How to connect as flags, environment, a profile or `[defaults]` have it: `None` where that says nothing.
        #[derive(Debug, Clone, Default)]
        pub struct ConnectLayer { $(pub $key: Option<Sourced<$type>>,)+ }

        /// How to connect, and where each value came from.
        #[derive(Debug, Clone)]
        pub struct SourcedConnect { $(pub $key: Sourced<$type>,)+ }

        /// The keys of the profile file.
        pub(super) const KEYS: &[&str] = &[$(stringify!($key)),+];

        impl ConnectLayer {
            /// What the environment says.
            ///
            /// # Errors
            /// A variable that does not hold what its flag takes.
            pub fn of_environment(environment: Environment<'_>) -> Result<ConnectLayer, Error> {
                Ok(ConnectLayer { $($key: environment.setting($variable)?,)+ })
            }

            /// What a table of the profile file says.
            pub(super) fn of_section(section: &Section<'_>) -> Result<ConnectLayer, Error> {
                Ok(ConnectLayer { $($key: Setting::read(section, stringify!($key))?,)+ })
            }

            /// The layer, where each value of it can be worked with.
            ///
            /// # Errors
            /// A value that no connection can work with, such as a time-out of nothing.
            pub fn check(self) -> Result<ConnectLayer, Error> {
                Ok(ConnectLayer {
                    $($key: self.$key.map(|said| said.try_map(stringify!($key), Setting::check)).transpose()?,)+
                })
            }

            /// This layer, and `below` where it says nothing.
            pub fn over(self, below: &ConnectLayer) -> ConnectLayer {
                ConnectLayer { $($key: self.$key.or_else(|| below.$key.clone()),)+ }
            }

            /// This layer, and what is built in where it says nothing.
            pub fn over_built_in(self) -> SourcedConnect {
                let below = Connect::default();
                SourcedConnect {
                    $($key: self.$key.unwrap_or_else(|| Sourced::new(below.$key, Origin::BuiltIn)),)+
                }
            }

            /// Key and value of each setting that it holds.
            pub(super) fn values(&self) -> Vec<(&'static str, SettingValue)> {
                let mut values = Vec::new();
                $(values.extend(self.$key.as_ref().map(|said| (stringify!($key), said.value.value())));)+
                values
            }
        }

        impl SourcedConnect {
            /// The values, without where they came from.
            pub fn connect(&self) -> Connect {
                Connect { $($key: self.$key.value.clone(),)+ }
            }

            /// Key, value and origin of each setting.
            pub fn rows(&self) -> Vec<(&'static str, SettingValue, &Origin)> {
                vec![$((stringify!($key), self.$key.value.value(), &self.$key.origin),)+]
            }
        }
    };
}

settings! {
    /// Bounds one request, from name lookup to the last byte of the body. A scrape can take 4 to 6 s on a busy cluster
    /// (vendor's notes).
    timeout: Duration = Duration::from_secs(15), env::TIMEOUT;
    /// Bounds name lookup, TCP and TLS of one new connection.
    connect_timeout: Duration = Duration::from_secs(5), env::CONNECT_TIMEOUT;
    /// How often a failed request is tried again.
    retries: u32 = 2, env::RETRIES;
    /// Certificates (PEM) trusted beside the usual roots.
    ca_cert: Option<PathBuf> = None, env::CA_CERT;
    /// Certificates are not checked.
    insecure: bool = false, env::INSECURE;
    /// Plain `http` to other hosts than loopback is allowed.
    allow_http: bool = false, env::ALLOW_HTTP;
    /// The largest body taken, in bytes after decompression. 100,000 rules make 149 MB.
    max_body: u64 = 256 * 1024 * 1024, env::MAX_BODY;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_that_no_connection_can_work_with_is_refused() {
        let timeout = Sourced::flag("--timeout", Some(Duration::ZERO));
        let error = ConnectLayer { timeout, ..ConnectLayer::default() }.check().unwrap_err().to_string();
        assert_eq!(error, "--timeout: a time-out of nothing lets nothing through");
    }

    #[test]
    fn a_variable_takes_what_its_flag_takes() {
        let layer = |name: &'static str, value: &'static str| {
            ConnectLayer::of_environment(Environment::new(&|asked: &str| (asked == name).then(|| value.into())))
        };
        assert!(layer(env::INSECURE, "1").unwrap().insecure.unwrap().value);
        assert!(!layer(env::INSECURE, "False").unwrap().insecure.unwrap().value);
        assert_eq!(layer(env::MAX_BODY, "1MiB").unwrap().max_body.unwrap().value, 1 << 20);
        assert!(layer(env::TIMEOUT, "").unwrap().timeout.is_none(), "empty is not set");
        for (name, bad) in [(env::INSECURE, "maybe"), (env::RETRIES, "-1"), (env::TIMEOUT, "10")] {
            let error = layer(name, bad).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{name}: '{bad}' ")), "{error}");
        }
    }
}
