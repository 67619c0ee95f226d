"""Designs of others: SALib, the EMA Workbench, distributions of scipy, correlated factors."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import handover as ho
import pytest
from handover import designs, ema, salib

from .conftest import command, tiny

np = pytest.importorskip("numpy")
stats = pytest.importorskip("scipy.stats")

ALPHA = ho.Factor("learning.alpha", 0.2, 0.5)
TRANSFER = ho.Factor("learning.transfer", 2, 60, unit="%", scale="log", name="transfer")
HOURS = "sum(accepted_hours[all])"
ASKED = {"hours": HOURS, "robots": "last(fleet[CHN, van])"}


def world(name: str = "baseline", years: float = 3) -> ho.Scenario:
    """A scenario whose runs take a moment."""
    return tiny(name, years).with_({"run.panel": 0})


def test_a_plan_of_python_is_one_of_the_command(tmp_path: Path) -> None:
    arms = {"law as it is": world(), "royalty": world("royalty-15")}
    factors = [ALPHA, TRANSFER, ho.Factor("law.data_rights", values=["none", "consent"])]
    plan = ho.Plan.of(arms, factors, ASKED, points=4, replicates=2, name="mine", title="Mine")
    assert (plan.points, plan.runs) == (4, 16)
    result = ho.sweep(plan, tmp_path / "python")
    path = plan.save(tmp_path / "plan")
    ended = command("sweep", path, "--out", tmp_path / "command", "--json", "--quiet")
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout)["sha256"] == result.sha256
    again = ho.Plan.load(path)
    assert again.factors == plan.factors
    assert plan.factors[:2] == [ALPHA, TRANSFER]
    frame = result.table.to_pandas()
    assert set(frame["arm"]) == set(arms)
    assert frame["factor: transfer"].between(0.02, 0.6).all()
    # a number of a factor is graded as the number of the scenario is
    assert result.table.to_arrow().schema.field("factor: learning.alpha").metadata[b"grade"] == b"C"
    one = frame.iloc[5]
    run = ho.run(ho.scenario_of(plan, 5))
    assert one["output: hours"] == run.outcome(HOURS)
    assert run.scenario.parameters["learning"]["alpha"] == one["factor: learning.alpha"]


def test_a_plan_goes_to_other_processes(tmp_path: Path) -> None:
    mine = ho.Scenario.parse(
        '[scenario]\nname = "mine"\nextends = "baseline.toml"\n[learning]\nalpha = 0.3\n', *world().settings
    )
    plan = ho.Plan.of([world(), mine], [TRANSFER], ASKED, rows=[[5.0], [50.0]])
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        there = ho.sweep(plan, tmp_path / "there", executor=pool)
    here = ho.sweep(pickle.loads(pickle.dumps(plan)), tmp_path / "here")
    assert there.sha256 == here.sha256
    saved = ho.sweep(plan.save(tmp_path / "plan"), tmp_path / "saved")
    assert saved.sha256 == here.sha256


def test_arms_keep_everything_that_was_changed() -> None:
    once = world().enact("2028-01", regions=["IND"], royalty_rate="15 %")
    twice = once.enact("2029-01", robot_tax="5 %")
    turned = once.with_({"policy.0.royalty_rate": "20 %"})
    again = world().with_(years=2).with_(seed=5)
    arms = {"once": once, "twice": twice, "turned": turned, "again": again}
    plan = ho.Plan.of(arms, [ALPHA], ASKED, rows=[[0.3]])
    for n, one in enumerate(arms.values()):
        meant = one.with_({"learning.alpha": 0.3}, seed=1, replicate=0)
        assert ho.scenario_of(plan, n).hash == meant.hash, n
    # a factor turns the policy where there is one
    policy = ho.Factor("policy.0.royalty_rate", unit="%")
    strong = ho.Plan.of({"as it is": world(), "once": once}, [policy], ASKED, rows=[[30]])
    assert ho.scenario_of(strong, 1).parameters["policy"][0]["royalty_rate"] == 0.3
    assert ho.scenario_of(strong, 0).hash == world().with_(seed=1).hash


def test_every_unit_is_read_as_a_plan_reads_it() -> None:
    keys = ("robots.class.van.per_supervisor", "robots.class.amr.per_supervisor")
    crews = ho.Factor(keys, unit="times", name="crews")
    price = ho.Factor("capture.price", unit="USD/hour")
    plan = ho.Plan.of(world(), [crews, price, TRANSFER], ASKED, rows=np.array([[2, 5.5, 1e-5], [0.5, 6, 60]]))
    base, first = (one.parameters for one in (world(), ho.scenario_of(plan, 0)))
    for kind in ("van", "amr"):
        known = base["robots"]["class"][kind]["per_supervisor"]
        assert first["robots"]["class"][kind]["per_supervisor"] == 2 * known
    assert first["capture"]["price"] == 5.5
    assert first["learning"]["transfer"] == pytest.approx(1e-7, rel=1e-12)
    whole = ho.Factor("run.least_agents", values=[2, 3])
    assert ho.Plan.of(world(), [whole], ASKED, design="grid").points == 2
    with pytest.raises(ho.InputError, match="a whole number stands here"):
        ho.Plan.of(world(), [whole._replace(values=[2.5, 3.5])], ASKED, design="grid")
    with pytest.raises(ho.InputError, match="unit"):
        ho.Plan.of(world(), [ho.Factor("capture.price")], ASKED, rows=[[5.5]])
    with pytest.raises(ho.InputError, match="did you mean"):
        ho.Plan.of(world(), [ho.Factor("learning.alfa", 0.2, 0.3)], ASKED, points=2)
    with pytest.raises(ho.InputError, match="has 1 values"):
        ho.Plan.of(world(), [ALPHA, TRANSFER], ASKED, rows=[[0.2]])
    with pytest.raises(ho.InputError, match="no design"):
        ho.Plan.of(world(), [ALPHA], ASKED, design="halton", points=4)
    with pytest.raises(ho.InputError, match="say how many"):
        ho.Plan.of(world(), [ALPHA], ASKED)
    with pytest.raises(ho.InputError, match="no number"):
        ho.Plan.of(world(), [ALPHA], ASKED, rows=[[float("nan")]])
    with pytest.raises(ho.InputError, match="two arms"):
        ho.Plan.of([world(), world()], [ALPHA], ASKED, points=2)


def test_distributions_are_those_of_scipy() -> None:
    factors = [
        ho.Factor("learning.alpha", distribution=stats.norm(0.3, 0.05)),
        ho.Factor("learning.transfer", distribution=stats.beta(2, 5)),
        ho.Factor("law.data_rights", values=["none", "consent", "ban"]),
        ho.Factor("capture.price", 2, 20, scale="log", unit="USD/hour"),
    ]
    rows = designs.spread(factors, 1024, seed=3)
    alpha, transfer, rights, price = zip(*rows, strict=True)
    # a scrambled Sobol sequence is far closer than 1/sqrt(1024); a wrong distribution is farther
    assert stats.kstest(alpha, stats.norm(0.3, 0.05).cdf).statistic < 0.01
    assert stats.kstest(transfer, stats.beta(2, 5).cdf).statistic < 0.01
    assert stats.kstest(price, stats.loguniform(2, 20).cdf).statistic < 0.01
    assert stats.kstest(alpha, stats.norm(0.3, 0.06).cdf).statistic > 0.03
    assert [rights.count(word) for word in ("none", "consent", "ban")] == pytest.approx([1024 / 3] * 3, abs=2)
    assert designs.spread(factors, 8, seed=3) == rows[:8] != designs.spread(factors, 8, seed=4)
    # with all four factors: points of three are scrambled otherwise than those of four
    plan = ho.Plan.of(world(), factors, ASKED, points=8, design_seed=3)
    drawn = [ho.scenario_of(plan, n).parameters for n in range(8)]
    assert [one["learning"]["alpha"] for one in drawn] == list(alpha[:8])
    assert [one["learning"]["transfer"] for one in drawn] == list(transfer[:8])
    assert [one["capture"]["price"] for one in drawn] == pytest.approx(list(price[:8]), rel=1e-6)
    with pytest.raises(ho.InputError, match="sobol or latin_hypercube"):
        ho.Plan.of(world(), factors[:1], ASKED, design="morris", points=4)


def test_correlated_factors_have_their_distributions_and_their_ranks() -> None:
    factors = [
        ho.Factor("learning.alpha", distribution=stats.norm(0.3, 0.05)),
        ho.Factor("learning.transfer", 2, 60, unit="%", scale="log", name="transfer"),
        ho.Factor("capture.price", 2, 20, unit="USD/hour"),
    ]
    pair = {("learning.alpha", "transfer"): 0.7}
    x = np.array(designs.spread(factors, 4096, correlation=pair))
    ranks = stats.spearmanr(x).statistic
    # Kruskal 1958: the rank correlation of a Gaussian copula is 6/pi arcsin(r/2)
    assert ranks[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.35), abs=0.01)
    assert abs(ranks[0, 2]) < 0.02
    assert stats.kstest(x[:, 1], stats.loguniform(2, 60).cdf).statistic < 0.02
    matrix: list[list[float]] = [[1, 0.7, 0], [0.7, 1, 0], [0, 0, 1]]
    assert (np.array(designs.spread(factors, 64, correlation=matrix)) == x[:64]).all()
    independent = np.array(designs.spread(factors, 4096))
    assert abs(stats.spearmanr(independent).statistic[0, 1]) < 0.02
    impossible: list[list[float]] = [[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]
    with pytest.raises(ho.InputError, match="no numbers can be correlated"):
        designs.spread(factors, 8, correlation=impossible)
    with pytest.raises(ho.InputError, match="no factor 'alpha'"):
        designs.spread(factors, 8, correlation={("alpha", "transfer"): 0.5})
    with pytest.raises(ho.InputError, match="symmetric"):
        designs.spread(factors, 8, correlation=[[1, 0.5], [0.5, 1]])
    plan = ho.Plan.of(world(), factors, ASKED, points=4, correlation=pair)
    assert plan.points == 4


def test_a_problem_and_a_sample_of_salib_become_a_plan_and_its_outputs_an_analysis(tmp_path: Path) -> None:
    from SALib.analyze import sobol as analysis  # noqa: PLC0415
    from SALib.sample import sobol as sampler  # noqa: PLC0415

    problem = {
        "num_vars": 2,
        "names": ["alpha", "transfer"],
        "bounds": [[0.2, 0.5], [2, 60]],
        "dists": ["unif", "logunif"],
    }
    x = sampler.sample(problem, 4, calc_second_order=False, seed=2)
    names: dict[str, Any] = {"keys": {"alpha": "learning.alpha", "transfer": "learning.transfer"}}
    plan = salib.plan(problem, x, [world(), world("royalty-15")], ASKED, **names, units={"transfer": "%"}, replicates=2)
    assert (plan.points, plan.runs) == (16, 64)
    result = ho.sweep(plan, tmp_path / "out")
    back = salib.sample(result)
    assert back[:, 0] == pytest.approx(x[:, 0], rel=1e-15)
    assert back[:, 1] == pytest.approx(x[:, 1] / 100, rel=1e-12)
    found = salib.outputs(result)
    frame = result.table.to_pandas()
    of_third = frame[(frame["point"] == 3) & (frame["arm"] == "baseline")]["output: hours"]
    assert len(of_third) == 2
    assert found["hours"][3] == pytest.approx(of_third.mean(), rel=1e-15)
    effect = salib.outputs(result, arm="royalty-15", against="baseline")["hours"]
    assert effect == pytest.approx(salib.outputs(result, arm="royalty-15")["hours"] - found["hours"], rel=1e-12)
    indices = analysis.analyze(problem, found["hours"], calc_second_order=False, seed=1)
    assert len(set(found["hours"])) > 8
    assert len(indices["ST"]) == 2
    with pytest.raises(ho.InputError, match="no arm"):
        salib.outputs(result, arm="royalty")
    with pytest.raises(ho.InputError, match="no name"):
        salib.factors(problem, units={"beta": "%"})


def test_distributions_of_salib_are_salibs() -> None:
    from SALib.util import scale_samples  # noqa: PLC0415

    problem = {
        "num_vars": 6,
        "names": list("abcdef"),
        "bounds": [[0.1, 0.6], [2, 60], [1, 5, 0.25], [3, 0.5], [1, 4, 2, 3], [0.5, 0.25]],
        "dists": ["unif", "logunif", "triang", "norm", "truncnorm", "lognorm"],
    }
    share = stats.qmc.Sobol(6, rng=5).random(64)
    theirs = scale_samples(share.copy(), problem)
    ours = np.array([factor.at(share[:, n]) for n, factor in enumerate(salib.factors(problem))]).T
    assert ours == pytest.approx(theirs, rel=1e-12)
    with pytest.raises(ho.InputError, match="cauchy"):
        salib.factors({"names": ["a"], "bounds": [[0, 1]], "dists": ["cauchy"]})


def test_plans_and_tables_become_problems(tmp_path: Path) -> None:
    problem = salib.problem(ho.Plan.load("doubtful"))
    assert problem["num_vars"] == 12
    assert problem["bounds"][1] == [0.2, 10.0]
    assert problem["dists"][:2] == ["unif", "logunif"]
    assert problem["names"][1] == "irreducible"
    factors = [ALPHA, TRANSFER, ho.Factor("law.data_rights", values=["none", "consent"])]
    plan = ho.Plan.of(world(), factors, ASKED, design="morris", points=4)
    result = ho.sweep(plan, tmp_path / "out")
    of_table = salib.problem(result)
    assert of_table["bounds"] == [[0.2, 0.5], [0.02, 0.6], [0.0, 1.0]]
    assert of_table["outputs"] == ["hours", "robots"]
    assert salib.sample(result).shape == (16, 3)
    from SALib.analyze import morris  # noqa: PLC0415

    found = morris.analyze(of_table, salib.sample(result), salib.outputs(result)["hours"], num_levels=4, seed=1)
    ours = ho.sensitivity(result.folder).answer["answers"][0]["factors"]
    # SALib divides every effect by the step, two thirds of a range; between two words there is no step
    theirs = [*found["mu_star"][:2], found["mu_star"][2] * 2 / 3]
    assert [one["mu_star"]["value"] for one in ours] == pytest.approx(theirs, rel=1e-9)
    with pytest.raises(ho.InputError, match="no table of a sweep"):
        salib.problem(ho.run(world()).series)


def test_the_workbench_runs_scenarios() -> None:
    bench = pytest.importorskip("ema_workbench")
    model = ema.model(
        world(),
        {"hours": HOURS, "mine": _jobs_of_usa, "path": ema.History("accepted_hours", "IND")},
        uncertainties=[ALPHA, TRANSFER],
        levers=[ho.Factor("law.data_rights", values=["none", "consent"])],
        replicates=2,
    )
    experiments, outcomes = bench.perform_experiments(model, scenarios=3, policies=2)
    assert len(experiments) == 6
    assert len(set(outcomes["hours"])) == 6
    one = experiments.iloc[4]
    seen = {"learning.alpha": one["learning.alpha"], "learning.transfer": f"{one['transfer']} %"}
    scenario = world().with_({**seen, "law.data_rights": str(one["law.data_rights"])})
    runs = ho.ensemble(scenario, 2)
    assert outcomes["hours"][4] == np.mean([run.outcome(HOURS) for run in runs])
    assert outcomes["mine"][4] == np.mean([_jobs_of_usa(run) for run in runs])
    paths = [[value for _, value in run.history("accepted_hours", "IND")] for run in runs]
    assert list(outcomes["path"][4]) == list(np.mean(paths, axis=0))
    with pytest.raises(ho.InputError, match="did you mean"):
        ema.model(world(), {"hours": "sum(accepted_hour[all])"}, uncertainties=[ALPHA])


def _jobs_of_usa(run: ho.Results) -> float:
    return run.history("employed", "USA")[-1][1]


def test_the_workbench_says_its_parameters_and_outcomes_itself() -> None:
    bench = pytest.importorskip("ema_workbench")
    line = HOURS
    model = ema.model(
        world(),
        [bench.ScalarOutcome("hours", variable_name=line, kind=bench.ScalarOutcome.MAXIMIZE)],
        uncertainties=[
            bench.RealParameter("alpha", 0.2, 0.5, variable_name="learning.alpha"),
            bench.RealParameter("transfer", 2, 60, variable_name="learning.transfer"),
        ],
        levers=[bench.CategoricalParameter("rights", ["none", "consent"], variable_name="law.data_rights")],
        units={"transfer": "%"},
    )
    policies = [bench.Policy("asked", rights="consent")]
    experiments, outcomes = bench.perform_experiments(model, scenarios=2, policies=policies)
    one = experiments.iloc[1]
    values = {"learning.alpha": one["alpha"], "learning.transfer": f"{one['transfer']} %"}
    scenario = world().with_({**values, "law.data_rights": "consent"})
    assert outcomes["hours"][1] == ho.run(scenario).outcome(line)


def test_the_workbench_runs_scenarios_in_processes(tmp_path: Path) -> None:
    pytest.importorskip("ema_workbench")
    # with a main module of its own, as a user has one
    program = tmp_path / "mine.py"
    program.write_text(PROGRAM)
    ended = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split()[-1] == "same"


PROGRAM = """
import handover as ho
from handover import ema
from ema_workbench import MultiprocessingEvaluator, SequentialEvaluator
from ema_workbench.em_framework import sample_uncertainties

