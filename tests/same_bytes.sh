#!/usr/bin/env bash
# Do two binaries of this program write the same bytes? For changes that should move no number.
#
#   tests/same_bytes.sh OLD NEW
#
# Each runs every scenario (state hashes), and writes a run, an ensemble, a comparison and a sweep. Manifests are left
# out: they say how long it took. The runs of a sweep are named by the program that made them, so what they hold is
# compared, in any order.
set -euo pipefail
old=$(realpath "$1") new=$(realpath "$2")
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
coarse=(--set 'run.persons_per_agent=200000 persons' --set run.least_agents=0 --quiet)
differ=0

hash_of() { "$1" run "$2" "${coarse[@]}" --years 4 --out "$scratch/run" --force --json | grep -o '"state_hash":"[0-9a-f]*"'; }

for scenario in scenarios/*.toml; do
    if [ "$(hash_of "$old" "$scenario")" = "$(hash_of "$new" "$scenario")" ]; then
        echo "same state: $scenario"
    else
        echo "another state: $scenario"
        differ=1
    fi
done

for which in old new; do
    binary=${!which} out="$scratch/$which"
    mkdir -p "$out"
    "$binary" run scenarios/royalty-15.toml "${coarse[@]}" --years 6 --panel 500 --out "$out/run"
    "$binary" run scenarios/baseline.toml "${coarse[@]}" --years 4 --replicates 3 --out "$out/ensemble"
    "$binary" compare scenarios/baseline.toml scenarios/royalty-15.toml "${coarse[@]}" --years 4 --replicates 2 --out "$out/comparison"
    "$binary" sweep scenarios/sweeps/smoke.toml "${coarse[@]}" --set run.years=2 --out "$out/sweep"
done > /dev/null

files=0
while IFS= read -r file; do
    files=$((files + 1))
    if ! cmp -s "$scratch/old/$file" "$scratch/new/$file"; then
        echo "other bytes: $file"
        differ=1
    fi
done < <(cd "$scratch/old" && find . -type f ! -name 'manifest.json' ! -name lock ! -path './sweep/*' | sort)
echo "$files files compared"
[ "$files" -gt 40 ]

runs_of() { cat "$scratch/$1"/sweep/runs/*/*.json | grep -o '"state_hash".*' | sort; }
echo "$(runs_of old | wc -l) runs of a sweep compared"
if ! cmp -s <(runs_of old) <(runs_of new); then
    echo "other runs in the sweep"
    differ=1
fi
exit $differ
