//! What a status, a header and the beginning of an error body say.

use super::error::{Error, ErrorResponse};
use super::retry;
use crate::profile::Redactor;
use crate::text::visible;
use std::io::Read;
use ureq::http::{HeaderMap, StatusCode, Uri, header};

/// As much of an error body is read.
const ERROR_BODY: u64 = 64 * 1024;
/// As much of a text from the server is repeated, in characters.
const EXCERPT: usize = 160;

/// Tells a response that may hold metrics from any other.
pub(super) struct ResponseCheck<'a> {
    pub url: &'a str,
    pub profile: Option<&'a str>,
    /// Whether the environment's credentials were sent in place of the profile's.
    pub overridden: bool,
    /// Takes out what must not be repeated, should a server send it back.
    pub redactor: &'a Redactor,
}

impl ResponseCheck<'_> {
    /// Accepts what may hold metrics; reads of `body` only where that is an error's.
    pub(super) fn run(&self, status: StatusCode, headers: &HeaderMap, body: impl Read) -> Result<(), Error> {
        if status == StatusCode::NO_CONTENT {
            return Ok(());
        }
        let media_type = media_type(headers);
        if status == StatusCode::OK {
            let coding = text(headers, header::CONTENT_ENCODING).unwrap_or_default().trim();
            // What emqstat asks for, and what needs no undoing (RFC 9110, section 8.4.1: their case does not count).
            if !["", "identity", "gzip", "x-gzip"].iter().any(|known| coding.eq_ignore_ascii_case(known)) {
                let coding = self.excerpt(coding).unwrap_or_default();
                return Err(Error::Coding { url: self.url.to_owned(), coding });
            }
            // A missing or unusual type is no reason to refuse: the parser judges the text.
            return match document(&media_type) {
                Some(what) => Err(Error::NotMetrics { url: self.url.to_owned(), what: what.to_owned() }),
                None => Ok(()),
            };
        }
        let response = self.read_error(status.as_u16(), &media_type, body);
        Err(match response.status {
            401 | 403 => {
                Error::Denied { response, profile: self.profile.map(str::to_owned), overridden: self.overridden }
            }
            404 => Error::NotFound { url: self.url.to_owned(), response },
            429 | 503 => {
                let after = text(headers, header::RETRY_AFTER);
                let retry_after = after.and_then(|value| retry::retry_after(value, jiff::Timestamp::now()));
                Error::TryLater { response, retry_after }
            }
            500..=599 => Error::Server { response },
            301 | 302 | 303 | 307 | 308 => {
                Error::Redirect { response, location: text(headers, header::LOCATION).map(|text| self.location(text)) }
            }
            _ => Error::Refused { response },
        })
    }

    /// Reads `{"code": "...", "message": "..."}`, or else the beginning of a text.
    fn read_error(&self, status: u16, media_type: &str, body: impl Read) -> ErrorResponse {
        let mut bytes = Vec::new();
        // A body that breaks off still says what it said until then.
        let _ = body.take(ERROR_BODY).read_to_end(&mut bytes);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_slice(bytes) {
            let field = |name| match fields.get(name)? {
                serde_json::Value::String(text) => self.excerpt(text),
                serde_json::Value::Number(number) => Some(number.to_string()),
                _ => None,
            };
            return ErrorResponse { status, code: field("code"), message: field("message") };
        }
        let text = String::from_utf8_lossy(bytes);
        let message = match document(media_type) {
            Some(what) => Some(what.to_owned()),
            None if text.trim_start().starts_with('<') => Some("an HTML page".to_owned()),
            None => self.excerpt(&text),
        };
        ErrorResponse { status, code: None, message }
    }

    /// The beginning of what a server said, in one line, without our secrets; `None` if it said nothing.
    fn excerpt(&self, text: &str) -> Option<String> {
        let text = self.redactor.redact(text.trim());
        let shown = visible(&text);
        match shown.char_indices().nth(EXCERPT) {
            _ if shown.is_empty() => None,
            Some((end, _)) => Some(format!("{}…", shown.get(..end).unwrap_or_default())),
            None => Some(shown.into_owned()),
        }
    }

    /// An address without user info, query and fragment: those may hold credentials.
    fn location(&self, text: &str) -> String {
        let shown = match text.parse::<Uri>() {
            Ok(uri) => match (uri.scheme(), uri.authority()) {
                (Some(scheme), Some(authority)) => {
                    let host = authority.as_str().rsplit('@').next().unwrap_or_default();
                    format!("{scheme}://{host}{}", uri.path())
                }
                _ => uri.path().to_owned(),
            },
            Err(_) => "an address that is no URL".to_owned(),
        };
        self.excerpt(&shown).unwrap_or_default()
    }
}

