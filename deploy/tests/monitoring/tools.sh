#!/bin/sh
# Puts promtool and prometheus into .tacho/bin, out of Debian's package (or Ubuntu's), which is unpacked and not
# installed: no service starts. Called by CI; without apt the tests that need them are skipped and say so.
set -eu
cd "$(dirname "$0")/../../.."
bin=${TACHO_HOME:-$PWD/.tacho}/bin
if "$bin/promtool" --version >/dev/null 2>&1; then exit 0; fi
command -v apt-get >/dev/null || { echo "monitoring: no apt here, so no promtool" >&2; exit 0; }
[ "$(id -u)" != 0 ] || apt-get update -q >/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# apt drops root's rights for the download, where it can.
chmod 777 "$work"
(cd "$work" && apt-get download -q prometheus >/dev/null)
mkdir -p "$bin"
dpkg-deb --fsys-tarfile "$work"/prometheus_*.deb |
  tar -x -C "$bin" --strip-components=3 ./usr/bin/promtool ./usr/bin/prometheus
