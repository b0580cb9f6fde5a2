#!/bin/sh
# Makes sure that there are the browser, servers and readers that the tests try.
set -eu
PATH="$PATH:/usr/sbin"

need=
for pair in curl:curl rapper:raptor2-utils virtuoso-t:virtuoso-opensource-7-bin nginx:nginx-light \
    systemd-analyze:systemd; do
    command -v "${pair%:*}" >/dev/null || need="$need ${pair#*:}"
done
browser=chromium-headless-shell
for name in $browser chromium chromium-browser google-chrome; do
    ! command -v "$name" >/dev/null || browser=
done
[ -n "$need$browser" ] || exit 0

as=
[ "$(id -u)" = 0 ] || as="sudo -n"
if ! command -v apt-get >/dev/null || ! $as true 2>/dev/null; then
    echo "The tests need these packages. Install them with:" >&2
    echo "    sudo apt-get update && sudo apt-get install -y$need $browser" >&2
    exit 1
fi
$as apt-get -qq update
if [ -n "$browser" ] && ! apt-cache show $browser >/dev/null 2>&1; then browser=chromium; fi
echo "Installing for the tests:$need $browser"
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as apt-get -qq install -y --no-install-recommends $need $browser >/dev/null
