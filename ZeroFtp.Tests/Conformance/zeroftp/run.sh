#!/bin/bash
# Starts ZeroFtp over an embedded store of its own with a profile's settings and holds the suite against it.
# usage: run.sh PROFILE [options of zeroftp-conformance]     ZEROFTP and CONFORMANCE name the two programs
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
PROFILE=$1
shift
ZEROFTP=${ZEROFTP:-$HERE/../../../ZeroFtp.Host/bin/Debug/net10.0/zeroftp}
CONFORMANCE=${CONFORMANCE:-$HERE/../bin/Debug/net10.0/zeroftp-conformance}
WORK=$(mktemp -d)
SERVER=
trap '[ -z "$SERVER" ] || { kill $SERVER; wait $SERVER || true; } 2>/dev/null; rm -rf "$WORK"' EXIT
cp "$HERE/$PROFILE.json" "$WORK/zeroftp.json"
cd "$WORK"

account() { # NAME PASSWORD options
  local name=$1 password=$2
  shift 2
  printf '%s\n' "$password" | "$ZEROFTP" user add "$name" --password-stdin --home /tree "$@" > /dev/null
}
account alice secret
account bob secret --read-only
account acme secret --account-code proj1
account padded ' p w '
account root secret --admin
account quota secret --quota 1KiB
"$ZEROFTP" user add anonymous --no-password --read-only --home /tree > /dev/null

certificate() { # NAME
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout "$1.key" -out "$1.crt" 2> /dev/null
  cat "$1.key" "$1.crt" > "$1.pem"
}
case $PROFILE in
  hosts) certificate a.example; certificate b.example ;;
  client-certificates) certificate authority; cp authority.crt authority.pem ;;
esac

# Failed logins are many here and come from one address: they are answered at once and bar no address, but still close their connection.
LIMITS="--set limits:loginDelay=0s --set limits:maxLoginFailuresPerAddress=0"
RANGE=
OPTIONS=(--jobs 8 --offers "$HERE/offers.txt")
case $PROFILE in
  short-limits)
    LIMITS=
    first=$((20000 + RANDOM % 10000))
    RANGE="--passive-ports $first-$((first + 9))"
    OPTIONS=(--jobs 3 --passive-range "$first-$((first + 9))") ;;
  tls-required) OPTIONS+=(--tls explicit) ;;
  tls-strict) OPTIONS=(--tls explicit --jobs 1) ;;
  client-certificates) OPTIONS+=(--fixture none) ;;
esac
"$ZEROFTP" serve --listen 127.0.0.1:0 --listen '[::1]:0' --listen-implicit 127.0.0.1:0 --data "$WORK/zeroftp-data" $LIMITS $RANGE > "$WORK/out" 2> "$WORK/log" &
SERVER=$!
for _ in $(seq 1 300); do
  [ "$(grep -c '^listening on' "$WORK/out")" -ge 3 ] && break
  kill -0 $SERVER || { cat "$WORK/log" >&2; exit 2; }
  sleep 0.1
done
port() { sed -n "s/^listening on $1:\([0-9]*\)$2\$/\1/p" "$WORK/out" | head -1; }
"$CONFORMANCE" --port "$(port '127\.0\.0\.1' '')" --port6 "$(port '\[::1\]' '')" --implicit-port "$(port '127\.0\.0\.1' ' (implicit TLS)')" \
  --account bob=bob:secret acme=acme:secret:proj1 anonymous=anonymous:guest@localhost "padded=padded: p w " admin=root:secret quota=quota:secret \
  --profile "$PROFILE" "${OPTIONS[@]}" "$@"
