#!/bin/sh
# The browser of the tests is Debian's: installed here where that is possible, otherwise those tests say why they are skipped.
# The one without a window opens a page for a third of the processor time; the other does where there is only that one.
command -v chromium-headless-shell >/dev/null && fc-list 2>/dev/null | grep -qi cjk && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing a browser and a Chinese font for the browser tests …"
  install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" fonts-noto-cjk fontconfig >/dev/null 2>&1; }
  apt-get update -q >/dev/null 2>&1
  install chromium-headless-shell || install chromium
fi
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null \
  || echo "No chromium could be installed; the browser tests will be skipped." >&2
exit 0
