"""Figures for papers, on matplotlib: PDF, SVG or whatever it writes.

Colours are those of Okabe and Ito, which colour-blind readers can distinguish; lines differ in their dashes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from handover._errors import InputError
from handover._extra import need
from handover.comparison import Comparison
from handover.runs import Ensemble, Results
from handover.sweeps import SweepResult

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

#: Okabe and Ito's colours, black last.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#f0e442", "#000000")

#: Dashes of the lines, in the same order.
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)), (0, (7, 2)))

#: Marks of points, in the same order.
_MARKS = ("o", "x", "s", "+", "^", "v", "d", "*")

#: Quantiles at the ends of the dark and of the pale band.
_BANDS = (("q25", "q75", 0.35), ("q05", "q95", 0.15))


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    axes: Axes = need("matplotlib.pyplot", "plot").subplots(layout="constrained")[1]
    return axes


def _choose(frame: pandas.DataFrame, metric: str, region: str, item: str) -> pandas.DataFrame:
    for column, word in (("metric", metric), ("region", region), ("item", item)):
        kept = frame[frame[column] == word]
        if kept.empty:
            known = ", ".join(map(str, dict.fromkeys(frame[column])))
            raise InputError(f"there is no {column} {word!r} here; there is {known}")
        frame = kept
    return frame.sort_values("date")


def _style(n: int) -> dict[str, Any]:
    return {"color": COLOURS[n % len(COLOURS)], "linestyle": DASHES[n % len(DASHES)]}


def _finish(axes: Axes, metric: str, unit: str, *, notes: str, is_named: bool) -> Axes:
    axes.set_ylabel(f"{metric.replace('_', ' ')} [{unit}]")
    axes.spines[["top", "right"]].set_visible(False)
    if is_named:
        axes.legend(frameon=False)
    if notes:
        axes.figure.supxlabel(notes, fontsize="x-small", wrap=True)
    return axes


def history(
    results: Results | Ensemble,
    metric: str,
    regions: str | Sequence[str],
    *,
    items: str | Sequence[str] = "all",
    bands: bool = True,
    notes: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw a metric over time, of one run or with bands over replicates.

    Parameters
    ----------
    results : Results or Ensemble
        Of an ensemble the median, the middle half (dark) and the middle nine tenths (pale) are drawn.
    metric : str
        Which; see `handover.metrics`.
    regions, items : str or list of str
        A line for each.
    bands : bool
        Draw the bands.
    notes : bool
        Say below which run it is.
    ax : matplotlib.axes.Axes, optional
        Where; a new figure if nothing is said.

    Returns
    -------
    matplotlib.axes.Axes
        ``axes.figure.savefig("name.pdf")`` writes it.

    Raises
    ------
    InputError
        There is no such metric, region or item, with those that there are.
    """
    if not isinstance(results, Results | Ensemble):
        hint = "; plot.points draws a sweep" if isinstance(results, SweepResult) else ""
        raise InputError(f"a run or an ensemble is drawn over time, and this is a {type(results).__name__}{hint}")
    axes = _axes(ax)
    is_run = isinstance(results, Results)
    frame = (results.series if isinstance(results, Results) else results.bands).to_pandas()
    middle = "value" if is_run else "median"
    regions = [regions] if isinstance(regions, str) else list(regions)
    items = [items] if isinstance(items, str) else list(items)
    lines = [(region, item) for region in regions for item in items]
    unit = ""
    for n, (region, item) in enumerate(lines):
        rows = _choose(frame, metric, region, item)
        unit = str(rows["unit"].iloc[0])
        name = region if item == "all" else f"{region}, {item}"
        axes.plot(rows["date"], rows[middle], label=name, **_style(n))
        for low, high, alpha in _BANDS if bands and not is_run else ():
            axes.fill_between(rows["date"], rows[low], rows[high], color=_style(n)["color"], alpha=alpha, linewidth=0)
    return _finish(axes, metric, unit, notes=results.notes if notes else "", is_named=len(lines) > 1)


