#!/bin/sh
# Installs what the images lane needs and this machine lacks (Debian or Ubuntu, as root); called by CI.
set -eu
missing=
command -v buildah >/dev/null || missing="$missing buildah"
command -v debootstrap >/dev/null || missing="$missing debootstrap"
[ -z "$missing" ] && exit 0
[ "$(id -u)" = 0 ] || { echo "images: install$missing, or run this as root" >&2; exit 1; }
apt-get update -q >/dev/null
# shellcheck disable=SC2086  a list of names
DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing >/dev/null
