#!/bin/sh
# A stand-in for python:3.11-slim-bookworm where no image can be pulled: Debian bookworm, whose python3 is 3.11.
#   base.sh ROOTFS.tar PACKAGE,...
# Debian comes from where this machine's own packages come from, else from debootstrap's default.
set -eu
tar=$1 packages=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' | awk '$1 == "bookworm" {print $2; exit}')
# shellcheck disable=SC2086  no mirror is no argument
debootstrap --variant=minbase --include="$packages" bookworm "$work/root" $mirror >"$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; exit 1; }
rm -rf "$work"/root/var/cache/apt/archives/*.deb "$work"/root/var/lib/apt/lists/*
rm -rf "$work"/root/tmp/*
# A container engine gives every container its names; here the base has to bring them.
printf '127.0.0.1 localhost\n::1 localhost\n' >"$work/root/etc/hosts"
tar -C "$work/root" -cf "$tar.new" .
mv "$tar.new" "$tar"
