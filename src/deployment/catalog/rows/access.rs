//! Authentication and authorization.

use crate::deployment::catalog::build::{counter, gauge, histogram};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Concern, Entry, Group, Unit};

const HERE: Group = Group::Access;

pub(super) const ROWS: &[Entry] = &[
    counter(HERE, "authentication_success", Unit::Authentications)
        .label("authentication success")
        .means(
            "Authentications that succeeded, anonymous ones included.",
            "It follows new connections; a fall to 0 while clients try means that authentication is broken.",
        )
        .also_called(&["client_auth_success"])
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, Emqx5])
        .chinese("认证成功次数（含匿名）"),
    counter(HERE, "authentication_failure", Unit::Authentications)
        .label("authentication failure")
        .means(
            "Authentications that failed.",
            "A jump, or a growing share of all authentications, means wrong or expired credentials, an attack, or a \
             broken source of credentials.",
        )
        .concern(Concern::Jump)
        .also_called(&["client_auth_failure"])
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, Emqx5])
        .chinese("认证失败次数"),
    counter(HERE, "authentication_success_anonymous", Unit::Authentications)
        .label("anonymous")
        .means(
            "Authentications that succeeded without any check, because no authenticator is set up or enabled.",
            "Any rise means that clients get in unchecked.",
        )
        .concern(Concern::Growth)
        .also_called(&["client_auth_success_anonymous"])
        .seen(&[Sample, Operators4, Operators5, Emqx5, Emqx4])
        .chinese("匿名认证成功次数"),
    counter(HERE, "client_auth_anonymous", Unit::Authentications)
        .label("anonymous logins")
        .means(
            "Times that a client was authenticated anonymously; the older name of the same count as \
             authentication_success_anonymous.",
            "Any rise means that clients get in unchecked.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, First, Emqx5])
        .chinese("匿名登录次数"),
    counter(HERE, "client_authenticate", Unit::Checks)
        .label("authentication checks")
        .means(
            "Times that the broker set out to check a client's identity.",
            "It follows client_connect; compare with authentication_success and authentication_failure.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("触发客户端认证的次数"),
    counter(HERE, "client_authorize", Unit::Checks)
        .label("authorization checks")
        .means(
            "Times that permission to publish or subscribe was looked up in the authorization sources; answers from \
             the cache do not count.",
            "A rise above the traffic's means that the cache does not help; each one may be a query to a database.",
        )
        .also_called(&["client_check_acl"])
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("触发授权检查的次数（不含缓存命中）"),
    counter(HERE, "authorization_allow", Unit::Checks)
        .label("authorization allowed")
        .means("Requests to publish or subscribe that were allowed, by a rule, by the cache or by the default.", "It follows the traffic.")
        .also_called(&["client_acl_allow"])
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, Emqx5])
        .chinese("授权允许次数（含缓存命中和默认放行）"),
    counter(HERE, "authorization_deny", Unit::Checks)
        .label("authorization denied")
        .means(
            "Requests to publish or subscribe that were denied, by a rule, by the cache or by the default.",
            "A rise means clients that try what they may not: a wrong topic, a missing rule, or an intruder.",
        )
        .concern(Concern::Growth)
        .also_called(&["client_acl_deny"])
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, Emqx5])
        .chinese("授权拒绝次数（含缓存命中和默认拒绝）"),
    counter(HERE, "authorization_matched_allow", Unit::Checks)
        .label("matched allow")
        .means(
            "Requests that a rule of an authorization source allowed, as opposed to the default; answers from the cache do \
             not count.",
            "It follows the traffic.",
        )
        .seen(&[Sample, Table, Dashboard, Emqx5])
        .chinese("命中允许规则的次数（不含缓存命中）"),
    counter(HERE, "authorization_matched_deny", Unit::Checks)
        .label("matched deny")
        .means(
            "Requests that a rule of an authorization source denied, as opposed to the default; answers from the cache do \
             not count.",
            "A rise means clients that run into a rule written against them.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, Table, Dashboard, Emqx5])
        .chinese("命中拒绝规则的次数（不含缓存命中）"),
    counter(HERE, "authorization_nomatch", Unit::Checks)
        .label("no match")
        .means(
            "Requests that no rule of any authorization source spoke of, so that the default decided; answers from the \
             cache do not count.",
            "A rise means that the rules do not cover what clients do: whether they get through is up to the default.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, Table, Dashboard, Operators5, Emqx5])
        .chinese("未命中任何规则的次数（不含缓存命中）"),
    counter(HERE, "authorization_superuser", Unit::Checks)
        .label("superuser")
        .means(
            "Requests allowed without a look at the rules, because the client is a superuser; answers from the cache do \
             not count.",
            "A rise means that clients with full rights are at work; expect few of them.",
        )
        .seen(&[Sample, Emqx5])
        .chinese("因超级用户身份直接放行的次数（不含缓存命中）"),
    counter(HERE, "authorization_cache_hit", Unit::Checks)
        .label("cache hits")
        .means(
            "Permission checks answered from the client's cache.",
            "A high share of all checks is good: it saves queries to the authorization sources.",
        )
        .seen(&[Sample, Emqx5])
        .chinese("授权缓存命中次数"),
    counter(HERE, "authorization_cache_miss", Unit::Checks)
        .label("cache misses")
        .means(
            "Permission checks that the client's cache could not answer.",
            "A rise means new clients or topics, or a cache that is too small or too short-lived.",
        )
        .seen(&[Sample, Emqx5])
        .chinese("授权缓存未命中次数"),
    counter(HERE, "packets_connack_error", Unit::Packets)
        .label("CONNACK error")
        .means(
            "CONNACK packets sent that refuse the client, for any reason.",
            "A jump means clients that cannot connect: credentials, bans, limits or a protocol error.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("原因码不为 0x00 的已发送 CONNACK 报文数"),
    counter(HERE, "packets_connack_auth_error", Unit::Packets)
        .label("CONNACK auth error")
        .means(
            "CONNACK packets sent that refuse the client for its credentials (0x86) or its rights (0x87), and their \
             MQTT 3.1.1 equals.",
            "A jump means wrong or expired credentials, or somebody who guesses them.",
        )
        .concern(Concern::Jump)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("因用户名或密码错误（0x86）、未授权（0x87）而发送的 CONNACK 报文数"),
    counter(HERE, "packets_publish_auth_error", Unit::Packets)
        .label("PUBLISH auth error")
        .means(
            "QoS 1 and 2 PUBLISH packets that authorization denied and the broker answered so; QoS 0 has no answer, and \
             does not count.",
            "A rise means clients that publish where they may not: a wrong topic, a missing rule, or an intruder.",
        )
        .concern(Concern::Growth)
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("未通过授权检查的 PUBLISH 报文数（仅 QoS 1、2）"),
    counter(HERE, "packets_subscribe_auth_error", Unit::Packets)
        .label("SUBSCRIBE auth error")
        .means(
            "SUBSCRIBE packets of MQTT 5 clients of which authorization denied at least one topic; older clients get \
             another reason code, and do not count.",
            "A rise means clients that subscribe to what they may not read.",
        )
        .concern(Concern::Growth)
        .note("The vendor's HELP text speaks of SUBACK packets received; a broker receives none.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("未通过授权检查的 SUBSCRIBE 报文数（仅 MQTT 5.0 客户端）"),
    gauge(HERE, "authn_enable", Unit::Status)
        .of_broker()
        .label("authenticator enabled")
        .means("Whether an authenticator is enabled: 1 or 0.", "0 means that it does not check anybody.")
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authn_status", Unit::Status)
        .of_broker()
        .label("authenticator status")
        .means(
            "Whether an authenticator's source is reachable: 1 or 0.",
            "0 means that clients it is to check are denied or passed on.",
        )
        .concern(Concern::Zero)
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authn_total", Unit::Authentications)
        .of_broker()
        .label("authenticator total")
        .means("Authentications that an authenticator was asked about.", "It follows new connections.")
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authn_success", Unit::Authentications)
        .of_broker()
        .label("authenticator success")
        .means("Authentications that an authenticator allowed.", "It follows new connections.")
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authn_failed", Unit::Authentications)
        .of_broker()
        .label("authenticator failed")
        .means(
            "Authentications that an authenticator denied.",
            "A jump means wrong credentials or somebody who guesses them.",
        )
        .concern(Concern::Jump)
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authn_nomatch", Unit::Authentications)
        .of_broker()
        .label("authenticator no match")
        .means(
            "Authentications that an authenticator did not know and passed on.",
            "A jump means clients that no entry covers.",
        )
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    histogram(HERE, "authn_latency", Unit::Milliseconds)
        .of_broker()
        .label("authn latency")
        .means("Time that authentication took.", "A rise means a slow source of credentials; clients wait to connect.")
        .labels(&["name"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authn_users_count", Unit::Records)
        .of_broker()
        .label("authn users count")
        .means("Users in a built-in authenticator's database.", "It changes as users are added and removed.")
        .labels(&["id"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authn_builtin_record_count", Unit::Records)
        .of_broker()
        .label("authn builtin record count")
        .means(
            "Users in the built-in authentication database of a namespace.",
            "It changes as users are added and removed.",
        )
        .labels(&["namespace"])
        .seen(&[Emqx5]),
    gauge(HERE, "authz_enable", Unit::Status)
        .of_broker()
        .label("authz source enabled")
        .means("Whether an authorization source is enabled: 1 or 0.", "0 means that its rules do not count.")
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authz_status", Unit::Status)
        .of_broker()
        .label("authz source status")
        .means(
            "Whether an authorization source is reachable: 1 or 0.",
            "0 means that its rules cannot be asked and the next source, or the default, decides.",
        )
        .concern(Concern::Zero)
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authz_total", Unit::Checks)
        .of_broker()
        .label("authz source total")
        .means(
            "Permission checks that an authorization source was asked about.",
            "It follows the traffic that the caches do not answer.",
        )
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authz_allow", Unit::Checks)
        .of_broker()
        .label("authz source allowed")
        .means("Permission checks that an authorization source allowed.", "It follows the traffic.")
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authz_deny", Unit::Checks)
        .of_broker()
        .label("authz source denied")
        .means(
            "Permission checks that an authorization source denied.",
            "A rise means clients that try what they may not.",
        )
        .concern(Concern::Growth)
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    counter(HERE, "authz_nomatch", Unit::Checks)
        .of_broker()
        .label("authz source no match")
        .means(
            "Permission checks that an authorization source had no rule for.",
            "A rise means that its rules do not cover what clients do.",
        )
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    histogram(HERE, "authz_latency", Unit::Milliseconds)
        .of_broker()
        .label("authz latency")
        .means(
            "Time that permission checks took.",
            "A rise means a slow authorization source; publishing and subscribing wait for it.",
        )
        .labels(&["name"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authz_rules_count", Unit::Records)
        .of_broker()
        .label("authz rules count")
        .means(
            "Rules in an authorization source that keeps them in the broker (file or built-in database).",
            "It changes as rules are added and removed.",
        )
        .labels(&["type"])
        .seen(&[Emqx5Auth]),
    gauge(HERE, "authz_builtin_record_count", Unit::Records)
        .of_broker()
        .label("authz builtin record count")
        .means(
            "Rules in the built-in authorization database of a namespace.",
            "It changes as rules are added and removed.",
        )
        .labels(&["namespace"])
        .seen(&[Emqx5]),
    counter(HERE, "authentication_allow_count", Unit::Authentications)
        .of_broker()
        .label("authentication allow count")
        .means("Authentications that an authenticator allowed, as emqx-exporter reads it.", "It follows new connections.")
        .labels(&["node", "resource"])
        .seen(&[Exporter]),
    counter(HERE, "authentication_deny_count", Unit::Authentications)
        .of_broker()
        .label("authentication deny count")
        .means(
            "Authentications that an authenticator denied, as emqx-exporter reads it.",
            "A jump means wrong credentials or somebody who guesses them.",
        )
        .concern(Concern::Jump)
        .labels(&["node", "resource"])
        .seen(&[Exporter]),
    gauge(HERE, "authentication_resource_status", Unit::Status)
        .of_broker()
        .label("authentication resource status")
        .means(
            "Whether an authenticator's source is reachable, as emqx-exporter has it: 2 if so, 1 if not, 0 unknown.",
            "1 means that clients it is to check are denied or passed on.",
        )
        .labels(&["resource"])
        .seen(&[Exporter]),
];