if __name__ == "__main__":
    world = ho.Scenario.load("baseline").coarse(1_000_000, years=2, spin_up="4 weeks").with_({"run.panel": 0})
    alpha = ho.Factor("learning.alpha", 0.2, 0.5)
    model = ema.model(world, {"hours": "sum(accepted_hours[all])"}, uncertainties=[alpha])
    designs = sample_uncertainties(model, 4)
    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        _, there = evaluator.perform_experiments(designs)
    with SequentialEvaluator(model) as evaluator:
        _, here = evaluator.perform_experiments(designs)
    assert len(set(here["hours"])) == 4
    print("same" if list(there["hours"]) == list(here["hours"]) else "different")
"""


def test_designs_of_the_workbench_become_plans_and_sweeps_its_results(tmp_path: Path) -> None:
    bench = pytest.importorskip("ema_workbench")
    from ema_workbench.analysis import feature_scoring, prim  # noqa: PLC0415
    from ema_workbench.em_framework import sample_parameters  # noqa: PLC0415

    varied = [
        bench.RealParameter("alpha", 0.2, 0.5, variable_name="learning.alpha"),
        bench.CategoricalParameter("rights", ["none", "consent"], variable_name="law.data_rights"),
        bench.RealParameter.from_dist("learning.transfer", stats.beta(2, 5)),
    ]
    points = sample_parameters(varied, 12)
    plan = ema.plan(varied, points, [world(), world("royalty-15")], ASKED)
    assert (plan.points, plan.runs) == (12, 24)
    result = ho.sweep(plan, tmp_path / "out")
    experiments, outcomes = ema.results(result)
    assert list(experiments.columns) == ["alpha", "rights", "learning.transfer", "scenario", "policy", "model"]
    assert len(experiments) == len(outcomes["hours"]) == 24
    assert list(experiments["policy"].unique()) == ["baseline", "royalty-15"]
    drawn = [dict(point)["alpha"] for point in points]
    assert list(experiments["alpha"][:12]) == drawn
    x = experiments.drop(columns=["scenario", "policy", "model"])
    scores = feature_scoring.get_ex_feature_scores(x, outcomes["hours"])[0]
    assert set(scores.index) == {"alpha", "rights", "learning.transfer"}
    box = prim.Prim(x, outcomes["hours"] > np.median(outcomes["hours"]), threshold=0.6).find_box()
    assert box is not None
    bench.save_results((experiments, outcomes), str(tmp_path / "results.tar.gz"))
    again, _ = bench.load_results(str(tmp_path / "results.tar.gz"))
    assert len(again) == 24
    # the experiments themselves are a design too, and name what they lack
    same = ema.plan(varied, experiments.iloc[:12], [world(), world("royalty-15")], ASKED)
    assert ho.sweep(same, tmp_path / "same").sha256 == result.sha256
    with pytest.raises(ho.InputError, match="no value of 'alpha'"):
        ema.plan(varied, [{"rights": "none"}], world(), ASKED)


def test_parameters_go_both_ways() -> None:
    pytest.importorskip("ema_workbench")
    factors = [
        ALPHA,
        ho.Factor("learning.transfer", distribution=stats.beta(2, 5)),
        ho.Factor("run.least_agents", distribution=stats.randint(2, 6)),
        ho.Factor("law.data_rights", values=["none", "consent"]),
        ho.Factor("capture.price", 2.0, 20.0, scale="log"),
    ]
    there = ema.parameters(factors)
    assert [type(one).__name__ for one in there] == [
        "RealParameter",
        "RealParameter",
        "IntegerParameter",
        "CategoricalParameter",
        "RealParameter",
    ]
    back = ema.factors(there)
    assert back[0] == factors[0]
    assert back[3] == factors[3]
    assert back[4] == factors[4]
    assert back[1].distribution.args == (2, 5)
    assert back[2].distribution.support() == (2, 5)


def test_a_package_that_is_not_there_is_named() -> None:
    words = (
        "import sys; sys.modules['ema_workbench'] = None; sys.modules['scipy.stats'] = None\n"
        "import handover as ho\n"
        "from handover import ema, salib\n"
        "for ask in (lambda: ema.parameters([]), lambda: salib.factors({'names': ['a'], 'bounds': [[0, 1]], "
        "'dists': ['norm']})):\n"
        "    try:\n"
        "        ask()\n"
        "    except ho.MissingPackage as error:\n"
        "        print(error)\n"
    )
    ended = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == [
        "this needs ema_workbench: pip install 'handover-sim[ema]'",
        "this needs scipy: pip install 'handover-sim[scipy]'",
    ]


def test_what_users_of_other_packages_write_first_is_understood() -> None:
    world, jobs = tiny("baseline"), {"jobs": "last(employed[IND])"}
    # Mesa's parameters: lists, arrays, single values
    mesa = {"learning.alpha": np.array([0.2, 0.3]), "law.royalty_rate": ["0 %", "10 %"], "law.data_rights": "none"}
    plan = ho.Plan.of(world, mesa, jobs, design="grid", replicates=3)
    assert (plan.points, plan.runs) == (4, 12)
    assert [factor.values for factor in plan.factors] == [[0.2, 0.3], [0.0, 10.0], ["none"]]
    alpha = ho.Factor("learning.alpha", 0.2, 0.4)
    assert ho.Plan.of(world, alpha, "last(employed[IND])", points=4).runs == 4
    assert ho.Plan.of(world, {"alpha": alpha}, jobs, points=4).factors[0].label == "alpha"


#: The package as somebody uses it who does not look at types.
loose: Any = ho


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: loose.run("baseline"), r"write Scenario.load\('baseline'\)"),
        (lambda: loose.ensemble("baseline"), "Scenario.load"),
        (lambda: loose.compare("baseline", "royalty-15"), "Scenario.load"),
        (lambda: loose.follow("baseline", "IND/assembler/1"), "Scenario.load"),
        (lambda: loose.Simulation("baseline"), "Scenario.load"),
        (lambda: loose.solve("baseline", "robot_tax", (0, 1), "last(employed[USA]) >= 1 persons"), "Scenario.load"),
        (lambda: loose.run(None), "this is a NoneType"),
        (lambda: loose.Plan.of("baseline", {"learning.alpha": [0.3]}, ["last(employed[IND])"]), "Scenario.load"),
        (lambda: loose.Plan.of(tiny("baseline"), ["learning.alpha"], ["last(employed[IND])"]), "write Factor"),
        (lambda: loose.Plan.of(tiny("baseline"), {"learning.alpha": [0.3]}, {"jobs": len}), "is a line"),
        (lambda: loose.sweep(tiny("baseline"), "nowhere"), "write Plan.of"),
        (lambda: loose.run(tiny("baseline")).outcomes("last(employed[IND])"), "{'mine': 'last"),
    ],
)
def test_what_is_not_understood_is_told_with_what_to_write(wrong: Callable[[], Any], said: str) -> None:
    with pytest.raises(ho.InputError, match=said):
        wrong()


def test_what_is_wrong_with_a_text_is_not_said_of_a_file_that_is_not_there() -> None:
    with pytest.raises(ho.InputError, match=r"--> the plan:\d+:7") as caught:
        ho.Plan.of(tiny("baseline"), ho.Factor("alpha", 0.2, 0.4), ["last(employed[IND])"], points=4)
    assert caught.value.problems[0]["file"] == "the plan"
    with pytest.raises(ho.InputError, match=r"--> the text:2:5") as caught:
        ho.Scenario.parse('scenario.extends = "baseline.toml"\nrun.yaers = 3\n')
    assert caught.value.problems[0]["file"] == "the text"


def test_a_model_of_the_workbench_is_refused_before_it_runs() -> None:
    RealParameter = pytest.importorskip("ema_workbench").RealParameter
    world, jobs = tiny("baseline"), {"jobs": "last(employed[IND])"}
    with pytest.raises(ho.InputError, match='did you mean "learning.alpha"') as caught:
        ema.model(world, jobs, uncertainties=[RealParameter("alpha", 0.2, 0.4)])
    # nothing else is wrong with it
    assert len(caught.value.problems) == 1
    assert "units=" not in str(caught.value)
    transfer = RealParameter("transfer", 2, 60, variable_name="learning.transfer")
    with pytest.raises(ho.InputError, match=r"units=\{'transfer': '%'\}"):
        ema.model(world, jobs, uncertainties=[transfer])
    assert len(ema.model(world, jobs, uncertainties=[transfer], units={"transfer": "%"}).uncertainties) == 1
    with pytest.raises(ho.InputError, match="Scenario.load"):
        ema.model(loose.scenarios()["baseline"], jobs)


def test_a_sweep_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib").use("Agg")
    from handover import plot  # noqa: PLC0415

    worlds = {"law": tiny("baseline"), "tax": tiny("baseline").enact("2027-02", robot_tax=0.2)}
    varied = {"learning.alpha": [0.2, 0.3, 0.4], "law.data_rights": ["none", "consent"]}
    plan = ho.Plan.of(worlds, varied, {"jobs": "last(employed[IND])"}, design="grid")
    result = ho.sweep(plan, tmp_path / "out")
    left, right = plot.points(result, "jobs")
    assert [line.get_label() for line in left.get_lines()] == ["law", "tax"]
    assert np.asarray(left.get_lines()[0].get_xdata()).tolist() == [0.2, 0.2, 0.3, 0.3, 0.4, 0.4]
    assert np.asarray(right.get_lines()[0].get_xdata()).tolist()[:2] == ["none", "consent"]
    frame = result.table.to_pandas()
    assert np.asarray(left.get_lines()[1].get_ydata()).tolist() == list(frame[frame["arm"] == "tax"]["output: jobs"])
    assert len(plot.points(result, "jobs", factors=["law.data_rights"], arms=["tax"])) == 1
    assert "<svg" in result._repr_html_()
    with pytest.raises(ho.InputError, match="there is no output 'job' in this sweep; there is jobs"):
        plot.points(result, "job")
    with pytest.raises(ho.InputError, match="there is no factor 'alpha'"):
        plot.points(result, "jobs", factors=["alpha"])
    with pytest.raises(ho.InputError, match=r"plot\.points draws a sweep"):
        plot.history(loose.sweep(plan, tmp_path / "out"), "employed", "IND")
