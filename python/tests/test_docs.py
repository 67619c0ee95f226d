"""What the documentation shows runs, and everything that is public is described."""

from __future__ import annotations

import doctest
import functools
import importlib
import importlib.util
import inspect
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import handover as ho
import pytest

from .conftest import tiny

ROOT = Path(__file__).parents[1]
MODULES = [name for _, name, _ in pkgutil.iter_modules(ho.__path__) if name not in ("_handover", "__main__")]
DOCUMENTS = ["README.md", "../docs/python.md"]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def examples_of(module: ModuleType) -> list[doctest.DocTest]:
    """The examples of a module's docstrings, those of cached properties too."""
    found = doctest.DocTestFinder().find(module)
    parser = doctest.DocTestParser()
    for of, one in vars(module).items():
        for word, member in vars(one).items() if inspect.isclass(one) and one.__module__ == module.__name__ else ():
            if isinstance(member, functools.cached_property) and member.__doc__:
                path = f"{module.__name__}.{of}.{word}"
                found.append(parser.get_doctest(member.__doc__, vars(module).copy(), path, module.__file__, None))
    return found


# as they are before anything is watched
DOCSTRINGS = {
    # what needs a package that is not there has no examples to run
    name: examples_of(importlib.import_module(f"handover.{name}"))
    for name in MODULES
    if name != "gym" or importlib.util.find_spec("gymnasium")
}


def blocks_of(path: Path, language: str) -> list[str]:
    """The code of a document in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text(), re.M | re.S)


def cells_of(path: Path) -> list[str]:
    """The code of a notebook."""
    cells = json.loads(path.read_text())["cells"]
    return ["".join(cell["source"]) + "\n" for cell in cells if cell["cell_type"] == "code"]


def public() -> Iterator[tuple[str, Any]]:
    """Every public name, as a user writes it, and what it is."""
    yield from ((f"ho.{name}", getattr(ho, name)) for name in ho.__all__)
    for name in ("designs", "ema", "gym", "plot", "salib"):
        module = importlib.import_module(f"handover.{name}")
        for word, one in vars(module).items():
            if (
                callable(one)
                and one.__module__ == module.__name__
                and not word.startswith("_")
                and one is not ho.Factor
            ):
                yield f"{name}.{word}", one


class Seen:
    """Which public names examples have called, and which examples ran to their end."""

    def __init__(self) -> None:
        self.watched: set[str] = set()
        self.called: set[str] = set()
        self.examples: set[str] = set()

    def note(self, path: str) -> None:
        """Note a call, if it comes from an example and not from the package itself."""
        file = sys._getframe(2).f_code.co_filename
        if file.startswith("<doctest") or file.endswith((".md", ".ipynb")):
            self.called.add(path)

    def watch(self, patch: pytest.MonkeyPatch, path: str, one: Any) -> None:
        """Watch a function, or the methods and properties of a class."""
        if inspect.isclass(one):
            for name, member in list(vars(one).items()):
                if not name.startswith("_") and (watched := self._member(f"{path}.{name}", member)):
                    patch.setattr(one, name, watched)
        elif inspect.isfunction(one):
            watched = self._function(path, one)
            patch.setattr(importlib.import_module(one.__module__), one.__name__, watched)
            if path.startswith("ho."):
                patch.setattr(ho, one.__name__, watched)

    def _function(self, path: str, function: Callable[..., Any]) -> Callable[..., Any]:
        self.watched.add(path)

        @functools.wraps(function)
        def noted(*args: Any, **kwargs: Any) -> Any:
            self.note(path)
            return function(*args, **kwargs)

        return noted

    def _member(self, path: str, member: Any) -> Any:
        if inspect.isfunction(member):
            return self._function(path, member)
        if isinstance(member, classmethod | staticmethod):
            return type(member)(self._function(path, member.__func__))
        if isinstance(member, property | functools.cached_property):
            self.watched.add(path)
            return _Watched(member, path, self)
        return None


class _Watched:
    """A property that tells when it is read."""

    def __init__(self, of: Any, path: str, seen: Seen) -> None:
        self.of, self.path, self.seen, self.__doc__ = of, path, seen, of.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        self.seen.note(self.path)
        return self.of.__get__(instance, owner)

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.of.attrname] = value


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """What is called by the examples that run in this module."""
    seen = Seen()
    with pytest.MonkeyPatch.context() as patch:
        for path, one in public():
            seen.watch(patch, path, one)
        yield seen


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_run(name: str, seen: Seen) -> None:
    pytest.importorskip("gymnasium" if name == "gym" else "handover")
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    for found in DOCSTRINGS[name]:
        runner.run(found)
    assert runner.failures == 0
    seen.examples.add(name)


def test_everything_public_is_described() -> None:
    for name in ho.__all__:
        if name in ("MODEL", "__version__"):
            continue
        one = getattr(ho, name)
        assert inspect.getdoc(one), name
        if inspect.isclass(one):
            members = [member for member in vars(one) if not member.startswith("_")]
            assert all(inspect.getdoc(getattr(one, member)) for member in members), name


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_code_of_documents_runs(path: str, seen: Seen) -> None:
    blocks = blocks_of(ROOT / path, "python")
    assert blocks
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, path, "exec"), names)
    seen.examples.add(path)


@pytest.fixture(scope="module")
def written(run: ho.Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the pages on other languages read."""
    folder = tmp_path_factory.mktemp("written")
    run.save(folder / "output" / "royalty-15")
    comparison = ho.compare(tiny("baseline", years=3), tiny("royalty-15", years=3), replicates=2)
    comparison.save(folder / "output" / "compare-baseline-royalty-15")
    return folder


