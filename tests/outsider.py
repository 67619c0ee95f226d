"""Reads a result as somebody would who has never seen the program, and adds it up."""

import contextlib
import hashlib
import io
import json
import os
import re
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet as parquet

folders = [Path(name).resolve() for name in sys.argv[1:] if not name.startswith("--")]
folder = folders[0]
manifest = json.loads((folder / "manifest.json").read_text())
for name, about in manifest["files"].items():
    assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == about["sha256"], name
assert manifest["money_discrepancy_microdollars"] == "0"

# the same rows in CSV and in Parquet
csv = pandas.read_csv(folder / "series.csv")
table = parquet.read_table(folder / "series.parquet")
assert len(csv) == table.num_rows > 100_000
assert csv["value"].tolist() == table["value"].to_pylist()
assert not csv["value"].isna().any()
assert table.schema.field("value").metadata[b"description"]

sql = duckdb.connect()
for name in ("series", "flows", "receipt"):
    sql.execute(f"create view {name} as select * from '{folder / (name + '.parquet')}'")

# money is decimal, to the micro-dollar, and adds up to what the manifest says was moved since the start
kind = sql.execute("select typeof(amount) from flows limit 1").fetchone()[0]
assert kind == "DECIMAL(38,6)", kind
moved = sql.execute("select sum(amount) from flows").fetchone()[0]
assert 0 < moved * Decimal(10**6) <= Decimal(manifest["money_moved_microdollars"])

# series and flows tell the same: consumption of the last four recorded weeks, region by region
pairs = sql.execute(
    """
    with last as (select max(tick) as tick from flows)
    select f.payee_region, sum(f.amount)::double / 4, any_value(s.value)
    from flows f, series s, last
    where f.tick = last.tick and s.tick = last.tick and f.kind = 'consumption'
      and s.metric = 'consumption' and s.region = f.payee_region
    group by f.payee_region
    """
).fetchall()
assert len(pairs) == 8, pairs
for region, from_flows, from_series in pairs:
    assert abs(from_flows / from_series - 1) < 1e-9, (region, from_flows, from_series)

# the receipt: what is owed to all sources is all that was absorbed
jobs = sql.execute("select sum(jobs) from receipt where year = 2040").fetchone()[0]
absorbed = sql.execute(
    "select sum(value) / count(distinct tick) from series where metric = 'absorbed' and item = 'all' and year(date) = 2040"
).fetchone()[0]
assert abs(jobs / absorbed - 1) < 0.05, (jobs, absorbed)

def check_panel(folder):
    """The same totals out of series, flows and panel."""
    # the panel: weights are the population, region by region, to the person
    sql = duckdb.connect()
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in ("series", "flows", "panel"):
        path = folder / (name + ".parquet")
        # money in doubles is what it is in decimals: each amount is a whole number of micro-dollars
        amounts = [column for column, kind, *_ in sql.execute(f"describe select * from '{path}'").fetchall() if kind == "DOUBLE"]
        amounts = [column for column in amounts if name == "panel" and column not in ("skill", "hours_recorded", "scar")]
        exact = ", ".join(f"{column}::decimal(18, 6) as {column}" for column in amounts)
        sql.execute(f"create view {name} as select * {f'replace ({exact})' if exact else ''} from '{path}'")
    assert sql.execute("select count(*) from (select date from panel group by date having count(*) <> count(distinct worker))").fetchone()[0] == 0
    heads = sql.execute(
        """
        select region, sum(value)::bigint from series
        where metric in ('employed', 'unemployed', 'outside', 'training') and item = 'all'
          and tick = (select max(tick) from series) group by region order by region
        """
    ).fetchall()
    # and where people enter and leave, which places are empty is sampled
    moves = sql.execute("select count(*) from panel where entered_on is not null or left_on is not null").fetchone()[0]
    weights = """select region, sum(weight)::bigint from panel
        where tick = (select max(tick) from panel) and status <> 'gone' group by region order by region"""
    for (region, found), (_, wanted) in zip(sql.execute(weights).fetchall(), heads, strict=True):
        assert abs(found - wanted) <= (0.05 * wanted if moves else 0), (region, found, wanted)
    assert sql.execute("select count(*) from panel where (left_on is not null) <> (status = 'gone')").fetchone()[0] == 0

    # every row balances, to the micro-dollar, where the same person was there before
    astray = sql.execute(
        """
        with rows as (select *, lag(wallet) over (partition by worker, entered_on order by tick) as before
            from panel where status <> 'gone')
        select count(*), count(*) filter (wallet <> before + pay + transfers + capture_pay + royalty - income_tax - consumption
            or pay <> wages + outside_wages
            or transfers <> insurance + stipend + citizen_dividend + wage_insurance + recycling)
        from rows where before is not null
        """
    ).fetchone()
    assert astray[0] > 1000 and astray[1] == 0, astray

    # panel and flows tell the same. With everybody in the panel: exactly. With a sample: within four standard
    # errors of the stratified mean of each year's sum over workers, which a right panel fails once in 16,000 times;
    # the spread within strata overstates the error of every-nth sampling, so it fails less often than that.
    everybody = sql.execute("select count(distinct worker) from panel").fetchone()[0] == manifest["workers"]
    kinds = {
        "wages": ("wages", "payee_region"),
        "wages outside": ("outside_wages", "payee_region"),
        "unemployment insurance": ("insurance", "payee_region"),
        "capture pay": ("capture_pay", "payee_region"),
        "royalties": ("royalty", "payee_region"),
        "income tax": ("income_tax", "payer_region"),
        "consumption": ("consumption", "payer_region"),
    }
    last_week = sql.execute("select min(m) from (select max(tick) as m from flows union all select max(tick) from panel)").fetchone()[0]
    years = (last_week + 1) // 52
    assert years > 0
    checked = 0
    for kind, (column, side) in kinds.items():
        totals = dict(sql.execute(f"select {side}, sum(amount) from flows where kind = '{kind}' and tick < {years * 52} group by {side}").fetchall())
        estimates = sql.execute(
            f"""
            with life as (
                select region, occupation, any_value(weight) as weight, sum({column}) as amount
                from panel where tick < {years * 52} group by worker, region, occupation
            ), strata as (
                select region, occupation, count(*) as n, sum(weight)::double as people, sum(weight * amount) as total,
                       coalesce(var_samp(amount::double), 0) as variance
                from life group by region, occupation
            )
            select region, sum(total), sqrt(sum(people * people * variance / n)) from strata group by region
            """
        ).fetchall()
        for region, estimate, error in estimates:
            truth = totals.get(region, Decimal(0))
            if everybody:
                assert estimate == truth, (kind, region, estimate, truth)
            else:
                # a kind that hardly anybody in the sample receives has no standard error worth the name
                few = sql.execute(f"select count(distinct worker) from panel where region = '{region}' and {column} > 0").fetchone()[0]
                if few < 30:
                    continue
                assert abs(float(estimate - truth)) <= 4 * error, (kind, region, estimate, truth, error)
            checked += 1
    assert checked > (40 if everybody else 10), checked
    return everybody


