#!/bin/sh
# For the last stage of every Dockerfile: the user a service runs as, by number for those who check it, with a name
# because Hadoop asks for one; and the one folder, besides /tmp, that it may write when something is mounted there.
set -eu
echo 'tacho:x:10001:' >> /etc/group
echo 'tacho:x:10001:10001:tacho:/tmp:/usr/sbin/nologin' >> /etc/passwd
mkdir -p /data
chown 10001:10001 /data
rm -f "$0"