@pytest.mark.parametrize(
    ("language", "program", "drawn"), [("r", "Rscript", "displaced.pdf"), ("julia", "julia", "displaced.svg")]
)
def test_the_pages_on_other_languages_run_where_these_are(
    language: str, program: str, drawn: str, written: Path
) -> None:
    found = os.environ.get(f"HANDOVER_{program.upper()}") or shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} here")
    of_run, of_comparison = blocks_of(ROOT / f"../docs/{language}.md", language)[:2]
    said = []
    for n, block in enumerate((of_run, of_comparison)):
        (written / f"{n}.{language}").write_text(block)
        words = [found, f"{n}.{language}"]
        ended = subprocess.run(words, cwd=written, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        said.append(ended.stdout)
    assert (written / drawn).stat().st_size > 2000
    assert all(region in said[0] for region in ("USA", "IND"))
    headlines = ho.read_table(written / "output" / "compare-baseline-royalty-15" / "headlines.csv").to_pandas()
    world = headlines[headlines["region"] == "world"]
    assert len(world) > 5
    assert all(str(name) in said[1] for name in world["headline"])


def test_the_page_on_julia_asks_for_columns_that_are_there(written: Path) -> None:
    """The code with packages of Julia's registry is not run; the names in it are."""
    block = blocks_of(ROOT / "../docs/julia.md", "julia")[2]
    series = ho.read_table(written / "output" / "royalty-15" / "series.csv")
    named = set(re.findall(r"(?<![\w:]):([a-z_]+)", block)) - {"topleft"}
    assert {"metric", "item", "date", "region", "value"} <= named <= set(series.columns)
    assert re.findall(r'==\("(\w+)"\)', block) == ["displaced_total", "all"]
    frame = series.to_pandas()
    assert len(frame[(frame["metric"] == "displaced_total") & (frame["item"] == "all")]) > 8


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_run(path: Path, seen: Seen) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    sources = cells_of(path)
    assert len(sources) > 2
    names: dict[str, object] = {}
    begun = _processor()
    for source in sources:
        exec(compile(source, path.name, "exec"), names)
    # seconds of the processor, which other work on the machine disturbs least
    assert _processor() - begun < 120
    seen.examples.add(path.name)


def test_every_public_name_is_called_by_an_example_that_runs(seen: Seen) -> None:
    """In a docstring, a document or a notebook: functions, classes, methods, properties, constants."""
    lacking = {*MODULES, *DOCUMENTS, *(path.name for path in NOTEBOOKS)} - seen.examples
    if lacking:
        pytest.skip(f"not run, or not to their end: {', '.join(sorted(lacking))}")
    shown = "".join(block for path in DOCUMENTS for block in blocks_of(ROOT / path, "python"))
    shown += "".join(cell for path in NOTEBOOKS for cell in cells_of(path))
    shown += "".join(example.source for tests in DOCSTRINGS.values() for found in tests for example in found.examples)
    silent = []
    for path, one in public():
        is_constant = not callable(one)
        is_named = re.search(rf"\b{re.escape(path)}\b", shown) is not None
        if inspect.isclass(one):
            # a class that is only ever handed out is named by nobody: its own words show it, or one of its members
            members = [f"{path}.{name}" for name in vars(one) if not name.startswith("_")]
            silent += [member for member in members if member in seen.watched - seen.called]
            is_named = is_named or ">>>" in (one.__doc__ or "") or bool(seen.called & set(members))
        if not is_named and path not in seen.called and (is_constant or inspect.isclass(one) or path in seen.watched):
            silent.append(path)
    assert len(seen.called) > 80
    assert sorted(silent) == []


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
