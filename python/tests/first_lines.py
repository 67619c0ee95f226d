"""Runs the first lines of the first notebook where nothing is installed but the package, and its command.

python tests/first_lines.py
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "1-a-first-answer.ipynb"

#: Scenario, run, a number.
CELLS = 2


def main() -> None:
    """Run the cells, and print what the last line of each is."""
    cells = [cell for cell in json.loads(NOTEBOOK.read_text())["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells[:CELLS]:
        *lines, last = "".join(cell["source"]).splitlines()
        print("\n".join([*lines, last]))
        exec("\n".join(lines), names)
        answer = eval(last, names)
        assert answer is not None
        print(repr(answer))
        shown = getattr(answer, "_repr_html_", str)()
        print(f"a notebook shows {len(shown)} characters, {'with' if '<svg' in shown else 'without'} a chart")
    said = subprocess.run([Path(sys.executable).with_name("handover"), "--version"], check=True, capture_output=True)
    print(said.stdout.decode())


if __name__ == "__main__":
    main()
