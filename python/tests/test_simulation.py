"""Step by step is the same as at once; what a rule does is a scenario."""

from __future__ import annotations

import json
import math
import pickle
from pathlib import Path

import handover as ho
import pytest

from .conftest import command, settings, tiny


def test_steps_are_the_run() -> None:
    scenario = tiny("royalty-15", years=3)
    simulation = ho.Simulation(scenario, threads=1)
    assert simulation.tick == 0
    assert math.isnan(simulation.read("employed", "USA"))
    while not simulation.is_over:
        simulation.step(simulation.ticks_in("quarter"))
    whole = ho.run(scenario)
    assert simulation.read("employed", "USA") == whole.history("employed", "USA")[-1][1]
    assert any(row["metric"] == "employed" and row["region"] == "USA" for row in simulation.latest())
    assert simulation.ticks_left == 0
    results = simulation.finish()
    assert results.state_hash == whole.state_hash
    assert len(results.panel) == len(whole.panel)
    with pytest.raises(ho.InputError, match="ended"):
        simulation.step()


def test_what_is_set_is_a_policy_of_the_scenario(tmp_path: Path) -> None:
    simulation = ho.Simulation(tiny("royalty-15", years=3), threads=1)
    simulation.step(10)
    simulation.set(regions=["USA"], robot_tax="20 %", insurance_replacement=0.9)
    simulation.set(regions=["USA"], robot_tax="20 %")
    simulation.step(20)
    assert simulation.law("USA")["robot_tax"] == 0.2
    assert simulation.law("IND")["robot_tax"] != 0.2
    simulation.set(data_rights="ban")
    results = simulation.finish()
    added = len(results.scenario.parameters["policy"]) - len(tiny("royalty-15", years=3).parameters["policy"])
    assert added == 10
    assert ho.run(results.scenario).state_hash == results.state_hash
    assert ho.run(tiny("royalty-15", years=3)).state_hash != results.state_hash
    words = [results.scenario.path, *settings(results.scenario)]
    ended = command("run", *words, "--out", tmp_path / "out", "--json", "--quiet")
    assert json.loads(ended.stdout)["state_hash"] == results.state_hash


def test_a_snapshot_goes_on_to_the_same_bits() -> None:
    scenario = tiny("royalty-15", years=3)
    simulation = ho.Simulation(scenario, threads=1)
    simulation.step(15)
    snapshot = pickle.loads(pickle.dumps(simulation.snapshot()))
    before = simulation.state_hash
    other = simulation.fork()
    other.set(regions=["USA"], robot_tax="50 %")
    other.step(20)
    simulation.step(20)
    assert simulation.state_hash != other.state_hash
    simulation.restore(snapshot)
    assert simulation.state_hash == before
    assert simulation.finish().state_hash == ho.run(scenario).state_hash
    assert ho.Simulation.of(snapshot).state_hash == before
    damaged = snapshot._replace(state=snapshot.state[:-50])
    with pytest.raises(ho.InputError):
        ho.Simulation.of(damaged)


def test_a_fork_has_another_future_and_no_other_past() -> None:
    simulation = ho.Simulation(tiny("baseline", years=1.2), threads=1)
    simulation.step(30)
    reform = simulation.scenario.enact("2027-10", regions=["IND"], data_rights="ban")
    other = simulation.fork(reform)
    assert other.finish().state_hash == ho.run(reform).state_hash
    with pytest.raises(ho.InputError, match="data_rights|before"):
        simulation.fork(simulation.scenario.enact("2027-02", data_rights="ban"))
    with pytest.raises(ho.InputError, match="past"):
        simulation.enact(simulation.scenario.enact("2027-02", data_rights="ban"))


def test_a_lever_that_is_none_is_an_error() -> None:
    simulation = ho.Simulation(tiny("baseline"), threads=1)
    with pytest.raises(ho.InputError, match="did you mean"):
        simulation.set(robot_taxx="20 %")
    with pytest.raises(ho.InputError):
        simulation.set(robot_tax="20 hours")
    with pytest.raises(ho.InputError, match="metric"):
        simulation.read("unemployed_rate", "USA")
    simulation.step(20)
    with pytest.raises(ho.InputError, match="there is assembler"):
        simulation.read("unemployment_rate", "USA", "robots")
    with pytest.raises(ho.InputError, match="region"):
        simulation.read("unemployment_rate", "ATLANTIS")


def test_a_rule_is_asked_every_quarter_and_can_be_run_again_without_it() -> None:
    asked = []

    def rule(simulation: ho.Simulation) -> None:
        asked.append(simulation.date)
        if len(asked) > 3:
            simulation.set(regions=["USA"], robot_tax="30 %")

    scenario = tiny("baseline", years=2)
    results = ho.run(scenario, rule=rule)
    assert len(asked) == 8
    assert ho.run(results.scenario).state_hash == results.state_hash
    asked.clear()
    ensemble = ho.ensemble(scenario, 2, rule=lambda simulation: simulation.set(robot_tax="10 %"))
    assert [one.scenario.replicate for one in ensemble] == [0, 1]
    assert ensemble[1].state_hash == ho.run(ensemble[1].scenario).state_hash
    with pytest.raises(ho.InputError, match="no length of time"):
        ho.run(scenario, rule=rule, every="fortnight")


def test_the_environment_passes_its_checker() -> None:
    pytest.importorskip("gymnasium")
    from gymnasium.utils.env_checker import check_env  # noqa: PLC0415
    from handover.gym import Levers  # noqa: PLC0415

    env = Levers(tiny("baseline", years=1))
    check_env(env, skip_render_check=True)
    env.reset(seed=3)
    steps, over = 0, False
    while not over:
        seen, reward, _, over, about = env.step(env.action_space.sample())
        steps += 1
    # the share of the time that is over
    assert seen[-1] == 1.0
    assert steps == 3
    assert isinstance(reward, float)
    assert set(about["law"]) == {"royalty_rate", "robot_tax"}
