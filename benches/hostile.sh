#!/bin/sh
# What bodies cost that are made to be dear, and large ordinary ones: of each its size, the highest resident memory, how many times
# the size that is, and the time, by command.
#
#   cargo build --release && benches/hostile.sh [MB] [SHAPE...]
#
# MB is the size of the hostile bodies, 8 if it is not given. The first lines are those of a body of nothing: what the program needs
# anyway is taken off the others' memory before it is compared with their size. Needs GNU time.
set -eu
mb=${1:-8}
[ $# -gt 0 ] && shift
emqstat=${EMQSTAT:-target/release/emqstat}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Writes the body of a shape.
body() {
    awk -v shape="$1" -v bytes="$((mb * 1000000))" '
    function put(line) { size += length(line) + 1; print line }
    function repeated(text, count,    all) { all = ""; while (count > 0) { if (count % 2) all = all text; text = text text; count = int(count / 2) } return all }
    BEGIN {
        status = "deployment_emqx_rule_status"; count = "deployment_emqx_connections_count"
        long = repeated("x", 1000000)
        if (shape == "empty") { put(count "{deployment_id=\"d\"} 1"); exit }
        if (shape == "rules") {
            split("matched passed failed exception no_result", matches, " "); split("taken success failed", actions, " ")
            own = "deployment_id=\"gde1d4ab\",deployment_type=\"dedicated\",platform=\"aliyun_en\""
            for (n = 0; n < 100000; n++) {
                id = sprintf("rule_id=\"rule-%08x\"", n)
                put(status "{" own "," id "} 1")
                for (i = 1; i <= 5; i++) put("deployment_emqx_rule_matched_count{" own ",match_status=\"" matches[i] "\"," id "} " n * i)
                for (i = 1; i <= 3; i++) put("deployment_emqx_rule_action_execution_count{" own ",execution_status=\"" actions[i] "\"," id "} " n)
            }
            exit
        }
        for (n = 0; size < bytes; n++) {
            if (shape == "deployments") put(sprintf("%s{deployment_id=\"d%06d\"} %d", count, n, n % 9))
            else if (shape == "names") put(sprintf("a%x 1", n))
            else if (shape == "metrics") put(sprintf("emqx_%x 1", n))
            else if (shape == "series") put(sprintf("a{b=\"%x\"} 1", n))
            else if (shape == "short_rules") put(sprintf("%s{rule_id=\"%x\"} 1", status, n))
            else if (shape == "resources") put(sprintf("deployment_emqx_resource_status{resource_id=\"%x\"} 1", n))
            else if (shape == "duplicates") put("a 1")
            else if (shape == "contested") put(status "{rule_id=\"r\"} " n % 2)
            else if (shape == "long_ids") put(status "{rule_id=\"" n long "\"} 1")
            else if (shape == "long_labels") put("a{b=\"" n long "\"} 1")
            else if (shape == "many_labels") { line = "a{n=\"" n "\""; for (i = 0; i < 50000; i++) line = line sprintf(",l%x=\"\"", i); put(line "} 1") }
            else if (shape == "label_names") { line = "a{"; for (i = 0; i < 1000; i++) line = line sprintf("l%x_%x=\"\",", n, i); put(line "} 1") }
            else if (shape == "helps") put("# HELP a" n " " substr(long, 1, 100000))
            else if (shape == "types") put(sprintf("# TYPE a%x gauge", n))
            else { print "no shape " shape > "/dev/stderr"; exit 1 }
        }
    }' > "$work/$1"
}

# Prints a line about a command on a body.
measure() {
    shape=$1
    shift
    # The exit status says what the answer is worth, not whether it came.
    command time -f '%M %e' -o "$work/cost" "$emqstat" "$@" --input "$work/$shape" > /dev/null 2>&1 || :
    size=$(wc -c < "$work/$shape")
    tail -n 1 "$work/cost" | awk -v shape="$shape" -v size="$size" -v what="$*" -v base="$base" '{
        printf "%-12s %8.1f MB %8.1f MB %6.2f %7.2f s  %s\n", shape, size / 1e6, $1 / 1e3, ($1 * 1024 - base) / size, $2, what
    }'
}

commands='cluster
cluster -o json
rules -o json
rules
rules -o csv
check
scrape -o json
scrape -o table'

base=0
body empty
printf '%-12s %11s %11s %6s %9s  %s\n' SHAPE BODY MEMORY RATIO TIME COMMAND
measure empty cluster
base=$(awk 'END { print $1 * 1024 }' "$work/cost")
[ $# -gt 0 ] || set -- rules deployments names metrics series short_rules resources duplicates contested long_ids long_labels many_labels label_names helps types
for shape; do
    body "$shape"
    echo "$commands" | while read -r command; do
        # shellcheck disable=SC2086
        measure "$shape" $command
    done
    rm "$work/$shape"
done
