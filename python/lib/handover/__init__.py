"""Who is paid when filmed hours become robots: an exact, reproducible simulator of the hand-over.

Examples
--------
>>> import handover as ho
>>> royalty = ho.Scenario.load("royalty-15").coarse(years=3)
>>> run = ho.run(royalty)
>>> run.series.columns
['scenario', 'replicate', 'seed', 'tick', 'date', 'region', 'metric', 'item', 'unit', 'value']
"""

from __future__ import annotations

from handover._errors import Bug, DiskError, HandoverError, InputError, MissingPackage
from handover._handover import MODEL, __version__
from handover.commands import Report, calibrate, command, discover, sensitivity, solve, validate
from handover.comparison import Comparison, Lives, compare, follow
from handover.designs import Factor
from handover.runs import Ensemble, Results, ensemble, outcome_of_arms, run
from handover.scenario import Explanation, Metric, Scenario, check, levers, metrics, plans, scenarios
from handover.simulation import Simulation, Snapshot
from handover.sweeps import Plan, SweepResult, scenario_of, sweep
from handover.table import Field, Table, read_table

__all__ = [
    "MODEL",
    "Bug",
    "Comparison",
    "DiskError",
    "Ensemble",
    "Explanation",
    "Factor",
    "Field",
    "HandoverError",
    "InputError",
    "Lives",
    "Metric",
    "MissingPackage",
    "Plan",
    "Report",
    "Results",
    "Scenario",
    "Simulation",
    "Snapshot",
    "SweepResult",
    "Table",
    "__version__",
    "calibrate",
    "check",
    "command",
    "compare",
    "discover",
    "ensemble",
    "follow",
    "levers",
    "metrics",
    "outcome_of_arms",
    "plans",
    "read_table",
    "run",
    "scenario_of",
    "scenarios",
    "sensitivity",
    "solve",
    "sweep",
    "validate",
]
