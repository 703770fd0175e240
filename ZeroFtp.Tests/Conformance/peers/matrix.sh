#!/bin/bash
# Holds the suite against each of the other servers and against ZeroFtp with its defaults; writes OUT/NAME.json and the tables, OUT/matrix.md.
# usage: matrix.sh [--docs] OUT [NAME...]     --docs puts the tables into docs/conformance.md
set -u
HERE=$(cd "$(dirname "$0")" && pwd)
DOCS=
[ "$1" = --docs ] && DOCS=$HERE/../../../docs/conformance.md && shift
OUT=$1
shift
[ $# -gt 0 ] || set -- zeroftp vsftpd proftpd pureftpd pyftpdlib
PEERS=${ZEROFTP_PEERS:-${TMPDIR:-/tmp}/zeroftp-peers}
TOOL=${CONFORMANCE:-$HERE/../bin/Debug/net10.0/zeroftp-conformance}
[ -d "$PEERS/vsftpd" ] || "$HERE/fetch.sh" || exit 1
mkdir -p "$OUT"
PORT=${FIRST_PORT:-2701}
COLUMNS=()
RUNNING=
# A run that is broken off leaves no server behind.
trap '[ -z "$RUNNING" ] || "$HERE/$RUNNING.sh" stop "$PORT"' EXIT
trap 'exit 1' INT TERM
for server in "$@"; do
  if [ "$server" = zeroftp ]; then
    "$HERE/../zeroftp/run.sh" --out "$OUT/zeroftp" default | tail -1 | sed "s/^all/$server/"
    cp "$OUT/zeroftp/default.json" "$OUT/zeroftp.json" && COLUMNS+=("zeroftp=$OUT/zeroftp.json")
    continue
  fi
  tree=$(mktemp -d "$PEERS/run/tree.XXXXXX")
  chmod 755 "$tree"
  "$TOOL" --make-tree "$tree"
  "$HERE/$server.sh" start "$PORT" "$tree" || continue
  RUNNING=$server
  jobs=8
  case $server in
    vsftpd) accounts=(--account bob=bob:secret) ;;
    pureftpd) accounts=() ;;
    # One process serves all its sessions, and spins while a peer keeps it waiting for a handshake: beside each other checks would fail for each other's sake.
    pyftpdlib) accounts=(--account bob=bob:secret anonymous=anonymous:guest@localhost) jobs=1 ;;
    *) accounts=(--account bob=bob:secret anonymous=anonymous:guest@localhost) ;;
  esac
  "$TOOL" --port "$PORT" "${accounts[@]}" --jobs $jobs --patience 10 --fixture directory --report json --out "$OUT/$server.json" | tail -1 | sed "s/^all/$server/"
  "$HERE/$server.sh" stop "$PORT"
  RUNNING=
  rm -rf "$tree"
  PORT=$((PORT + 1))
  COLUMNS+=("$server=$OUT/$server.json")
done
{
  echo "Versions: $(grep -v '^openssl\|^lib\|^python3-\|common' "$PEERS/versions" | sed 's, *$,,' | paste -sd, | sed 's/,/, /g'), pyftpdlib $(sed -n 's/^python3-pyftpdlib \([^ ]*\).*/\1/p' "$PEERS/versions")."
  "$TOOL" matrix "${COLUMNS[@]}"
} > "$OUT/matrix.md"
if [ "$DOCS" ]; then
  awk -v tables="$OUT/matrix.md" '/^<!-- matrix -->/ { print; print ""; while ((getline line < tables) > 0) print line; print ""; skip = 1 } /^<!-- \/matrix -->/ { skip = 0 } !skip' "$DOCS" > "$OUT/docs.md" \
    && cp "$OUT/docs.md" "$DOCS"
fi
