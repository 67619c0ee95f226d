#!/usr/bin/env bash
# Opens reports in headless Chromium: charts are drawn, nothing is fetched, and no text of a scenario is run; everybody can
# use them, on a wide screen, on a telephone and on paper (tests/pages.mjs).
#   tests/page_check.sh path/to/handover
# A page that does run the payload is opened first, to see that this check can fail.
set -euo pipefail
handover=$(readlink -f "$1")
root=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v chromium >/dev/null; then
    { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null
fi
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

payload="</script><script>document.documentElement.setAttribute('data-hit', 1)</script>"
payload+="<img src=x onerror=document.documentElement.setAttribute('data-hit',1)>=1+1"
cp "$root/scenarios/baseline.toml" "$place/"
cat >"$place/payload.toml" <<TOML
[scenario]
name      = "payload"
title     = """$payload"""
question  = """$payload"""
authors   = """$payload"""
reference = """$payload"""
extends   = "baseline.toml"
[[policy]]
from         = "2027-02"
royalty_rate = "15 %"
TOML

dom() { # the document after its scripts have run
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$place/profile" --virtual-time-budget=5000 --dump-dom "file://$1" 2>"$place/log"
}

printf '<!DOCTYPE html><title>control</title><p>%s' "$payload" >"$place/control.html"
dom "$place/control.html" >"$place/control.dom"
grep -q 'data-hit="1"' "$place/control.dom" || { echo "the check itself does not see a script that runs"; exit 1; }

coarse=(--years 0.5 --quiet --set 'run.persons_per_agent=50000 persons' --set run.least_agents=0 --set 'run.spin_up=4 weeks')
(cd "$place" && "$handover" compare baseline.toml payload.toml --replicates 2 "${coarse[@]}" --out compared)
(cd "$place" && "$handover" run payload.toml "${coarse[@]}" --out ran)
(cd "$place" && "$handover" run payload.toml --replicates 2 "${coarse[@]}" --out ensemble)

# a page runs no text of what it tells of, and draws all its charts, at least so many
check_page() {
    local page=$1 of=$2 least=$3 charts drawn
    dom "$place/$page.html" >"$place/page.dom"
    if grep -q 'data-hit="1"' "$place/page.dom"; then
        echo "$page.html ran a text of the $of"
        exit 1
    fi
    charts=$(grep -o 'class="chart"' "$place/page.dom" | wc -l || true)
    drawn=$(grep -o '<svg' "$place/page.dom" | wc -l || true)
    if [ "$charts" -lt "$least" ] || [ "$drawn" -lt "$charts" ]; then
        echo "$page.html: $drawn of $charts charts were drawn"
        exit 1
    fi
    echo "$page.html: $drawn charts drawn, nothing of the $of run"
}

for page in compared ran ensemble; do check_page "$page/report" scenario 3; done

# a sweep whose plan and arm are called by the payload: its report, and the page of the boxes
cat >"$place/plan.toml" <<TOML
[sweep]
name       = "payload-sweep"
title      = """$payload"""
question   = """$payload"""
replicates = 1
seed       = 1
[[arm]]
name     = "law as it is"
scenario = "baseline.toml"
[[arm]]
name     = """$payload"""
scenario = "payload.toml"
[design]
kind   = "saltelli"
points = 64
[[factor]]
key  = "learning.alpha"
low  = 0.15
high = 0.45
[[factor]]
key  = "consent.base"
low  = -5.0
high = -1.0
[[output]]
name  = "hours"
value = "sum(accepted_hours[all])"
TOML
(cd "$place" && "$handover" sweep plan.toml --quiet --set 'run.years=0.5' --set 'run.persons_per_agent=200000 persons' --set run.least_agents=0 \
    --set 'run.spin_up=4 weeks' --out swept && "$handover" sensitivity swept --bootstrap 20 --quiet \
    && "$handover" discover swept --where 'hours highest 40 %' --quiet)
for page in report/sweep discover/discover; do check_page "swept/$page" plan 1; done
# the scorecard, of one short experiment, whose fact is called by the payload
mkdir "$place/evidence"
cat >"$place/evidence/facts.toml" <<TOML
[[experiment]]
name     = "one"
scenario = "../baseline.toml"
set      = { "run.years" = 0.5 }
[[fact]]
id       = "C1"
what     = """$payload"""
source   = """$payload"""
mark     = "V"
standing = "used"
says     = """$payload"""
[[fact.figure]]
value      = "5 %"
tolerance  = "1 %"
experiment = "one"
outcome    = "last(unemployment_rate[USA])"
TOML
(cd "$place" && "$handover" validate evidence --replicates 2 --quiet --set 'run.persons_per_agent=200000 persons' \
    --set run.least_agents=0 --set 'run.spin_up=4 weeks' --out validated)
check_page validated/validation fact 0
node "$root/tests/pages.mjs" "$place"/{compared,ran,ensemble}/report.html "$place"/swept/{report/sweep,discover/discover}.html \
    "$place/validated/validation.html" ${SHOTS:+--shots "$SHOTS"}
if grep -rhE '(^|,)"?[=+@]' "$place"/*/*.csv | head -1 | grep .; then
    echo "a cell begins a formula"
    exit 1
fi
