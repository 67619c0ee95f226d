#!/usr/bin/env bash
# Compares the speed of this project's columns with what users would pick instead, on the same work:
# installs Mesa and NumPy in a scratch environment below target/, builds the Rust versions, checks that all
# agree, prints one table. Then the same coarse world 200 times in Mesa's batch runner, NumPy and here, and a table of
# seconds a run. Then the complete week against NumPy with the same rules and rows, at 10^6 and 10^7 workers (1.5 GB).
# About twenty-five minutes; --short for a try at a twentieth of the size, eight runs, and the complete week at 10^5.
set -euo pipefail
cd "$(dirname "$0")"
scratch="$(cd ../.. && pwd)/target/peers"
mkdir -p "$scratch"
if ! pkg-config --exists fontconfig 2> /dev/null; then
    # krABMaga draws its plots with the system's fonts
    { apt-get update -qq && apt-get install -y -qq pkg-config libfontconfig1-dev; } > /dev/null
fi
[ -x "$scratch/python/bin/python" ] || python3 -m venv "$scratch/python"
"$scratch/python/bin/pip" install --quiet --disable-pip-version-check numpy==2.* mesa==3.3.*
CARGO_TARGET_DIR="$scratch" cargo build --release --locked --quiet
"$scratch/python/bin/python" python/compare.py "$scratch/release/peers" "$@"
"$scratch/python/bin/python" python/sweep.py "$scratch/release/peers" "$@"
(cd ../.. && cargo build --release --locked --quiet --example whole_week)
whole_week() {
    "$scratch/python/bin/python" python/whole_week.py ../../target/release/examples/whole_week "$@"
}
case " $* " in
*" --short "*) whole_week --short ;;
*)
    whole_week --workers 1000000
    whole_week --workers 10000000 --lives 12
    ;;
esac
