#!/usr/bin/env bash
# Builds one archive that needs nothing else: a static program for Linux, its checksums, completions, manual pages, and
# the book as text with what it links to.
#   packaging/archive.sh [FOLDER]     writes FOLDER/handover-VERSION-ARCH-linux.tar.gz and its checksum [target/archive]
# With the target for musl (rustup target add x86_64-unknown-linux-musl) the program is built for that; without it for
# glibc, linked statically. Neither looks for a library when it starts.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-target/archive}
arch=$(uname -m)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
built=${CARGO_TARGET_DIR:-target}
musl=$arch-unknown-linux-musl
if [ -d "$(rustc --print sysroot)/lib/rustlib/$musl/lib" ]; then
    cargo build --locked --release --bin handover --target "$musl"
    program=$built/$musl/release/handover
else
    # only the last step is told to link statically, so that what is built already is used again
    cargo rustc --locked --release --bin handover -- -C target-feature=+crt-static
    program=$built/release/handover
fi
if readelf --program-headers "$program" | grep -q INTERP; then
    echo "$program asks for a loader: it is not static" >&2
    exit 1
fi

name=handover-$version-$arch-linux
folder=$out/$name
rm -rf "$folder"
mkdir -p "$folder"/completions "$folder"/man
cp "$program" README.md CHANGELOG.md CONTRIBUTING.md CITATION.cff LICENSE-MIT LICENSE-APACHE "$folder"/
cp --recursive --parents docs/*.md docs/pictures docs/demo.html docs/scenario.schema.json scenarios examples \
    benches/peers/loop.md benches/peers/python/whole_week.py "$folder"/
# who has the archive alone can follow every link of the README
while read -r path; do
    [ -e "$folder/$path" ] || { echo "README.md links to $path, which is not in the archive" >&2 && exit 1; }
done < <(grep -oE '\]\([^)#:]+' README.md | cut -c 3-)
strip "$folder/handover"
for shell in bash elvish fish powershell zsh; do "$folder/handover" completions "$shell" > "$folder/completions/handover.$shell"; done
"$folder/handover" man "$folder/man"
(cd "$folder" && find . -type f ! -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum > SHA256SUMS)
# the same sources and compiler make the same archive
stamp=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 0)}
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$stamp" -C "$out" -cf - "$name" | gzip -n9 > "$out/$name.tar.gz"
(cd "$out" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
