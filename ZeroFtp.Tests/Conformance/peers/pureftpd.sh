#!/bin/bash
. "$(dirname "$0")/common.sh"
launch() {
  local hash
  hash=$(openssl passwd -1 -salt conf secret)
  for user in alice bob; do echo "$user:$hash:$USERID:$USERID::$TREE/./::::::::::::"; done > "$RUN/passwd"
  "$PEERS/pure-ftpd/usr/bin/pure-pw" mkdb "$RUN/users.pdb" -f "$RUN/passwd" > /dev/null 2>&1
  chmod 600 "$RUN/users.pdb"
  "$PEERS/pure-ftpd/usr/sbin/pure-ftpd" -S "127.0.0.1,$PORT" -l "puredb:$RUN/users.pdb" -A -E -H -c 2000 -C 2000 -I 15 \
    -u 1 -U 133:022 -f none -g "$RUN/own.pid" -L 100000:10 -Y 1 -2 "$PEERS/run/both.pem" > "$RUN/log" 2>&1 &
  echo $! > "$RUN/pid"
}
main
