"""The complete week of this project in NumPy: one array a variable, whole arrays, masks and bincounts.

    whole_week.py WHOLE_WEEK_BINARY [--short] [--workers N] [--weeks N] [--lives N] [--numpy-lives N] [--set KEY=VALUE]...

`examples/whole_week.rs` founds the first economy, settles it as `benches/week.rs` does, writes every row, and
goes on from there several times with other random numbers. This program starts from the same rows, simulates as many
weeks by the same rules with random numbers of its own, demands that money is conserved to the micro-dollar every
week, and that the means over the weeks lie within TOLERANCE standard deviations of the lives. Then it
prints nanoseconds a worker and week of both, and the ratio.

All rules of the calendar are here but these, which the Rust program simulates and NumPy is spared:
- the identities other than that of money, and the recounts of rows they need
- indicators: distributions, quartiles of refusal, accounts of the displaced and of contributors, the
  long-term unemployed, the receipt, the transactions-flow matrix
- levers that the first economy does not pull: withdrawal of hours, a ban, recycling other than "deficit", the
  royalty bases "equal" and "collective", the log-linear form of learning, policies with a date, events
- random numbers that are a function of who draws, so that a run does not depend on the order or number of draws;
  NumPy takes the next number of its generator
Parts of amounts paid between firms are rounded by float and not by integer; no wallet sees the difference.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

EMPLOYED, UNEMPLOYED, OUTSIDE, TRAINING = range(4)
KINDS = ["assembly", "machine_tending", "tool_and_die_work", "material_handling", "picking", "station_leg", "doorstep"]
KIND_OCCUPATION = [0, 1, 2, 3, 4, 5, 5]
FAMILIES = ["handling", "handover", "assembly", "machining", "toolmaking"]
KIND_FAMILY = [2, 3, 4, 0, 0, 0, 1]
CLASSES = ["van", "sidewalk", "amr", "manipulator"]
KIND_CLASS = [3, 3, 3, 2, 2, 0, 1]
STREET = np.array([False] * 5 + [True] * 2)
TYPES = ["factory", "warehouse", "depot"]
OCCUPATIONS = 6
NEVER, SKILL_ONE, MICRO, ONE = -32768, 8192, 1e6, 1 << 20
TOLERANCE = 5
# a second world for the check alone: rules that the first economy leaves idle
LEVERS = """royalty_rate=0.15 royalty_basis=hours royalty_portable=false citizen_dividend=0.05 wage_insurance=0.3
    training_places=0.01 robot_tax=0.05 programme_coverage=0.5 least_capture_pay=1USD/hour data_levy=0.1USD/hour"""


def hazard(rate):
    return -np.expm1(-np.maximum(rate, 0.0))


def share_of(part, whole):
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)


def money(dollars):
    return np.floor(np.asarray(dollars) * MICRO).astype(np.int64)

# what a job keeps from week to week: this program's name of it, and where it stands in the job
JOB_COLUMNS = [
    ("base", "size", "base"), ("hours_per_unit", "size", "hours_per_unit"),
    ("hours_per_unit_initial", "size", "hours_per_unit_initial"),
    ("hand_cost", "cost", "beside_wages"), ("other_cost", "cost", "other"),
    ("unit_cost", "cost", "unit"), ("unit_cost_initial", "cost", "unit_initial"), ("payback", "cost", "payback"),
    ("price", "price"), ("price_initial", "price_initial"), ("licence", "licence"),
    ("arrivals", "inflow", "arrivals"), ("expected", "inflow", "expected"),
    ("backlog_before", "inflow", "backlog_before"), ("backlog", "work", "backlog"), ("lead", "work", "lead"),
    ("attempts", "work", "attempts"), ("by_people", "work", "by_people"), ("by_robots", "work", "by_robots"),
    ("robot_hours", "work", "robot_hours"), ("robot_hours_initial", "work", "robot_hours_initial"),
]


def part(amount, share):
    return np.floor(np.asarray(amount) * share).astype(np.int64)


def fixed(share):
    return np.rint(np.asarray(share) * ONE).astype(np.int64)


def per_year(rate):
    return np.log1p(np.asarray(rate) * 52)


def growth_index(start, floor, half_life, years):
    """Size against the start of what grows by `start`, fading to `floor` (log growth a year)."""
    return np.exp(floor * years + (start - floor) * half_life / np.log(2) * (1 - 0.5 ** (years / half_life)))


def column(rows, *path):
    def dig(row):
        for key in path:
            row = row[key]
        return np.inf if row is None else row
    return np.array([dig(row) for row in rows])


class World:
    def __init__(self, directory, seed, faults):
        world = json.loads((directory / "world.json").read_text())
        self.luck, self.tick = np.random.default_rng(seed), world["tick"]
        self.p = p = world["parameters"]
        self.regions = world["regions"]
        self.R = len(self.regions)
        self.persons, self.per_agent = int(p["run"]["persons_per_agent"]), p["run"]["robots_per_agent"]
        self.trade, self.owners = np.array(world["trade"]), np.array(world["owners"])
        self.licensor = np.array(world["licensor"])
        law = world["law"]
        self.law = {key: np.array([one[key] for one in law]) for key in law[0]}
        assert not self.law["withdrawal"].any() and not (self.law["data_rights"] == "ban").any()
        assert (self.law["recycling"] == "deficit").all() and p["learning"]["form"] == "power"
        assert np.isin(self.law["royalty_basis"], ["hours", "quality_hours"]).all()
        self.weekly_hours = self.by_region(p["labour"]["weekly_hours"])
        self.load_markets(world)
        self.load_sites(world)
        self.load_firms(world)
        self.load_rows(world, directory)
        for fault in faults:
            *path, last = fault.split(".")
            table = {**p, "steady": self.steady, "law": self.law}
            for key in path:
                table = table[key]
            table[last] = table[last] * 1.1

    def by_region(self, value):
        return np.array([value[r] for r in self.regions]) if isinstance(value, dict) else np.full(self.R, float(value))

    def of_market(self, lever):
        return self.law[lever][self.market_region]

    # ---- the first week, as read ----

    def load_markets(self, world):
        markets = world["markets"]
        self.M = len(markets)
        self.market_region, self.market_occupation = column(markets, "region"), column(markets, "occupation")
        for key in ["wage", "wage_initial", "reference_wage", "unemployment", "unemployment_initial"]:
            setattr(self, key + "_m", column(markets, key))
        self.vacancies_m = column(markets, "flows", "vacancies")
        self.claims_m, self.hours_m = column(markets, "recorded", "claims"), column(markets, "recorded", "hours")
        self.royalties_smoothed_m = column(markets, "royalties", "smoothed")
        self.royalty_per_hour_m = column(markets, "royalties", "per_hour")
        self.steady = {key: column(markets, "steady", key) for key in markets[0]["steady"]}
        self.heads, self.outside_initial = column(markets, "heads"), column(markets, "heads_initial")[:, OUTSIDE]
        self.slot = np.array([one["slot"] for one in world["occupations"]])
        self.occupation_family = np.array([FAMILIES.index(one["family"]) for one in world["occupations"]])
        self.assembler = self.market_region * OCCUPATIONS
        courier = self.market_occupation == 5
        self.payroll_tax = np.where(courier, self.of_market("payroll_tax_couriers"), self.of_market("payroll_tax"))

    def load_sites(self, world):
        p, sites = self.p, world["sites"]
        self.S = len(sites)
        self.site_region = column(sites, "site", "region")
        self.site_type = np.array([TYPES.index(site["site"]["kind"]) for site in sites])
        self.is_organised = column(sites, "site", "is_organised")
        self.films, self.offer = column(sites, "films"), column(sites, "offer").astype(float)
        self.lab = np.array([-1 if site["lab"] is None else site["lab"] for site in sites])
        self.filmed_share = column(sites, "filmed_share").astype(float)
        self.asked_s, self.refusing_s = column(sites, "stance", "asked"), column(sites, "stance", "refusing")
        self.is_refused, self.asks = column(sites, "stance", "is_refused"), column(sites, "stance", "asks") > 0
        regime = self.law["data_rights"]
        self.is_bargaining = (regime == "bargaining")[self.site_region]
        self.dismissal = hazard(np.array([p["risk"]["dismissal"][r] for r in regime]))
        self.at_risk = np.array([p["risk"]["weeks_at_risk"][r] for r in regime])
        self.first_offer = np.maximum([p["capture"]["first_offer"][r] for r in regime], self.law["least_capture_pay"])
        # crews
        crews = [crew for site in sites for crew in site["staff"]]
        sizes = np.array([len(site["staff"]) for site in sites])
        self.first_crew = np.cumsum(sizes) - sizes
        self.crew_site = np.repeat(np.arange(self.S), sizes)
        names = [one["name"] for one in world["occupations"]]
        self.crew_occupation = np.array([names.index(o) for site in sites for o in site["occupations"]])
        self.crew_region = self.site_region[self.crew_site]
        self.crew_market = self.crew_region * OCCUPATIONS + self.crew_occupation
        for key in ["heads", "skill", "wanted", "rounding", "vacancies", "notice", "absorbed", "displaced"]:
            setattr(self, key + "_c", column(crews, key))
        self.fear = np.array([x for site in sites for x in site["fear"]])
        # fleets, and a row a robot
        fleets = world["fleets"]
        self.fleet_site = column(fleets, "site")
        self.fleet_class = np.array([CLASSES.index(fleet["class"]) for fleet in fleets])
        self.fleet_region = self.site_region[self.fleet_site]
        for key in ["hazard", "threshold", "hurdle", "plan", "rounding", "has_adopted", "price"]:
            setattr(self, key + "_f", column(fleets, "purchase", key))
        self.upkeep = column(fleets, "purchase", "upkeep")
        self.up = column(fleets, "robots", "up")
        self.robot_fleet = np.repeat(np.arange(len(fleets)), [len(fleet["robots"]["born"]) for fleet in fleets])
        self.robot_born = np.array([x for fleet in fleets for x in fleet["robots"]["born"]], dtype=np.int64)
        self.robot_up = np.array([x for fleet in fleets for x in fleet["robots"]["is_up"]], dtype=bool)
        # jobs
        jobs = [job for site in sites for job in site["jobs"]]
        self.job_site = np.repeat(np.arange(self.S), [len(site["jobs"]) for site in sites])
        self.kind = np.array([KINDS.index(job["kind"]) for job in jobs])
        self.job_region = self.site_region[self.job_site]
        self.job_occupation = np.array(KIND_OCCUPATION)[self.kind]
        self.job_market = self.job_region * OCCUPATIONS + self.job_occupation
        self.job_family, self.job_class = np.array(KIND_FAMILY)[self.kind], np.array(KIND_CLASS)[self.kind]
        self.job_crew = self.first_crew[self.job_site] + self.slot[self.job_occupation]
        fleet_of = {(s, c): f for f, (s, c) in enumerate(zip(self.fleet_site.tolist(), self.fleet_class.tolist()))}
        self.job_fleet = np.array([fleet_of[key] for key in zip(self.job_site.tolist(), self.job_class.tolist())])
        for name, *path in JOB_COLUMNS:
            setattr(self, name + "_j", column(jobs, *path))

    def load_firms(self, world):
        labs, makers, regional = world["labs"], world["makers"], world["regional"]
        self.L = len(labs)
        self.lab_home, self.lab_share = column(labs, "lab", "home"), column(labs, "lab", "share")
        self.collects = np.array([[r in lab["lab"]["collects"] for r in range(self.R)] for lab in labs])
        self.stock = column(labs, "lab", "intake", "stock").astype(float)
        self.stock_at_start = column(labs, "lab", "intake", "stock_at_start")
        assert not column(labs, "lab", "intake", "before_start").any()
        self.robot_hours = column(labs, "lab", "robot_hours").astype(float)
        self.sites_at_start = column(labs, "lab", "sites_at_start")
        self.revenue = [list(lab["lab"]["revenue"]) for lab in labs]
        self.capability = column(labs, "lab", "model", "capability")
        self.capability_at_start = column(labs, "lab", "model", "capability_at_start")
        contributed = [site["contributed"] for site in world["sites"]]
        self.contributed = np.array([[bits >> n & 1 == 1 for n in range(self.L)] for bits in contributed])
        self.maker_home, self.made = column(makers, "maker", "home"), column(makers, "maker", "made")
        self.maker_price = column(makers, "maker", "price")
        self.feasible = column(regional, "feasible", "share")
        self.independence = column(regional, "feasible", "independence")
        for key in ["consumption_base", "demand_index", "median_wage", "government_start", "rest_start"]:
            setattr(self, key, column(regional, "region", key))
        # accounts: sites, labs, makers, then funds, governments, rests, workers of a market
        self.carried = column([world["pools"]], "carried")[0]
        sizes = [self.S, self.L, len(makers), self.L, self.R, self.R, self.M]
        ends = np.cumsum(sizes)
        self.a_site, self.a_lab, self.a_maker, self.a_fund, self.a_gov, self.a_rest, self.a_workers = (
            np.arange(end - size, end) for end, size in zip(ends, sizes))
        self.cash = np.concatenate([column(world["sites"], "cash"), column(labs, "cash"), column(makers, "cash"),
                                    column(labs, "fund"), column(regional, "government"), column(regional, "rest"),
                                    np.zeros(self.M, np.int64)])
        self.firm_home = np.concatenate([self.site_region, self.lab_home, self.maker_home])
        books = world["sites"] + labs + makers
        self.losses, self.cost = column(books, "books", "losses"), column(books, "books", "cost")
        buffers = [self.p["sites"]["cash_buffer"], self.p["settlement"]["lab_buffer"], self.p["sites"]["cash_buffer"]]
        self.buffer = np.repeat(buffers, sizes[:3])

    def load_rows(self, world, directory):
        read = lambda name, kind: np.fromfile(directory / f"{name}.bin", kind)
        self.status, marks = read("status", np.int8), read("marks", np.uint8)
        self.n = len(self.status)
        self.market = np.repeat(np.arange(self.M), world["rows"])
        self.market_start = np.cumsum(world["rows"]) - np.array(world["rows"])
        site = read("employer", "<u2").astype(np.int64) + np.array(world["first_site"])[self.market]
        self.crew = self.first_crew[site] + self.slot[self.market_occupation][self.market]
        self.skill = read("skill", "<u2").astype(np.int64)
        sigma = self.p["people"]["skill_sigma"]
        self.z = np.log(self.skill / SKILL_ONE) / sigma + sigma / 2
        self.since, self.scarred, self.trained = (read(name, "<i2") for name in ["since", "scarred", "trained"])
        self.hours, self.claim = read("hours", "<u4").astype(np.int64), read("claim", "<u4").astype(np.int64)
        self.wallet = read("wallet", "<i8")
        self.asked, self.refuses = marks & 1 != 0, marks & 2 != 0
        self.insured, self.waiting, self.gig = marks & 16 != 0, marks & 32 != 0, marks & 64 != 0
        self.cash[self.a_workers] = self.wallets()
        self.money = self.all_money()

    def wallets(self):
        return np.add.reduceat(self.wallet, self.market_start) * self.persons

    def all_money(self):
        return sum(self.cash.tolist())

    def pay(self, payer, payee, amount):
        payer, payee, amount = np.broadcast_arrays(payer, payee, amount)
        np.subtract.at(self.cash, payer, amount)
        np.add.at(self.cash, payee, amount)
        np.add.at(self.paid, payer, amount)

    # ---- a week ----

    def live_a_week(self):
        self.opening, self.paid = self.cash.copy(), np.zeros_like(self.cash)
        self.seen = {}
        self.update_fear()
        self.review_stance()
        self.set_intensity()
        self.record_hours()
        self.adjust_programme()
        self.release_models()
        self.receive_jobs()
        self.do_jobs()
        self.age_robots()
        self.compare_costs()
        self.order_robots()
        self.plan_staff()
        self.separate_and_search()
        self.move_wages()
        self.settle_trade()
        self.pool_royalties()
        self.fill_wallets()
        self.pay_owners()
        self.settle_public()
        assert self.all_money() == self.money, "money came from nowhere or went there"
        assert (self.wallets() == self.cash[self.a_workers]).all(), "wallets and accounts differ"
        self.tick += 1

    def decay(self, half_life):
        return np.exp(-np.log(2) / half_life)

    def update_fear(self):
        consent = self.p["consent"]
        robots, every = self.by_robots_j * self.hours_per_unit_j, (self.by_robots_j + self.by_people_j) * self.hours_per_unit_j
        total = lambda where, what, size: np.bincount(where, what, size)
        own = share_of(total(self.job_site, robots, self.S), total(self.job_site, every, self.S))
        everywhere = share_of(total(self.job_occupation, robots, OCCUPATIONS), total(self.job_occupation, every, OCCUPATIONS))
        weight = consent["own_site_weight"]
        seen = weight * own[self.crew_site] + (1 - weight) * everywhere[self.crew_occupation]
        self.fear = seen + (self.fear - seen) * self.decay(consent["fear_half_life"])

    def review_stance(self):
        consent, site = self.p["consent"], self.crew_site
        hourly = self.wage_m[self.crew_market] / self.weekly_hours[self.crew_region]
        refusing = np.where(self.asked_s == 0, 0.5, share_of(self.refusing_s, self.asked_s))
        pay = self.offer[site] + self.royalty_per_hour_m[self.crew_market]
        score = (consent["base"] + consent["fear"] * self.fear + consent["peers"] * (refusing[site] - 0.5)
                 - consent["pay"] * np.log2(1 + share_of(pay, consent["reference_pay"] * hourly))
                 - consent["retaliation"] * self.at_risk[self.crew_region])
        employed = self.status == EMPLOYED
        may_be_new = self.since >= self.tick - 1
        is_new = (self.films & ~self.asks)[site]
        if is_new.any():
            may_be_new |= is_new[self.crew]
        here = np.flatnonzero(employed & self.films[site][self.crew] & (self.asked | may_be_new))
        coverage = self.law["programme_coverage"][self.crew_region][self.crew[here]]
        first = ~self.asked[here] & (self.luck.random(len(here)) < coverage)
        here, first = (rows[self.asked[here] | first] for rows in (here, first))
        crew = self.crew[here]
        chance = 1 / (1 + np.exp(-(score[crew] + consent["skill"] * self.z[here])))
        decides = first | (self.luck.random(len(here)) < hazard(consent["review"]))
        together = self.is_bargaining[site][crew]
        answer = np.where(together, self.is_refused[site][crew],
                          np.where(decides, self.luck.random(len(here)) < chance, self.refuses[here]))
        self.asked[here], self.refuses[here] = True, answer
        risk = self.dismissal[self.crew_region][crew]
        self.dismissed = here[answer & (self.luck.random(len(here)) < risk)]
        self.asked_s = np.bincount(site[crew], minlength=self.S)
        self.refusing_s = np.bincount(site[crew], answer, self.S).astype(np.int64)
        if self.is_bargaining.any():
            self.is_refused = self.is_bargaining & (np.bincount(site[crew], chance, self.S) > self.asked_s / 2)
        self.asks = self.films & (self.law["programme_coverage"] > 0)[self.site_region]

    def set_intensity(self):
        capture = self.p["capture"]
        self.hour_price = price = max(capture["price"] * np.exp(-capture["price_decline"] * self.tick), capture["price_floor"])
        mean_revenue = np.array([sum(weeks) / max(len(weeks), 1) for weeks in self.revenue])
        budget = capture["budget"] * self.lab_share + capture["reinvest"] * mean_revenue
        filming = np.flatnonzero(self.films & (self.lab >= 0))
        agents = (self.asked_s - self.refusing_s)[filming]
        by_lab = lambda what: np.bincount(self.lab[filming], what, self.L)
        consenting = by_lab(agents)
        offer = share_of(by_lab(agents * self.offer[filming]), consenting)
        levy = share_of(by_lab(agents * self.law["data_levy"][self.site_region[filming]]), consenting)
        accepted = capture["accepted"]
        footage = np.maximum(price * accepted, capture["site_fee"] * price * accepted + offer)
        self.target = share_of(budget, footage + capture["quality_control"] * price * accepted + levy * accepted)
        self.capacity = consenting * self.persons * capture["most_hours"]
        least = self.law["least_capture_pay"][self.site_region]
        self.offer = np.maximum(self.offer, np.where(self.films, least, 0))
        intensity = np.zeros(self.S)
        intensity[filming] = np.minimum(share_of(self.target, self.capacity), 1)[self.lab[filming]]
        self.raw_hours = intensity * capture["most_hours"]
        self.accepted_each = np.floor(self.raw_hours * accepted * 1e3).astype(np.int64)
        self.pay_each = money(self.offer * self.raw_hours)

    def record_hours(self):
        site = self.crew_site
        records = (self.films & (self.accepted_each > 0))[site]
        filmed = (self.status == EMPLOYED) & self.asked & ~self.refuses & records[self.crew]
        self.filmed = rows = np.flatnonzero(filmed)
        crew = self.crew[rows]
        self.filmed_at = site[crew]
        accepted = self.accepted_each[self.filmed_at]
        self.hours[rows] += accepted
        self.claim[rows] += accepted
        credited = np.bincount(self.market[rows], accepted, self.M).astype(np.int64)
        self.claims_m, self.hours_m = self.claims_m + credited, self.hours_m + credited
        self.seen["credited"] = credited
        self.filmed_c = np.bincount(crew, minlength=len(site))
        self.filmed_s = np.bincount(site, self.filmed_c, self.S).astype(np.int64)
        quality = np.bincount(crew, self.skill[rows], len(site)) * self.accepted_each[site] * self.persons
        self.recorded_for = self.lab.copy()
        with_lab = self.recorded_for[site] >= 0
        np.add.at(self.stock, (self.recorded_for[site][with_lab], self.crew_market[with_lab]), quality[with_lab])
        seen = (self.filmed_s > 0) & (self.lab >= 0)
        self.contributed[seen, self.lab[seen]] = True
        paid = np.bincount(site, self.heads_c, self.S) * self.weekly_hours[self.site_region]
        self.filmed_share = share_of(self.filmed_s * self.raw_hours, paid)

    def adjust_programme(self):
        capture = self.p["capture"]
        factory = self.site_type == 0
        heads = np.bincount(self.crew_site, self.heads_c, self.S)
        wage = np.bincount(self.crew_site, self.heads_c * self.wage_m[self.crew_market], self.S)
        wage = np.where(heads > 0, share_of(wage, heads), self.wage_m[self.crew_market][self.first_crew])
        reservation = capture["reservation"] * wage / self.weekly_hours[self.site_region]
        with np.errstate(divide="ignore", invalid="ignore"):
            shortfall = np.where(self.capacity > 0, self.target / self.capacity - 1, np.where(self.target > 0, np.inf, 0))
        draw = self.luck.random(self.S)
        filming = factory & self.films & (self.lab >= 0)
        of_site = np.where(filming, shortfall[self.lab], 0)
        rises = filming & ((of_site > 0) | self.is_refused) & (self.offer < reservation)
        self.offer = np.where(rises, self.offer + (reservation - self.offer) * hazard(capture["offer_step"]), self.offer)
        leaves = filming & (of_site < -0.5) & (draw < hazard(capture["joining"]))
        needs = np.where(self.collects & (shortfall > 0)[:, None], (self.target - self.capacity)[:, None], 0)
        speed = np.minimum(capture["joining"] * shortfall, capture["joining_most"])
        joining = np.where(needs > 0, speed[:, None], 0).max(axis=0)
        joins = np.flatnonzero(factory & ~filming & (draw < hazard(joining)[self.site_region]))
        self.films[leaves], self.lab[leaves] = False, -1
        for site in joins:
            region = self.site_region[site]
            self.lab[site] = self.luck.choice(self.L, p=needs[:, region] / needs[:, region].sum())
            self.films[site] = True
            self.offer[site] = max(self.offer[site], self.first_offer[region])

    def release_models(self):
        learning = self.p["learning"]
        diversity = np.maximum(self.contributed.sum(axis=0) / self.sites_at_start, 1) ** learning["diversity"]
        usable = np.where(np.eye(self.L, dtype=bool), 1.0, learning["pooling"])
        own = self.occupation_family[:, None] == np.arange(len(FAMILIES))
        transfer = np.where(own, 1.0, learning["transfer"])
        names = ["assembler", "operator", "tool_and_die", "helper", "picker", "courier"]
        weight = np.array([self.p["capture"]["skill_weight"][name] for name in names])
        quality = (weight[:, None] * transfer)[self.market_occupation]
        by_market = (usable @ self.stock / (SKILL_ONE * 1e3))[:, :, None] * quality
        uncredited, robots = usable @ self.stock_at_start @ transfer, usable @ self.robot_hours / 1e3
        total = by_market.sum(axis=1) + uncredited + robots
        self.credit = share_of(by_market, total[:, None, :])
        interval = learning["release_interval"]
        if self.tick > 0 and self.tick // interval > (self.tick - 1) // interval:
            scale = np.array([learning["scale"][family] for family in FAMILIES])
            irreducible = np.array([learning["irreducible"][family] for family in FAMILIES])
            effective = diversity[:, None] * total
            self.capability = 1 - (irreducible + (1 - irreducible) * (1 + effective / scale) ** -learning["alpha"])
        chain = np.array([learning["chain"][kind] for kind in KINDS])
        able = np.clip(self.capability[self.licensor], 1e-300, 1 - 1e-15)
        self.feasible = 1 - np.exp(-np.log(learning["field_success"]) / (chain * np.log(able[:, KIND_FAMILY])))
        self.independence = np.maximum(share_of(1 - self.capability_at_start, 1 - self.capability), 1)[self.licensor]

    def receive_jobs(self):
        demand, years, region = self.p["demand"], self.tick / 52, self.job_region
        kind = self.site_type[self.job_site]
        half_life = demand["growth_half_life"] / 52
        floor = np.array([per_year(demand["growth_floor"][name]) for name in TYPES])
        start = np.array([per_year(self.by_region(demand["growth"][name])) for name in TYPES])
        growth = growth_index(start, floor[:, None], half_life, years)
        turn = np.cos(2 * np.pi * (self.tick - demand["season_peak"]) / 52)
        season = np.array([1 + demand["season"][name] * turn for name in TYPES])
        kappa = np.where(kind == 0, (self.trade @ self.demand_index)[region], self.demand_index[region])
        change = np.divide(self.unit_cost_j, self.unit_cost_initial_j, out=np.ones(len(kind)), where=self.unit_cost_initial_j > 0)
        self.price_j = self.price_initial_j * (1 + demand["pass_through"] * (change - 1))
        waiting = np.maximum(self.lead_j - demand["handling_time"], 0)
        volume = (growth[kind, region] * season[kind] * kappa * np.exp(-waiting / demand["patience"])
                  * (self.price_j / self.price_initial_j) ** -demand["price_elasticity"])
        density = np.array([demand["density_elasticity"][name] for name in TYPES])[kind]
        self.hours_per_unit_j = self.hours_per_unit_initial_j * np.maximum(volume, 1e-3) ** -density
        self.expected_j = self.base_j * volume
        sigma = np.sqrt(np.log1p(demand["noise"] ** 2))
        noisy = np.floor(self.expected_j * self.luck.lognormal(-sigma ** 2 / 2, sigma, len(kind)) + 0.5)
        rare = self.expected_j * demand["noise"] ** 2 < 1
        arrivals = np.where(rare, self.luck.poisson(np.where(rare, self.expected_j, 0)), noisy)
        self.arrivals_j, self.backlog_before_j = arrivals.astype(np.int64), self.backlog_j

    def of_class(self, key):
        return np.array([self.p["robots"]["class"][name][key] for name in CLASSES])

    def units_per_robot_week(self):
        indoors = self.weekly_hours[self.job_region] / self.hours_per_unit_j
        density = self.by_region(self.p["robots"]["van_density"])[self.job_region]
        return self.of_class("units_per_week")[self.job_class] * np.select([self.job_class == 0, self.job_class == 1], [density, 1.0], indoors)

    def doable(self):
        robots = self.p["robots"]
        early, late = self.by_region(robots["open_at_start"]), self.by_region(robots["open_later"])
        open_ = early + (late - early) * min(self.tick / robots["opening"], 1)
        return self.feasible[self.job_region, self.kind] * np.where(STREET[self.kind], open_[self.job_region], 1)

    def round(self, x):
        floor = np.floor(x)
        return (floor + (self.luck.random(len(x)) < x - floor)).astype(np.int64)

    def mean_skill(self):
        return np.where(self.heads_c == 0, 1.0, self.skill_c / np.maximum(self.heads_c * SKILL_ONE, 1))

    def slow(self):
        return 1 - np.minimum(self.p["capture"]["drag"] * self.filmed_share, 1)[self.crew_site]

    def do_jobs(self):
        theta, F, C = self.p["learning"]["field_success"], len(self.fleet_site), len(self.crew_site)
        rate, waiting, unit = self.units_per_robot_week(), self.arrivals_j + self.backlog_before_j, self.hours_per_unit_j
        wish = waiting * self.doable() / rate
        wanted = np.bincount(self.job_fleet, wish, F)
        used = np.minimum(share_of(self.up * self.per_agent, wanted), 1)
        robot_weeks = used[self.job_fleet] * wish
        attempts = np.minimum(self.round(robot_weeks * rate), waiting)
        eta = np.array([self.p["learning"]["robot_hours"][name] for name in CLASSES])
        taught = np.rint(robot_weeks * (self.of_class("supervised_hours") * eta)[self.job_class] * 1e3)
        np.add.at(self.robot_hours, (self.licensor[self.job_region], self.job_family), taught)
        capacity = self.heads_c * self.persons * self.weekly_hours[self.crew_region] * self.mean_skill() * self.slow()
        left = waiting * unit - theta * attempts * unit
        needed = np.bincount(self.job_crew, left, C)[self.job_crew]
        my_hours = capacity[self.job_crew] * np.divide(left, needed, out=np.ones(len(left)), where=needed > 0)
        self.attempts_j = attempts
        self.by_robots_j = attempts - np.minimum(self.round(attempts * (1 - theta)), attempts)
        self.by_people_j = np.clip(np.floor(my_hours / unit).astype(np.int64), 0, waiting - self.by_robots_j)
        self.backlog_j = waiting - self.by_robots_j - self.by_people_j
        self.robot_hours_j = self.by_robots_j * unit
        done = self.by_robots_j + self.by_people_j
        self.lead_j = share_of(self.backlog_j, done) + self.p["demand"]["handling_time"]

    def age_robots(self):
        robots = self.p["robots"]
        up = robots["uptime"]
        settled = hazard(1 / (robots["time_between_failures"] * max(1 - up, 1e-9)))
        self.robots_before = np.bincount(self.robot_fleet, minlength=len(self.fleet_site))
        kept = self.tick - self.robot_born < self.of_class("life")[self.fleet_class[self.robot_fleet]]
        self.robot_fleet, self.robot_born, self.robot_up = self.robot_fleet[kept], self.robot_born[kept], self.robot_up[kept]
        draw = self.luck.random(len(self.robot_up))
        self.robot_up = np.where(self.robot_up, draw >= (1 - up) * settled, draw < up * settled)

    def compare_costs(self):
        robots, region, fleet = self.p["robots"], self.job_region, self.job_fleet
        of_class = lambda key: self.of_class(key)[self.job_class]
        factor = np.array([self.by_region(robots["class"][name]["price_factor"]) for name in CLASSES])
        self.price_f = self.maker_price[self.fleet_class] * factor[self.fleet_class, self.fleet_region]
        price = self.price_f[fleet]
        wage_cost = (self.wage_m * (1 + self.payroll_tax))[self.job_market]
        labour = wage_cost * self.hours_per_unit_j / self.weekly_hours[region]
        watched = np.minimum(of_class("per_supervisor") * self.independence[region, self.job_family], robots["most_per_supervisor"])
        watching = robots["supervisor_wage"] * wage_cost / self.weekly_hours[region] * of_class("supervised_hours") / watched
        units = self.units_per_robot_week()
        upkeep = price * of_class("maintenance") + of_class("subscription") + watching
        self.energy_j = of_class("energy") * np.where(self.job_class < 2, 1, of_class("supervised_hours") / units)
        by_hand = labour + self.hand_cost_j
        self.licence_j = robots["licence"] * by_hand
        by_robot = upkeep / units + self.energy_j + self.licence_j
        saving = (by_hand - by_robot) * units * 52 * robots["uptime"]
        taxed = price * (1 + self.law["robot_tax"][region])
        self.payback_j = np.divide(taxed, saving, out=np.full(len(saving), np.inf), where=saving > 0)
        done = self.by_robots_j + self.by_people_j
        robot_share = share_of(self.by_robots_j, done)
        machine = by_robot + price / (of_class("life") * robots["uptime"]) / units
        hand = labour / self.p["sites"]["target_utilisation"] + self.hand_cost_j
        unit_cost = hand * (1 - robot_share) + machine * robot_share + self.other_cost_j
        self.unit_cost_j = np.where(done > 0, unit_cost, self.unit_cost_j)
        worked = self.attempts_j / units + 1e-300
        F = len(self.fleet_site)
        mean_watching = np.bincount(fleet, watching * worked, F) / np.maximum(np.bincount(fleet, worked, F), 1e-300)
        maintenance = self.price_f * self.of_class("maintenance")[self.fleet_class]
        self.upkeep = np.stack([maintenance, self.of_class("subscription")[self.fleet_class], mean_watching], axis=1)

    def order_robots(self):
        robots, F = self.p["robots"], len(self.fleet_site)
        work = np.bincount(self.job_fleet, self.base_j * self.hours_per_unit_initial_j, F)
        group = self.fleet_region * len(CLASSES) + self.fleet_class
        total = lambda what: np.bincount(group, what, self.R * len(CLASSES))
        adopters = share_of(total(work * self.has_adopted_f), total(work))[group]
        self.hazard_f = self.hazard_f + robots["innovation"] + robots["imitation"] * adopters
        is_aware = self.has_adopted_f | (self.hazard_f >= self.threshold_f)
        buys = is_aware[self.job_fleet] & (self.payback_j <= self.hurdle_f[self.job_fleet])
        wanted = self.doable() * self.expected_j / (self.units_per_robot_week() * robots["uptime"]) / self.per_agent
        target = np.bincount(self.job_fleet, np.where(buys, wanted, 0), F)
        cap = (1 + robots["growth_cap"] * 52) ** (1 / 52) - 1
        count = np.bincount(self.robot_fleet, minlength=F)
        grown = np.minimum(target, np.maximum(self.plan_f * (1 + cap), robots["pilot"] * target))
        self.plan_f = np.where(target > self.plan_f, grown, np.maximum(target, np.minimum(self.plan_f, count)))
        self.has_adopted_f |= self.plan_f > 0
        self.delivered = np.maximum(np.floor(self.plan_f + self.rounding_f).astype(np.int64) - count, 0)
        self.robot_fleet = np.concatenate([self.robot_fleet, np.repeat(np.arange(F), self.delivered)])
        new = self.delivered.sum()
        self.robot_born = np.concatenate([self.robot_born, np.full(new, self.tick)])
        self.robot_up = np.concatenate([self.robot_up, np.ones(new, bool)])
        self.count_f = count + self.delivered
        self.up = np.bincount(self.robot_fleet, self.robot_up, F)
        self.made = self.made + np.bincount(self.fleet_class, self.delivered, len(CLASSES)) * self.per_agent
        fallen = self.of_class("price") * (self.made / self.of_class("ever_made")) ** np.log2(1 - robots["learning_rate"])
        self.maker_price = np.maximum(fallen, self.of_class("price_floor"))

    def plan_staff(self):
        staffing, labour, C = self.p["staffing"], self.p["labour"], len(self.crew_site)
        utilisation, weekly = self.p["sites"]["target_utilisation"], self.weekly_hours[self.crew_region]
        doable = self.doable() * self.expected_j
        wanted = np.bincount(self.job_fleet, doable / self.units_per_robot_week(), len(self.fleet_site))
        strength = self.count_f * self.per_agent * self.p["robots"]["uptime"]
        used = np.minimum(share_of(strength, wanted), 1)[self.job_fleet]
        by_robots = self.p["learning"]["field_success"] * doable * used
        residual = np.maximum(self.expected_j - by_robots, 0)
        needed = np.bincount(self.job_crew, (residual + self.backlog_j / staffing["backlog_cleared"]) * self.hours_per_unit_j, C)
        robots = np.bincount(self.job_crew, self.robot_hours_j - self.robot_hours_initial_j, C)
        self.absorbed_c = np.maximum(robots / (weekly * utilisation * self.persons), 0)
        wanted = needed / (weekly * utilisation * self.slow() * self.mean_skill()) / self.persons
        self.wanted_c = wanted + (self.wanted_c - wanted) * self.decay(staffing["plan_half_life"])
        vacant = ((self.steady["separation"] + self.steady["quit"]) * labour["vacancy_length"])[self.crew_market]
        positions = np.floor(self.wanted_c * (1 + vacant) + self.rounding_c).astype(np.int64)
        self.vacancies_c = np.maximum(positions - self.heads_c, 0)
        tolerated = np.maximum(positions, self.wanted_c * (1 + staffing["tolerance"])) + 0.5
        excess = np.maximum(self.heads_c - tolerated, 0)
        self.notice_c = hazard(1 / staffing["notice"]) * share_of(excess, self.heads_c)
        self.vacancies_m = np.bincount(self.crew_market, self.vacancies_c, self.M)

    def first_by_luck(self, rows, market, most):
        """At most so many rows of each market, in a random order within it; and each one's place there."""
        order = np.lexsort((self.luck.random(len(rows)), market))
        rows, market = rows[order], market[order]
        rank = np.arange(len(rows)) - np.searchsorted(market, market)
        return rows[rank < most[market]]

    def separate_and_search(self):
        labour, steady, market = self.p["labour"], self.steady, self.market
        people = self.heads.sum(axis=1)
        unemployed_m, outside_m, training_m = self.heads[:, UNEMPLOYED], self.heads[:, OUTSIDE], self.heads[:, TRAINING]
        seekers = unemployed_m + steady["outside_search"] * outside_m
        mu = labour["matching_elasticity"]
        with np.errstate(divide="ignore", invalid="ignore"):
            found = steady["hires"] * (seekers / steady["seekers"]) ** mu * (self.vacancies_m / steady["vacancies"]) ** (1 - mu)
        found = np.where((seekers > 0) & (self.vacancies_m > 0), np.minimum(found, self.vacancies_m), 0)
        inside = np.minimum(share_of(found, seekers), 1)
        room = np.where(outside_m > 0, self.outside_initial / np.maximum(outside_m, 1), 1)
        out = steady["find_outside"] * room ** labour["outside_congestion"]
        out_trained = out * (1 + labour["course_effect"])
        places = self.of_market("training_places") * people
        course = np.where(unemployed_m > 0, np.minimum(share_of(np.maximum(places - training_m, 0), unemployed_m), 1), 0)
        outside_in = np.minimum(steady["outside_search"] * inside, 1)
        loss = steady["separation"] + steady["quit"]
        employed, unemployed, outside, training = (self.status == work for work in range(4))
        draw = self.luck.random(self.n)
        # who leaves a site
        leaves = employed & (draw < (loss[self.crew_market] + self.notice_c)[self.crew])
        leaves[self.dismissed] = True
        left = np.flatnonzero(leaves)
        is_dismissed = np.isin(left, self.dismissed)
        its, its_draw = market[left], draw[left]
        quits = ~is_dismissed & (its_draw >= steady["separation"][its]) & (its_draw < loss[its])
        noticed = left[~is_dismissed & (its_draw >= loss[its])]
        # who looks for work, and finds some
        seeks = (unemployed & (draw < inside[market])) | (outside & (draw < outside_in[market]))
        helped = (self.trained != NEVER) & (self.tick - self.trained.astype(np.int64) >= labour["course_lag"])
        finds_out = unemployed & ~seeks & (draw < inside[market] + np.where(helped, out_trained[market], out[market]))
        loses = outside & ~seeks & (draw < (outside_in + steady["separation"])[market])
        ends = training & (self.tick - self.since >= labour["course"])
        applicants = np.empty(0, np.int64)
        if course.any():
            waits = np.flatnonzero(unemployed & ~seeks & ~finds_out)
            applicants = waits[self.luck.random(len(waits)) < course[market[waits]]]
        # they move
        C = len(self.crew_site)
        self.heads_c = self.heads_c - np.bincount(self.crew[left], minlength=C)
        self.skill_c = self.skill_c - np.bincount(self.crew[left], self.skill[left], C).astype(np.int64)
        self.asked[left] = self.refuses[left] = False
        bound = left[~self.of_market("royalty_portable")[its]]
        self.claims_m = self.claims_m - np.bincount(market[bound], self.claim[bound], self.M).astype(np.int64)
        self.claim[bound] = 0
        to_outside = np.concatenate([left[quits], np.flatnonzero(finds_out)])
        jobless = np.concatenate([left[~quits], np.flatnonzero(loses)])
        ended = np.flatnonzero(ends)
        for rows, work in [(to_outside, OUTSIDE), (jobless, UNEMPLOYED), (ended, UNEMPLOYED)]:
            self.status[rows], self.since[rows], self.insured[rows] = work, self.tick, False
        self.insured[jobless] = self.luck.random(len(jobless)) < self.of_market("insurance_cover")[market[jobless]]
        self.waiting[to_outside] = False
        # robots displace as many as they have absorbed and not yet displaced
        allowed = np.maximum(np.floor(self.absorbed_c).astype(np.int64) - self.displaced_c, 0)
        displaced = self.first_by_luck(noticed, self.crew[noticed], allowed)
        self.displaced_c = self.displaced_c + np.bincount(self.crew[displaced], minlength=C)
        self.scarred[displaced], self.waiting[displaced] = self.tick, True
        self.gig[displaced] = ~self.is_organised[self.crew_site[self.crew[displaced]]]
        # vacancies are filled at random, none twice
        wish = np.flatnonzero(seeks)
        hired = self.first_by_luck(wish, market[wish], self.vacancies_m)
        slots = np.repeat(np.arange(C), self.vacancies_c)
        taken = self.first_by_luck(slots, self.crew_market[slots], np.bincount(market[hired], minlength=self.M))
        self.crew[hired], self.status[hired], self.since[hired] = taken, EMPLOYED, self.tick
        self.insured[hired] = self.waiting[hired] = self.asked[hired] = self.refuses[hired] = False
        joined = np.bincount(taken, minlength=C)
        self.heads_c, self.vacancies_c = self.heads_c + joined, self.vacancies_c - joined
        self.skill_c = self.skill_c + np.bincount(taken, self.skill[hired], C).astype(np.int64)
        # courses fill up
        enrolled = self.first_by_luck(applicants, market[applicants], np.ceil(np.maximum(places - training_m + np.bincount(market[ended], minlength=self.M), 0)))
        self.status[enrolled], self.since[enrolled], self.trained[enrolled] = TRAINING, self.tick, self.tick
        self.insured[enrolled] = False
        self.enrolled = np.bincount(market[enrolled], minlength=self.M)
        self.heads = np.bincount(market * 4 + self.status, minlength=4 * self.M).reshape(self.M, 4)
        count = lambda rows: np.bincount(market[rows], minlength=self.M)
        self.seen |= {"hires": count(hired), "separations": count(left), "displaced": count(displaced),
                      "laid_off": count(noticed) - count(displaced), "dismissed": count(left[is_dismissed])}

    def move_wages(self):
        wages, people = self.p["wages"], self.heads.sum(axis=1)
        now = np.maximum(self.heads[:, UNEMPLOYED], 0.5) / np.maximum(people, 1)
        self.unemployment_m = now + (self.unemployment_m - now) * self.decay(wages["unemployment_half_life"])
        years, half_life = self.tick / 52, wages["growth_half_life"] / 52
        start, floor = per_year(self.by_region(wages["growth"])), per_year(wages["growth_floor"])
        trend = growth_index(start, floor, half_life, years)[self.market_region]
        slope = (floor + (start - floor) * 0.5 ** (years / half_life))[self.market_region] / 52
        self.reference_wage_m = self.wage_initial_m * trend
        goal = np.log(self.reference_wage_m) + wages["curve"] * np.log(self.unemployment_m / self.unemployment_initial_m)
        log = np.log(self.wage_m) + slope
        self.wage_m = np.maximum(np.exp(goal + (log - goal) * np.exp(-wages["speed"])), self.of_market("minimum_wage") * trend)

    def settle_trade(self):
        capture, robots = self.p["capture"], self.p["robots"]
        done = self.by_robots_j + self.by_people_j
        sales = np.zeros(self.S, np.int64)
        np.add.at(sales, self.job_site, money(done * self.price_j))
        left, factory = sales.copy(), self.site_type == 0
        for abroad in range(self.R):
            sold = np.where(factory & (self.site_region != abroad), part(sales, self.trade[self.site_region, abroad]), 0)
            self.pay(self.a_rest[abroad], self.a_site, sold)
            left -= sold
        self.pay(self.a_rest[self.site_region], self.a_site, left)
        rest = self.a_rest[self.job_region]
        self.pay(self.job_site, rest, money(self.by_people_j * self.hand_cost_j))
        self.pay(self.job_site, rest, money(done * self.other_cost_j))
        licence, lab = money(self.by_robots_j * self.licence_j), self.licensor[self.job_region]
        self.pay(self.job_site, self.a_lab[lab], licence)
        self.income = np.zeros((self.L, len(FAMILIES)), np.int64)
        np.add.at(self.income, (lab, self.job_family), licence)
        # robots
        region = self.fleet_region
        maintenance, subscription, supervision = money(self.upkeep * (self.count_f * self.per_agent)[:, None]).T
        energy = money(np.bincount(self.job_fleet, self.attempts_j * self.energy_j, len(region)))
        bought = money(self.delivered * self.per_agent * self.price_f)
        self.pay(self.fleet_site, self.a_rest[region], maintenance + supervision + energy)
        self.pay(self.fleet_site, self.a_lab[self.licensor[region]], subscription)
        self.pay(self.fleet_site, self.a_maker[self.fleet_class], bought)
        self.pay(self.fleet_site, self.a_gov[region], part(bought, self.law["robot_tax"][region]))
        # footage
        site = np.flatnonzero((self.filmed_s > 0) & (self.recorded_for >= 0))
        lab, region = self.a_lab[self.recorded_for[site]], self.site_region[site]
        home = self.a_rest[self.lab_home[self.recorded_for[site]]]
        accepted = self.filmed_s[site] * self.accepted_each[site] * self.persons / 1e3
        paid = money(accepted * self.hour_price)
        fee, capture_pay = part(paid, capture["site_fee"]), self.pay_each[site] * self.filmed_s[site] * self.persons
        self.pay(lab, site, fee + capture_pay)
        self.pay(lab, self.a_rest[region], np.maximum(paid - fee - capture_pay, 0))
        self.pay(lab, self.a_gov[region], money(accepted * self.law["data_levy"][region]))
        self.pay(site, self.a_rest[region], money(self.filmed_s[site] * self.persons * capture["camera"] / capture["camera_life"]))
        self.pay(lab, home, part(paid, capture["quality_control"]) + part(paid, capture["compute"]))
        sold = (self.cash - self.opening)[self.a_maker]
        self.pay(self.a_maker, self.a_rest[self.maker_home], part(sold, robots["maker_cost"]))
        for weeks, income in zip(self.revenue, self.income.sum(axis=1)):
            weeks.append(income / MICRO)
            del weeks[:-52]

    def pool_royalties(self):
        interval = self.p["learning"]["release_interval"]
        if self.tick // interval > (self.tick - 1) // interval:
            keep = np.floor(np.exp(-interval / np.maximum(self.law["royalty_duration"], 1e-9)) * 2 ** 32).astype(np.int64)
            self.claim = (self.claim * keep[self.market_region][self.market]) >> 32
            self.claims_m = np.add.reduceat(self.claim, self.market_start)
        earning = share_of(self.claims_m, self.hours_m) * self.of_market("royalty_rate")
        due = money((self.income[:, None, :] / MICRO * self.credit).sum(axis=2) * earning)
        cost = part(due, self.of_market("royalty_collection_cost"))
        self.pay(self.a_lab[:, None], self.a_fund[:, None], due)
        self.pay(self.a_fund[:, None], self.a_rest[self.lab_home][:, None], cost)
        self.pools = self.carried + due - cost
        self.rate = None
        if self.pools.any():
            by_skill = (self.law["royalty_basis"] == "quality_hours")[self.market_region][self.market]
            self.weight = np.where(by_skill, self.claim * self.skill // SKILL_ONE, self.claim)
            total = np.add.reduceat(self.weight, self.market_start) * self.persons
            # a hair less, so that rounding never shares out more than there is
            self.rate = share_of(self.pools.sum(axis=0), total) * (1 - 1e-9)

    def share_left(self, rows):
        """Share of pay that the scar leaves to a displaced row, in 1/65536."""
        people, labour = self.p["people"], self.p["labour"]
        scarred, trained = self.scarred[rows].astype(np.int64), self.trained[rows].astype(np.int64)
        helped = np.maximum(self.tick - np.maximum(trained + labour["course_lag"], scarred), 0)
        age = self.tick - scarred + np.where(trained != NEVER, np.floor(helped * labour["course_effect"]), 0)
        gig = self.gig[rows]
        of_row = lambda key: self.by_region(people[key])[self.market_region[self.market[rows]]]
        now = np.where(gig, of_row("scar_gig"), of_row("scar_organised"))
        later = np.where(gig, of_row("scar_gig_permanent"), of_row("scar_organised_permanent"))
        return np.rint((1 - later - (now - later) * 0.5 ** (age / people["scar_half_life"])) * 65536).astype(np.int64)

    def fill_wallets(self):
        settlement, labour, market = self.p["settlement"], self.p["labour"], self.market
        unit = lambda weekly: np.rint(weekly * MICRO / SKILL_ONE).astype(np.int64)
        wage, reference = unit(self.wage_m), unit(self.reference_wage_m)
        insurance, stipend = unit(self.wage_m * self.of_market("insurance_replacement")), unit(self.wage_m * labour["stipend"])
        outside_pay = money(self.reference_wage_m[self.assembler] * labour["outside_wage"])
        drain = settlement["consume_wealth"]
        of_income = fixed(1 - (1 - settlement["consume_income"]) * hazard(drain) / drain)
        of_wealth, subsistence = fixed(hazard(drain)), money(self.wage_m * settlement["subsistence"])
        employed, unemployed, outside, training = (self.status == work for work in range(4))
        # what is earned
        covered = unemployed & self.insured & (self.since > (self.tick - np.rint(self.of_market("insurance_length")))[market])
        pay = np.where(employed, wage[market] * self.skill,
                       np.where(outside, outside_pay[market],
                                np.where(covered, insurance[market] * self.skill,
                                         np.where(training, stipend[market] * self.skill, 0))))
        hurt = np.flatnonzero(self.scarred != NEVER)
        reduced = pay[hurt] * self.share_left(hurt) >> 16
        pay[hurt] = np.where(training[hurt], pay[hurt], reduced)
        at_work = employed | outside
        # what is received besides
        dividend = money(self.of_market("citizen_dividend") * self.median_wage[self.market_region])
        untaxed = dividend[market]
        untaxed[self.filmed] += self.pay_each[self.filmed_at]
        royalties = np.zeros(self.M, np.int64)
        if self.rate is not None:
            royalty = np.floor(self.weight * self.rate[market]).astype(np.int64)
            untaxed += royalty
            royalties = np.add.reduceat(royalty, self.market_start)
        recent = self.tick - self.scarred[hurt].astype(np.int64) < np.rint(self.of_market("wage_insurance_length"))[market[hurt]]
        lost = np.maximum(reference[market[hurt]] * self.skill[hurt] - pay[hurt], 0)
        made_good = (lost * fixed(self.of_market("wage_insurance"))[market[hurt]]) >> 20
        made_good = np.where(recent & at_work[hurt] & (pay[hurt] > 0), made_good, 0)
        untaxed[hurt] += made_good
        # taxes, consumption, wallets
        tax = np.where(at_work, pay * fixed(self.of_market("income_tax"))[market] >> 20, 0)
        income = pay - tax + untaxed
        wish = (income * of_income >> 20) + (self.wallet * of_wealth >> 20)
        consumption = np.minimum(np.maximum(wish, subsistence[market]), self.wallet + income)
        self.wallet += income - consumption
        # who paid
        total = lambda what: np.add.reduceat(what, self.market_start)
        works = np.flatnonzero(employed)
        by_crew = np.bincount(self.crew[works], pay[works], len(self.crew_site)).astype(np.int64)
        capture_pay = self.filmed_c * self.pay_each[self.crew_site]
        workers, government, rest = self.a_workers, self.a_gov[self.market_region], self.a_rest[self.market_region]
        wages = by_crew * self.persons
        self.pay(self.crew_site, workers[self.crew_market], wages + capture_pay * self.persons)
        self.pay(self.crew_site, self.a_gov[self.crew_region], part(wages, self.payroll_tax[self.crew_market]))
        insured, stipends, away = total(np.where(unemployed, pay, 0)), total(np.where(training, pay, 0)), total(np.where(outside, pay, 0))
        insured_wages = np.zeros(self.M, np.int64)
        np.add.at(insured_wages, market[hurt], made_good)
        given = insured + stipends + insured_wages + dividend * self.heads.sum(axis=1)
        taxes, consumed = total(tax), total(consumption)
        self.pay(rest, workers, away * self.persons)
        self.pay(government, workers, given * self.persons)
        self.pay(workers, government, taxes * self.persons)
        self.pay(workers, rest, consumed * self.persons)
        self.draw_from_funds(royalties * self.persons)
        self.consumption = np.bincount(self.market_region, consumed / MICRO * self.persons, self.R)
        paid = np.zeros(self.M, np.int64)
        np.add.at(paid, self.crew_market, by_crew)
        captured_m = np.zeros(self.M, np.int64)
        np.add.at(captured_m, self.crew_market, capture_pay)
        self.seen |= {"wages": paid / MICRO, "insurance": insured / MICRO, "outside_wages": away / MICRO,
                      "stipends": stipends / MICRO, "capture_pay": captured_m / MICRO, "royalties": royalties / MICRO,
                      "wage_insurance": insured_wages / MICRO, "income_tax": taxes / MICRO, "consumption": consumed / MICRO}

    def draw_from_funds(self, paid):
        pools = self.pools
        drawn = np.floor(share_of(pools, pools.sum(axis=0)) * paid).astype(np.int64)
        drawn = np.minimum(drawn, pools)
        left = paid - drawn.sum(axis=0)
        for lab in range(self.L):
            extra = np.minimum(left, pools[lab] - drawn[lab])
            drawn[lab] += extra
            left = left - extra
        self.pay(self.a_fund[:, None], self.a_workers, drawn)
        self.carried = pools - drawn
        weekly = paid / MICRO
        self.royalties_smoothed_m = weekly + (self.royalties_smoothed_m - weekly) * self.decay(26)
        ends = np.where(self.of_market("royalty_portable"), 0, self.steady["separation"] + self.steady["quit"])
        lasts = 1 / (1 / np.maximum(self.of_market("royalty_duration"), 1e-9) + ends)
        per_accepted = share_of(self.royalties_smoothed_m, self.claims_m / 1e3 * self.persons)
        self.royalty_per_hour_m = per_accepted * lasts * self.p["capture"]["accepted"]

    def pay_owners(self):
        settlement, firms, home = self.p["settlement"], np.arange(len(self.firm_home)), self.firm_home
        profit = (self.cash - self.opening)[firms]
        self.cost = self.paid[firms] / MICRO + (self.cost - self.paid[firms] / MICRO) * self.decay(13)
        net = profit - self.losses
        self.losses = np.maximum(-net, 0)
        self.pay(firms, self.a_gov[home], part(np.maximum(net, 0), self.law["corporate_tax"][home]))
        cash = self.cash[firms]
        surplus = part(np.maximum(cash - money(self.cost * self.buffer), 0), hazard(settlement["payout"]))
        pays = np.where(cash < 0, cash, surplus)
        left = np.abs(pays)
        for owner in range(self.R):
            amount = np.where(home != owner, part(np.abs(pays), self.owners[home, owner]), 0)
            self.pay(firms, self.a_rest[owner], np.sign(pays) * amount)
            left = left - amount
        self.pay(firms, self.a_rest[home], np.sign(pays) * left)

    def settle_public(self):
        cost = self.enrolled * self.persons * self.p["labour"]["course_cost"] * self.wage_m * 52
        self.pay(self.a_gov[self.market_region], self.a_rest[self.market_region], money(cost))
        self.pay(self.a_gov, self.a_rest, np.maximum(self.cash[self.a_gov] - self.government_start, 0))
        # regions with more than their share of money lend to those with less
        rest, start = [int(x) for x in self.cash[self.a_rest]], [int(x) for x in self.rest_start]
        excess = [now - sum(rest) * first // sum(start) for now, first in zip(rest, start)]
        most = max(sum(x for x in excess if x > 0), -sum(x for x in excess if x < 0))
        for giver, over in enumerate(excess):
            for taker, under in enumerate(excess):
                if over > 0 > under:
                    amount = part(over * -under // most, hazard(self.p["settlement"]["capital_account"]))
                    self.pay(self.a_rest[giver], self.a_rest[taker], amount)
        omega = self.p["demand"]["omega"]
        self.demand_index = 1 - omega + omega * share_of(self.consumption, self.consumption_base)

    # ---- what is compared ----

    def see(self):
        by_region = lambda what: np.bincount(self.market_region, what, self.R)
        found = {key: by_region(what) for key, what in self.seen.items() if key != "credited"}
        found["hours"] = by_region(self.seen["credited"]) / 1e3
        for work, word in enumerate(["employed", "unemployed", "outside", "training"]):
            found[word] = by_region(self.heads[:, work])
        found["wallets"] = by_region(self.wallets() / MICRO / self.persons)
        found["asked"] = np.bincount(self.site_region, self.asked_s, self.R)
        found["refusing"] = np.bincount(self.site_region, self.refusing_s, self.R)
        found["vacancies"] = by_region(self.vacancies_m)
        found["robot_hours"] = np.bincount(self.job_region, self.robot_hours_j, self.R)
        found["people_units"] = np.bincount(self.job_region, self.by_people_j * self.hours_per_unit_j, self.R)
        return found

    def recount(self):
        """Heads and skill of crews, kept by events, against the rows."""
        works = np.flatnonzero(self.status == EMPLOYED)
        C = len(self.crew_site)
        assert (np.bincount(self.crew[works], minlength=C) == self.heads_c).all(), "heads of crews"
        assert (np.bincount(self.crew[works], self.skill[works], C) == self.skill_c).all(), "skill of crews"
        assert (np.add.reduceat(self.claim, self.market_start) == self.claims_m).all(), "claims"


MEASURES = {
    "employed, share": ("employed", "people"), "unemployed, share": ("unemployed", "people"),
    "in training, share": ("training", "people"), "vacancies, share": ("vacancies", "people"),
    "hired a week, share": ("hires", "people"), "separated a week, share": ("separations", "people"),
    "dismissed a week, share": ("dismissed", "people"), "displaced a week, share": ("displaced", "people"),
    "laid off a week, share": ("laid_off", "people"),
    "mean weekly pay, USD": ("wages", "employed"), "outside pay, USD": ("outside_wages", "outside"),
    "insurance, USD a person": ("insurance", "people"), "stipends, USD a person": ("stipends", "people"),
    "consumption, USD a person": ("consumption", "people"), "income tax, USD a person": ("income_tax", "people"),
    "wallet, USD": ("wallets", "people"),
    "asked, share": ("asked", "people"), "consenting of the asked": ("consenting", "asked"),
    "hours recorded, a person": ("hours", "people"), "capture pay, USD a person": ("capture_pay", "people"),
    "royalties, USD a person": ("royalties", "people"), "wage insurance, USD a person": ("wage_insurance", "people"),
    "work by people, hours": ("people_units", "people"), "work by robots, hours": ("robot_hours", "people"),
}


def means(weeks):
    """Sums over the weeks of what is above and below the line, by region and for the world."""
    total = {key: sum(np.asarray(week[key], float) for week in weeks) for key in weeks[0]}
    total["people"] = sum(total[key] for key in ["employed", "unemployed", "outside", "training"])
    total["consenting"] = total["asked"] - total["refusing"]
    total = {key: np.append(what, what.sum()) for key, what in total.items()}
    return {name: share_of(total[above], total[below]) for name, (above, below) in MEASURES.items()}


def compare(numpy_lives, lives, regions):
    """Prints the world's means of both, and returns what lies too far off, and the farthest of all.

    The deviation is that of the difference of two means, if lives of both vary as this project's do.
    """
    wrong, farthest = [], 0.0
    ours = {name: np.mean([life[name] for life in numpy_lives], axis=0) for name in MEASURES}
    of_difference = (1 / len(lives) + 1 / len(numpy_lives)) ** 0.5
    print(f"{'mean over the weeks':<28}{'this project':>14}{'NumPy':>14}{'deviations':>12}{'farthest region':>22}")
    for name in MEASURES:
        each = np.array([life[name] for life in lives])
        middle, spread = each.mean(axis=0), each.std(axis=0, ddof=1) * of_difference
        # where hardly anything varies, a hundred-thousandth is allowed: rounding between firms
        spread = np.maximum(spread, 2e-6 * np.abs(middle))
        away = np.divide(ours[name] - middle, spread, out=np.where(ours[name] == middle, 0.0, np.inf), where=spread > 0)
        # what hardly ever happens in a region, or hardly ever fails to (nobody refuses in most lives), is judged for
        # the world: lives without it say nothing of how much it varies
        rare = ((each > 0) & (each != 1)).mean(axis=0) < 0.9
        rare[-1] = False
        away = np.where(rare, 0.0, away)
        worst = int(np.abs(away[:-1]).argmax())
        farthest = max(farthest, float(np.abs(away).max()))
        print(f"{name:<28}{middle[-1]:>14.6g}{ours[name][-1]:>14.6g}{away[-1]:>+12.1f}{regions[worst]:>15} {away[worst]:>+6.1f}")
        for place, far in zip([*regions, "the world"], away):
            if abs(far) > TOLERANCE:
                wrong.append(f"{name}, {place}: {far:+.1f} standard deviations off")
    return wrong, farthest


def run(binary, directory, options, settings):
    binary_lives = [str(binary), str(directory), str(options.workers), str(options.weeks)]
    subprocess.run([*binary_lives, str(options.lives), *settings], check=True)
    lives = json.loads((directory / "lives.json").read_text())
    numpy_lives, seconds = [], []
    for life in range(options.numpy_lives):
        world, weeks = World(directory, life + 1, options.fault), []
        for _ in range(options.weeks):
            start = time.perf_counter()
            world.live_a_week()
            seconds.append(time.perf_counter() - start)
            weeks.append(world.see())
        world.recount()
        numpy_lives.append(means(weeks))
    wrong, farthest = compare(numpy_lives, [means(life["weeks"]) for life in lives], world.regions)
    ns = lambda threads: np.mean([np.mean(life["nanoseconds"]) for life in lives if life["threads"] == threads])
    numpy_ns = np.mean(seconds) * 1e9 / world.n
    print(f"\n{world.n:,} workers, {options.weeks} weeks, {len(lives)} lives and {len(numpy_lives)} of NumPy; farthest {farthest:.1f} of {TOLERANCE} "
          f"standard deviations; no micro-dollar came from nowhere\n"
          f"nanoseconds a worker and week: NumPy {numpy_ns:.1f}; this project, one thread {ns(1):.2f}, two {ns(2):.2f}; "
          f"NumPy takes {numpy_ns / ns(1):.0f} and {numpy_ns / ns(2):.0f} times as long")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--workers", type=int, default=10_000_000)
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--lives", type=int, default=20)
    parser.add_argument("--numpy-lives", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="100,000 workers, for a check of the agreement")
    parser.add_argument("--set", action="append", default=[], help="a setting of the scenario, for both")
    parser.add_argument("--fault", action="append", default=[], help="a number that NumPy takes 1.1 times, as a test of the test")
    options = parser.parse_args()
    if options.short:
        options.workers, options.lives, options.numpy_lives = 100_000, 30, 20
    worlds = {"the first economy" if not options.set else "as set": options.set}
    if options.short:
        worlds["with levers pulled"] = options.set + [f"law.{lever}" for lever in LEVERS.split()]
    wrong = []
    for name, settings in worlds.items():
        print(f"\nThe complete week, {name}\n", flush=True)
        with tempfile.TemporaryDirectory() as directory:
            wrong += run(options.binary.resolve(), pathlib.Path(directory), options, settings)
    for words in wrong:
        print(f"wrong: {words}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