/// A header's text, if it is text.
fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// The content type without its parameters, in lower case.
fn media_type(headers: &HeaderMap) -> String {
    let value = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What a content type says the body is, where that is surely no metrics.
fn document(media_type: &str) -> Option<&'static str> {
    match media_type {
        "text/html" | "application/xhtml+xml" => Some("an HTML page"),
        "application/json" => Some("a JSON document"),
        other if other.ends_with("+json") => Some("a JSON document"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Secret;

    fn check(status: u16, headers: &[(&'static str, &str)], body: &str) -> Result<(), Error> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let (secret, token) = (Secret::new("hush".to_owned()), Secret::new("Basic bWU6aHVzaA==".to_owned()));
        let redactor = &Redactor::new([&secret, &token]);
        let url = "https://h/api/v5/deployment_metrics";
        let check = ResponseCheck { url, profile: None, overridden: false, redactor };
        check.run(StatusCode::from_u16(status).unwrap(), &map, body.as_bytes())
    }

    fn refusal(status: u16, headers: &[(&'static str, &str)], body: &str) -> String {
        check(status, headers, body).unwrap_err().to_string()
    }

    #[test]
    fn metrics_may_have_any_type_but_a_page_s() {
        for accepted in
            ["text/plain; version=0.0.4", "text/plain", "application/octet-stream", "application/openmetrics-text"]
        {
            assert!(check(200, &[("content-type", accepted)], "").is_ok(), "{accepted}");
        }
        assert!(check(200, &[], "").is_ok());
        assert!(check(204, &[], "").is_ok());
        for refused in ["text/html", "Text/HTML; charset=utf-8", "application/json", "application/problem+json"] {
            assert!(matches!(check(200, &[("content-type", refused)], ""), Err(Error::NotMetrics { .. })), "{refused}");
        }
    }

    #[test]
    fn the_api_s_own_code_is_repeated() {
        let body = r#"{"code":"BAD_API_KEY_OR_SECRET","message":"Check api_key/api_secret"}"#;
        assert_eq!(refusal(401, &[], body), "sign-in refused (401 BAD_API_KEY_OR_SECRET)");
        assert_eq!(refusal(401, &[], r#"{"code":101}"#), "sign-in refused (401 101)");
        assert_eq!(refusal(400, &[], "no such thing\n"), "the server did not answer with metrics (400: no such thing)");
        assert_eq!(refusal(502, &[], "<html>"), "the server failed (502: an HTML page)");
        assert_eq!(refusal(500, &[], ""), "the server failed (500)");
    }

    #[test]
    fn an_error_body_cannot_paint_or_flood() {
        let shown = refusal(500, &[], &format!("\x1b[2J\u{202e}{}", "x".repeat(99_999)));
        assert!(shown.contains(r"\x1b[2J\u{202e}xxx") && shown.chars().count() < 250, "{shown}");
    }

    #[test]
    fn a_secret_sent_back_is_not_repeated() {
        let shown = refusal(400, &[], "you sent Basic bWU6aHVzaA== with hush in it");
        assert_eq!(shown, "the server did not answer with metrics (400: you sent … with … in it)");
    }

    #[test]
    fn a_redirect_says_where_to_but_for_credentials() {
        let to = |location| refusal(302, &[("location", location)], "");
        assert!(
            to("https://me:hush@other.example:8443/login?token=hush#x")
                .contains("to https://other.example:8443/login,")
        );
        assert!(to("/login?next=%2F").contains("to /login,"));
        assert!(refusal(301, &[], "").contains("to no address"));
    }

    #[test]
    fn retry_after_is_kept() {
        let error = check(429, &[("retry-after", "30")], "").unwrap_err();
        assert_eq!(error.to_string(), "the server is overloaded or limits calls (429); it asks to wait 30 s");
    }
}
