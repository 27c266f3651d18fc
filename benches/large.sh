#!/usr/bin/env bash
# How long a very large answer takes against programs that do a part of the same work, in turn with them; and small answers against
# curl, over http and TLS.
#
#   cargo build --release && benches/large.sh [RULES]
#
# RULES is 100,000 if it is not given: 147 MB. Needs nginx, curl, jq, promtool, openssl, python3.
set -euo pipefail
cd "$(dirname "$0")/.."
emqstat=$(realpath "${EMQSTAT:-target/release/emqstat}")
pairs=$(realpath benches/pairs.py)
certificate=$(realpath benches/certificate.sh)
sample=$(realpath tests/data/sample-cluster.prom)
rules=${1:-100000}
work=$(mktemp -d)
trap 'kill "$(cat "$work/pid")" 2>/dev/null || :; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
export HOME=$work EMQSTAT_APP_ID=app EMQSTAT_APP_SECRET=secret

# Rules with nine samples each, grouped by family as servers send them.
python3 - "$rules" > body.prom <<'PYTHON'
import random, sys
random.seed(1)
own = 'deployment_id="gde1d4ab",deployment_type="dedicated",platform="aliyun_en"'
ids = [f"rule-{n * 0x9E3779B1 % 2**32:08x}" for n in range(int(sys.argv[1]))]
for family, label, values in (
    ("rule_action_execution_count", "execution_status", ("failed", "success", "taken")),
    ("rule_matched_count", "match_status", ("exception", "failed", "matched", "no_result", "passed")),
    ("rule_status", None, (None,)),
):
    name = f"deployment_emqx_{family}"
    print(f"# HELP {name} {family}\n# TYPE {name} gauge")
    for rule_id in ids:
        for value in values:
            status = f',{label}="{value}"' if label else ""
            count = random.getrandbits(32) >> random.randrange(32) if label else 1
            print(f'{name}{{{own}{status},rule_id="{rule_id}"}} {count}')
PYTHON
mkdir -p www/api/deployment_metrics www/small
mv body.prom www/api/deployment_metrics/data_integration
cp "$sample" www/small/deployment_metrics
chmod -R a+rX www
"$certificate"
cat > nginx.conf <<NGINX
worker_processes 1; error_log $work/error.log; pid $work/pid; events {}
http { access_log off; sendfile on; default_type text/plain; root $work/www;
 server { listen 127.0.0.1:9411; }
 server { listen 127.0.0.1:9412 ssl; ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem; } }
NGINX
nginx -c "$work/nginx.conf"
until curl -sf -o /dev/null http://127.0.0.1:9411/small/deployment_metrics; do sleep 0.05; done

echo "== $rules rules, $(stat -c %s www/api/deployment_metrics/data_integration) bytes, against curl"
url=http://127.0.0.1:9411/api
for command in 'rules -o json' rules 'scrape data-integration -o json' 'scrape data-integration -o raw'; do
    "$pairs" -n 5 "$emqstat $command --endpoint $url" "curl -s -u app:secret $url/deployment_metrics/data_integration"
done

echo '== the same body from a file'
file=www/api/deployment_metrics/data_integration
"$pairs" -n 5 "$emqstat rules -o json --input $file" "sh -c 'promtool check metrics < $file'"
"$emqstat" rules -o json --input "$file" > rules.json
"$pairs" -n 5 "$emqstat rules -o json --input $file" "jq -c . rules.json"

echo '== the vendor'\''s sample of a cluster, against curl: http, then TLS with a CA file'
small=127.0.0.1:9411/small
"$pairs" -n 41 "$emqstat cluster -o json --endpoint http://$small" "curl -s -u app:secret http://$small/deployment_metrics"
small=127.0.0.1:9412/small
"$pairs" -n 41 "$emqstat cluster -o json --endpoint https://$small --ca-cert ca.pem" \
    "curl -s -u app:secret --cacert ca.pem https://$small/deployment_metrics"
