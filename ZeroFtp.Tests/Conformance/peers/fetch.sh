#!/bin/bash
# Downloads the servers of the field matrix as Debian packages and unpacks them beside each other (installed, they would conflict).
set -e
PEERS=${ZEROFTP_PEERS:-${TMPDIR:-/tmp}/zeroftp-peers}
mkdir -p "$PEERS/debs" "$PEERS/lib" "$PEERS/run"
cd "$PEERS/debs"
SERVERS="vsftpd proftpd-core proftpd-mod-crypto pure-ftpd python3-pyftpdlib"
LIBRARIES="libwrap0 libhiredis0.14 libmemcachedutil2 libmemcached11 libpcre2-posix3 libhashkit2"
apt-get download -q $SERVERS $LIBRARIES
for name in $SERVERS; do dpkg -x "$name"_*.deb "$PEERS/$name"; done
for name in $LIBRARIES; do dpkg -x "$name"_*.deb "$PEERS/unpacked"; done
find "$PEERS/unpacked" -name '*.so*' -exec cp -dn {} "$PEERS/lib" \;
dpkg-query -W -f '${Package} ${Version}\n' openssl > "$PEERS/versions"
for file in *.deb; do dpkg-deb -f "$file" Package Version | tr '\n' ' ' | sed 's,Package: ,,;s,Version: ,,'; echo; done >> "$PEERS/versions"
