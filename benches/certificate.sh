#!/usr/bin/env bash
# Makes a CA (ca.pem) and a certificate of it for 127.0.0.1 (certificate.pem, key.pem) in this folder, for two days. Needs openssl.
set -euo pipefail
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem \
    -addext basicConstraints=critical,CA:TRUE 2> /dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server -keyout key.pem -out request.pem 2> /dev/null
printf 'subjectAltName=IP:127.0.0.1\n' > names
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out certificate.pem 2> /dev/null