def effect(
    comparison: Comparison,
    metric: str,
    region: str,
    *,
    reforms: Sequence[str] = (),
    item: str = "all",
    notes: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw what reforms change in a metric over time, with the 95 % interval of the paired difference.

    Parameters
    ----------
    comparison : Comparison
        Base and reforms.
    metric, region, item : str
        Which.
    reforms : list of str
        Names of the reforms; all if nothing is said.
    notes : bool
        Say below what was compared.
    ax : matplotlib.axes.Axes, optional
        Where; a new figure if nothing is said.
    """
    axes = _axes(ax)
    frame = comparison.effects.to_pandas()
    names = list(reforms) or list(comparison.answers)
    unit = ""
    for n, name in enumerate(names):
        of = frame[frame["reform"] == name]
        if of.empty:
            raise InputError(f"there is no reform {name!r}; there is {', '.join(comparison.answers)}")
        rows = _choose(of, metric, region, item)
        unit = str(rows["unit"].iloc[0])
        axes.plot(rows["date"], rows["difference"], label=name, **_style(n))
        axes.fill_between(rows["date"], rows["low"], rows["high"], color=_style(n)["color"], alpha=0.2, linewidth=0)
    axes.axhline(0, color="black", linewidth=0.6)
    words = f"difference in {metric}"
    return _finish(axes, words, unit, notes=comparison.notes if notes else "", is_named=len(names) > 1)


def points(
    result: SweepResult, output: str, *, factors: Sequence[str] = (), arms: Sequence[str] = (), notes: bool = True
) -> list[Axes]:
    """Draw an output of a sweep against its factors, a panel for each; a dot is a run.

    Parameters
    ----------
    result : SweepResult
        A sweep that has its table.
    output : str
        Name of an output.
    factors, arms : list of str
        Names of the factors and arms; all if nothing is said.
    notes : bool
        Say below which sweep it is.

    Returns
    -------
    list of matplotlib.axes.Axes
        Beside one another in a new figure.

    Raises
    ------
    InputError
        There is no such output, factor or arm, with those that there are.

    Examples
    --------
    >>> import handover as ho
    >>> import tempfile
    >>> from handover import plot
    >>> world = ho.Scenario.load("baseline").coarse(1_000_000, years=1, spin_up="4 weeks")
    >>> plan = ho.Plan.of(world, {"learning.alpha": [0.3, 0.4]}, {"jobs": "last(employed[IND])"}, design="grid")
    >>> axes = plot.points(ho.sweep(plan, tempfile.mkdtemp() + "/sweep"), "jobs")
    >>> axes[0].get_xlabel(), axes[0].get_ylabel()
    ('learning.alpha', 'jobs [persons]')
    """
    table = result.table
    frame = table.to_pandas()
    chosen = [list(names) for names in (factors, arms)]
    known = [_named(table.columns, word) for word in ("factor", "output")]
    worlds = [str(one) for one in dict.fromkeys(frame["arm"])]
    shown, drawn_arms = chosen[0] or known[0], chosen[1] or worlds
    for word, names, there in (
        ("factor", shown, known[0]),
        ("output", [output], known[1]),
        ("arm", drawn_arms, worlds),
    ):
        unknown = [name for name in names if name not in there]
        if unknown:
            raise InputError(f"there is no {word} {unknown[0]!r} in this sweep; there is {', '.join(there)}")
    units = {field.name: field.unit for field in table.fields}
    figure, panels = need("matplotlib.pyplot", "plot").subplots(
        1, len(shown), sharey=True, squeeze=False, layout="constrained", figsize=(2 + 2.6 * len(shown), 3.6)
    )
    unit = units[f"output: {output}"]
    for axes, factor in zip(panels[0], shown, strict=True):
        for n, arm in enumerate(drawn_arms):
            rows = frame[frame["arm"] == arm]
            values = rows[f"factor: {factor}"]
            if values.dtype == "category":
                values = values.astype(str)
            axes.plot(values, rows[f"output: {output}"], _MARKS[n % len(_MARKS)], color=_style(n)["color"], label=arm)
        of = units[f"factor: {factor}"]
        axes.set_xlabel(f"{factor} [{of}]" if of else factor)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0][0].set_ylabel(f"{output} [{unit}]" if unit else output)
    if len(drawn_arms) > 1:
        panels[0][0].legend(frameon=False)
    if notes:
        figure.supxlabel(table.notes, fontsize="x-small", wrap=True)
    return list(panels[0])


def _named(columns: Sequence[str], word: str) -> list[str]:
    """Names of the factors or of the outputs of a table."""
    return [column.removeprefix(f"{word}: ") for column in columns if column.startswith(f"{word}: ")]
