# Sourced by the peer scripts, each of which is called as:  NAME.sh start PORT TREE | stop PORT
# TREE is the fixture tree (zeroftp-conformance --make-tree); alice may write it, bob may read it, both with the password "secret".
# Needs root: the servers change their user and their root directory.
set -u
PEERS=${ZEROFTP_PEERS:-${TMPDIR:-/tmp}/zeroftp-peers}
NAME=$(basename "$0" .sh)
ACTION=${1:-} PORT=${2:-} TREE=${3:-}
[ -n "$ACTION" ] && [ -n "$PORT" ] || { echo "usage: $0 start PORT TREE | stop PORT" >&2; exit 2; }
RUN=$PEERS/run/$NAME-$PORT
USERID=1   # daemon: an unprivileged user whose home directory exists everywhere
export LD_LIBRARY_PATH=$PEERS/lib

certificate() {
  [ -s "$PEERS/run/both.pem" ] && return
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" \
    -keyout "$PEERS/run/key.pem" -out "$PEERS/run/cert.pem" >/dev/null 2>&1
  cat "$PEERS/run/key.pem" "$PEERS/run/cert.pem" > "$PEERS/run/both.pem"
  chmod 600 "$PEERS/run/key.pem" "$PEERS/run/both.pem"
}

wait_for_port() {
  for _ in $(seq 1 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then return 0; fi
    kill -0 "$(cat "$RUN/pid")" 2>/dev/null || break
    sleep 0.1
  done
  echo "$NAME did not come up on port $PORT:" >&2
  tail -5 "$RUN/log" >&2
  return 1
}

stop() {
  [ -s "$RUN/pid" ] || return 0
  local pid children
  pid=$(cat "$RUN/pid")
  children=$(ps -o pid= --ppid "$pid")
  kill "$pid" 2>/dev/null
  for _ in $(seq 1 30); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" $children 2>/dev/null
  rm -f "$RUN/pid"
}

main() {
  case $ACTION in
    start)
      mkdir -p "$RUN"
      stop
      certificate
      chown -R -h $USERID:$USERID "$TREE"
      launch && wait_for_port ;;
    stop) stop ;;
    *) exit 2 ;;
  esac
}
