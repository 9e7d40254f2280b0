#!/bin/sh
# The browser of the tests is Debian's: installed here where that is possible, otherwise those tests say why they are skipped.
command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi cjk && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium and a Chinese font for the browser tests …"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk fontconfig; } >/dev/null 2>&1 \
    || echo "chromium could not be installed; the browser tests will be skipped." >&2
fi
exit 0
