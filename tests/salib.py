"""Compares the program's indices of sensitivity with SALib's on the same designs and outputs.

  python tests/salib.py path/to/handover [folder of a Saltelli sweep] [folder of a Morris sweep]

Ishigami and the g-function are written as sweeps in the program's own format, so that they go through the same command
and the same estimators as a real sweep; folders of real sweeps are exported by --export-salib. Indices must agree to
1e-9 of the largest; intervals, which rest on other random numbers, to a third of themselves on average.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet as parquet
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample
from SALib.test_functions import Ishigami, Sobol_G

handover = Path(sys.argv[1]).resolve()
place = Path(tempfile.mkdtemp())


def write(folder, design, problem, x, outputs):
    """A sweep of one arm and one replicate, as `handover sweep` collects it."""
    folder.mkdir()
    factor = lambda name, bounds: {
        "name": name, "keys": [name], "unit": "", "is_multiple": False, "is_number": True, "is_whole": False,
        "meaning": "", "grade": "C", "base": None,
        "range": {"between": {"low": bounds[0], "high": bounds[1], "is_log": False}},
    }
    plan = {
        "name": folder.name, "title": f"{folder.name}, for SALib", "arms": ["only"], "replicates": 1, "seed": 1,
        "design": {"kind": design, "seed": 1},
        "factors": [factor(n, b) for n, b in zip(problem["names"], problem["bounds"])],
        "outputs": [{"name": n, "outcome": n, "unit": "", "meaning": ""} for n in outputs],
    }
    rows = len(x)
    word = lambda text: pyarrow.array([text] * rows).dictionary_encode()
    columns = {
        "point": pyarrow.array(range(rows), pyarrow.uint64()), "arm": word("only"),
        "replicate": pyarrow.array([0] * rows, pyarrow.uint32()), "seed": pyarrow.array([1] * rows, pyarrow.uint64()),
        "run": pyarrow.array([f"{n:064x}" for n in range(rows)]), "status": word("done"),
        "cause": pyarrow.array([None] * rows, pyarrow.string()).dictionary_encode(),
    }
    columns.update({f"factor: {n}": x[:, k] for k, n in enumerate(problem["names"])})
    columns.update({f"output: {n}": y for n, y in outputs.items()})
    table = pyarrow.table(columns)
    parquet.write_table(table.replace_schema_metadata({"plan": json.dumps(plan)}), folder / "sweep.parquet")


def analysed(folder, *more):
    command = [handover, "sensitivity", folder, "--json", "--bootstrap", "1000", *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["answers"]


def agree(name, answer, problem, x, y, levels):
    """Every index of one output, and on average its interval."""
    if levels is None:
        known = sobol_analysis.analyze(problem, y, calc_second_order=False, num_resamples=1000, seed=1)
        pairs = [("S1", "S1_conf"), ("ST", "ST_conf")]
    else:
        known = morris_analysis.analyze(problem, x, y, num_levels=levels, num_resamples=1000, seed=1)
        pairs = [("mu", None), ("mu_star", "mu_star_conf"), ("sigma", None)]
    worst, ratios = 0.0, []
    for index, width in pairs:
        theirs = np.asarray(known[index], dtype=float)
        ours = [factor[index] for factor in answer["factors"]]
        values = np.array([one["value"] if width else one for one in ours])
        worst = max(worst, np.abs(values - theirs).max() / max(np.abs(theirs).max(), 1e-300))
        if width:
            theirs = np.asarray(known[width], dtype=float)
            mine = np.array([one["half_width"] for one in ours])
            ratios += list(mine[theirs > 1e-9] / theirs[theirs > 1e-9])
    ratio = float(np.mean(ratios)) if ratios else 1.0
    print(f"{name}: indices differ by {worst:.1e} of the largest, intervals are {ratio:.3f} times SALib's")
    assert worst < 1e-9, name
    assert 0.75 < ratio < 1.33, name
    return worst


def close(name, answer, known):
    """Estimates lie near what calculus says: four half-widths of their own interval, and a hundredth."""
    for index, values in known.items():
        for factor, value in zip(answer["factors"], values):
            found = factor[index]
            far = abs(found["value"] - value) - 0.01
            assert far < 4 * found["half_width"], (name, index, factor, value)


ishigami = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3, "groups": None}
a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
g = {"num_vars": 8, "names": [f"x{n}" for n in range(8)], "bounds": [[0.0, 1.0]] * 8, "groups": None}
evaluate = {"ishigami": (ishigami, lambda x: Ishigami.evaluate(x)), "g": (g, lambda x: Sobol_G.evaluate(x, a=a))}
part = 1 / (3 * (1 + a) ** 2)
whole = np.prod(1 + part) - 1
analytic = {
    "ishigami": {"S1": [0.313905, 0.442411, 0.0], "ST": [0.557589, 0.442411, 0.243684]},
    "g": {"S1": part / whole, "ST": part * (1 + whole) / (1 + part) / whole},
}
for name, (problem, function) in evaluate.items():
    x = sobol_sample.sample(problem, 1024, calc_second_order=False, seed=2)
    y = function(x)
    # a second output far from zero: the estimators centre it
    write(place / f"saltelli_{name}", {"kind": "saltelli", "points": 1024}, problem, x, {"y": y, "far": 1e4 + 3 * y})
    answers = analysed(place / f"saltelli_{name}")
    agree(f"Sobol, {name}", answers[0], problem, x, y, None)
    agree(f"Sobol, {name}, far from zero", answers[1], problem, x, 1e4 + 3 * y, None)
    close(name, answers[0], analytic[name])
    x = morris_sample.sample(problem, 50, num_levels=4, seed=3)
    y = function(x)
    write(place / f"morris_{name}", {"kind": "morris", "trajectories": 50, "levels": 4}, problem, x, {"y": y})
    agree(f"Morris, {name}", analysed(place / f"morris_{name}")[0], problem, x, y, 4)

# a change of one number in a thousand is seen: the comparison can fail
problem, function = evaluate["ishigami"]
x = sobol_sample.sample(problem, 1024, calc_second_order=False, seed=2)
y = function(x)
y[7] += 1.0
try:
    agree("control", analysed(place / "saltelli_ishigami")[0], problem, x, y, None)
except AssertionError:
    pass
else:
    sys.exit("the comparison does not see a changed output")

for folder in map(Path, sys.argv[2:]):
    out = place / f"export_{folder.name}"
    answers = analysed(folder, "--export-salib", out)
    problem = json.loads((out / "problem.json").read_text())
    x = pandas.read_csv(out / "X.csv").to_numpy(dtype=float)
    table = pandas.read_csv(out / "Y.csv")
    assert len(answers) == len(table.columns) == len(problem["outputs"]) > 0
    # of an output that is hardly ever another, SALib's resamples are constant, and it stops
    varying = [column for column in table.columns if (table[column] != table[column].mode()[0]).mean() > 0.1]
    print(f"{folder.name}: {len(varying)} of {len(table.columns)} outputs vary")
    assert len(varying) >= 8, table.columns
    for answer, column in zip(answers, table.columns):
        if column not in varying:
            continue
        y = table[column].to_numpy(dtype=float)
        agree(f"{folder.name}: {column}", answer, problem, x, y, problem["num_levels"])
print("SALib agrees")
