"""Tables: keys, units, money, and no copy."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import handover as ho
import pytest

from .conftest import tiny

pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")

TABLES = ("series", "flows", "receipt", "gains", "panel")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_a_run_has_keys_and_meanings(run: ho.Results, name: str) -> None:
    table: ho.Table = getattr(run, name)
    assert table.columns[:3] == ["scenario", "replicate", "seed"]
    frame = table.to_pandas()
    assert len(frame) == len(table) > 0
    assert set(frame["seed"]) == {run.scenario.seed}
    assert all(field.meaning for field in table.fields)


def test_tables_arrive_without_a_copy(run: ho.Results) -> None:
    table = run.series
    arrow = pa.table(table)
    addresses = [chunk.buffers()[1].address for chunk in arrow["value"].chunks]
    assert addresses == table.addresses("value")
    exact = run.flows.exact
    assert pa.table(exact)["amount"].chunk(0).buffers()[1].address == exact.addresses("amount")[0]
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(table)
    assert frame["value"].to_arrow().buffers()[1].address == table.addresses("value")[0]


def test_duckdb_takes_a_table_as_it_is(run: ho.Results) -> None:
    duckdb = pytest.importorskip("duckdb")
    flows, exact = run.flows, run.flows.exact  # noqa: F841 (named in the queries)
    found = duckdb.sql("select kind, sum(amount) as paid from flows group by kind order by kind").fetchall()
    frame = run.flows.to_pandas()
    # in the order of words, as a database has it; pandas orders categories as they came
    known = frame.groupby(frame["kind"].astype(str))["amount"].sum().sort_index()
    assert [kind for kind, _ in found] == list(known.index)
    assert [paid for _, paid in found] == pytest.approx(list(known), rel=1e-12)
    total = duckdb.sql("select sum(amount) from exact").fetchone()[0]
    assert total == sum(run.flows.exact.to_pandas()["amount"])


def test_money_is_a_float_or_exact(run: ho.Results) -> None:
    flows, exact = run.flows.to_pandas(), run.flows.exact.to_pandas()
    assert flows["amount"].dtype == "float64"
    assert isinstance(exact["amount"].iloc[0], Decimal)
    assert [float(value) for value in exact["amount"].head(50)] == pytest.approx(
        list(flows["amount"].head(50)), rel=1e-15
    )
    panel = run.panel.to_pandas()
    assert panel["pay"].dtype == "float64"
    assert panel["date"].dt.year.min() >= 2026
    assert panel.attrs["units"]["wage"] == "USD/week"


def test_tables_are_those_that_are_written(run: ho.Results, tmp_path: Path) -> None:
    run.save(tmp_path / "out")
    for name in ("series", "gains"):
        written = ho.read_table(tmp_path / "out" / f"{name}.parquet").to_pandas()
        assert written.equals(getattr(run, name).to_pandas()), name
    text = ho.read_table(tmp_path / "out" / "series.csv").to_pandas()
    assert list(text["value"]) == list(run.series.to_pandas()["value"])


def test_a_dataset_has_a_variable_for_each_metric(run: ho.Results) -> None:
    pytest.importorskip("xarray")
    data = run.series.to_xarray()
    ticks_and_values = run.history("unemployment_rate", "USA")
    found = data["unemployment_rate"].sel(region="USA", item="all", replicate=0).dropna("date")
    assert list(found.values) == [value for _, value in ticks_and_values]
    assert data["unemployment_rate"].attrs["units"] == "share"
    with pytest.raises(ho.InputError, match="metrics"):
        run.flows.to_xarray()


def test_bands_are_over_replicates(run: ho.Results) -> None:
    ensemble = ho.ensemble(run.scenario.with_({"run.panel": 0}), 4)
    bands = ensemble.bands.to_pandas()
    assert set(bands["of"]) == {4}
    last = bands[(bands.metric == "employed") & (bands.region == "IND") & (bands["item"] == "all")].iloc[-1]
    values = [one.history("employed", "IND")[-1][1] for one in ensemble]
    assert last["mean"] == pytest.approx(sum(values) / 4, rel=1e-12)
    assert len(ensemble.gains) > 10
    rows = ensemble.outcomes({"jobs": "last(employed[IND])"})
    assert [row["jobs"] for row in rows] == values
    assert [row["replicate"] for row in rows] == [0, 1, 2, 3]


def test_tables_go_into_papers(run: ho.Results) -> None:
    columns = ["from_region", "to_region", "hours"]
    markdown = run.receipt.to_markdown(columns)
    assert markdown.startswith("| from_region | to_region | hours |\n|---|---|---|\n")
    assert "seed" in markdown
    latex = run.receipt.to_latex(columns, caption="Who taught whom: 100 %")
    assert "from\\_region & to\\_region & hours \\\\" in latex
    assert "\\caption{Who taught whom: 100 \\%}" in latex
    assert "{llr}" in latex
    with pytest.raises(ho.InputError, match="no column"):
        run.receipt.to_markdown(["from"])


def test_notes_say_of_which_grade_the_numbers_are(run: ho.Results) -> None:
    # as the command's page counts them
    found = re.search(r"Of (\d+) parameters, (\d+) come from [^,]*, (\d+) from [^)]*\), (\d+) are", run.report())
    assert found is not None
    count, *graded = map(int, found.groups())
    assert graded == list(run.scenario.grades.values())
    assert sum(graded) == count > 200
    evidence = run.scenario.evidence
    assert f"{graded[2]} of grade C" in evidence
    ensemble = ho.ensemble(run.scenario.with_({"run.panel": 0, "run.years": 1}), 2)
    comparison = ho.compare(tiny("baseline", years=3), tiny("royalty-15", years=3), replicates=2)
    assert comparison.base.evidence == evidence
    for table in (run.gains, run.flows.exact, ensemble.bands, comparison.headlines):
        assert table.to_markdown(table.columns[:1]).endswith(f"{evidence}\n")
    pytest.importorskip("matplotlib").use("Agg")
    from handover import plot  # noqa: PLC0415

    figure = plot.history(ensemble, "employed", "USA").get_figure(root=True)
    assert figure is not None
    assert figure.get_supxlabel().endswith(evidence)


def test_figures_are_drawn(run: ho.Results, tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    from handover import plot  # noqa: PLC0415

    axes = plot.history(run, "unemployment_rate", ["USA", "IND"])
    assert [line.get_label() for line in axes.get_lines()] == ["USA", "IND"]
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(tmp_path / "figure.pdf")
    figure.savefig(tmp_path / "figure.svg")
    with pytest.raises(ho.InputError, match="there is no region"):
        plot.history(run, "unemployment_rate", "ATLANTIS")
    bands = plot.history(ho.ensemble(run.scenario, 2), "employed", "USA")
    assert len(bands.collections) == 2
