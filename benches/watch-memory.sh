#!/bin/sh
# Shows that 'emqstat watch' holds no more after a day of one-second ticks than after its first minute: as many ticks, as fast as
# they can be made, against a simulated deployment. Prints ticks and resident memory (VmRSS, KiB) as it runs.
#
#   cargo build --release && benches/watch-memory.sh [TICKS] [RULES]
#
# TICKS is 86400 if it is not given, RULES 12. Linux: memory is read from /proc.
set -eu
ticks=${1:-86400}
rules=${2:-12}
emqstat=${EMQSTAT:-target/release/emqstat}
work=$(mktemp -d)
trap 'kill "$server" "$watch" 2>/dev/null || :; rm -rf "$work"' EXIT

EMQSTAT_APP_ID=app EMQSTAT_APP_SECRET=secret
export EMQSTAT_APP_ID EMQSTAT_APP_SECRET
"$emqstat" simulate --port 0 --rules "$rules" -o json > "$work/server" &
server=$!
until [ -s "$work/server" ]; do sleep 0.1; done
endpoint=$(sed 's/.*"endpoint":"\([^"]*\)".*/\1/' "$work/server")

# A line a tick would fill the disk: only how many there are is kept.
mkfifo "$work/lines"
awk -v file="$work/count" '{ if (NR % 200 == 0) { print NR > file; close(file) } }' < "$work/lines" &
"$emqstat" watch --endpoint "$endpoint" --interval 1ms --count "$ticks" -o jsonl > "$work/lines" &
watch=$!
start=$(date +%s)
printf '%8s %8s %10s\n' SECONDS TICKS RSS_KIB
while rss=$(awk '/VmRSS/ { print $2 }' "/proc/$watch/status" 2>/dev/null) && [ -n "$rss" ]; do
    printf '%8s %8s %10s\n' "$(($(date +%s) - start))" "$(cat "$work/count" 2>/dev/null || echo 0)" "$rss"
    sleep 5
done
wait "$watch"
