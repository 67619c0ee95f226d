#!/usr/bin/env bash
# Tries the source distribution of the Python package where there is Rust, a linker, Python and nothing else: a bare
# Debian made by debootstrap, into which only the sdist goes. `python -m build` makes sdist and wheel of it there; the
# wheel is installed into a new virtual environment, and the first notebook's first lines run. Run as root.
#   packaging/sdist.sh [FOLDER]        where sdist and wheel are put; target/python if nothing is said
# With MATURIN_PEP517_ARGS="--profile dev" nothing is optimised, which takes a third of the time.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(realpath -m "${1:-target/python}")
rm -rf "$out"
python3 -m venv "$out/venv"
"$out/venv/bin/pip" install --quiet --disable-pip-version-check build
"$out/venv/bin/python" -m build --sdist --outdir "$out" python 2>&1 | tail -n 1
sdist=$(ls "$out"/handover_sim-*.tar.gz)
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
[ "$sdist" = "$out/handover_sim-$version.tar.gz" ] || { echo "the crate is $version, and not $sdist" >&2; exit 1; }

root=$(mktemp -d)
cleanup() {
    umount "$root/debian/rust" "$root/debian/proc" 2> /dev/null || true
    # a folder of the system that stays mounted is not to be emptied
    mountpoint -q "$root/debian/rust" || rm -rf --one-file-system "$root"
}
trap cleanup EXIT
command -v debootstrap > /dev/null || { apt-get update -qq && apt-get install -y -qq debootstrap > /dev/null; }
debootstrap --variant=minbase --include=python3-venv,gcc,libc6-dev,ca-certificates bookworm "$root/debian" \
    > "$root/log" 2>&1 || { tail -n 20 "$root/log"; exit 1; }
mkdir "$root/debian/rust"
mount --bind -o ro "$(rustc --print sysroot)" "$root/debian/rust"
mount -t proc proc "$root/debian/proc"
cp /etc/resolv.conf "$root/debian/etc/"
cp /etc/ssl/certs/ca-certificates.crt "$root/debian/etc/ssl/certs/"
cp "$sdist" "$root/debian/opt/"

cat > "$root/debian/try.sh" << 'TRY'
set -euo pipefail
cd /opt
tar -xf handover_sim-*.tar.gz && rm handover_sim-*.tar.gz && mv handover_sim-* source
python3 -m venv build
build/bin/pip install --quiet build
build/bin/python -m build --outdir made source > log 2>&1 || { tail -n 40 log; exit 1; }
tail -n 1 log
python3 -m venv fresh
fresh/bin/pip install --quiet made/*.whl
fresh/bin/pip list
fresh/bin/python source/python/tests/first_lines.py
TRY
env -i PATH=/rust/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root PIP_DISABLE_PIP_VERSION_CHECK=1 \
    MATURIN_PEP517_ARGS="${MATURIN_PEP517_ARGS:-}" \
    PIP_CERT=/etc/ssl/certs/ca-certificates.crt CARGO_HTTP_CAINFO=/etc/ssl/certs/ca-certificates.crt \
    chroot "$root/debian" bash /try.sh
mv "$root"/debian/opt/made/*.whl "$out/"
ls "$out"/handover_sim-*
