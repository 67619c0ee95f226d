"""Tables: columns of Arrow, which pandas, polars, DuckDB and xarray take."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from handover import _handover
from handover._errors import InputError
from handover._extra import need

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow
    import xarray

#: Rows that a notebook shows.
_SHOWN = 10

#: Columns that say of what a row is, in tables of one value a row.
_KEYS = ("scenario", "replicate", "seed", "tick", "date", "region", "metric", "item", "unit")


class Field(NamedTuple):
    """A column: its name, its type, what it means, its unit; of a factor of a sweep its grade of evidence.

    Examples
    --------
    >>> import handover as ho
    >>> ho.run(ho.Scenario.load("baseline").coarse(years=1)).series.fields[-1].name
    'value'
    """

    name: str
    type: str
    meaning: str
    unit: str
    grade: str = ""


class Table:
    """A table of results.

    It lies in memory in Arrow's form and is handed on without a copy: whatever reads the Arrow PyCapsule interface
    takes it (``pyarrow.table(table)``, ``polars.DataFrame(table)``, ``duckdb.sql("from table")``). Amounts of money
    are exact; they are handed on as float64 unless `exact` is asked for.

    Parameters
    ----------
    raw : handover._handover.Table
        The columns.
    name : str
        What it is called in captions.
    notes : str
        What stands below it in a paper: seed, replicates, grades of evidence.

    Examples
    --------
    >>> import handover as ho
    >>> series = ho.run(ho.Scenario.load("baseline").coarse(years=1)).series
    >>> series.to_pandas()["metric"].nunique() == len(ho.metrics())
    True
    >>> series.to_polars().height == len(series)
    True
    >>> sorted(series.to_xarray().sizes)
    ['date', 'item', 'region', 'replicate']
    >>> series.metadata["scenario"]
    'baseline'
    >>> series.noted("Draft.").to_markdown(["metric"]).splitlines()[-1]
    'Draft.'

    The values are where they were:

    >>> arrow = series.to_arrow()
    >>> [chunk.buffers()[1].address for chunk in arrow["value"].chunks] == series.addresses("value")
    True
    """

    def __init__(self, raw: _handover.Table, name: str = "table", notes: str = "", *, is_exact: bool = False) -> None:
        self._raw = raw
        self._is_exact = is_exact
        self.name = name
        self.notes = notes

    @cached_property
    def _given(self) -> _handover.Table:
        return self._raw if self._is_exact else self._raw.floats()

    def __len__(self) -> int:
        return self._raw.num_rows

    @property
    def fields(self) -> list[Field]:
        """Every column: name, type, meaning, unit, grade of evidence."""
        return [Field(*field) for field in self._given.fields()]

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return [field.name for field in self.fields]

    @property
    def metadata(self) -> dict[str, str]:
        """What the table says of itself: scenario, seed, grain, the meaning of every metric."""
        return dict(self._raw.metadata())

    def noted(self, notes: str) -> Table:
        """The same table with other notes below it."""
        return Table(self._raw, self.name, notes, is_exact=self._is_exact)

    @property
    def exact(self) -> Table:
        """The same table with money as exact decimals, to the micro-dollar.

        Examples
        --------
        >>> import handover as ho
        >>> flows = ho.run(ho.Scenario.load("baseline").coarse(years=1)).flows
        >>> [field.type for field in flows.fields if field.name == "amount"]
        ['Float64']
        >>> [field.type for field in flows.exact.fields if field.name == "amount"]
        ['Decimal128(38, 6)']
        """
        return Table(self._raw, self.name, self.notes, is_exact=True)

    def addresses(self, column: str) -> list[int]:
        """Addresses of the values of a column in memory, one a batch; they show that nothing was copied."""
        return self._given.addresses(column)

    def __arrow_c_schema__(self) -> object:
        """Hand over the schema, by the Arrow PyCapsule interface."""
        return self._given.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand over the table, by the Arrow PyCapsule interface."""
        return self._given.__arrow_c_stream__(requested_schema)

    def to_arrow(self) -> pyarrow.Table:
        """Give the table to pyarrow, without a copy."""
        table: pyarrow.Table = need("pyarrow", "pandas").table(self)
        return table

    def to_pandas(self) -> pandas.DataFrame:
        """Give the table to pandas.

        Returns
        -------
        pandas.DataFrame
            Words are categories, dates are ``datetime64``, money is ``float64`` (``Decimal`` of an `exact` table).
            ``attrs["units"]`` and ``attrs["meanings"]`` say what the columns are.
        """
        frame: pandas.DataFrame = self.to_arrow().to_pandas(date_as_object=False)
        frame.attrs["units"] = {field.name: field.unit for field in self.fields if field.unit}
        frame.attrs["meanings"] = {field.name: field.meaning for field in self.fields if field.meaning}
        return frame

    def to_polars(self) -> polars.DataFrame:
        """Give the table to polars, without a copy."""
        frame: polars.DataFrame = need("polars", "polars").DataFrame(self)
        return frame

    def to_xarray(self) -> xarray.Dataset:
        """Give recorded values to xarray.

        Returns
        -------
        xarray.Dataset
            A variable for each metric, with its unit, over replicate, date, region and item. Only tables with the
            columns ``metric`` and ``value`` can be given so.

        Raises
        ------
        InputError
            The table has no metrics.
        """
        if not {"metric", "value"} <= set(self.columns):
            raise InputError(f"only tables of metrics become a dataset; this has {', '.join(self.columns)}")
        need("xarray", "xarray")
        frame = self.to_pandas()
        units = dict(zip(frame["metric"], frame["unit"], strict=True))
        keys = [key for key in ("replicate", "date", "region", "item") if key in frame]
        for key in (*keys, "metric"):
            if frame[key].dtype == "category":
                frame[key] = frame[key].astype(str)
        wide = frame.pivot(index=keys, columns="metric", values="value")
        data: xarray.Dataset = wide.to_xarray()
        for metric, unit in units.items():
            data[metric].attrs["units"] = unit
        data.attrs.update({key: text for key, text in self.metadata.items() if not key.startswith("metric.")})
        return data

    def to_markdown(self, columns: list[str] | None = None, *, digits: int = 4) -> str:
        """Write the table in Markdown, with its notes.

        Parameters
        ----------
        columns : list of str, optional
            Which columns, in this order; all if nothing is said.
        digits : int
            Significant digits of numbers.
        """
        head, rows = self._cells(columns, digits)
        lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in head) + "|"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
        return "\n".join([*lines, *(["", self.notes] if self.notes else [])]) + "\n"

    def to_latex(self, columns: list[str] | None = None, *, caption: str = "", digits: int = 4) -> str:
        """Write the table for LaTeX (booktabs), with its notes below.

        Parameters
        ----------
        columns : list of str, optional
            Which columns, in this order; all if nothing is said.
        caption : str
            What stands above it.
        digits : int
            Significant digits of numbers.
        """
        head, rows = self._cells(columns, digits)
        kinds = {field.name: field.type for field in self.fields}
        ends = "".join("r" if kinds[name].startswith(("Int", "UInt", "Float", "Decimal")) else "l" for name in head)
        body = [" & ".join(map(_tex, row)) + r" \\" for row in rows]
        lines = [
            r"\begin{table}",
            *([rf"\caption{{{_tex(caption)}}}"] if caption else []),
            rf"\begin{{tabular}}{{{ends}}}",
        ]
        lines += [
            r"\toprule",
            " & ".join(map(_tex, head)) + r" \\",
            r"\midrule",
            *body,
            r"\bottomrule",
            r"\end{tabular}",
        ]
        lines += [rf"\par\footnotesize {_tex(self.notes)}"] if self.notes else []
        return "\n".join([*lines, r"\end{table}"]) + "\n"

    def _cells(self, columns: list[str] | None, digits: int) -> tuple[list[str], list[list[str]]]:
        table = self.to_arrow()
        head = columns or table.column_names
        unknown = [name for name in head if name not in table.column_names]
        if unknown:
            raise InputError(f"there is no column {unknown[0]!r}; there is {', '.join(table.column_names)}")
        values = [table.column(name).to_pylist() for name in head]
        rows = [[_shown(value, digits) for value in row] for row in zip(*values, strict=True)]
        return head, rows

    def __repr__(self) -> str:
        return f"<{self.name}: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415

        table = self.to_arrow().slice(0, _SHOWN).to_pydict()
        head = "".join(
            f"<th title='{escape(f.meaning)}'>{escape(f.name)}<br>{escape(f.unit)}</th>" for f in self.fields
        )
        rows = zip(*table.values(), strict=True)
        body = "".join("<tr>" + "".join(f"<td>{escape(_shown(v, 6))}</td>" for v in row) + "</tr>" for row in rows)
        more = f"{len(self)} rows" if len(self) > _SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{more} {escape(self.notes)}</p>"


def _shown(value: Any, digits: int) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:,.0f}"
    return str(value)


def _tex(text: str) -> str:
    escapes = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}"}
    escapes |= {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
    return "".join(escapes.get(sign, sign) for sign in text)


def read_table(path: str | Path) -> Table:
    """Read a table of a result that was written, by whichever program.

    Parameters
    ----------
    path : path
        A file ending in ``.parquet`` or ``.csv``.

    Raises
    ------
    InputError
        It is no such table.
    DiskError
        It cannot be read.

    Examples
    --------
    >>> import handover as ho
    >>> import tempfile
    >>> folder = tempfile.mkdtemp() + "/run"
    >>> run = ho.run(ho.Scenario.load("baseline").coarse(years=1))
    >>> run.save(folder)
    >>> len(ho.read_table(folder + "/series.parquet")) == len(run.series)
    True
    """
    path = Path(path)
    return Table(_handover.read_table(path), path.stem)
