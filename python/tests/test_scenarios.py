"""Scenarios are read as the command line reads them, and errors say the same."""

from __future__ import annotations

import pickle
from pathlib import Path

import handover as ho
import pytest

from .conftest import command


def test_an_error_has_the_words_and_the_place_of_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    text = '[scenario]\nname = "mine"\nextends = "BASE"\n[run]\nyaers = 3\n[law]\nroyalty_rate = "15 hours"\n'
    path.write_text(text.replace("BASE", str(ho.scenarios()["baseline"].name)))
    for shipped in ho.scenarios().values():
        (tmp_path / shipped.name).write_bytes(shipped.read_bytes())
    with pytest.raises(ho.InputError) as caught:
        ho.Scenario.load(path)
    said = command("check", path).stderr
    assert str(caught.value) in said
    assert f"{path}:5:1" in str(caught.value)
    assert [(one["line"], one["column"]) for one in caught.value.problems] == [(5, 1), (7, 16)]
    assert caught.value.problems[0]["meant"] == ["years"]
    assert isinstance(caught.value, ValueError)
    assert ho.check(path) == caught.value.problems


def test_every_shipped_scenario_is_sound() -> None:
    assert len(ho.scenarios()) > 40
    for name, path in ho.scenarios().items():
        scenario = ho.Scenario.load(name)
        assert scenario.path == path
        assert scenario.title


def test_settings_are_values_with_units_or_plain(tmp_path: Path) -> None:
    base = ho.Scenario.load("baseline")
    one = base.with_({"run.years": 3, "run.persons_per_agent": "5000 persons"}, "law.royalty_rate=10 %", seed=5)
    assert one.parameters["run"]["years"] == 3
    assert one.seed == 5
    assert (
        one.hash
        == base.with_(None, "law.royalty_rate=0.1", "run.seed=5")
        .with_({"run.years": 3.0, "run.persons_per_agent": "5_000 persons"})
        .hash
    )
    explained = one.explain("law.royalty_rate")[0]
    assert explained.written == "10 %"
    assert explained.meaning
    with pytest.raises(ho.InputError, match="did you mean"):
        base.explain("law.royalty_rat")


def test_keys_are_set_as_they_are_explained() -> None:
    base = ho.Scenario.load("baseline")
    (about,) = base.explain("capture.labs.CHN lab.home")
    assert about.key == "capture.labs.CHN lab.home"
    assert base.explain('capture.labs."CHN lab".home') == [about]
    moved = base.with_({about.key: "VNM"})
    assert moved.hash == base.with_({'capture.labs."CHN lab".home': "VNM"}).hash != base.hash
    assert moved.explain(about.key)[0].written == "VNM"


def test_values_of_numpy_and_pandas_are_values() -> None:
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    base = ho.Scenario.load("baseline")
    plain = {"learning.alpha": 0.3, "run.seed": 5, "run.years": 2}
    theirs = {key: numpy.asarray([value])[0] for key, value in plain.items()}
    assert base.with_(theirs).hash == base.with_(plain).hash
    when = base.enact(pandas.Timestamp("2029-01-01"), regions=numpy.array(["IND"]), royalty_rate=numpy.float64(0.15))
    assert when.hash == base.enact("2029-01-01", regions=["IND"], royalty_rate=0.15).hash


def test_policies_add_up_and_are_told() -> None:
    base = ho.Scenario.load("baseline")
    first = base.enact("2028-01", regions=["IND"], royalty_rate="15 %")
    both = first.enact("2029-01-01", until="2031-01", data_rights="consent")
    assert len(both.parameters["policy"]) == 2
    said = base.diff(both)
    assert len(said) == 2
    assert "in India" in said[0]
    assert base.diff(base) == []
    with pytest.raises(ho.InputError, match="royalty_rate"):
        base.enact("2028-01", royalty_rat="15 %")


def test_a_scenario_is_pickled_and_compared() -> None:
    text = '[scenario]\nname = "mine"\nextends = "baseline.toml"\n[law]\nroyalty_rate = "5 %"\n'
    for scenario in (ho.Scenario.parse(text, "run.seed=4"), ho.Scenario.load("ban").with_(years=2)):
        again = pickle.loads(pickle.dumps(scenario))
        assert again == scenario
        assert again.settings == scenario.settings
    whole = ho.Scenario.parse(ho.Scenario.parse(text).toml)
    assert whole.hash == ho.Scenario.parse(text).hash


def test_metrics_and_levers_are_listed() -> None:
    assert {"unemployment_rate", "royalties_received"} <= {metric.name for metric in ho.metrics()}
    assert {"royalty_rate", "data_rights"} <= set(ho.levers())


def test_a_file_extends_a_shipped_one_wherever_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[scenario]\nname = "mine"\nextends = "baseline.toml"\n[law]\nroyalty_rate = "5 %"\n')
    assert ho.Scenario.load(path).explain("law.royalty_rate")[0].written == "5 %"
    assert command("check", path).returncode == 0
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[sweep]\nname = "mine"\n[[arm]]\nscenario = "baseline.toml"\n[[arm]]\nscenario = "mine.toml"\n'
        '[design]\nkind = "sobol"\npoints = 2\n[[factor]]\nkey = "learning.alpha"\nlow = 0.2\nhigh = 0.4\n'
        '[[output]]\nvalue = "last(employed[IND])"\n'
    )
    assert ho.Plan.load(plan).runs == 4
    with pytest.raises(ho.InputError, match="there is no such file"):
        ho.Scenario.load(tmp_path / "baseline.toml")
