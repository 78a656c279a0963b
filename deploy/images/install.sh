#!/bin/sh
# For the build stage of every Dockerfile: a virtual environment with exactly the locked packages, and our own on top.
#   install.sh "LOCK ..." PROJECT ...
# Packages that are built here are built by tools of the root lock; nothing unlocked is ever fetched.
set -eu
locks=$1; shift
export PIP_NO_CACHE_DIR="${PIP_NO_CACHE_DIR-1}" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

locked() { awk -v names="$1" 'BEGIN {split(names, list, " "); for (i in list) want[list[i]] = 1}
  /^[a-z]/ {split($1, part, "=="); take = part[1] in want} take' requirements.lock; }
locked "hatchling packaging pathspec pluggy trove-classifiers setuptools wheel" > /tmp/tools.lock

python3 -m venv /opt/build
/opt/build/bin/pip install --quiet --require-hashes --no-deps -r /tmp/tools.lock
/opt/build/bin/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /tmp/own "$@"

python3 -m venv /opt/tacho
/opt/tacho/bin/pip install --quiet --require-hashes --no-deps -r /tmp/tools.lock
# pyspark comes as a source archive: its build takes setuptools from the environment, at the locked version.
# All locks are parts of one resolved set, so two of them never disagree.
# shellcheck disable=SC2086,SC2046
/opt/tacho/bin/pip install --quiet --require-hashes --no-build-isolation $(printf -- '-r %s ' $locks)
/opt/tacho/bin/pip install --quiet --no-deps /tmp/own/*.whl
# An image that runs needs no installer.
/opt/tacho/bin/pip uninstall --quiet --yes setuptools wheel hatchling trove-classifiers pathspec pip
