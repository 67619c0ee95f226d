#!/usr/bin/env bash
# Compares the speed of this project's columns with what users would pick instead, on the same work:
# installs Mesa and NumPy in a scratch environment below target/, builds the Rust versions, checks that all
# agree, prints one table. About ten minutes; --short for a try at a twentieth of the size.
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
