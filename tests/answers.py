"""Recomputes each sentence of a comparison's answer from its tables, with DuckDB, and holds it against the report.

    python tests/answers.py RESULT...

Nothing here is taken over from the program: how numbers are written and when a difference is told from chance is written a
second time, from docs/compare.md. A sentence that says something else than the tables fails with both texts.
"""

import html
import json
import re
import sys
from pathlib import Path

import duckdb

NAMES = {
    "BGD": "Bangladesh", "CHN": "China", "EU27": "the EU-27", "IND": "India",
    "JPN": "Japan", "MEX": "Mexico", "USA": "the United States", "VNM": "Vietnam",
}
GROUPS = {
    "buyers": ("buyers", " by lower prices", " by higher prices"),
    "filmed": ("the filmed", " in pay for footage and royalties", None),
    "workers": ("workers", " in wages and benefits", None),
    "lab_owners": ("owners of labs", "", None),
    "site_owners": ("owners of sites", "", None),
    "robot_makers": ("makers of robots", "", None),
    "governments": ("governments", "", None),
}
MULTIPLES = [(1e12, " tn", 0.9995e12, 2), (1e9, " bn", 0.9995e9, 1), (1e6, " M", 0.9995e6, 1), (1e3, " k", 1e4, 1)]


def quantity(value: float, unit: str = "") -> str:
    for one, word, least, decimals in MULTIPLES:
        if abs(value) >= least:
            digits = f"{value / one:.{decimals}f}{word}"
            break
    else:
        digits = f"{value:.{0 if abs(value) >= 100 or value == 0 else 2}f}"
    return f"{digits} {unit}" if unit else digits


def signed(value: float) -> str:
    return "0" if value == 0 else ("+" if value > 0 else "") + quantity(value)


def listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


class Pair:
    """Base, reform, their difference and its interval, as a row of a table has them."""

    def __init__(self, row: tuple) -> None:
        self.count, self.base, self.reform, self.change, self.low, self.high = row
        self.is_known = self.count > 0
        self.is_told = self.low is not None and (self.low > 0 or self.high < 0)
        self.is_same = self.count > 1 and self.change == 0 and (self.low, self.high) == (0, 0)

    def ends(self) -> tuple[str, str]:
        """Both ends of the interval without their signs, the one nearer to zero first."""
        near, far = (self.low, self.high) if self.change > 0 else (self.high, self.low)
        return quantity(abs(near)), quantity(abs(far))

    def clause(self) -> str:
        if self.is_same:
            return "is exactly the same"
        if not self.is_told:
            within = "" if self.low is None else f" (between {signed(self.low)} and {signed(self.high)} USD)"
            return f"cannot be distinguished from no change{within}"
        percent = 0.0 if self.base == 0 else self.change / self.base * 100
        verb = "rises" if self.change > 0 else "falls"
        near, far = self.ends()
        return f"{verb} by {quantity(abs(self.change))} USD, {abs(percent):.2f} % (95 % interval {near} to {far})"


COLUMNS = "replicates, base, reform_value, difference, low, high"


