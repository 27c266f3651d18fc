//! Every environment variable that emqstat reads, in one place.

/// Defines a constant for each variable and [`REFERENCE`], from the same doc comments.
macro_rules! variables {
    ($(#[doc = $doc:literal] $constant:ident = $name:literal;)+) => {
        $(#[doc = $doc] pub(crate) const $constant: &str = $name;)+

        /// The variables with what they mean, as man pages and README tell it.
        pub(crate) const REFERENCE: &[(&str, &str)] = &[$(($constant, $doc)),+];
    };
}

variables! {
    /// Names of the profiles to ask, comma-separated, as `--profile` has them.
    PROFILE = "EMQSTAT_PROFILE";
    /// The profile file, as `--profile-file`.
    PROFILE_FILE = "EMQSTAT_PROFILE_FILE";
    /// The folder of the user's configuration (<https://specifications.freedesktop.org/basedir-spec/latest/>).
    XDG_CONFIG_HOME = "XDG_CONFIG_HOME";
    /// The API address, as `--endpoint`.
    ENDPOINT = "EMQSTAT_ENDPOINT";
    /// The APP ID that goes with `--endpoint`; `simulate` lets it in.
    APP_ID = "EMQSTAT_APP_ID";
    /// The APP Secret that goes with `--endpoint`; `simulate` lets it in.
    APP_SECRET = "EMQSTAT_APP_SECRET";
    /// As `--timeout`.
    TIMEOUT = "EMQSTAT_TIMEOUT";
    /// As `--connect-timeout`.
    CONNECT_TIMEOUT = "EMQSTAT_CONNECT_TIMEOUT";
    /// As `--retries`.
    RETRIES = "EMQSTAT_RETRIES";
    /// As `--ca-cert`.
    CA_CERT = "EMQSTAT_CA_CERT";
    /// As `--insecure`.
    INSECURE = "EMQSTAT_INSECURE";
    /// As `--allow-http`.
    ALLOW_HTTP = "EMQSTAT_ALLOW_HTTP";
    /// As `--max-body`.
    MAX_BODY = "EMQSTAT_MAX_BODY";
    /// As `--output`.
    OUTPUT = "EMQSTAT_OUTPUT";
    /// As `--color`.
    COLOR = "EMQSTAT_COLOR";
    /// What shows an answer that is longer than the terminal, a command line; empty or `cat`: nothing.
    OWN_PAGER = "EMQSTAT_PAGER";
    /// The same, where `EMQSTAT_PAGER` and the profile file say nothing; without either it is `less`.
    PAGER = "PAGER";
    /// Treat stdout as a terminal this many columns wide, whatever it is.
    FORCE_TTY = "EMQSTAT_FORCE_TTY";
    /// Set and not empty: no colour (<https://no-color.org>).
    NO_COLOR = "NO_COLOR";
    /// Set and not `0`: colour even where stdout is no terminal (<https://bixense.com/clicolors/>).
    CLICOLOR_FORCE = "CLICOLOR_FORCE";
    /// `dumb`: no colour.
    TERM = "TERM";
    /// The zone of the times that a terminal shows, where it is not the system's.
    TZ = "TZ";
    /// Width of a terminal that does not tell its own.
    COLUMNS = "COLUMNS";
    /// Height of a terminal that does not tell its own.
    LINES = "LINES";
    /// The language of what `explain` says, as `--lang`, before `LC_ALL`.
    OWN_LANG = "EMQSTAT_LANG";
    /// Likewise, before `LC_MESSAGES` and `LANG`: Chinese where it starts with `zh`.
    LC_ALL = "LC_ALL";
    /// Likewise, before `LANG`.
    LC_MESSAGES = "LC_MESSAGES";
    /// Likewise.
    LANG = "LANG";
    /// Proxy for `https` addresses; also in lower case.
    HTTPS_PROXY = "HTTPS_PROXY";
    /// Proxy for `http` addresses; also in lower case, which alone is read where a CGI request could set the other.
    HTTP_PROXY = "HTTP_PROXY";
    /// Proxy for either scheme where its own variable is not set; also in lower case.
    ALL_PROXY = "ALL_PROXY";
    /// Hosts that are reached without a proxy; also in lower case.
    NO_PROXY = "NO_PROXY";
    /// Set where the program runs as a CGI script: then only `http_proxy` is read, not `HTTP_PROXY`.
    REQUEST_METHOD = "REQUEST_METHOD";
    /// A file of certificates to trust instead of the system's, beside those built in.
    SSL_CERT_FILE = "SSL_CERT_FILE";
    /// Folders of such files.
    SSL_CERT_DIR = "SSL_CERT_DIR";
    /// Set by the completion scripts: the arguments are a line to complete, up to the cursor.
    COMPLETE = "EMQSTAT_COMPLETE";
}
