#!/bin/sh
# Make the environment $2 with the Python $1, exactly as the lock file says. Runs again only when that has changed.
set -eu
python=$1 venv=$2
command -v "$python" >/dev/null || { echo "No $python here: install Python 3.11 or newer (Debian: apt-get install python3)." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Cyberweek needs Python 3.11 or newer; $python is $("$python" -c 'import platform; print(platform.python_version())'). Set PYTHON=…" >&2
  exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  # Debian keeps ensurepip in a package of its own.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get install -y -q python3-venv || { apt-get update -q && apt-get install -y -q python3-venv; }; } >/dev/null
  else
    echo "Python's venv module is not complete: run 'apt-get install python3-venv' as root, then again." >&2
    exit 1
  fi
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
uv=$(sed -n 's/^ *"\(uv==[0-9.]*\)".*/\1/p' pyproject.toml)
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$uv"
"$venv/bin/uv" sync --frozen --quiet
"$venv/bin/python" tools/build_messages.py
touch "$venv/ready"
