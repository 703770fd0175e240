#!/bin/bash
. "$(dirname "$0")/common.sh"
launch() {
  mkdir -p "$RUN/modules"
  ln -sf "$PEERS"/proftpd-core/usr/lib/proftpd/*.so "$PEERS"/proftpd-mod-crypto/usr/lib/proftpd/mod_tls.so "$RUN/modules/"
  local hash
  hash=$(openssl passwd -1 -salt conf secret)
  for user in alice bob; do echo "$user:$hash:$USERID:$USERID::$TREE:/bin/sh"; done > "$RUN/passwd"
  echo "daemon:x:$USERID:" > "$RUN/group"
  chmod 600 "$RUN/passwd" "$RUN/group"
  cat > "$RUN/conf" <<C
ModulePath $RUN/modules
LoadModule mod_tls.c
ServerType standalone
ServerName conformance
UseIPv6 off
UseReverseDNS off
WtmpLog off
TransferLog none
SystemLog $RUN/log
PidFile $RUN/own.pid
ScoreboardFile none
DelayTable none
DelayEngine off
MaxInstances none
DefaultAddress 127.0.0.1
Port $PORT
User daemon
Group daemon
Umask 022 022
DefaultRoot $TREE
RequireValidShell off
AuthPAM off
AuthUserFile $RUN/passwd
AuthGroupFile $RUN/group
AuthOrder mod_auth_file.c
UseFtpUsers off
AllowOverwrite on
AllowStoreRestart on
AllowRetrieveRestart on
<Limit WRITE>
  DenyUser bob
</Limit>
<Anonymous $TREE>
  User daemon
  Group daemon
  UserAlias anonymous daemon
  UserAlias ftp daemon
  RequireValidShell off
  <Limit WRITE>
    DenyAll
  </Limit>
</Anonymous>
TLSEngine on
TLSProtocol TLSv1.2 TLSv1.3
TLSRSACertificateFile $PEERS/run/cert.pem
TLSRSACertificateKeyFile $PEERS/run/key.pem
TLSVerifyClient off
TLSRequired off
TLSOptions NoSessionReuseRequired
TLSLog none
C
  "$PEERS/proftpd-core/usr/sbin/proftpd" -n -q -c "$RUN/conf" > "$RUN/out" 2>&1 &
  echo $! > "$RUN/pid"
}
main
