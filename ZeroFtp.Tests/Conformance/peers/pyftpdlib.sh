#!/bin/bash
. "$(dirname "$0")/common.sh"
launch() {
  cat > "$RUN/serve.py" <<'P'
import logging, sys
sys.path.insert(0, sys.argv[1])
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import TLS_FTPHandler
from pyftpdlib.servers import FTPServer
port, root, certificate = int(sys.argv[2]), sys.argv[3], sys.argv[4]
logging.basicConfig(level=logging.ERROR)
authorizer = DummyAuthorizer()
authorizer.add_user("alice", "secret", root, perm="elradfmwMT")
authorizer.add_user("bob", "secret", root, perm="elr")
authorizer.add_anonymous(root)
handler = TLS_FTPHandler
handler.authorizer = authorizer
handler.certfile = certificate
handler.auth_failed_timeout = 0
server = FTPServer(("127.0.0.1", port), handler, backlog=1024)
server.max_cons = server.max_cons_per_ip = 0
server.serve_forever(handle_exit=False)
P
  cp "$PEERS/run/both.pem" "$RUN/both.pem"
  chown -R $USERID:$USERID "$RUN"
  setpriv --reuid=$USERID --regid=$USERID --clear-groups /usr/bin/python3 "$RUN/serve.py" \
    "$PEERS/python3-pyftpdlib/usr/lib/python3/dist-packages" "$PORT" "$TREE" "$RUN/both.pem" > "$RUN/log" 2>&1 &
  echo $! > "$RUN/pid"
}
main
