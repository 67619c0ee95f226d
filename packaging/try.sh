#!/usr/bin/env bash
# Tries an archive where nothing is installed: unpacks it in a bare Debian made by debootstrap, and follows the book there
# to the letter, at coarse scale: a first answer within two minutes, a scenario of one's own within ten, a sweep within
# fifteen. Run as root.
#   packaging/try.sh ARCHIVE
set -euo pipefail
cd "$(dirname "$0")/.."
archive=$(realpath "$1")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
command -v debootstrap > /dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap > /dev/null; }
debootstrap --variant=minbase bookworm "$root/debian" > "$root/log" 2>&1 || { tail -n 20 "$root/log"; exit 1; }
if chroot "$root/debian" sh -c 'command -v cargo rustc python3'; then
    echo "the root is not bare" >&2
    exit 1
fi

tar -C "$root/debian/opt" -xf "$archive"
cp packaging/follow.sh "$root/debian/follow.sh"
begin=$SECONDS
chroot "$root/debian" sh -c 'cd /opt/handover-* && sha256sum --quiet --check SHA256SUMS && ln -s "$PWD/handover" /usr/local/bin/handover && ln -s "$PWD/docs" /book'
# page, and seconds that it may take since the archive was unpacked
for step in get-it:120 tutorial-policy:600 tutorial-economist:900; do
    page=${step%:*}
    chroot "$root/debian" bash /follow.sh "/book/$page.md"
    took=$((SECONDS - begin))
    echo "$page: followed to its end $took s after unpacking"
    [ "$took" -le "${step#*:}" ] || { echo "$page: that is more than ${step#*:} s" >&2; exit 1; }
done
