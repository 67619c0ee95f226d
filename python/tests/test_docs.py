"""What the documentation shows runs, and everything that is public is described."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path

import handover as ho
import pytest

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


@pytest.mark.parametrize("path", ["README.md", "../docs/python.md"])
def test_the_code_of_documents_runs(path: str) -> None:
    text = (Path(__file__).parents[1] / path).read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, path, "exec"), names)


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem
)
def test_notebooks_run(path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    cells = json.loads(path.read_text())["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert len(sources) > 2
    names: dict[str, object] = {}
    for source in sources:
        exec(compile(source, path.name, "exec"), names)


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
