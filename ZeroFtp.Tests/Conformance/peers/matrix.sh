#!/bin/bash
# Holds the suite against each of the other servers and writes OUT/NAME.json.  usage: matrix.sh OUT [NAME...]
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
OUT=$1
shift
PEERS=${ZEROFTP_PEERS:-${TMPDIR:-/tmp}/zeroftp-peers}
TOOL=${CONFORMANCE:-$HERE/../bin/Debug/net10.0/zeroftp-conformance}
[ -d "$PEERS/vsftpd" ] || "$HERE/fetch.sh" || exit 1
mkdir -p "$OUT"
PORT=${FIRST_PORT:-2701}
for name in "${@:-vsftpd proftpd pureftpd pyftpdlib}"; do
  for server in $name; do
    tree=$(mktemp -d "$PEERS/run/tree.XXXXXX")
    chmod 755 "$tree"
    "$TOOL" --make-tree "$tree"
    "$HERE/$server.sh" start $PORT "$tree" || continue
    case $server in
      vsftpd) accounts="--account bob=bob:secret" ;;
      pureftpd) accounts="" ;;
      *) accounts="--account bob=bob:secret --account anonymous=anonymous:guest@localhost" ;;
    esac
    "$TOOL" --port $PORT $accounts --patience 10 --fixture directory --report json --out "$OUT/$server.json" | tail -1 | sed "s/^all/$server/"
    "$HERE/$server.sh" stop $PORT
    rm -rf "$tree"
    PORT=$((PORT + 1))
  done
done
