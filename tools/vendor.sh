#!/bin/sh
# Brings the JavaScript of others into the tree, from pinned npm packages; run when a pin below is changed, then commit.
# What is served is what is in the tree: nothing is downloaded when the software is installed or runs.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && npm pack --silent altcha@3.2.2 >/dev/null && tar xzf altcha-3.2.2.tgz)
into=src/cyberweek/knowledge/static/knowledge/vendor/altcha
mkdir -p "$into"
cp "$work/package/dist/workers/pbkdf2.js" "$work/package/LICENSE.txt" "$into/"
sha256sum "$into"/*
