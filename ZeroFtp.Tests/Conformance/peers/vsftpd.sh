#!/bin/bash
. "$(dirname "$0")/common.sh"
launch() {
  mkdir -p "$RUN/empty" "$RUN/users"
  printf 'write_enable=NO\n' > "$RUN/users/bob"
  perl -MDB_File -MFcntl -e 'tie my %users, "DB_File", $ARGV[0], O_RDWR | O_CREAT | O_TRUNC, 0600, $DB_HASH or die; @users{"alice", "bob"} = ("secret", "secret")' "$RUN/accounts.db"
  for kind in auth account; do echo "$kind required pam_userdb.so db=$RUN/accounts crypt=none"; done > /etc/pam.d/zeroftp-conformance
  cat > "$RUN/conf" <<C
listen=YES
listen_address=127.0.0.1
listen_port=$PORT
background=NO
anonymous_enable=NO
ascii_upload_enable=YES
ascii_download_enable=YES
async_abor_enable=YES
local_enable=YES
guest_enable=YES
guest_username=daemon
virtual_use_local_privs=YES
user_config_dir=$RUN/users
local_root=$TREE
chroot_local_user=YES
allow_writeable_chroot=YES
write_enable=YES
local_umask=022
file_open_mode=0666
ls_recurse_enable=YES
mdtm_write=YES
pam_service_name=zeroftp-conformance
session_support=NO
secure_chroot_dir=$RUN/empty
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
delay_failed_login=0
max_clients=0
max_per_ip=0
port_enable=YES
connect_from_port_20=NO
ssl_enable=YES
force_local_data_ssl=NO
force_local_logins_ssl=NO
require_ssl_reuse=NO
ssl_tlsv1=YES
ssl_ciphers=HIGH
rsa_cert_file=$PEERS/run/cert.pem
rsa_private_key_file=$PEERS/run/key.pem
C
  chmod 600 "$RUN/conf" "$RUN/users/bob"
  "$PEERS/vsftpd/usr/sbin/vsftpd" "$RUN/conf" > "$RUN/log" 2>&1 &
  echo $! > "$RUN/pid"
}
main
