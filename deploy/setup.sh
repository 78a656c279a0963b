#!/bin/sh
# Makes the virtual environment from the locks; called by `make setup`, from the repository's root.
# Each step says how long it took, so that a slow line is not mistaken for a slow program.
set -u

fail() { printf 'tacho: %s\n' "$1" >&2; exit 1; }
seconds() { date +%s; }
done_in() { printf 'setup: %s (%s s)\n' "$1" "$(( $(seconds) - $2 ))"; }

LOG=$(mktemp)
trap 'rm -f "$LOG" "$LOG.tools"' EXIT
attempt() {
  "$@" >"$LOG" 2>&1 && return 0
  tail -n 3 "$LOG" >&2
  if grep -qiE 'hash(es)? (do not|mismatch)|DO NOT MATCH' "$LOG"; then
    fail "A package is not the one in requirements.lock (hash differs): check the registry or mirror in use."
  fi
  fail "The packages could not be installed: check the network, or point pip and uv at a mirror (PIP_INDEX_URL, UV_INDEX_URL), then run make again."
}

command -v "$PYTHON" >/dev/null 2>&1 || fail "Python is missing: install Python 3.11 or newer."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  fail "$("$PYTHON" --version) is too old: install Python 3.11 or newer, or name one with make PYTHON=python3.11."
command -v java >/dev/null 2>&1 && java -version >/dev/null 2>&1 ||
  fail "Java is missing: install a Java 17 (or newer) runtime so that java -version works."

begin=$(seconds)
if ! "$VENV/bin/python" -c '' 2>/dev/null; then
  rm -rf "$VENV"
  "$PYTHON" -m venv "$VENV" >"$LOG" 2>&1 ||
    fail "Python could not make a virtual environment: install its venv module (python3-venv on Debian)."
  done_in 'virtual environment' "$begin"
fi

begin=$(seconds)
attempt "$VENV/bin/python" -m pip install --quiet --require-hashes -r requirements.bootstrap.lock
done_in 'installer, download and install' "$begin"

# pyspark comes as a source archive: its build takes setuptools from the environment, at the locked version.
begin=$(seconds)
export VIRTUAL_ENV="$VENV"
awk '/^(setuptools|wheel|packaging)==/ {take = 1} take {print} take && !/\\$/ {take = 0}' requirements.lock >"$LOG.tools"
attempt "$VENV/bin/uv" pip install --quiet --require-hashes --no-deps -r "$LOG.tools"
attempt "$VENV/bin/uv" pip install --quiet --require-hashes --no-build-isolation-package pyspark -r requirements.lock
done_in 'packages, download and install' "$begin"

begin=$(seconds)
set --
for project in $PROJECTS; do set -- "$@" -e "./$project"; done
attempt "$VENV/bin/uv" pip install --quiet --no-deps --no-build-isolation "$@"
done_in "tacho's own packages" "$begin"
