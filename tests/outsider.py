"""Reads a result as somebody would who has never seen the program, and adds it up."""

import hashlib
import json
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas
import pyarrow.parquet as parquet

folder = Path(sys.argv[1])
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

print("1 passed, 0 failed")
