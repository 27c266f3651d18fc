#!/usr/bin/env bash
# Counts the instructions of whole runs, from start to exit (callgrind): they are the same from run to run, as times are not.
#
#   cargo build --release && benches/instructions.sh [--check | --write]
#
# --check ends with 1 where a run takes a tenth more than what benches/instructions.tsv has, --write puts today's figures there.
# Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/.."
emqstat=${EMQSTAT:-target/release/emqstat}
committed=benches/instructions.tsv
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || :; rm -rf "$work"' EXIT

# Starts a simulated deployment and tells where it is.
serve() {
    local said=$work/server.${#servers[@]}
    EMQSTAT_APP_ID=app EMQSTAT_APP_SECRET=secret "$emqstat" simulate --port 0 -o json "$@" > "$said" &
    servers+=($!)
    until [[ -s $said ]]; do sleep 0.05; done
    endpoint=$(sed 's/.*"endpoint":"\([^"]*\)".*/\1/' "$said")
}

count() {
    env -i HOME="$work" PATH=/usr/bin:/bin EMQSTAT_APP_ID=app EMQSTAT_APP_SECRET=secret \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$emqstat" "$@" 2>&1 > /dev/null |
        sed -n 's/.*Collected : \([0-9]*\)$/\1/p'
}

status=0
: > "$work/today"
printf '%-44s %12s %12s\n' RUN INSTRUCTIONS COMMITTED
measure() {
    local name=$1 today before
    shift
    today=$(count "$@")
    before=$(awk -F '\t' -v name="$name" '$1 == name { print $2 }' "$committed" 2> /dev/null || :)
    printf '%s\t%s\n' "$name" "$today" >> "$work/today"
    printf '%-44s %12d %12s\n' "$name" "$today" "${before:--}"
    if [[ $check = yes && $((today * 10)) -gt $((${before:-0} * 11)) ]]; then
        echo "'$name' takes more than a tenth more than committed: make it cheaper, or write it down with --write" >&2
        status=1
    fi
}
check=no
[[ ${1:-} = --check ]] && check=yes

measure '--version' --version
measure 'cluster -o json --input FILE' cluster -o json --input tests/data/sample-cluster.prom
serve
measure 'cluster -o json, http' cluster -o json --endpoint "$endpoint"
serve --tls --ca-out "$work/ca.pem"
measure 'cluster -o json, https with a CA file' cluster -o json --endpoint "$endpoint" --ca-cert "$work/ca.pem"

[[ ${1:-} != --write ]] || cp "$work/today" "$committed"
exit $status