class Tables:
    """The tables of one reform of a comparison."""

    def __init__(self, folder: Path, reform: str, names: dict[str, str]) -> None:
        self.names, self.reform = names, reform
        self.sql = duckdb.connect()
        for table in ("headlines", "gains"):
            path = folder / f"{table}.csv"
            self.sql.execute(f"create table {table} as select * from read_csv('{path}', header = true, nullstr = '')")

    def headline(self, name: str) -> Pair:
        return self.regions(name)["world"]

    def regions(self, name: str) -> dict[str, Pair]:
        rows = self.sql.execute(
            f"select region, {COLUMNS} from headlines where reform = ? and headline = ? order by rowid", [self.reform, name]
        ).fetchall()
        return {row[0]: Pair(row[1:]) for row in rows}

    def group(self, name: str) -> Pair:
        [row] = self.sql.execute(
            f"""select {COLUMNS} from gains where reform = ? and region = 'world' and "group" = ? and line = 'all'
                and number = 'paid'""",
            [self.reform, name],
        ).fetchall()
        return Pair(row)

    def named(self, code: str) -> str:
        return self.names.get(code) or NAMES.get(code, code)

    def whole(self) -> str:
        ratio, royalties = self.headline("compensation_filmed"), self.headline("royalties")
        paid = "" if not royalties.change else f"; royalties change by {signed(royalties.change)} USD over the run"
        if not ratio.is_known:
            return f"The filmed lose no labour income as a group, so there is nothing to make whole{paid}."
        before, after = ratio.base, ratio.reform
        if after >= 1 and before < 1 and not ratio.is_told:
            word = "whether it makes them whole cannot be distinguished from chance"
        elif after >= 1:
            word = "they were whole as a group without it too" if before >= 1 else "that makes them whole as a group, wherever they lost anything"
        else:
            word = "that makes good a part of the loss, not the whole" if after >= 0.5 else "that does not make them whole"
        if (ratio.low, ratio.high) == (0, 0):
            change = "exactly as without it"
        elif ratio.low is None:
            change = f"against {before:.2f} without it"
        elif ratio.is_told:
            change = f"against {before:.2f} without it (difference {after - before:+.2f}, {ratio.low:+.2f} to {ratio.high:+.2f})"
        else:
            change = f"against {before:.2f} without it, a difference that cannot be distinguished from zero ({ratio.low:+.2f} to {ratio.high:+.2f})"
        return f"Where those filmed lose labour income, they receive {after:.2f} dollars in pay for footage, royalties and transfers for each dollar lost, {change}: {word}{paid}."

    def by_region(self) -> list[str]:
        said = []
        for name, who in (("income_filmed", "the filmed"), ("income_displaced", "the displaced")):
            told = [(code, pair) for code, pair in self.regions(name).items() if code != "world" and pair.is_told]
            parts = []
            for verb, is_gain in (("gain", True), ("lose", False)):
                places = [
                    f"{quantity(abs(pair.change), 'USD')} in {self.named(code)} ({pair.ends()[0]} to {pair.ends()[1]})"
                    for code, pair in told
                    if (pair.change > 0) == is_gain
                ]
                if places:
                    parts.append(f"{verb} {listed(places)}")
            if parts:
                said.append(f"{who} {', and '.join(parts)}")
        return [f"In mean lifetime income, with 95 % intervals: {'; '.join(said)}."] if said else []

    def left_out(self) -> str:
        displaced = self.headline("income_displaced")
        if not displaced.is_known:
            return "Nobody is displaced by robots in the base within the time simulated, so none of them can be left out."
        known = [pair for pair in self.regions("income_displaced").values() if pair.is_known]
        if all(pair.is_same for pair in known):
            return f"The lifetime income of those displaced by robots {displaced.clause()}."
        without = [
            self.named(code)
            for code, pair in self.regions("income_displaced").items()
            if code != "world" and pair.is_known and not (pair.is_told and pair.change > 0)
        ]
        places = f"in {listed(without)} what they gain cannot be distinguished from zero" if without else "in every region where people are displaced they gain"
        return f"The lifetime income of those displaced by robots {displaced.clause()}: {places}."

    def gained(self) -> str:
        more, less, chance = [], [], []
        for name, (who, by, else_by) in GROUPS.items():
            pair = self.group(name)
            if pair.low is None or pair.is_same:
                continue
            if not pair.is_told:
                chance.append(who)
                continue
            side, verb = (more, " gain") if pair.change > 0 else (less, " lose")
            how = by if pair.change > 0 or else_by is None else else_by
            near, far = pair.ends()
            side.append(f"{who}{'' if side else verb} {quantity(abs(pair.change))}{how} ({near} to {far})")
        rest = f" Of {listed(chance)} it cannot be distinguished from chance whether they gain or lose." if chance else ""
        beyond = " beyond chance" if chance else ""
        return (
            "Against the base, over the run, in USD with 95 % intervals: "
            f"{listed(more) or 'nobody gains' + beyond}; {listed(less) or 'nobody loses' + beyond}.{rest}"
        )

    def answer(self, title: str, replicates: str) -> list[str]:
        filmed, everybody = self.headline("income_filmed"), self.headline("income_all")
        title = title.rstrip(".")
        if filmed.is_known:
            first = f"Under this scenario's assumptions, with “{title}” the mean lifetime income of those filmed {filmed.clause()} ({replicates})."
        else:
            first = f"Under this scenario's assumptions nobody is filmed; with “{title}” the mean lifetime income of everybody {everybody.clause()} ({replicates})."
        return [first, self.whole(), *self.by_region(), self.left_out(), self.gained()]


def check(folder: Path) -> int:
    manifest = json.loads((folder / "manifest.json").read_text())
    report = (folder / "report.html").read_text()
    said = [
        [html.unescape(item) for item in re.findall(r"<li>(.*?)</li>", block, re.DOTALL)]
        for block in re.findall(r'<ol class="answer">(.*?)</ol>', report, re.DOTALL)
    ]
    reforms = manifest["reforms"]
    assert len(said) >= len(reforms) > 0, (len(said), len(reforms))
    about = manifest["scenario"]
    names = about.get("regions", {}) | about.get("in_words", {})
    count = 0
    for reform, sentences in zip(reforms, said):
        about = reform["scenario"]
        tables = Tables(folder, about["name"], names)
        written = tables.sql.execute(
            f"select sentence from read_csv('{folder / 'answer.csv'}', header = true) where reform = ? order by place", [about["name"]]
        ).fetchall()
        assert [row[0] for row in written] == sentences, "answer.csv says something else than the report"
        for again, sentence in zip(tables.answer(about["title"], manifest["replicates"]), sentences, strict=True):
            assert again == sentence, f"\nthe tables say   {again}\nthe report says  {sentence}"
            count += 1
    return count


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {check(Path(name))} sentences say what the tables say")
