#!/usr/bin/env bash
# Builds the engine for the browser: web/target/handover.wasm.
#   web/build.sh [engine|page]      page (the default) also makes its numbers and docs/demo.html
# Where rustup has the standard library for wasm32, that is used; elsewhere Debian's Rust, which builds it from its source
# (apt-get install rustc-web rust-web-src). wasm-opt comes from npm, at the versions of web/package-lock.json; zopfli, which
# packs the engine into the page, from Debian.
set -euo pipefail
cd "$(dirname "$0")"
target=wasm32-unknown-unknown
flags=(--release --target "$target" --lib)
# the same versions as the command line's; cargo adds this crate to them
cp ../Cargo.lock Cargo.lock
if [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
    cargo build "${flags[@]}"
else
    if [ ! -x /usr/bin/rustc ] || [ ! -d /usr/lib/rustlib/src/rust/library ]; then
        { apt-get update -qq && apt-get install -y -qq rustc-web rust-web-src; } > /dev/null
    fi
    linker=$(command -v rust-lld || echo "$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld")
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$linker \
        cargo build "${flags[@]}" -Zbuild-std=std,panic_abort
fi
[ -d node_modules ] || npm ci --silent --no-audit --no-fund
node_modules/.bin/wasm-opt -O3 --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext \
    --enable-mutable-globals --enable-multivalue --enable-reference-types \
    "target/$target/release/handover_web.wasm" -o target/handover.wasm
ls -l target/handover.wasm
if [ "${1:-page}" = page ]; then
    command -v zopfli > /dev/null || { apt-get update -qq && apt-get install -y -qq zopfli; } > /dev/null
    # what twenty luck numbers give, in some minutes; what the pages say of it; the page
    node lucks.mjs
    node lesson.mjs
    node page.mjs
fi
