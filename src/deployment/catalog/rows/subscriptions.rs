//! Subscriptions, topics and routes.

use crate::deployment::catalog::build::{counter, gauge};
use crate::deployment::catalog::entry::Provenance::*;
use crate::deployment::catalog::entry::{Entry, Group, Unit};

const HERE: Group = Group::Subscriptions;

pub(super) const ROWS: &[Entry] = &[
    gauge(HERE, "subscriptions_count", Unit::Subscriptions)
        .of_deployment()
        .label("subscriptions")
        .means(
            "Subscriptions of the deployment; two clients on one topic are two.",
            "A rise without more clients means that clients subscribe more and more, as when they never unsubscribe.",
        )
        .seen(&[Sample])
        .chinese("部署当前的订阅数"),
    gauge(HERE, "topics_count", Unit::Topics)
        .of_deployment()
        .label("topics")
        .means(
            "Entries of the deployment's routing table: a topic or topic filter once for each node that has a \
             subscriber to it, and once more for each shared group.",
            "A steady rise without more clients means topic names that hold ever new values, which cost memory on \
             every node.",
        )
        .seen(&[Sample])
        .chinese("部署当前的主题数（路由表条目数，同一主题在每个有订阅者的节点各计一次）"),
    gauge(HERE, "shared_subscriptions", Unit::Subscriptions)
        .of_deployment()
        .label("shared subscriptions")
        .means(
            "Shared subscriptions of the deployment, whose group divides the messages among its members.",
            "A fall means that members have left their group and the rest carry the load.",
        )
        .seen(&[Later])
        .chinese("部署当前的共享订阅数"),
    gauge(HERE, "subscriptions_count", Unit::Subscriptions)
        .label("subscriptions")
        .means(
            "Subscriptions as the brokers count them, shared ones included, those of durable sessions not; two clients on \
             one topic are two.",
            "A rise without more clients means that clients subscribe more and more, as when they never unsubscribe.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("当前订阅数，含共享订阅，不含持久会话的订阅"),
    gauge(HERE, "subscriptions_max", Unit::Subscriptions)
        .label("subscriptions peak")
        .means(
            "Peak subscriptions_count of each node since it started, summed over the nodes.",
            "It records a past peak; it is not a limit.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的订阅数峰值（各节点之和，不是上限）"),
    gauge(HERE, "subscriptions_shared_count", Unit::Subscriptions)
        .label("shared subscriptions")
        .means(
            "Shared subscriptions, whose group divides the messages among its members.",
            "A fall means that members have left their group and the rest carry the load.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("当前共享订阅数"),
    gauge(HERE, "subscriptions_shared_max", Unit::Subscriptions)
        .label("shared subs peak")
        .means("Peak subscriptions_shared_count seen.", "It records a past peak; it is not a limit.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的共享订阅数峰值（不是上限）"),
    gauge(HERE, "subscribers_count", Unit::Subscribers)
        .label("subscribers")
        .means(
            "Pairs of a topic and a client that subscribes to it, members of shared subscriptions included.",
            "It follows subscriptions_count.",
        )
        .seen(&[Sample, Table, Dashboard, First, Emqx5, Emqx4])
        .chinese("当前订阅者数（按主题与客户端成对计数）"),
    gauge(HERE, "subscribers_max", Unit::Subscribers)
        .label("subscribers peak")
        .means(
            "Peak subscribers_count of each node since it started, summed over the nodes.",
            "It records a past peak; it is not a limit.",
        )
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的订阅者数峰值（各节点之和，不是上限）"),
    gauge(HERE, "suboptions_count", Unit::Subscriptions)
        .label("subscription options")
        .means(
            "Stored subscription options, one set a subscription: the number that subscriptions_count is made from.",
            "Read it as subscriptions_count.",
        )
        .note("The vendor's HELP text is the internal name subscriptions.count.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("当前订阅选项数，与订阅数相同"),
    gauge(HERE, "suboptions_max", Unit::Subscriptions)
        .label("sub options peak")
        .means(
            "Peak suboptions_count of each node since it started, summed over the nodes.",
            "It records a past peak; it is not a limit.",
        )
        .note("The vendor's HELP text is the internal name subscriptions.max.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的订阅选项数峰值（各节点之和，不是上限）"),
    gauge(HERE, "topics_count", Unit::Topics)
        .label("topics")
        .means(
            "Entries of the routing table: a topic or topic filter once for each node that has a subscriber to it, and \
             once more for each shared group.",
            "A steady rise without more clients means topic names that hold ever new values, which cost memory on \
             every node.",
        )
        .seen(&[Sample, Table, Dashboard, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("当前主题数（路由表条目数，同一主题在每个有订阅者的节点各计一次）"),
    gauge(HERE, "topics_max", Unit::Topics)
        .label("topics peak")
        .means("Peak topics_count seen.", "It records a past peak; it is not a limit.")
        .seen(&[Sample, First, Emqx5, Emqx4])
        .chinese("启动以来的主题数峰值（不是上限）"),
    counter(HERE, "client_subscribe", Unit::Requests)
        .label("subscribe requests")
        .means(
            "SUBSCRIBE requests handled, one a packet however many topics it names.",
            "A fast rise follows reconnecting clients that subscribe again.",
        )
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("处理的订阅请求次数"),
    counter(HERE, "client_unsubscribe", Unit::Requests)
        .label("unsubscribe requests")
        .means(
            "UNSUBSCRIBE requests handled, one a packet however many topics it names.",
            "A fast rise means clients that change their topics often; compare with client_subscribe.",
        )
        .seen(&[Sample, Operators4, Operators5, First, Emqx5, Emqx4])
        .chinese("处理的取消订阅请求次数"),
    gauge(HERE, "routes_count", Unit::Routes)
        .of_broker()
        .label("routes")
        .means(
            "Entries of the routing table, which says which nodes want the messages of a topic.",
            "A steady rise without more clients means topic names that hold ever new values.",
        )
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "routes_max", Unit::Routes)
        .of_broker()
        .label("routes max")
        .means("Peak routes_count seen.", "It records a past peak; it is not a limit.")
        .seen(&[First, Emqx5, Emqx4]),
    gauge(HERE, "durable_subscriptions_count", Unit::Subscriptions)
        .of_broker()
        .label("durable subscriptions")
        .means(
            "Subscriptions of durable sessions, which are stored on disk.",
            "A rise means more clients with durable sessions, or more topics for each.",
        )
        .seen(&[Emqx5]),
    gauge(HERE, "durable_subscriptions_max", Unit::Subscriptions)
        .of_broker()
        .label("durable subscriptions max")
        .means("Peak durable_subscriptions_count seen.", "It records a past peak; it is not a limit.")
        .seen(&[Emqx5]),
];
