#!/usr/bin/env bash
# How long a far deployment takes, against curl: through a relay that holds back every piece for 50 ms in each direction, over TLS, with
# the CA in a file and among the system's roots; and one whose name has an IPv6 address first that nobody answers at.
#
#   cargo build --release && benches/network.sh
#
# Needs curl, openssl, python3, unshare; Linux, root or user namespaces (for a hosts file of its own), IPv6 on loopback.
set -euo pipefail
cd "$(dirname "$0")/.."
emqstat=$(realpath "${EMQSTAT:-target/release/emqstat}")
pairs=$(realpath benches/pairs.py)
certificate=$(realpath benches/certificate.sh)
if [[ ${1:-} != inside ]]; then
    exec unshare --map-root-user --mount benches/network.sh inside
fi
work=$(mktemp -d)
servers=()
trap 'kill "${servers[@]}" 2>/dev/null || :; rm -rf "$work"' EXIT
cp tests/data/sample-cluster.prom "$work/body"
cd "$work"
export HOME=$work EMQSTAT_APP_ID=app EMQSTAT_APP_SECRET=secret
"$certificate"

printf '127.0.0.1 localhost\n::1 far.test\n127.0.0.1 far.test\n' > hosts
mount --bind hosts /etc/hosts
roots=/etc/ssl/certs/ca-certificates.crt
cat "$roots" ca.pem > roots.pem

cat > server.py <<'PYTHON'
import asyncio, socket, ssl
DELAY = 0.05
with open("body", "rb") as file:
    body = file.read()
response = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body

async def answer(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(response)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def relay(reader, writer):
    far = await asyncio.open_connection("127.0.0.1", 9421)
    async def copy(reader, writer):
        loop = asyncio.get_running_loop()
        try:
            while piece := await reader.read(65536):
                loop.call_later(DELAY, writer.write, piece)
        except ConnectionError:
            pass
        loop.call_later(DELAY, writer.close)
    await asyncio.gather(copy(reader, far[1]), copy(far[0], writer))

async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("certificate.pem", "key.pem")
    await asyncio.start_server(answer, "127.0.0.1", 9420)
    await asyncio.start_server(answer, "127.0.0.1", 9421, ssl=tls)
    await asyncio.start_server(relay, "127.0.0.1", 9422)
    # Nobody takes connections from this queue, and it is full: who comes now gets no answer.
    with socket.create_server(("::1", 9420), family=socket.AF_INET6, backlog=0):
        waiting = []
        for _ in range(4):
            waiting.append(socket.socket(socket.AF_INET6))
            waiting[-1].setblocking(False)
            waiting[-1].connect_ex(("::1", 9420))
        print("ready", flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
PYTHON
python3 server.py > ready &
servers+=($!)
until [[ -s ready ]]; do sleep 0.05; done

url=https://127.0.0.1:9422
echo '== 50 ms each way, TLS with a CA file, against curl'
"$pairs" -n 11 "$emqstat cluster -o json --endpoint $url --ca-cert ca.pem" \
    "curl -sf -u app:secret --cacert ca.pem $url/deployment_metrics"
echo '== the same with the CA among the roots of the system'
mount --bind roots.pem "$roots"
"$pairs" -n 11 "$emqstat cluster -o json --endpoint $url" \
    "curl -sf -u app:secret $url/deployment_metrics"
echo '== a name whose first address is dead'
url=http://far.test:9420
"$pairs" -n 11 "$emqstat cluster -o json --allow-http --endpoint $url" "curl -sf -u app:secret $url/deployment_metrics"
