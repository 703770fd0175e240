#!/bin/bash
# Starts ZeroFtp with the settings of one profile after another over one store of its own, and holds the suite against it.
# usage: run.sh [--store embedded|distributed] [--out DIR] [PROFILE...] [-- options of zeroftp-conformance]
# Without a profile all are run, and their reports are merged at the end. --out keeps PROFILE.json, and what the program logged.
# ZEROFTP, CONFORMANCE and ZEROSTOR name the programs, if they are not where a debug build leaves them.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
ZEROFTP=${ZEROFTP:-$HERE/../../../ZeroFtp.Host/bin/Debug/net10.0/zeroftp}
CONFORMANCE=${CONFORMANCE:-$HERE/../bin/Debug/net10.0/zeroftp-conformance}
ZEROSTOR=${ZEROSTOR:-$HERE/../../ZeroStor/bin/Debug/net10.0/zerostor-standin}
STORE=embedded OUT= PROFILES=() EXTRA=()
while [ $# -gt 0 ]; do
  case $1 in
    --store) STORE=$2; shift 2 ;;
    --out) OUT=$2; shift 2 ;;
    --) shift; EXTRA=("$@"); break ;;
    *) PROFILES+=("$1"); shift ;;
  esac
done
ALL=
[ ${#PROFILES[@]} -gt 0 ] || ALL=yes PROFILES=(default everything-on short-limits tls-required tls-strict no-tls hosts texts restricted bare alternatives client-certificates)
WORK=$(mktemp -d)
chmod 755 "$WORK"
[ -n "$OUT" ] && mkdir -p "$OUT" && OUT=$(cd "$OUT" && pwd)
OUT=${OUT:-$WORK}
SERVER=
# What does not stop within a minute is killed, so that no wait lasts for ever.
stop() {
  local killer
  [ -n "$1" ] || return 0
  { kill "$1"; (sleep 60; kill -9 "$1") > /dev/null & } 2> /dev/null
  killer=$!
  { wait "$1" || true; kill $killer; wait $killer || true; } 2> /dev/null
}
trap 'stop "$SERVER"; [ $STORE = embedded ] || stop_store; rm -rf "$WORK"' EXIT
cd "$WORK"

# Few rounds of stretching, since each check logs in.
export ZEROFTP__PASSWORDS__PBKDF2ITERATIONS=1000 ZEROFTP__STORAGE__ANONYMOUSACCOUNT=anonymous ZEROFTP__DATA=$WORK/zeroftp-data
if [ $STORE = distributed ]; then
  . "$HERE/distributed.sh"
  start_store
fi

certificate() { # NAME [options of openssl req]
  local name=$1
  shift
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$name" -addext "subjectAltName=DNS:$name" -keyout "$name.key" -out "$name.crt" "$@" 2> /dev/null
  cat "$name.key" "$name.crt" > "$name.pem"
}
certificate a.example
certificate b.example
certificate authority
cp authority.crt authority.pem
openssl req -newkey rsa:2048 -nodes -subj /CN=certuser -keyout certuser.key -out certuser.csr 2> /dev/null
openssl x509 -req -in certuser.csr -CA authority.crt -CAkey authority.key -CAcreateserial -days 2 -out certuser.crt 2> /dev/null
cat certuser.key certuser.crt > certuser.pem

account() { # NAME PASSWORD options
  local name=$1 password=$2
  shift 2
  printf '%s\n' "$password" | "$ZEROFTP" user add "$name" --password-stdin --home /tree "$@" > /dev/null
}
account alice secret
account bob secret --read-only
account walled secret --rule /closed=list --rule /odd/a-cr-b=all
account acme secret --account-code proj1
account padded ' p w '
account root secret --admin
account quota secret --quota 1KiB
account storer secret --storing-code proj2
account hostb secret --host b.example
account drop secret --permissions write,makeDirectory
account certuser secret --certificate "$(openssl x509 -in certuser.crt -noout -fingerprint -sha256 | sed 's/.*=//;s/://g')"
"$ZEROFTP" user add guest --no-password --home /tree > /dev/null
"$ZEROFTP" user add anonymous --no-password --read-only --rule /in=list,write --home /tree > /dev/null
# No client can make a name with CR: it comes into the store from behind.
if [ $STORE = distributed ]; then
  store_sql "UPDATE file SET name = 'a' || chr(13) || 'b' WHERE name = 'a-cr-b'"
else
  python3 -c 'import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as store:
    assert store.execute("UPDATE file SET name = ? WHERE name = ?", ("a\rb", "a-cr-b")).rowcount == 1' zeroftp-data/metadata.db
fi
ACCOUNTS=(bob=bob:secret walled=walled:secret acme=acme:secret:proj1 anonymous=anonymous:guest@localhost "padded=padded: p w " admin=root:secret
  quota=quota:secret hostb=hostb:secret drop=drop:secret storer=storer:secret:proj2 certuser=certuser:secret guest=guest:)

port() { sed -n "s/^listening on $1:\([0-9]*\)$2\$/\1/p" out | head -1; }

run() { # PROFILE
  local profile=$1 first
  cp "$HERE/$profile.json" zeroftp.json
  # Failed logins are many here and come from one address: they are answered at once and bar no address, but still close their connection.
  # One check waits for a handshake that neither side begins.
  local serve=(--set limits:loginDelay=0s --set limits:maxLoginFailuresPerAddress=0 --set tls:handshakeTimeout=5s)
  local options=(--offers "$HERE/offers.txt") jobs=8
  case $profile in
    short-limits)
      first=$((20000 + RANDOM % 10000))
      serve=(--passive-ports "$first-$((first + 9))")
      jobs=3
      options+=(--passive-range "$first-$((first + 9))") ;;
    everything-on) options+=(--client-certificate certuser.pem) ;;
    tls-required) options+=(--tls explicit) ;;
    tls-strict)
      jobs=1
      options+=(--tls explicit) ;;
    client-certificates) options+=(--fixture none) ;;
  esac
  : > out
  "$ZEROFTP" serve --listen 127.0.0.1:0 --listen '[::1]:0' --listen-implicit 127.0.0.1:0 "${serve[@]}" > out 2> "$OUT/$profile.log" &
  SERVER=$!
  for _ in $(seq 1 600); do
    [ "$(grep -c '^listening on' out)" -ge 3 ] && break
    kill -0 $SERVER || { cat "$OUT/$profile.log" >&2; exit 2; }
    sleep 0.1
  done
  local code=0
  timeout --kill-after=10 300 "$CONFORMANCE" --port "$(port '127\.0\.0\.1' '')" --port6 "$(port '\[::1\]' '')" --implicit-port "$(port '127\.0\.0\.1' ' (implicit TLS)')" --account "${ACCOUNTS[@]}" \
    --profile "$profile" --jobs $jobs "${options[@]}" --report json --out "$OUT/$profile.json" "${EXTRA[@]}" > "$profile.txt" || code=$?
  # What concerns one profile only is its failures and its sum.
  if [ ${#PROFILES[@]} -eq 1 ]; then cat "$profile.txt"; else sed -n '/^FAIL/p;/^     /p' "$profile.txt"; echo "$profile: $(tail -1 "$profile.txt" | sed 's/^all *//')"; fi
  stop $SERVER
  SERVER=
  return $code
}

worst=0
for profile in "${PROFILES[@]}"; do
  run "$profile" || worst=1
done
if [ $ALL ]; then
  "$CONFORMANCE" merge --not-offered "$HERE/not-offered.txt" "${PROFILES[@]/%/.json}" --directory "$OUT" || worst=1
fi
exit $worst
