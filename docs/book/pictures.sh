#!/usr/bin/env bash
# Makes the pictures of the README and the book from a run of the baseline and from the classroom's page: nothing in them
# is drawn by hand.
#   docs/book/pictures.sh HANDOVER FOLDER      writes displacement.png, report.png and classroom.png there
set -euo pipefail
handover=$(readlink -f "$1")
mkdir -p "$2"
out=$(readlink -f "$2")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"$handover" run baseline --quiet --panel 0 --out "$place/baseline"
cp "$place/baseline/plots/displacement.png" "$out/"
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$place/profile" --window-size=1000,760 \
    --virtual-time-budget=5000 --screenshot="$out/report.png" "file://$place/baseline/report.html" 2> "$place/log" \
    || { cat "$place/log" >&2; exit 1; }
node "$(dirname "$0")/../../web/picture.mjs" "$out/classroom.png"
