#!/bin/sh
# Brings the JavaScript and fonts of others into the tree, from pinned npm packages; run when a pin below is changed, then commit.
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

# The letters of the PDFs: cut down by tools/vendor_fonts.py. The fonts' own notice is Apache 2.0, the package's OFL 1.1; both travel with them.
(cd "$work" && npm pack --silent @embedpdf/fonts-sc@1.0.0 >/dev/null && mkdir fonts && tar xzf embedpdf-fonts-sc-1.0.0.tgz -C fonts)
into=src/cyberweek/documents/data/fonts
"${PYTHON:-.venv/bin/python}" tools/vendor_fonts.py "$work/fonts/package/fonts" "$into"
cp "$work/fonts/package/LICENSE" "$into/LICENSE.txt"
sha256sum "$into"/*
