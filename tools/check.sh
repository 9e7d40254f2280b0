#!/bin/sh
# Every check, each to its end: one run shows all that is wrong.
bin=$1
failed=""
try() {
  name=$1
  shift
  if "$@" >/tmp/cyberweek-check.$$ 2>&1; then echo "ok    $name"; else echo "FAIL  $name"; cat /tmp/cyberweek-check.$$; failed="$failed $name"; fi
  rm -f /tmp/cyberweek-check.$$
}
try format "$bin/ruff" format --check --quiet .
try lint "$bin/ruff" check --quiet .
try types "$bin/mypy"
try imports "$bin/lint-imports"
try templates "$bin/djade" --check $(git ls-files '*.html')
try translations "$bin/python" tools/messages.py check
try styles "$bin/python" tools/check_css.py
try migrations env DJANGO_SETTINGS_MODULE=cyberweek.settings.testing SECRET_KEY=check "$bin/python" tools/check_migrations.py
try house "$bin/python" tools/check_house.py
[ -z "$failed" ] || { echo "Not right yet:$failed" >&2; exit 1; }
