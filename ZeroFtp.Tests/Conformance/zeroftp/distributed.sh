# Sourced by run.sh: a PostgreSQL cluster of its own on a Unix socket, and the stand-in for 0-stor, both gone at the end.
# start_store exports the configuration of the program; stop_store ends what start_store began.
POSTGRES= STANDIN=

start_store() {
  local programs owner=() found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -1) || found=$(command -v initdb) || { echo 'PostgreSQL is not installed' >&2; exit 2; }
  programs=$(dirname "$found")
  mkdir "$WORK/pg"
  if [ "$(id -u)" -eq 0 ]; then # the server refuses to run as root
    local user=nobody
    id postgres > /dev/null 2>&1 && user=postgres
    chown "$user" "$WORK/pg"
    owner=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
  fi
  "${owner[@]}" "$programs/initdb" -D "$WORK/pg/data" -U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions > /dev/null
  "${owner[@]}" "$programs/postgres" -D "$WORK/pg/data" -k "$WORK/pg" -c listen_addresses= -c fsync=off -c full_page_writes=off > "$WORK/pg.log" 2>&1 &
  POSTGRES=$!
  "$ZEROSTOR" --listen 127.0.0.1:0 > "$WORK/standin" 2> "$WORK/standin.log" &
  STANDIN=$!
  for _ in $(seq 1 300); do
    "$programs/pg_isready" -q -h "$WORK/pg" -U postgres && grep -q '^listening on' "$WORK/standin" && break
    kill -0 $POSTGRES && kill -0 $STANDIN || { cat "$WORK/pg.log" "$WORK/standin.log" >&2; exit 2; }
    sleep 0.1
  done
  "$programs/createdb" -h "$WORK/pg" -U postgres zeroftp
  export ZEROFTP__STORAGE__KIND=distributed ZEROFTP__STORAGE__METADATA__CONNECTIONSTRING="Host=$WORK/pg;Username=postgres;Database=zeroftp" \
    ZEROFTP__STORAGE__ZEROSTOR__DAEMONS="$(sed -n 's/^listening on //p' "$WORK/standin")"
}

store_sql() { psql -qX -v ON_ERROR_STOP=1 -h "$WORK/pg" -U postgres zeroftp -c "$1"; }

stop_store() {
  stop "$STANDIN"
  [ -z "$POSTGRES" ] || kill -QUIT "$POSTGRES" 2> /dev/null
  stop "$POSTGRES"
}
