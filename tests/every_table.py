"""Every table of some results, read by pandas, polars, DuckDB and R: the same columns under the same names, the same types.

    python tests/every_table.py RESULT...

A column is renamed where two have one name, or where a name is none in R. A type surprises where numbers are read as words or
as objects, or where a word such as NA is read as nothing. R is tried where there is one; of R alone, CSV.
"""

import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas
import polars

NUMBER, TRUTH, WORDS, DATE, EMPTY = "number", "truth", "words", "date", "empty"


def kind_of(values: list[str]) -> str:
    """What a column of text holds, read without any of the programs."""
    there = [value for value in values if value != ""]
    if not there:
        return EMPTY
    if all(value in ("true", "false") for value in there):
        return TRUTH
    try:
        for value in there:
            float(value)
        return NUMBER
    except ValueError:
        is_date = all(len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdigit() for value in there)
        return DATE if is_date else WORDS


def of_pandas(series: pandas.Series) -> str:
    if series.isna().all():
        return EMPTY
    # a truth that is missing somewhere is an object, of truths
    if pandas.api.types.is_bool_dtype(series) or set(map(str, series.dropna().unique())) <= {"True", "False"}:
        return TRUTH
    return NUMBER if pandas.api.types.is_numeric_dtype(series) else WORDS


def of_polars(series: polars.Series) -> str:
    if series.null_count() == len(series):
        return EMPTY
    if series.dtype == polars.Boolean:
        return TRUTH
    return NUMBER if series.dtype.is_numeric() else WORDS


def of_duckdb(kind: str) -> str:
    if kind == "BOOLEAN":
        return TRUTH
    return NUMBER if kind in ("BIGINT", "DOUBLE", "INTEGER", "HUGEINT", "UBIGINT") else DATE if kind == "DATE" else WORDS


R = r"""
for (path in commandArgs(TRUE)) {
  as_is <- read.csv(path, check.names = FALSE, nrows = 1)
  table <- read.csv(path)
  if (!identical(names(as_is), names(table))) stop(path, ": R renames ", setdiff(names(as_is), names(table)))
  kinds <- vapply(table, function(x) if (all(is.na(x))) "empty" else if (is.logical(x)) "truth" else if (is.numeric(x)) "number" else "words", "")
  for (name in names(table)) cat(path, name, kinds[[name]], sep = "\t", "\n")
}
"""


def check_csv(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        head, *rows = list(csv.reader(file))
    assert len(set(head)) == len(head), f"{path}: two columns of one name in {head}"
    assert rows, f"{path} has no row"
    kinds = {name: kind_of([row[n] for row in rows]) for n, name in enumerate(head)}
    frame = pandas.read_csv(path, low_memory=False)
    lazy = polars.read_csv(path, infer_schema_length=None)
    described = duckdb.sql(f"describe select * from read_csv('{path}', sample_size = -1)").fetchall()
    in_duckdb = {row[0]: row[1] for row in described}
    for reader, names in (("pandas", list(frame.columns)), ("polars", lazy.columns), ("DuckDB", list(in_duckdb))):
        assert names == head, f"{path}: {reader} calls the columns {names}"
    for name, kind in kinds.items():
        found = {"pandas": of_pandas(frame[name]), "polars": of_polars(lazy[name]), "DuckDB": of_duckdb(in_duckdb[name])}
        for reader, seen in found.items():
            is_same = seen == kind or kind == EMPTY or (kind == DATE and seen == WORDS)
            assert is_same, f"{path}: {name} holds {kind}s, and {reader} reads {seen}s"
        if kind == WORDS:
            n = head.index(name)
            missing = sum(row[n] == "" for row in rows)
            assert int(frame[name].isna().sum()) == missing, f"{path}: pandas takes a word of {name} for nothing"
    return kinds


def check_parquet(path: Path) -> None:
    frame = pandas.read_parquet(path)
    table = polars.read_parquet(path)
    described = duckdb.sql(f"describe select * from '{path}'").fetchall()
    names = [row[0] for row in described]
    assert list(frame.columns) == table.columns == names and len(set(names)) == len(names), f"{path}: {names}"
    assert len(frame) == len(table) == duckdb.sql(f"select count(*) from '{path}'").fetchone()[0]
    for name, kind in ((row[0], row[1]) for row in described):
        if path.name == "panel.parquet" and name in ("pay", "wallet", "consumption"):
            exact = "everybody" in path.parts
            assert (kind == "DECIMAL(18,6)") if exact else (kind == "DOUBLE"), f"{path}: {name} is {kind}"
        if kind == "DOUBLE":
            assert table[name].dtype == polars.Float64 and frame[name].dtype == "float64", f"{path}: {name}"
        if kind.startswith("DECIMAL"):
            # exact money: a decimal everywhere, and the same to the micro-dollar
            assert table[name].dtype == polars.Decimal, f"{path}: {name} is {table[name].dtype} in polars"
            total = duckdb.sql(f'select sum("{name}") from \'{path}\'').fetchone()[0]
            assert table[name].sum() == total, f"{path}: {name} adds up to {table[name].sum()} and {total}"


def check_r(kinds: dict[Path, dict[str, str]]) -> bool:
    program = shutil.which("Rscript")
    if program is None:
        return False
    with tempfile.NamedTemporaryFile("w", suffix=".R") as file:
        file.write(R)
        file.flush()
        done = subprocess.run([program, file.name, *map(str, kinds)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for line in done.stdout.splitlines():
        path, name, seen, *_ = line.split("\t")
        kind = kinds[Path(path)][name]
        # R has no dates in read.csv, and knows TRUE but not true: docs/r.md says what to write
        is_same = seen == kind or kind == EMPTY or (kind in (DATE, TRUTH) and seen == WORDS)
        assert is_same, f"{path}: {name} holds {kind}s, and R reads {seen}s"
    return True


def main(folders: list[str]) -> None:
    kinds, columns = {}, 0
    for folder in map(Path, folders):
        for path in sorted(folder.rglob("*.csv")):
            kinds[path] = check_csv(path)
        for path in sorted(folder.rglob("*.parquet")):
            check_parquet(path)
            columns += 1
    assert kinds and columns
    with_r = "and R" if check_r(kinds) else "(no R here)"
    print(f"{len(kinds)} tables of text and {columns} of columns read alike by pandas, polars, DuckDB {with_r}")


if __name__ == "__main__":
    main(sys.argv[1:])
