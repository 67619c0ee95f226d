"""What the documentation shows runs, and everything that is public is described."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import os
import pkgutil
import re
from pathlib import Path

import handover as ho
import pytest

from .conftest import tiny

MODULES = [name for _, name, _ in pkgutil.iter_modules(ho.__path__) if name not in ("_handover", "__main__")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_run(name: str) -> None:
    pytest.importorskip("gymnasium" if name == "gym" else "handover")
    module = importlib.import_module(f"handover.{name}")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.testmod(module, optionflags=flags).failed == 0


def test_everything_public_is_described() -> None:
    for name in ho.__all__:
        if name in ("MODEL", "__version__"):
            continue
        one = getattr(ho, name)
        assert inspect.getdoc(one), name
        if inspect.isclass(one):
            members = [member for member in vars(one) if not member.startswith("_")]
            assert all(inspect.getdoc(getattr(one, member)) for member in members), name


def test_everything_public_has_an_example_that_runs() -> None:
    """In its own words, in those of another beside it, or in a document or a notebook, all of which are run here."""
    root = Path(__file__).parents[1]
    shown = "".join(re.findall(r"^```python\n(.*?)^```", (root / "../docs/python.md").read_text(), re.M | re.S))
    for path in (root / "notebooks").glob("*.ipynb"):
        shown += "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])
    # runs of a minute or more, which tests of their own make smaller
    tested = {"calibrate", "validate", "solve"}
    lacking = []
    for name in MODULES:
        module = importlib.import_module(f"handover.{name}")
        beside = "".join(re.findall(r"^ *>>> .*$", inspect.getsource(module), re.M))
        for word, one in vars(module).items():
            is_own = getattr(one, "__module__", "") == module.__name__ and callable(one)
            is_public = word in ho.__all__ or name in ("salib", "ema", "designs", "plot", "gym")
            if is_own and is_public and not word.startswith("_") and word not in tested:
                has_example = ">>>" in (inspect.getdoc(one) or "")
                if not has_example and not re.search(rf"\b(ho|{name})\.{word}\b", shown + beside):
                    lacking.append(f"{name}.{word}")
    assert lacking == []


@pytest.mark.parametrize("path", ["README.md", "../docs/python.md"])
def test_the_code_of_documents_runs(path: str) -> None:
    text = (Path(__file__).parents[1] / path).read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, path, "exec"), names)


def test_the_page_on_julia_asks_for_columns_that_are_there(run: ho.Results, tmp_path: Path) -> None:
    """Its code is not run; the names in it are."""
    text = (Path(__file__).parents[1] / "../docs/julia.md").read_text()
    of_run, of_comparison = re.findall(r"^```julia\n(.*?)^```", text, re.M | re.S)
    run.save(tmp_path / "run")
    comparison = ho.compare(tiny("baseline", years=3), tiny("royalty-15", years=3), replicates=2)
    comparison.save(tmp_path / "comparison")
    tables = {of_run: tmp_path / "run" / "series.csv", of_comparison: tmp_path / "comparison" / "headlines.csv"}
    for block, file in tables.items():
        columns = ho.read_table(file).columns
        named = set(re.findall(r"(?<![\w:]):([a-z_]+)", block)) - {"topleft", "persons"}
        assert len(named) > 3
        assert named <= set(columns)
        assert file.name in block
    series = ho.read_table(tables[of_run]).to_pandas()
    assert re.findall(r'==\("(\w+)"\)', of_run) == ["displaced_total", "all"]
    assert len(series[(series["metric"] == "displaced_total") & (series["item"] == "all")]) > 8


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_notebooks_run(path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    cells = json.loads(path.read_text())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(sources) > 2
    names: dict[str, object] = {}
    begun = _processor()
    for source in sources:
        exec(compile(source, path.name, "exec"), names)
    # seconds of the processor, which other work on the machine disturbs least
    assert _processor() - begun < 120


def _processor() -> float:
    """Seconds of the processor that this process took, and those that it started."""
    return sum(os.times()[:4])


def test_the_libraries_are_those_of_the_command_line() -> None:
    def locked(path: Path) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, version in re.findall(r'^name = "(.+)"\nversion = "(.+)"$', path.read_text(), re.M):
            found.setdefault(name, set()).add(version)
        return found

    root = Path(__file__).parents[2]
    ours, theirs = locked(root / "python" / "Cargo.lock"), locked(root / "Cargo.lock")
    shared = ours.keys() & theirs.keys()
    assert len(shared) > 100
    assert {name for name in shared if not ours[name] <= theirs[name]} == set()


def test_the_version_is_the_librarys() -> None:
    manifest = (Path(__file__).parents[2] / "Cargo.toml").read_text()
    assert f'version = "{ho.__version__}"' in manifest
