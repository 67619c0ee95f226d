"""Packages that are used only if they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from io import StringIO
from typing import Any

from handover._errors import MissingPackage

#: What is called with the steps done, the steps in all and some words; ``True`` shows a bar of tqdm.
Progress = bool | Callable[[int, int, str], Any] | None


def need(module: str, extra: str) -> Any:
    """Import a module, or say which extra of the package brings it."""
    try:
        return import_module(module)
    except ImportError as error:
        name = module.split(".", maxsplit=1)[0]
        raise MissingPackage(f"this needs {name}: pip install 'handover-sim[{extra}]'") from error


def drawn(draw: Callable[[], Any]) -> str:
    """A figure as a page shows it, of axes that are drawn now; or what is needed for that."""
    try:
        axes = draw()
    except MissingPackage as error:
        return f"<p>{escape(str(error))}</p>"
    figure, page = axes.get_figure(root=True), StringIO()
    figure.savefig(page, format="svg")
    # a notebook would show the open figure once more
    need("matplotlib.pyplot", "plot").close(figure)
    return page.getvalue()[page.getvalue().index("<svg") :]


@contextmanager
def told(progress: Progress, unit: str = "tick") -> Iterator[Callable[[int, int, str], Any] | None]:
    """What the Rust part calls to say how far it has come."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        bar = need("tqdm.auto", "progress").tqdm(unit=unit)
        last: list[Any] = []

        def show(done: int, steps: int, words: str) -> None:
            # it is told many times a second, also where nothing has changed
            if last != [done, steps, words]:
                last[:] = [done, steps, words]
                bar.total = steps
                bar.set_description_str(words, refresh=False)
                bar.update(done - bar.n)

        try:
            yield show
        finally:
            bar.close()
    else:
        yield progress
