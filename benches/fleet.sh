#!/usr/bin/env bash
# How long many deployments take that answer after 200 ms, and some that never do: each line has the command, the time, CPU time and the
# highest resident memory.
#
#   cargo build --release && benches/fleet.sh
#
# Needs python3 (the server), GNU time, openssl.
set -euo pipefail
cd "$(dirname "$0")/.."
emqstat=$(realpath "${EMQSTAT:-target/release/emqstat}")
data=$PWD/tests/data
certificate=$(realpath benches/certificate.sh)
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || :; rm -rf "$work"' EXIT
cd "$work"

cat > server.py <<'PYTHON'
import asyncio, ssl, sys
port, hanging, certificate = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
bodies = {}
for path in ("cluster", "data-integration"):
    with open(f"{sys.argv[0].rsplit('/', 1)[0]}/{path}.prom", "rb") as file:
        body = file.read()
    bodies[path] = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body

async def answer(reader, writer):
    try:
        while True:
            path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
            if int(path.split(b"/")[1]) < hanging:
                await asyncio.sleep(3600)
            await asyncio.sleep(0.2)
            writer.write(bodies["data-integration" if path.endswith(b"data_integration") else "cluster"])
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()

async def main():
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
    async with await asyncio.start_server(answer, "127.0.0.1", port, backlog=4096, ssl=tls) as server:
        print("ready", flush=True)
        await server.serve_forever()

asyncio.run(main())
PYTHON
cp "$data/sample-cluster.prom" cluster.prom
cp "$data/sample-data-integration.prom" data-integration.prom
"$certificate"

# A server on that port, of whose deployments so many hang, and a profile file with so many of them.
serve() { # FILE PORT COUNT HANGING [CERTIFICATE KEY]
    local file=$1 port=$2 count=$3 hanging=$4 scheme=http ca=
    shift 4
    if [[ $# -gt 0 ]]; then scheme=https ca="ca_cert = \"$work/ca.pem\""; fi
    python3 "$work/server.py" "$port" "$hanging" "$@" > "ready.$port" &
    servers+=($!)
    until [[ -s ready.$port ]]; do sleep 0.05; done
    for ((n = 0; n < count; n++)); do
        printf '[profiles.d%d]\nendpoint = "%s://127.0.0.1:%d/%d"\napp_id = "app"\napp_secret = "secret"\n%s\n' "$n" "$scheme" "$port" "$n" "$ca"
    done > "$file"
    chmod 600 "$file"
}

measure() { # FILE ARGUMENTS
    local file=$1
    shift
    env -i HOME="$work" PATH=/usr/bin:/bin time -f '%e s %U+%S s %M KB' -o cost \
        "$emqstat" "$@" --all-profiles --profile-file "$file" --retries 0 -o json > answer 2> /dev/null || :
    printf '%-52s %s\n' "$file: $*" "$(tail -n 1 cost)"
}

serve 100 9401 100 0
serve 100-10-hang 9402 100 10
serve 100-50-hang 9403 100 50
serve 1000 9404 1000 0
serve 1000-tls 9405 1000 0 certificate.pem key.pem
measure 100 cluster
measure 100-10-hang cluster --timeout 2s
measure 100-50-hang cluster --timeout 2s
measure 1000 cluster
measure 1000-tls cluster
measure 1000 check --window 0
(ulimit -n 256 && measure 1000 cluster)
