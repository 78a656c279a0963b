#!/bin/sh
# Installs actionlint into .tacho/bin with the machine's Go, from the Go module proxy; called by CI. Without a Go the
# test that needs it is skipped and says so.
set -eu
version=v1.7.12
cd "$(dirname "$0")/../.."
bin=${TACHO_HOME:-$PWD/.tacho}/bin
command -v go >/dev/null || { echo "workflows: no go here, so no actionlint" >&2; exit 0; }
if "$bin/actionlint" -version 2>/dev/null | grep -q "^${version#v}$\|^$version$"; then exit 0; fi
GOBIN="$bin" GOFLAGS=-mod=mod go install "github.com/rhysd/actionlint/cmd/actionlint@$version"