assert not check_panel(folder), "this is a sample"
if len(folders) > 1:
    assert check_panel(folders[1]), "everybody is in this panel"

# units and meanings are in the files, for pyarrow and for DuckDB
for name in ("series", "flows", "receipt", "panel"):
    schema = parquet.read_schema(folder / f"{name}.parquet")
    assert all(field.metadata[b"description"] for field in schema), name
    keys = dict(sql.execute(f"select decode(key), decode(value) from parquet_kv_metadata('{folder / (name + '.parquet')}')").fetchall())
    assert all(keys[f"column.{field.name}"] for field in schema), name
    assert keys["scenario"] == manifest["scenario"]["name"]
assert parquet.read_schema(folder / "panel.parquet").field("wage").metadata[b"unit"] == b"USD/week"
assert all(f"metric.{metric}" in dict(sql.execute(f"select decode(key), decode(value) from parquet_kv_metadata('{folder / 'series.parquet'}')").fetchall()) for metric in csv["metric"].unique())

# no cell of the CSV starts a formula
for column in ("scenario", "region", "metric", "item", "unit"):
    assert not csv[column].astype(str).str.match(r"[=+\-@\t\r]").any(), column

# what the documents show runs, and says what the model says
shown = {}
docs = Path(__file__).resolve().parent.parent / "docs"
os.chdir(folder)
for page in ("microdata.md", "results.md"):
    for language, code in re.findall(r"```(python|sql)\n(.*?)```", (docs / page).read_text(), re.DOTALL):
        words = io.StringIO()
        names = {}
        with contextlib.redirect_stdout(words):
            if language == "python":
                exec(compile(code, page, "exec"), names)
            else:
                names["table"] = duckdb.sql(code)
                print(names["table"])
        shown.setdefault(page, []).append((code, words.getvalue(), names))
        if "--print" in sys.argv:
            print(f"--- {page}\n{words.getvalue()}")
assert [len(shown[page]) for page in ("microdata.md", "results.md")] == [2, 4]
mincer = shown["microdata.md"][0][2]["mincer"]
assert abs(mincer.params["log_skill"] - 1) < 0.02, mincer.params
assert abs(mincer.params["tenure"]) < 0.002, mincer.params
assert -0.45 < mincer.params["displaced"] < -0.05, mincer.params
event = shown["microdata.md"][1][2]["table"].fetchall()
before = [effect for quarter, *_, effect in event if quarter < -1]
after = [effect for quarter, *_, effect in event if 1 <= quarter <= 4]
assert abs(sum(before) / len(before)) < 0.05 and sum(after) / len(after) < -0.15, event

print("1 passed, 0 failed")
