#!/bin/sh
# Installs the browser of the browser lane where this machine lacks one (Debian, as root); called by CI.
set -eu
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
[ "$(id -u)" = 0 ] || { echo "browser: install chromium, or run this as root" >&2; exit 1; }
apt-get update -q >/dev/null
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends chromium >/dev/null
