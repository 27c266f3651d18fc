//! Every environment variable that emqstat reads, in one place.

/// Names of the profiles to ask, comma-separated, as `--profile` has them.
pub const PROFILE: &str = "EMQSTAT_PROFILE";
/// The profile file, as `--profile-file`.
pub const PROFILE_FILE: &str = "EMQSTAT_PROFILE_FILE";
/// The API address, as `--endpoint`.
pub const ENDPOINT: &str = "EMQSTAT_ENDPOINT";
/// The APP ID that goes with `--endpoint`.
pub const APP_ID: &str = "EMQSTAT_APP_ID";
/// The APP Secret that goes with `--endpoint`.
pub const APP_SECRET: &str = "EMQSTAT_APP_SECRET";
/// As `--timeout`.
pub const TIMEOUT: &str = "EMQSTAT_TIMEOUT";
/// As `--connect-timeout`.
pub const CONNECT_TIMEOUT: &str = "EMQSTAT_CONNECT_TIMEOUT";
/// As `--retries`.
pub const RETRIES: &str = "EMQSTAT_RETRIES";
/// As `--ca-cert`.
pub const CA_CERT: &str = "EMQSTAT_CA_CERT";
/// As `--insecure`.
pub const INSECURE: &str = "EMQSTAT_INSECURE";
/// As `--allow-http`.
pub const ALLOW_HTTP: &str = "EMQSTAT_ALLOW_HTTP";
/// As `--max-body`.
pub const MAX_BODY: &str = "EMQSTAT_MAX_BODY";
/// As `--output`.
pub const OUTPUT: &str = "EMQSTAT_OUTPUT";
/// As `--color`.
pub const COLOR: &str = "EMQSTAT_COLOR";
/// Treat stdout as a terminal this many columns wide, whatever it is.
pub const FORCE_TTY: &str = "EMQSTAT_FORCE_TTY";
/// Set and not empty: no colour (<https://no-color.org>).
pub const NO_COLOR: &str = "NO_COLOR";
/// Set and not `0`: colour even where stdout is no terminal (<https://bixense.com/clicolors/>).
pub const CLICOLOR_FORCE: &str = "CLICOLOR_FORCE";
/// `dumb`: no colour.
pub const TERM: &str = "TERM";
/// Width of a terminal that does not tell its own.
pub const COLUMNS: &str = "COLUMNS";
/// Proxy for `https` addresses; also in lower case.
pub const HTTPS_PROXY: &str = "HTTPS_PROXY";
/// Proxy for `http` addresses; also in lower case, which alone is read where a CGI request could set the other.
pub const HTTP_PROXY: &str = "HTTP_PROXY";
/// Proxy for either scheme where its own variable is not set; also in lower case.
pub const ALL_PROXY: &str = "ALL_PROXY";
/// Hosts that are reached without a proxy; also in lower case.
pub const NO_PROXY: &str = "NO_PROXY";
/// Set where the program runs as a CGI script: then `HTTP_PROXY` in capitals may come from a request's header.
pub const REQUEST_METHOD: &str = "REQUEST_METHOD";
