"""A second implementation of the model, written from docs/model.md alone.

Read it beside docs/model.md: every function names the section it follows. Weeks only (run.tick = "1 week"), no
policies and no events. Random numbers are NumPy's, so results agree with the program statistically and not to the bit.
Money is floats: every payment is one transfer (`Books.pay`) and the sum of all accounts is checked every week.

    python reference.py scenarios/baseline.toml --handover PATH --seed 1 --set 'run.persons_per_agent=20000 persons'
"""
import argparse, json, re, subprocess, sys, time
import numpy as np
from statistics import NormalDist

OCC = ["assembler", "operator", "tool_and_die", "helper", "picker", "courier"]
JOBS = ["assembly", "machine_tending", "tool_and_die_work", "material_handling", "picking", "station_leg", "doorstep"]
TYPES = ["factory", "warehouse", "depot"]
FAMILIES = ["handling", "handover", "assembly", "machining", "toolmaking"]
CLASSES = ["van", "sidewalk", "amr", "manipulator"]
J_OCC = np.array([0, 1, 2, 3, 4, 5, 5])           # section 2: job kind -> who does it by hand
J_TYPE = np.array([0, 0, 0, 0, 1, 2, 2])          # ... at which type of site
J_FAM = np.array([2, 3, 4, 0, 0, 0, 1])           # ... task family
J_CLASS = np.array([3, 3, 3, 2, 2, 0, 1])         # ... robot class
O_TYPE = np.array([0, 0, 0, 0, 1, 2])
O_FAM = np.array([2, 3, 4, 0, 0, 1])              # the family that an occupation's hours teach
C_JOBS = [[5], [6], [3, 4], [0, 1, 2]]
AT_WORK, JOBLESS, OUTSIDE, COURSE, GONE = range(5)
NONE, NOTICE, CONSENT, BARGAINING, BAN = range(5)
REGIMES = ["none", "notice", "consent", "bargaining", "ban"]
NORMAL = NormalDist()
YEAR = 52.0
import os
VARIANT = int(os.environ.get("VARIANT", "2"))


def erf(x):
    """Error function (Abramowitz and Stegun 7.1.26, error below 2e-7), so that NumPy is enough."""
    s, x = np.sign(x), np.abs(x)
    t = 1 / (1 + 0.3275911 * x)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    return s * (1 - poly * np.exp(-x * x))


def phi_cdf(x):
    return 0.5 * (1 + erf(x / np.sqrt(2)))


def mix(*parts):
    """A fixed draw of its parts, in [0, 1): the finaliser of splitmix64, as in "Randomness"."""
    z = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):
        for p in parts:
            z = (z ^ np.asarray(p).astype(np.uint64)) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(float) / 2.0 ** 53


def half_life(h, dt=1.0):
    """Part of a gap that closes in a week."""
    return 1.0 - 0.5 ** (dt / h) if h > 0 else 1.0


def prob(hazard):
    return 1.0 - np.exp(-hazard)


def systematic(shares, total, u):
    """Whole numbers that add up to `total`, split by `shares`; one draw decides who gets the odd ones (section 5)."""
    edges = np.floor(np.concatenate([[0], np.cumsum(shares) / np.sum(shares)]) * total + u)
    edges[-1] = total if u < 1 else edges[-1]
    edges[0] = 0
    return np.diff(edges).astype(int)


class Numbers:
    """The scenario as resolved, in weeks, hours and dollars: read from `handover explain SCENARIO`."""

    def __init__(self, text):
        self.d = {}
        for line in text.splitlines():
            m = re.match(r"^(\S.*?)\s{2,}(?:[ABC]\s{2}|\s+)?(\S.*?)\s+\(", line)
            if not m:
                continue
            key, value = m.group(1), m.group(2)
            value = value.rsplit(" = ", 1)[-1]
            num = re.match(r"^-?\d[\d_]*\.?\d*(?:e[-+]?\d+)?(?= |$)", value)
            self.d[key] = float(num.group(0)) if num else value
        self.regions = [r.strip() for r in self.d["world.regions"].split(",")]

    @classmethod
    def read(cls, handover, scenario, sets=()):
        command = [handover, "explain", scenario]
        for s in sets:
            command += ["--set", s]
        return cls(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def __call__(self, key):
        return self.d[key]

    def by_region(self, key):
        if key in self.d:
            return np.array([self.d[key]] * len(self.regions), dtype=object if isinstance(self.d[key], str) else float)
        first = self.d[f"{key}.{self.regions[0]}"]
        return np.array([self.d[f"{key}.{r}"] for r in self.regions], dtype=object if isinstance(first, str) else float)

    def by(self, key, words):
        """[region, word]: the value may be one for all, by word, by region, or by both."""
        if key in self.d or f"{key}.{self.regions[0]}" in self.d:
            return np.repeat(self.by_region(key)[:, None], len(words), axis=1)
        return np.stack([self.by_region(f"{key}.{w}") for w in words], axis=1)

    def each(self, key, words):
        """[word], for numbers that do not differ by region."""
        return np.array([self.d.get(key, self.d.get(f"{key}.{w}")) for w in words], dtype=float)


class Books:
    """Accounts of all sectors. Every payment is one transfer ("Money: accounts, flows, identities")."""

    def __init__(self, sizes):
        self.cash = {k: np.zeros(n) for k, n in sizes.items()}
        self.seen = {k: {"in": np.zeros(n), "out": np.zeros(n)} for k, n in sizes.items()}
        self.kinds, self.total = {}, 0.0

    def pay(self, kind, payer, i, payee, j, amount, region=None):
        amount = np.asarray(amount, float)
        i, j = np.broadcast_to(i, amount.shape), np.broadcast_to(j, amount.shape)
        out = np.bincount(i.ravel(), amount.ravel(), len(self.cash[payer]))
        got = np.bincount(j.ravel(), amount.ravel(), len(self.cash[payee]))
        self.cash[payer] -= out
        self.cash[payee] += got
        self.seen[payer]["out"] += out
        self.seen[payee]["in"] += got
        self.kinds[kind] = self.kinds.get(kind, 0.0) + amount.sum()

    def close(self):
        for s in self.seen.values():
            s["in"][:] = 0
            s["out"][:] = 0

    def sum(self):
        return sum(a.sum() for a in self.cash.values())


class World:
    """Section 2: entities. Arrays named by what they run over: r region, m market (6 r + occupation), s site, j job."""

    def __init__(self, numbers, seed=1):
        self.n, self.rng, self.seed = numbers, np.random.default_rng(seed), seed
        assert numbers("run.tick") == 1.0, "weeks only"
        self.read()
        self.found_heads()
        self.found_sites()
        self.found_people()
        self.found_models()
        self.found_demand()
        self.found_robots()
        self.found_buyers()
        self.found_filming()
        self.found_accounts()
        self.record = []

    # ------------------------------------------------------------------------------------------------ the numbers
    def read(self):
        n, R = self.n, len(self.n.regions)
        self.R, self.M = R, 6 * R
        self.m_r, self.m_o = np.repeat(np.arange(R), 6), np.tile(np.arange(6), R)
        flat = lambda key: n.by(key, OCC).reshape(-1).astype(float)
        self.w0 = flat("labour.wage")
        self.hours = n.by_region("labour.weekly_hours")
        self.quits = prob(flat("labour.quits"))
        self.rho = flat("labour.outside_ratio")
        payroll, couriers = n.by_region("law.payroll_tax"), n.by_region("law.payroll_tax_couriers")
        self.payroll = np.repeat(payroll[:, None], 6, 1)
        self.payroll[:, 5] = couriers
        self.payroll = self.payroll.reshape(-1)
        self.benefits = np.repeat(n.by_region("labour.benefits"), 6)
        self.income_tax = n.by_region("law.income_tax")
        self.corporate = n.by_region("law.corporate_tax")
        self.minimum = n.by_region("law.minimum_wage")
        self.regime = np.array([REGIMES.index(w) for w in n.by_region("law.data_rights")])
        self.coverage = n.by_region("law.programme_coverage")
        self.replacement = n.by_region("law.insurance_replacement")
        self.insured = n.by_region("law.insurance_length")
        self.cover = n.by_region("law.insurance_cover")
        self.royalty_rate = n.by_region("law.royalty_rate")
        self.moving = n("run.technology") == "moving"
        self.spin_up = int(n("run.spin_up"))
        self.labs = sorted({k.split(".")[2] for k in n.d if k.startswith("capture.labs.")})
        self.L = len(self.labs)
        lab = lambda part: [n(f"capture.labs.{l}.{part}") for l in self.labs]
        self.l_home = np.array([n.regions.index(x) for x in lab("home")])
        self.l_share = np.array(lab("share"))
        names = [[x.strip() for x in s.split(",")] for s in lab("collects")]
        self.l_collects = np.array([[r in x for r in n.regions] for x in names])
        names = [[x.strip() for x in s.split(",")] for s in lab("licenses")]
        self.l_licenses = np.array([[r in x for r in n.regions] for x in names])
        c = lambda part: n.each_class(part) if hasattr(n, "each_class") else np.array(
            [n(f"robots.class.{k}.{part}") for k in CLASSES])
        self.c_price, self.c_floor, self.c_life = c("price"), c("price_floor"), c("life")
        self.c_maint, self.c_sub, self.c_units, self.c_energy = c("maintenance"), c("subscription"), c("units_per_week"), c("energy")
        self.c_watched, self.c_per, self.c_made0 = c("supervised_hours"), c("per_supervisor"), c("ever_made")
        self.c_cap, self.c_step, self.c_sites0 = c("capacity") / YEAR, c("capacity_step"), c("sites_at_start")
        self.c_home = np.array([n.regions.index(n(f"robots.class.{k}.maker")) for k in CLASSES])
        self.c_factor = np.stack([n.by_region(f"robots.class.{k}.price_factor") for k in CLASSES], 1)
        self.c_fleet0 = np.stack([n.by_region(f"robots.class.{k}.fleet_at_start") for k in CLASSES], 1)
        self.c_made = self.c_made0.copy()
        self.eta = n.each("learning.robot_hours", CLASSES)
        self.theta, self.uptime = n("learning.field_success"), n("robots.uptime")
        self.util = n("sites.target_utilisation")
        self.exports = self.trade_shares()
        self.trend = np.ones(R)

    def trade_shares(self):
        """7.5: S_rm, the share of r's factory sales that goes to m."""
        n, R = self.n, self.R
        home = n.by_region("demand.home_share")
        if n("trade.demand") == "nested":
            away = np.array([[n.d.get(f"trade.exports.{a}.{b}", 0.0) for b in n.regions] for a in n.regions])
        else:
            away = np.tile(n.by_region("demand.market_weights"), (R, 1))
        np.fill_diagonal(away, 0)
        away = away / away.sum(1, keepdims=True)
        return np.diag(home) + away * (1 - home)[:, None]

    # ------------------------------------------------------------------------------------------ section 5, founding
    def found_heads(self):
        """Section 5, "Heads"; section 2 on weights; 7.9a on leaving, which is taken from separations."""
        n, R = self.n, self.R
        made = n.by_region("labour.manufacturing") * n.by_region("labour.production_share")
        persons = np.stack([made * n.by_region(f"labour.factory_mix.{o}") for o in OCC[:4]]
                           + [n.by_region("labour.pickers"), n.by_region("labour.couriers")], 1).reshape(-1)
        self.persons0 = persons
        u0 = np.repeat(n.by_region("labour.unemployment"), 6)
        all_persons = persons * (1 + self.rho) / (1 - u0)
        W = np.repeat(n.by_region("run.persons_per_agent"), 6)
        least = n("run.least_agents")
        if least > 0:
            W = np.minimum(W, np.maximum(1, np.floor(all_persons / least)))
        self.W = W
        self.E0 = np.maximum(1, np.rint(persons / W))
        self.O0 = np.rint(self.rho * self.E0)
        self.U0 = np.maximum(1, np.rint(u0 / (1 - u0) * (self.E0 + self.O0)))
        E, O, U = self.E0, self.rho * self.E0, u0 / (1 - u0) * (self.E0 * (1 + self.rho))
        self.u0 = u0
        f0 = prob(np.repeat(n.by_region("labour.job_finding"), 6))
        s = f0 * U / (E + O)
        f_in = f0 * E / (E + O)
        self.f_out = f0 - f_in
        self.xi = self.quits * E / (f_in * O)
        self.sq = s + self.quits                         # all who leave a job by themselves, for good included
        self.M0 = self.sq * E
        self.V0 = self.M0 * n("labour.vacancy_length")
        self.S0 = U + self.xi * O
        self.leave = prob(n("demography.leaving"))
        self.sep = np.maximum(0, s - self.leave)
        self.O_base = O
        self.vac_share = self.sq * n("labour.vacancy_length")

    def found_sites(self):
        """Section 5, "Sites"."""
        n, rng = self.n, self.rng
        reg, typ, wt, org = [], [], [], []
        organised = n.by("labour.organised", TYPES)
        for r in range(self.R):
            for t in range(3):
                occ = 6 * r + np.flatnonzero(O_TYPE == t)
                k = np.clip(round(self.persons0[occ].sum() / n("sites.persons_per_site")), n("sites.fewest"), n("sites.most"))
                k = int(max(1, min(k, np.floor(self.E0[occ].min() / n("sites.least_crew")))))
                reg += [r] * k
                typ += [t] * k
                wt += list(np.exp(n("sites.size_sigma") * rng.standard_normal(k)))
                rank = rng.permutation(k)
                org += list(rank < np.rint(organised[r, t] * k))
        self.s_r, self.s_t, self.s_w, self.s_org = np.array(reg), np.array(typ), np.array(wt), np.array(org)
        self.S = len(reg)
        self.JM = J_TYPE[None, :] == self.s_t[:, None]           # which kinds of job a site does
        self.OM = O_TYPE[None, :] == self.s_t[:, None]
        self.s_m = 6 * self.s_r[:, None] + np.arange(6)[None, :]   # market of each crew
        self.j_m = 6 * self.s_r[:, None] + J_OCC[None, :]          # market of each job kind at a site
        self.groups = [[np.flatnonzero((self.s_r == r) & (self.s_t == t)) for t in range(3)] for r in range(self.R)]
        crew = np.zeros((self.S, 6), int)
        for m in range(self.M):
            at = self.groups[self.m_r[m]][O_TYPE[self.m_o[m]]]
            crew[at, self.m_o[m]] = systematic(self.s_w[at], int(self.E0[m]), rng.random())
        self.crew0 = crew
        # 7.7 "Wages of sites": own level, mean over heads 1
        level = np.exp(n("sites.wage_sigma") * rng.standard_normal(self.S)) * np.where(self.s_org, n("sites.organised_wage"), 1.0)
        heads = (crew * self.W[self.s_m]).sum(1)
        for g in (x for row in self.groups for x in row):
            level[g] /= (level[g] * heads[g]).sum() / heads[g].sum()
        self.level = level

    def found_people(self):
        """Section 5, "Wallets"; section 2, the columns of a worker; 7.9a, places for entrants."""
        n, rng = self.n, self.rng
        self.N0 = self.E0 + self.O0 + self.U0
        h = n("demography.growth_half_life")
        g = np.repeat(n.by_region("demography.growth"), 6)
        self.grow = lambda t: np.exp(g * h / np.log(2) * (1 - 2 ** (-max(t, 0) / h))) if self.moving else np.ones(self.M)
        room = (self.N0 * np.maximum(1, self.grow(1e9)) + 3).astype(int)
        P = int(room.sum())
        self.people = P
        self.p_m = np.repeat(np.arange(self.M), room)
        self.p_r, self.p_o = self.m_r[self.p_m], self.m_o[self.p_m]
        self.first = np.concatenate([[0], np.cumsum(room)])
        self.status = np.full(P, GONE)
        self.site = np.full(P, -1)
        for m in range(self.M):
            a, e, u, o = self.first[m], int(self.E0[m]), int(self.U0[m]), int(self.O0[m])
            self.status[a:a + e] = AT_WORK
            self.site[a:a + e] = np.repeat(np.arange(self.S), self.crew0[:, self.m_o[m]] * (self.s_r == self.m_r[m]))
            self.status[a + e:a + e + u] = JOBLESS
            self.status[a + e + u:a + e + u + o] = OUTSIDE
        self.uid = np.arange(P) + P * 7919 * self.seed
        self.next_uid = self.uid.max() + 1
        self.z = rng.standard_normal(P)
        sigma = n("people.skill_sigma")
        self.skill = np.exp(sigma * self.z - sigma ** 2 / 2)
        self.top = self.z >= NORMAL.inv_cdf(0.75)
        self.chooser = rng.random(P)                      # the one draw for life of 7.2
        self.asked_at, self.refuses = np.full(P, -1), np.zeros(P, bool)
        self.claim, self.accepted = np.zeros(P), np.zeros(P)
        self.hurt_at, self.hurt_kind = np.full(P, -10 ** 6), np.zeros(P, int)    # 0 none, 1 gig, 2 organised
        self.course_at = np.full(P, -10 ** 6)
        f0 = prob(np.repeat(n.by_region("labour.job_finding"), 6))
        self.since = np.full(P, -self.spin_up)
        spell = np.floor(np.log(rng.random(P)) / np.log(1 - f0[self.p_m])).astype(int)
        self.since = np.where(self.status == JOBLESS, -self.spin_up - spell, -self.spin_up)
        self.covered = (rng.random(P) < self.cover[self.p_r]) & (self.status == JOBLESS)
        c_y, c_w = n("settlement.consume_income"), n("settlement.consume_wealth")
        pay = np.where(self.status == OUTSIDE, n("labour.outside_wage") * self.w0[6 * self.p_r], self.w0[self.p_m] * self.skill)
        rest = (1 - c_y) * pay * (1 - self.income_tax[self.p_r]) / c_w
        drawn = spell * (n("settlement.subsistence") * self.w0[self.p_m] - np.where(self.covered, self.replacement[self.p_r] * pay, 0))
        self.wallet = np.where(self.status == JOBLESS, np.maximum(0, rest - np.maximum(0, drawn)), rest)
        self.wallet[self.status == GONE] = 0
        self.smooth_u = self.u0.copy()
        self.wage = self.w0.copy()
        self.displaced = np.zeros((self.S, 6))
        self.displaced_total = np.zeros(self.M)
        self.e = self.crew0.astype(float)                # 7.8, crews of a few agents
        self.market_skill()

    def market_skill(self):
        """Heads and skill of crews, row by row."""
        at = self.status == AT_WORK
        cell = self.site[at] * 6 + self.p_o[at]
        self.heads = np.bincount(cell, minlength=self.S * 6).reshape(self.S, 6)
        self.skills = np.bincount(cell, self.skill[at], self.S * 6).reshape(self.S, 6)
        m_heads = np.bincount(self.p_m[at], minlength=self.M)
        m_skill = np.bincount(self.p_m[at], self.skill[at], self.M)
        self.mean_skill = np.where(m_heads > 0, m_skill / np.maximum(1, m_heads), 1.0)
        if self.n("staffing.crew_hours") == "expected":
            e_sum = np.bincount(self.s_m[self.OM], self.e[self.OM], self.M)
            ratio = np.where(e_sum > 0, m_skill / np.maximum(e_sum, 1e-9), 1.0)
            self.able = self.e * ratio[self.s_m] * self.OM
            self.plan_skill = self.mean_skill[self.s_m]
        else:
            self.able = self.skills
            self.plan_skill = np.where(self.heads > 0, self.skills / np.maximum(1, self.heads), 1.0)

    def found_models(self):
        """7.3 and 7.4: the hours at the start, what robots can do with them, whose models they run on."""
        n = self.n
        self.logistic = n("capture.path.rule") == "logistic"
        self.B1 = n("capture.budget")
        if self.logistic:
            b0, g = n("capture.path.at_start"), n("capture.path.growth")
            c0 = n("capture.price") * n("capture.accepted") * (1 + n("capture.quality_control"))
            stock = self.B1 * YEAR / (c0 * np.log(g)) * np.log(self.B1 / (self.B1 - b0))
        else:
            stock = n("capture.stock_at_start")
        self.raw0 = stock * self.l_share
        self.stock_raw = self.raw0.copy()
        self.mixo = n.each("capture.stock_mix", OCC)
        self.mixo = self.mixo / self.mixo.sum()
        self.weight = n.each("capture.skill_weight", OCC)
        self.T = np.where(O_FAM[:, None] == np.arange(5)[None, :], 1.0, n("learning.transfer"))    # [o, k]
        self.scale, self.E_inf = n.each("learning.scale", FAMILIES), n.each("learning.irreducible", FAMILIES)
        self.chain, self.alpha = n.each("learning.chain", JOBS), n("learning.alpha")
        self.experts = n.each("learning.experts.part", FAMILIES) * (n("learning.experts.rule") == "top_quarter")
        self.phi = 1 - NORMAL.cdf(NORMAL.inv_cdf(0.75) - n("people.skill_sigma"))
        self.credit = np.zeros((self.L, self.M))          # quality hours that people are credited for
        self.credit_top = np.zeros((self.L, self.M))
        self.credit_acc = np.zeros((self.L, self.M))      # accepted hours behind them
        self.raw_people = np.zeros(self.L)
        taught = n("learning.taught_before")
        hours = np.zeros(5)
        for c in range(4):
            for j in C_JOBS[c]:                           # mobile robots of the start are all in warehouses
                if (c, j) != (2, 3):
                    hours[J_FAM[j]] += self.c_fleet0[:, c].sum() * self.uptime * self.c_watched[c] * taught * self.eta[c] / len(C_JOBS[c] if c == 3 else [j])
        self.competition = n("robots.licensing") == "competition"
        if self.competition:
            self.robot_hours = np.tile(hours / self.L, (self.L, 1))
        else:
            self.robot_hours = np.zeros((self.L, 5))
            for c, j in ((0, 5), (1, 6), (2, 4)):
                by = (self.l_licenses * self.c_fleet0[:, c]).sum(1) * self.uptime * self.c_watched[c] * taught * self.eta[c]
                self.robot_hours[:, J_FAM[j]] += by
        self.sites_ever = np.zeros((self.L, self.S), bool)
        self.sites_start = np.zeros(self.L)
        self.taught0 = None
        self.release(-1)
        self.E_start = self.E_now.copy()
        self.taught0 = self.taught.copy()
        new = self.new_licences()
        self.lab_share = np.tile(new[None, :, :], (self.R, 1, 1)) if self.competition else \
            np.repeat((self.l_licenses.T / self.l_licenses.sum(0)[:, None])[:, None, :], 7, 1)     # [r, j, l]
        self.mean_over_labs()

    def stock(self):
        """Quality hours of the initial stock, by lab and occupation."""
        return (self.stock_raw[:, None] * self.n("capture.accepted")) * (self.mixo * self.weight)[None, :]

    def release(self, t):
        """7.4: effective hours, failure, capability, the share of jobs that robots can do. [l, k] and [l, j]."""
        n = self.n
        by_occ = lambda q: q.reshape(self.L, self.R, 6).sum(1)
        own, top = by_occ(self.credit), by_occ(self.credit_top)
        st = self.stock()
        human, human_top = (own + st) @ self.T, (top + self.phi * st) @ self.T
        robots = self.robot_hours
        if n("learning.teachers.rule") == "growing" and self.taught0 is not None and t > 0:
            grow = (1 + n.each("learning.teachers.growth", FAMILIES) * YEAR) ** (t / YEAR) - 1
            others = self.taught0 * grow
        else:
            others = np.zeros((self.L, 5))
        pool = n("learning.pooling")
        pooled = lambda x: x + pool * (x.sum(0) - x)
        self.taught = human + robots                      # before diversity
        n_ever = self.sites_ever.sum(1)
        self.diversity = np.maximum(1, n_ever / np.maximum(1, self.sites_start)) ** n("learning.diversity") \
            if t >= 0 else np.ones(self.L)
        div = self.diversity[:, None]
        D = div * pooled(human + robots + others)
        D_top = div * pooled(human_top)
        self.D, self.human_D = D, div * pooled(human)
        if n("learning.form") == "log_linear":
            C = n("learning.log_linear_base") + n("learning.log_linear_slope") * np.log2(np.maximum(1e-9, D * self.scale[0] / self.scale))
            E = 1 - np.clip(C, 0, 1 - self.E_inf)
        else:
            b = self.experts
            E = self.E_inf + (1 - self.E_inf) * ((1 - b) * (1 + D / self.scale) ** -self.alpha
                                                 + b * (1 + D_top / (self.phi * self.scale)) ** -self.alpha)
        self.E_now = E
        C = np.clip(1 - E, 1e-12, 1 - 1e-12)
        self.C = C
        x = -np.log(self.theta) / (self.chain * -np.log(C[:, J_FAM]))
        self.F_lab = 1 - np.exp(-x)
        self.x_lab = x

    def new_licences(self):
        """7.4, "Whose models robots run on": shares of new licences [j, l], and the licence as a share of cost by hand."""
        n = self.n
        w = np.exp(-((self.F_lab.max(0) - self.F_lab) / n("robots.rival_band")) ** 2)
        rivals = w.sum(0)
        one, two, three = n("robots.licence"), n("robots.licence_of_two"), n("robots.licence_of_three")
        self.licence = np.interp(rivals, [1, 2, 3], [one, two, three]) if self.competition else np.full(7, one)
        return (w / rivals).T

    def mean_over_labs(self):
        """What robots can do of a kind, and the help they need, as means over the labs of a region's robots [r, j]."""
        n = self.n
        self.F = np.einsum("rjl,lj->rj", self.lab_share, self.F_lab)
        per = np.minimum(n("robots.most_per_supervisor"),
                         self.c_per[J_CLASS][None, :] * np.maximum(1, self.E_start / self.E_now)[:, J_FAM])
        self.per_supervisor = 1 / np.einsum("rjl,lj->rj", self.lab_share, 1 / per)

    def found_demand(self):
        """Section 5, "Demand" and "Costs and prices"."""
        n = self.n
        hand_hours = np.where(self.JM, (self.able * self.util * self.hours[self.s_r][:, None])[:, J_OCC], 0) * self.W[self.j_m]
        station = n.by_region("demand.station_share")
        part = np.ones((self.R, 7))
        part[:, 5], part[:, 6] = station, 1 - station
        hand_hours *= part[self.s_r]
        self.h0 = np.zeros((self.R, 7))
        self.h0[:, :5] = n.each("demand.hours_per_unit", JOBS[:5])[None, :]
        self.open_rate = self.open_routes(0)
        self.place_robots()
        cap = self.fleet0[:, J_CLASS] * self.uptime
        cap[:, [0, 1, 2, 3]] = 0
        parcels = n.by_region("demand.parcels")
        base = np.zeros((self.S, 7))
        doable = self.F[self.s_r] * self.open_rate[self.s_r]
        for j in range(7):
            for r in range(self.R):
                at = self.groups[r][J_TYPE[j]]
                def units(h):
                    by_hand = hand_hours[at, j] / h
                    robot = cap[at, j] * self.units_a_week(r, j, h)
                    most = by_hand * doable[at, j] / (1 - doable[at, j] * self.theta)
                    return by_hand + self.theta * np.minimum(robot, most)
                if j >= 5:
                    lo, hi = 1e-9, 1e3
                    for _ in range(60):
                        h = np.sqrt(lo * hi)
                        lo, hi = (h, hi) if units(h).sum() > parcels[r] else (lo, h)
                    self.h0[r, j] = h
                base[at, j] = units(self.h0[r, j])
        self.base = base
        self.hpu = np.where(self.JM, self.h0[self.s_r], 1.0)
        w, H = self.w0[self.j_m], self.hours[self.s_r][:, None]
        labour = w * (1 + self.payroll + self.benefits)[self.j_m] * self.hpu / H
        self.non_labour = labour * n.each("sites.hand_cost_share", TYPES)[self.s_t][:, None]
        given = n.by_region("demand.human_cost_per_parcel")[self.s_r]
        share = station[self.s_r]
        for j, p in ((5, share), (6, 1 - share)):         # the given cost per parcel, split as the courier's time
            self.non_labour[:, j] = np.maximum(0, given * p - labour[:, j])
        self.other = labour * n.each("sites.other_cost_share", TYPES)[self.s_t][:, None]
        self.P0 = (labour / self.util + self.non_labour + self.other) * (1 + n("sites.margin"))
        self.P = self.P0.copy()
        self.c0 = self.P0 / (1 + n("sites.margin"))
        self.backlog = np.zeros((self.S, 7))
        self.lead = np.full((self.S, 7), n("demand.handling_time"))
        self.wanted = self.crew0.astype(float)
        self.pos_draw = self.rng.random((self.S, 6))
        self.season_t = n.each("demand.season", TYPES)
        self.density = n.by("demand.density_elasticity", TYPES)
        self.sum_c, self.sum_jobs = np.zeros((self.S, 7)), np.zeros((self.S, 7))
        self.p_site = np.ones(self.S)
        self.lnq = np.zeros((self.R, self.R))
        sales = (self.P0 * self.base * self.JM)
        self.sales0 = sales.sum(1)
        self.b_jobs = np.where(self.JM, np.maximum(sales, 1e-9), 0)
        self.b_jobs = self.b_jobs / self.b_jobs.sum(1, keepdims=True)
        self.R_fact = np.array([self.sales0[g[0]].sum() for g in self.groups])
        flow = self.R_fact[:, None] * self.exports
        self.B_rm = flow / flow.sum(0, keepdims=True)
        self.tradeS = self.exports.copy()
        self.output = np.ones(self.R)
        self.consumed = self.cons_base = None
        self.cons_smooth = None
        self.kappa = np.ones(self.R)
        self.fear = np.zeros((self.S, 6))
        self.seen = np.zeros((self.S, 6))
        self.gain_rate = 0.0
        self.gain_total = 0.0
        self.ratio_old = None
        self.expected = self.base.copy()
        self.want = self.base.copy()
        self.utilised = np.full((self.S, 6), self.util)
        self.robot_share_hours = np.zeros((self.S, 7))
        self.work_robot = np.zeros((self.S, 7))
        self.work_all = self.base * self.hpu * self.JM

    def units_a_week(self, r, j, h):
        """7.6: what a robot does in a week up."""
        c = J_CLASS[j]
        if c == 0:
            return self.c_units[0] * self.n.by_region("robots.van_density")[r]
        if c == 1:
            return self.c_units[1]
        return self.c_units[c] * self.hours[r] / h

    def units_all(self):
        """The same for all sites and kinds [s, j]."""
        per = np.ones((self.S, 7))
        per[:, 5] = self.c_units[0] * self.van_density[self.s_r]
        per[:, 6] = self.c_units[1]
        for j in range(5):
            per[:, j] = self.c_units[J_CLASS[j]] * self.hours[self.s_r] / self.hpu[:, j]
        return per

    def open_routes(self, t):
        """7.1, and indoors it is 1. [r, j]"""
        n = self.n
        years = max(t, 0) if self.moving else 0
        a, b = n.by_region("robots.open_at_start"), n.by_region("robots.open_later")
        o = a + (b - a) * min(1, years / n("robots.opening"))
        out = np.ones((self.R, 7))
        out[:, 5] = out[:, 6] = o
        return out

    def place_robots(self):
        """Section 5, "Robots": fleets at the start go to the largest sites, in proportion to weight."""
        n = self.n
        self.van_density = n.by_region("robots.van_density")
        self.A = n("run.robots_per_agent")
        self.fleet0 = np.zeros((self.S, 4))
        for r in range(self.R):
            for c, t in ((0, 2), (1, 2), (2, 1), (3, 0)):
                agents = int(np.rint(self.c_fleet0[r, c] / self.A))
                at = self.groups[r][t]
                k = max(1, int(np.rint(self.c_sites0[c] * len(at))))
                if agents:
                    large = at[np.argsort(-self.s_w[at])][:k]
                    self.fleet0[large, c] = systematic(self.s_w[large], agents, self.rng.random()) * self.A

    def found_robots(self):
        count = (self.fleet0 / self.A).astype(int)
        self.b_site = np.repeat(np.arange(self.S), count.sum(1))
        self.b_class = np.concatenate([np.repeat(np.arange(4), count[s]) for s in range(self.S)]).astype(int)
        life = self.c_life[self.b_class]
        age = np.zeros(len(life))
        for s in range(self.S):
            for c in range(4):
                at = np.flatnonzero((self.b_site == s) & (self.b_class == c))
                age[at] = (np.arange(len(at)) + self.rng.random()) / max(1, len(at)) * self.c_life[c]
        self.b_born = np.floor(-self.spin_up - age)
        self.b_up = self.rng.random(len(life)) < self.uptime
        self.waiting = np.zeros((self.S, 4))
        self.retired = np.zeros((self.S, 4))
        self.plan = self.fleet0.copy()
        self.plan_draw = self.rng.random((self.S, 4))
        self.delivered = np.zeros((self.S, 4))
        self.fleet = self.fleet0.copy()
        self.capacity = self.c_cap.copy()
        self.watch0 = None

    def found_buyers(self):
        """Section 5, "Buyers": midpoints of equal strata in a random order, by region and type."""
        n, rng = self.n, self.rng
        self.threshold, self.hurdle = np.zeros((self.S, 4)), np.zeros((self.S, 4))
        for row in self.groups:
            for g in row:
                mid = (np.arange(len(g)) + 0.5) / len(g)
                z = np.array([NORMAL.inv_cdf(x) for x in mid])
                for c in range(4):
                    self.threshold[g, c] = -np.log(1 - rng.permutation(mid))
                    self.hurdle[g, c] = n("robots.hurdle") * np.exp(n("robots.hurdle_sigma") * rng.permutation(z))
        self.threshold[self.fleet0 > 0] = 0
        self.hurdle *= n.by_region("robots.hurdle_factor")[self.s_r][:, None]
        self.aware = np.zeros((self.R, 7))
        self.adopted = self.fleet0 > 0

    def found_filming(self):
        """Section 5, "Filming"; 7.3 on sites for labs that would have too few people."""
        n, rng = self.n, self.rng
        self.films = np.zeros(self.S, bool)
        self.lab = np.full(self.S, -1)
        self.offer = np.zeros(self.S)
        share = n.by_region("capture.filming_at_start") * (n("capture.path.filming") if self.logistic else 1.0)
        size = (self.crew0 * self.W[self.s_m]).sum(1)
        for r in range(self.R):
            at = rng.permutation(self.groups[r][0])
            goal, sofar = share[r] * self.s_w[at].sum(), 0.0
            who = np.flatnonzero(self.l_collects[:, r])
            for s in at:
                if sofar >= goal or not len(who):
                    break
                if self.s_w[s] > 2 * (goal - sofar):
                    continue
                self.join(s, rng.choice(who, p=self.l_share[who] / self.l_share[who].sum()))
                sofar += self.s_w[s]
        if self.logistic:
            for l in range(self.L):
                need = n("capture.path.at_start") * self.l_share[l] / (n("capture.price") * n("capture.accepted") * 2) / n("capture.most_hours")
                have = (size * self.coverage[self.s_r])[self.films & (self.lab == l)].sum()
                if have < need:
                    free = np.flatnonzero((self.s_t == 0) & ~self.films & self.l_collects[l][self.s_r])
                    free = free[np.argsort(size[free])]
                    enough = [s for s in free if self.count_asked(s) >= need]
                    if enough:
                        self.join(enough[0], l)
        self.taken = np.zeros((self.L, self.S, 6))
        self.recorded_for = np.full(self.S, -1)
        self.hours_filmed = np.zeros(self.people)
        self.drag = np.zeros(self.S)
        self.site_raw = np.zeros(self.S)
        self.willing_share = np.ones((self.S, 6))
        self.crew_start = self.crew0 * self.W[self.s_m]
        self.worth_o = np.zeros((self.L, 6))
        self.appetite = np.ones(self.S)
        self.site_worth = np.zeros(self.S)
        self.lic_year = []
        self.royalty_smooth = np.zeros(self.M)
        self.value_hours()
        self.lic_start = 0.0
        self.raw_total = self.acc_total = 0.0

    def join(self, s, l):
        first = self.n.each("capture.first_offer", REGIMES)
        self.films[s], self.lab[s] = True, l
        self.offer[s] = max(first[self.regime[self.s_r[s]]], self.n.by_region("law.least_capture_pay")[self.s_r[s]])

    def count_asked(self, s):
        at = np.flatnonzero((self.status == AT_WORK) & (self.site == s))
        return (self.W[self.p_m[at]] * (mix(self.uid[at], s, 17) < self.coverage[self.s_r[s]])).sum()

    def found_accounts(self):
        """Section 5, "Accounts"."""
        n = self.n
        self.books = Books({"site": self.S, "worker": self.M, "gov": self.R, "rest": self.R, "lab": self.L,
                            "maker": 4, "fund": self.L})
        c = self.books.cash
        weekly = ((self.P0 / (1 + n("sites.margin"))) * self.base * self.JM).sum(1)
        self.cost_smooth = {"site": weekly.copy(), "lab": self.B1 * self.l_share, "maker": None}
        c["site"][:] = 4 * weekly
        c["lab"][:] = 26 * self.B1 * self.l_share
        replaced = (self.c_fleet0 * self.c_factor * self.c_price / self.c_life).sum(0)
        self.cost_smooth["maker"] = n("robots.maker_cost") * replaced
        c["maker"][:] = 4 * replaced
        wages = np.bincount(self.m_r, self.E0 * self.W * self.w0 * (self.payroll + self.income_tax[self.m_r]), self.R)
        c["gov"][:] = n("settlement.government_balance") * wages
        self.gov0 = c["gov"].copy()
        c["rest"][:] = YEAR * np.bincount(self.s_r, self.sales0, self.R)
        self.rest_share = c["rest"] / c["rest"].sum()
        c["worker"][:] = np.bincount(self.p_m, self.wallet * self.W[self.p_m], self.M)
        self.losses = {"site": np.zeros(self.S), "lab": np.zeros(self.L), "maker": np.zeros(4)}
        self.books.total = self.books.sum()
        own = n.by_region("settlement.ownership")
        home = n("settlement.home_ownership")
        self.owners = np.tile(own, (self.R, 1))
        np.fill_diagonal(self.owners, 0)
        self.owners = self.owners / self.owners.sum(1, keepdims=True) * (1 - home) + np.eye(self.R) * home
        self.earmark = np.zeros(self.R)

    # ---------------------------------------------------------------------------------- phases 2 to 5: people and hours
    def leave_and_enter(self, t):
        """7.9a."""
        rng = self.rng
        here = self.status != GONE
        if self.leave > 0:
            go = here & (rng.random(self.people) < self.leave)
            left = np.bincount(self.p_m, self.wallet * self.W[self.p_m] * go, self.M)
            self.books.pay("what people leave behind", "worker", np.arange(self.M), "rest", self.m_r, left)
            self.status[go], self.wallet[go], self.site[go] = GONE, 0, -1
        count = np.bincount(self.p_m[self.status != GONE], minlength=self.M)
        aim = np.rint(self.N0 * self.grow(t))
        for m in np.flatnonzero(aim > count):
            rows = np.arange(self.first[m], self.first[m + 1])
            free = rows[self.status[rows] == GONE][:int(aim[m] - count[m])]
            k = len(free)
            self.status[free], self.since[free], self.site[free], self.wallet[free] = JOBLESS, t, -1, 0
            self.uid[free] = self.next_uid + np.arange(k)
            self.next_uid += k
            z, sigma = rng.standard_normal(k), self.n("people.skill_sigma")
            self.z[free], self.skill[free] = z, np.exp(sigma * z - sigma ** 2 / 2)
            self.top[free] = z >= NORMAL.inv_cdf(0.75)
            self.chooser[free], self.claim[free], self.accepted[free] = rng.random(k), 0, 0
            self.asked_at[free], self.refuses[free], self.covered[free] = -1, False, False
            self.hurt_kind[free], self.hurt_at[free], self.course_at[free] = 0, -10 ** 6, -10 ** 6
        self.n_grow = self.grow(t)

    def asked(self):
        """7.2: a fixed draw of worker and site; a tenth of those at filming sites. Rows of the asked."""
        at = np.flatnonzero((self.status == AT_WORK) & (self.site >= 0))
        at = at[self.films[self.site[at]]]
        s = self.site[at]
        yes = (mix(self.uid[at], s, 17) < self.coverage[self.s_r[s]]) | (self.asked_at[at] == s)
        return at[yes]

    def update_fear(self):
        """7.2."""
        a = half_life(self.n("consent.fear_half_life"))
        self.fear += a * (self.seen - self.fear)

    def review_stance(self, t):
        """7.2: those asked for the first time at a site decide, the others review with a hazard."""
        n, rng = self.n, self.rng
        a = self.asked()
        s, o = self.site[a], self.p_o[a]
        new = self.asked_at[a] != s
        refused = np.bincount(s[~new], self.refuses[a][~new], self.S)
        known = np.bincount(s[~new], minlength=self.S)
        peers = np.where(known > 0, refused / np.maximum(1, known), 0.5)
        regime = self.regime[self.s_r[s]]
        risk = n.each("risk.weeks_at_risk", REGIMES)[regime]
        hourly = self.wage[self.p_m[a]] / self.hours[self.p_r[a]]
        pay = self.offer[s] + self.expected_royalty()[self.p_m[a]]
        if n("consent.answer") == "threshold":
            p0, sig = n("consent.unpaid_willing"), n("consent.ask_sigma")
            mu = np.log(n("consent.half_refuse_at")) - sig * NORMAL.inv_cdf(1 - 0.5 / (1 - p0))
            share = np.maximum(pay / hourly, 1e-300)
            ps = (1 - p0) * (1 - phi_cdf((np.log(share) - mu) / sig))
            answer = np.log(ps / (1 - ps))
            chooses, draw = n.each("consent.made_to_choose", REGIMES)[regime], self.chooser[a]
        else:
            answer = n("consent.base") - n("consent.pay") * np.log2(1 + pay / (n("consent.reference_pay") * hourly))
            chooses, draw = 1.0, rng.random(len(a))
        v = answer + n("consent.skill") * self.z[a] + n("consent.fear") * self.fear[s, o] \
            + n("consent.peers") * (peers[s] - 0.5) - n("consent.retaliation") * risk
        P = chooses / (1 + np.exp(-v))
        group = regime == BARGAINING                      # those asked at a site decide as one
        mean_P = np.bincount(s, P, self.S) / np.maximum(1, np.bincount(s, minlength=self.S))
        says = np.where(group, mean_P[s] > 0.5, draw < P)
        now = new | (rng.random(len(a)) < prob(n("consent.review")))
        self.refuses[a[now]] = says[now]
        self.asked_at[a] = s
        self.accept = a[~self.refuses[a]]                 # the willing
        cell = s * 6 + o
        n_asked = np.bincount(cell, minlength=self.S * 6).reshape(self.S, 6)
        n_no = np.bincount(cell, self.refuses[a], self.S * 6).reshape(self.S, 6)
        self.willing_share = np.where(n_asked > 0, (n_asked - n_no) / np.maximum(1, n_asked), self.willing_share)

    def expected_royalty(self):
        n = self.n
        claims = np.bincount(self.p_m, self.claim * self.W[self.p_m], self.M)
        ends = 0.0 if n("law.royalty_portable") == "true" else self.sq
        lasts = 1 / (1 / n("law.royalty_duration") + ends)
        if n("law.royalty_basis") == "collective":
            return np.zeros(self.M)
        return np.where(claims > 0, self.royalty_smooth / np.maximum(claims, 1e-9), 0) * lasts * n("capture.accepted")

    def price_of_hour(self, t):
        n = self.n
        return max(n("capture.price_floor"), n("capture.price") * np.exp(-n("capture.price_decline") * max(t, 0)))

    def budget(self, t):
        """7.3, "What labs spend", dollars a week by lab."""
        n = self.n
        mean = np.mean(self.lic_year[-52:], axis=0) if self.lic_year else np.zeros(self.L)
        if self.logistic:
            b0, g = n("capture.path.at_start"), n("capture.path.growth")
            b = self.B1 / (1 + (self.B1 / b0 - 1) * g ** (-t / YEAR))
            return b * self.l_share + n("capture.reinvest") * np.maximum(0, mean - self.lic_start) * (t >= 0)
        return (self.B1 * self.l_share + n("capture.reinvest") * mean) * (t >= 0)

    def news_cap(self):
        """7.3, "News": n0 of each crew."""
        return self.n("capture.news.hours") * self.crew_start * self.willing_share

    def hour_cost(self, t):
        """What a raw hour costs the lab at each site."""
        n, y = self.n, self.n("capture.accepted")
        p = self.price_of_hour(t)
        levy = n.by_region("law.data_levy")[self.s_r] * y
        export = np.where(self.l_home[self.lab] != self.s_r, n.by_region("law.data_export_fee")[self.s_r] * y, 0)
        return np.maximum(p * y, n("capture.site_fee") * p * y + self.offer) + n("capture.quality_control") * p * y + levy + export

    def set_intensity(self, t):
        """7.3: cost, target, capacity, appetite."""
        n = self.n
        a, s = self.accept, self.site[self.accept]
        o, l = self.p_o[a], self.lab[s]
        w = self.W[self.p_m[a]]
        raw = n("capture.most_hours") * w
        cost_s = self.hour_cost(t)
        persons_l = np.bincount(l, w, self.L)
        cost = np.where(persons_l > 0, np.bincount(l, w * cost_s[s], self.L) / np.maximum(1e-9, persons_l), cost_s.min() if len(cost_s) else 4)
        self.cost_l = np.where(persons_l > 0, cost, self.price_of_hour(t) * n("capture.accepted") * (1 + n("capture.quality_control")))
        self.target = self.budget(t) / self.cost_l
        self.appetite = np.ones(self.S)
        n0 = self.news_cap()
        left = np.ones((self.S, 6))
        if n("capture.news.sources") == "saturating":
            tk = self.taken[np.maximum(self.lab, 0), np.arange(self.S)]
            left = np.clip(1 - tk / np.maximum(n0, 1e-9), 0, 1)
        worth = n("capture.accepted") * self.weight[o] * self.skill[a] * left[s, o] * self.worth_o[l, o]
        sw = np.bincount(s, w, self.S)
        self.site_worth = np.where(sw > 0, np.bincount(s, worth * w, self.S) / np.maximum(sw, 1e-9), 0)
        if n("capture.buying.rule") == "worth":
            self.appetite = np.clip((self.site_worth / cost_s - 1) / n("capture.buying.band"), 0, 1)
            self.appetite[sw == 0] = 1.0
        self.cap = np.bincount(l, raw * self.appetite[s], self.L)
        self.intensity = np.where(self.cap > 0, np.minimum(1, self.target / np.maximum(self.cap, 1e-9)), 0)
        if t < 0 and not self.logistic:
            self.intensity[:] = 0
        self.news_left = left
        self.site_news = np.where(sw > 0, np.bincount(s, left[s, o] * w, self.S) / np.maximum(sw, 1e-9), 0)

    def record_hours(self, t):
        """7.3: who is filmed, what of it is news, what is credited; 7.4: quality hours."""
        n, y = self.n, self.n("capture.accepted")
        a, s = self.accept, self.site[self.accept]
        o, l, m = self.p_o[a], self.lab[s], self.p_m[a]
        self.hours_filmed[:] = 0
        h = n("capture.most_hours") * self.intensity[l] * self.appetite[s]         # raw hours a person
        self.hours_filmed[a] = h
        raw = h * self.W[m]
        cell = s * 6 + o
        crew_raw = np.bincount(cell, raw, self.S * 6).reshape(self.S, 6)
        fresh = np.ones((self.S, 6))
        if n("capture.news.sources") == "saturating":
            lab = np.maximum(self.lab, 0)
            tk, n0 = self.taken[lab, np.arange(self.S)], np.maximum(self.news_cap(), 1e-9)
            gain = np.maximum(0, n0 - tk) * (1 - np.exp(-crew_raw / n0))
            fresh = np.where(crew_raw > 0, gain / np.maximum(crew_raw, 1e-9), 0)
            self.taken *= 1 - prob(n("capture.news.renewal"))
            self.taken[lab, np.arange(self.S)] += gain
        q = raw * y * self.weight[o] * self.skill[a] * fresh[s, o]
        lm = l * self.M + m
        add = lambda x: np.bincount(lm, x, self.L * self.M).reshape(self.L, self.M)
        self.credit += add(q)
        self.credit_top += add(q * self.top[a])
        self.credit_acc += add(raw * y)
        self.claim[a] += h * y
        self.accepted[a] += h * y
        by_lab = np.bincount(l, raw, self.L)
        if t < 0:                                         # hour for hour less is credited to nobody
            news = np.bincount(l, raw * fresh[s, o], self.L)
            self.stock_raw = np.maximum(0, self.stock_raw - (news if VARIANT != 1 else by_lab))
        self.sites_ever[l[raw > 0], s[raw > 0]] = True
        if t <= 0 and (t == -1 or (t == 0 and not self.sites_start.any())):
            self.sites_start = self.sites_ever.sum(1).astype(float)
        self.site_raw = np.bincount(s, raw, self.S)
        self.recorded_for = np.where(self.site_raw > 0, self.lab, -1)
        self.site_offer = self.offer.copy()
        paid = (self.heads * self.W[self.s_m]).sum(1) * self.hours[self.s_r]
        self.drag = n("capture.drag") * self.site_raw / np.maximum(paid, 1e-9)
        self.raw_week, self.acc_week = self.site_raw.sum(), self.site_raw.sum() * y

    def adjust_programme(self, t):
        """7.3, "Who is asked" and "Pay"."""
        n, rng = self.n, self.rng
        active = self.logistic if t < 0 else self.moving
        hourly = (self.heads * self.wage[self.s_m] * self.W[self.s_m]).sum(1) / np.maximum(1e-9, (self.heads * self.W[self.s_m]).sum(1)) / self.hours[self.s_r]
        reserve = n("capture.reservation") * hourly
        least = n.by_region("law.least_capture_pay")[self.s_r]
        gap = np.where(self.target > 0, 1 - np.minimum(self.cap, self.target) / np.maximum(self.target, 1e-9), 0)
        f = self.films
        if n("capture.pay.rule") == "rent":
            aim = reserve + n("capture.pay.part") * gap[self.lab] * np.maximum(0, self.site_worth - reserve)
            self.offer = np.where(f, self.offer + half_life(n("capture.pay.half_life")) * (aim - self.offer), self.offer)
        else:
            short = (self.target > self.cap)[self.lab]
            self.offer = np.where(f & short, self.offer + n("capture.offer_step") * np.maximum(0, reserve - self.offer), self.offer)
        self.offer = np.maximum(self.offer, np.where(f, least, 0))
        if not active:
            return
        cost_out = self.hour_cost(t)
        asked_out = (self.heads * self.W[self.s_m]).sum(1) * self.coverage[self.s_r] * n("capture.most_hours")
        ratio = np.where(self.cap > 0, self.target / np.maximum(self.cap, 1e-9), np.where(self.target > 0, 1e9, 0))
        leavers = []
        for r in range(self.R):
            who = np.flatnonzero(self.l_collects[:, r] & (self.target > self.cap))
            out = self.groups[r][0][~self.films[self.groups[r][0]]]
            if len(who) and len(out):
                unmet = (self.target - self.cap)[who]
                hazard = min(n("capture.joining") * (ratio[who].max() - 1), n("capture.joining_most"))
                if n("capture.recruiting") == "need":
                    l0 = who[np.argmax(ratio[who])]
                    pool = np.flatnonzero((self.s_t == 0) & ~self.films & self.l_collects[l0][self.s_r])
                    if VARIANT == 3:
                        pool = out
                    hazard = min(hazard, (unmet.sum() if VARIANT == 4 else unmet[np.argmax(ratio[who])]) / max(1e-9, asked_out[pool].sum()))
                for s in out:
                    l = rng.choice(who, p=unmet / unmet.sum())
                    h = hazard
                    if n("capture.buying.rule") == "worth":
                        crew = self.heads[s] * self.W[self.s_m[s]]
                        left = np.clip(1 - self.taken[l, s] / np.maximum(1e-9, n("capture.news.hours") * self.crew_start[s]), 0, 1)
                        w = (crew * self.weight * left * self.worth_o[l]).sum() / max(1e-9, crew.sum()) * n("capture.accepted")
                        h *= np.clip((w / self.cost_l[l] - 1) / n("capture.buying.band"), 0, 1) if VARIANT != 5 else 1
                    if rng.random() < prob(h):
                        self.join(s, l)
        could = np.bincount(self.site[self.accept], n("capture.most_hours") * self.W[self.p_m[self.accept]], self.S) * self.appetite
        rest = self.cap.copy()
        for s in rng.permutation(np.flatnonzero(f)):
            l = self.lab[s]
            hazard = 0.0
            if n("capture.buying.rule") == "worth" and self.appetite[s] == 0 and VARIANT != 6:
                hazard = n("capture.buying.leaving")
            elif self.target[l] < 0.5 * self.cap[l]:
                hazard = n("capture.joining")
                if n("capture.recruiting") == "need" and rest[l] - could[s] < self.target[l]:
                    hazard = 0.0
            if hazard and rng.random() < prob(hazard):
                self.films[s] = False
                rest[l] -= could[s]

    # ------------------------------------------------------------------------------------------- phase 6: learning
    def learn(self, t):
        """7.4: the release, and whose models new robots run on."""
        if self.moving and t > 0 and t % int(self.n("learning.release_interval")) == 0:
            self.release(t)
            self.value_hours()
        if self.competition:
            new = self.new_licences()
            by = np.zeros((self.R, 4)), np.zeros((self.R, 4))
            for c in range(4):
                by[0][:, c] = np.bincount(self.s_r, self.delivered[:, c], self.R)
                by[1][:, c] = np.bincount(self.s_r, self.fleet[:, c], self.R)
            part = np.where(by[1] > 0, np.minimum(1, by[0] / np.maximum(by[1], 1e-9)), 1.0)[:, J_CLASS]
            self.lab_share += part[:, :, None] * (new[None] - self.lab_share)
        self.mean_over_labs()

    def value_hours(self):
        """7.3, "Buying": W_o of each lab. "An hour of o" teaches all families through T."""
        n = self.n
        if not self.competition:
            self.new_licences()
        self.compare_costs()
        pays = self.payback <= self.hurdle[:, J_CLASS]
        value = np.where(self.JM & pays, self.lic_unit * self.want * self.open_rate[self.s_r], 0)
        by_r = np.zeros((self.R, 7))
        np.add.at(by_r, self.s_r, value)
        per = np.einsum("rj,rjl->lj", by_r, self.lab_share) * self.theta
        dC = self.alpha * (self.E_now - self.E_inf) / (self.scale + self.D)
        C = self.C[:, J_FAM]
        dF = (1 - self.F_lab) * self.x_lab / (C * -np.log(C))
        fam = np.zeros((self.L, 5))
        for j in range(7):
            fam[:, J_FAM[j]] += dF[:, j] * per[:, j]
        self.worth_o = n("capture.buying.horizon") * self.diversity[:, None] * ((dC * fam) @ self.T.T)

    # --------------------------------------------------------------------------------------------- phase 7: demand
    def growth(self, t):
        """7.5, [r, type]."""
        n = self.n
        if t <= 0 or not self.moving:
            return np.ones((self.R, 3))
        g0 = np.log1p(n.by("demand.growth", TYPES) * YEAR)
        gf = np.log1p(n.by("demand.growth_floor", TYPES) * YEAR)
        Y, h = t / YEAR, n("demand.growth_half_life") / YEAR
        return np.exp(gf * Y + (g0 - gf) * h / np.log(2) * (1 - 2 ** (-Y / h)))

    def matched(self):
        return self.trend ** self.n("wages.matched")

    def set_prices(self, t):
        """7.5: P = P0 (1 + 0.7 (c / (m c0) - 1)); before tick 0 prices stand."""
        if t < 0:
            return
        if t == 0:
            have = self.sum_jobs > 0
            base = np.where(have, self.sum_c / np.maximum(self.sum_jobs, 1e-9), self.c0)
            self.c0 = base if self.n("trade.demand") == "nested" else np.where(self.JM, self.cost, self.c0)
        m = self.matched()[self.s_r][:, None]
        self.P = self.P0 * (1 + self.n("demand.pass_through") * (self.cost / (m * self.c0) - 1))

    def ces(self, p, b, k):
        return np.exp((b * np.log(p)).sum()) if abs(k - 1) < 1e-9 else (b * p ** (1 - k)).sum() ** (1 / (1 - k))

    def move_trade(self, t):
        """7.5, "Nested demand": customers learn of a site's price, and trade follows regions' prices."""
        n = self.n
        v = n.each("trade.work_share", TYPES)[self.s_t]
        now = 1 + v * ((self.b_jobs * np.where(self.JM, self.P / self.P0, 1)).sum(1) - 1)
        hl = n.each("trade.site_half_life", TYPES)
        if t >= 0:
            self.p_site += np.array([half_life(x) for x in hl])[self.s_t] * (now - self.p_site)
        k = n.each("trade.site_substitution", TYPES)
        self.p_reg = np.ones((self.R, 3))
        for r in range(self.R):
            for ty in range(3):
                g = self.groups[r][ty]
                self.p_reg[r, ty] = self.ces(self.p_site[g], self.sales0[g] / self.sales0[g].sum(), k[ty])
        self.lnq += half_life(n("trade.half_life")) * (np.log(self.p_reg[:, 0])[:, None] - self.lnq)
        e, eps, g = n("trade.origin_substitution"), n("demand.price_elasticity"), n("trade.input_share")
        q = np.exp(self.lnq)
        Q = (self.B_rm * q ** (1 - e)).sum(0) ** (1 / (1 - e)) if abs(e - 1) > 1e-9 else np.exp((self.B_rm * self.lnq).sum(0))
        home = self.kappa * Q ** -eps
        D = np.tile((1 - g) * home + g * self.output, (self.R, 1))
        np.fill_diagonal(D, home)
        terms = self.exports * D * (q / Q[None, :]) ** -e
        self.factory_pull = terms.sum(1)
        self.tradeS = terms / terms.sum(1, keepdims=True)

    def receive_jobs(self, t):
        """7.5: the mean of arrivals, and a week's noise."""
        n, rng = self.n, self.rng
        nested = n("trade.demand") == "nested"
        grow = self.growth(t)[self.s_r, self.s_t][:, None]
        season = self.season_t[self.s_t] * (t >= 0 and self.moving)
        season = 1 + season * np.cos(2 * np.pi * (t - n("demand.season_peak")) / YEAR)
        eps = n("demand.price_elasticity")
        fact = self.s_t == 0
        if nested:
            k = n.each("trade.site_substitution", TYPES)[self.s_t]
            pr = self.p_reg[self.s_r, self.s_t]
            pull = np.where(fact, self.factory_pull[self.s_r], self.kappa[self.s_r] * pr ** -eps) * (self.p_site / pr) ** -k
            self.pull = pull[:, None]
        else:
            kap = np.where(fact, (self.exports @ self.kappa)[self.s_r], self.kappa[self.s_r])
            self.pull = kap[:, None] * (self.P / np.where(self.JM, self.P0, 1)) ** -eps
        self.grow_now = grow
        self.want = self.base * grow * season[:, None] * self.pull
        wait = np.exp(-np.maximum(0, self.lead - n("demand.handling_time")) / n("demand.patience"))
        self.expected = self.want * wait
        dens = self.density[self.s_r, self.s_t][:, None]
        volume = np.where(self.base > 0, (self.want if nested else self.expected) / np.maximum(self.base, 1e-9), 1)
        self.hpu = np.where(self.JM, self.h0[self.s_r] * np.maximum(volume, 1e-9) ** -dens, 1.0)
        cv = n("demand.noise")
        s2 = np.log(1 + cv * cv)
        noisy = self.expected * np.exp(np.sqrt(s2) * rng.standard_normal(self.expected.shape) - s2 / 2)
        few = (self.expected > 0) & (self.expected < 1 / max(cv, 1e-9) ** 2)
        noisy[few] = rng.poisson(self.expected[few])
        self.arrivals = np.rint(noisy) * self.JM

    def add_up_gains(self, t):
        """7.5, "Buyers": -Q dP over what a market buys, Q the mean of this tick and the one before."""
        if t < 0:
            return
        Q = self.expected / self.base.clip(1e-9) / self.grow_now * self.JM
        ratio = np.where(self.JM, self.P / np.where(self.JM, self.P0, 1), 1)
        if self.ratio_old is None:
            self.ratio_old, self.Q_old = np.ones_like(ratio), np.where(self.JM, 1.0, 0)
            self.gain_sj = np.zeros_like(ratio)
        self.gain_sj += -0.5 * (Q + self.Q_old) * (ratio - self.ratio_old)
        self.ratio_old, self.Q_old = ratio, Q
        m = self.matched()[self.s_r][:, None]
        self.gain_rate = (self.gain_sj * self.P0 * self.base * self.grow_now * m).sum()
        self.gain_total += self.gain_rate

    # ------------------------------------------------------------------------------------------- phase 8: dispatch
    def do_jobs(self, t):
        """7.6: robots first, then people; 7.7 "Who watches"."""
        n = self.n
        self.open_rate = self.open_routes(t)
        per = self.units_all()
        up = np.bincount(self.b_site * 4 + self.b_class, self.b_up * self.A, self.S * 4).reshape(self.S, 4)
        waiting = (self.backlog + self.arrivals) * self.JM
        doable = waiting * (self.F * self.open_rate)[self.s_r]
        need = doable / per                               # robot-weeks
        tries = np.zeros((self.S, 7))
        for c in range(4):
            js = C_JOBS[c]
            total = need[:, js].sum(1)
            part = np.minimum(1, up[:, c] / np.maximum(total, 1e-12))
            tries[:, js] = np.floor(doable[:, js] * part[:, None])
        done_r = np.rint(tries * self.theta)
        self.robot_weeks = tries / per
        self.tries, self.done_r = tries, done_r
        left = waiting - done_r
        watch = np.zeros((self.S, 7))
        if n("robots.supervisors") == "crew":
            start = np.where(self.JM, self.fleet0[:, J_CLASS] * self.uptime, 0)
            start[:, 3] = 0
            watch = np.maximum(0, self.robot_weeks - start) * self.c_watched[J_CLASS] / self.per_supervisor[self.s_r]
        self.watch = watch
        watch_o = np.zeros((self.S, 6))
        hours_left = left * self.hpu
        left_o = np.zeros((self.S, 6))
        for j in range(7):
            watch_o[:, J_OCC[j]] += watch[:, j]
            left_o[:, J_OCC[j]] += hours_left[:, j]
        have = self.able * self.W[self.s_m] * self.hours[self.s_r][:, None] * (1 - self.drag)[:, None]
        free = np.maximum(0, have - watch_o)
        part = np.minimum(1, free / np.maximum(left_o, 1e-9))
        done_h = np.floor(left * part[:, J_OCC])
        done_h = np.where(part[:, J_OCC] >= 1, left, done_h)
        self.done_h = done_h * self.JM
        self.watch_o = watch_o
        worked = np.minimum(left_o, free) + np.minimum(watch_o, have)
        self.utilised = np.where(have > 0, np.clip(worked / np.maximum(have, 1e-9), 0.1, 1), 1.0)
        self.backlog = (waiting - done_r - self.done_h) * self.JM
        done = done_r + self.done_h
        self.lead = np.where(done > 0, self.backlog / np.maximum(done, 1e-9), np.where(self.backlog > 0, 52, 0)) + n("demand.handling_time")
        self.work_robot, self.work_all = done_r * self.hpu * self.JM, done * self.hpu * self.JM
        share_s = self.work_robot.sum(1) / np.maximum(self.work_all.sum(1), 1e-9)
        tot, rob = np.zeros(6), np.zeros(6)
        for j in range(7):
            tot[J_OCC[j]] += self.work_all[:, j].sum()
            rob[J_OCC[j]] += self.work_robot[:, j].sum()
        own = n("consent.own_site_weight")
        self.seen = own * share_s[:, None] + (1 - own) * (rob / np.maximum(tot, 1e-9))[None, :]
        if t >= 0 and self.moving:                        # 7.4: robots' own hours teach the labs whose models they run on
            hrs = self.robot_weeks * (self.c_watched * self.eta)[J_CLASS]
            by = np.zeros((self.R, 7))
            np.add.at(by, self.s_r, hrs)
            lj = np.einsum("rj,rjl->lj", by, self.lab_share)
            for j in range(7):
                self.robot_hours[:, J_FAM[j]] += lj[:, j]
        real = (done * self.P0).sum(1)
        trend = self.sales0 * self.growth(t)[self.s_r, self.s_t]
        f = self.s_t == 0
        self.output = np.bincount(self.s_r[f], real[f], self.R) / np.bincount(self.s_r[f], trend[f], self.R)

    # ------------------------------------------------------------------------------------------- phase 9: adoption
    def age_robots(self, t):
        """7.7: failures and repairs (two-state chain), and the end of a life."""
        n, rng = self.n, self.rng
        fail = 1 / n("robots.time_between_failures")
        repair = fail * self.uptime / (1 - self.uptime)
        flip = 1 - np.exp(-(fail + repair))
        u = rng.random(len(self.b_up))
        self.b_up = np.where(self.b_up, u >= (1 - self.uptime) * flip, u < self.uptime * flip)
        old = t - self.b_born >= self.c_life[self.b_class]
        self.retired = np.bincount(self.b_site[old] * 4 + self.b_class[old], minlength=self.S * 4).reshape(self.S, 4) * self.A
        keep = ~old
        self.b_site, self.b_class, self.b_born, self.b_up = self.b_site[keep], self.b_class[keep], self.b_born[keep], self.b_up[keep]
        self.fleet = np.bincount(self.b_site * 4 + self.b_class, minlength=self.S * 4).reshape(self.S, 4) * self.A

    def robot_prices(self):
        b = np.log2(1 - self.n("robots.learning_rate"))
        p = np.maximum(self.c_floor, self.c_price * (self.c_made / self.c_made0) ** b)
        return self.c_factor * p[None, :]                 # [r, class]

    def compare_costs(self):
        """7.7: c_h, c_b, payback; at the site's own wage where compared, at the market's where paid."""
        n = self.n
        r, H = self.s_r, self.hours[self.s_r][:, None]
        m = self.matched()[r][:, None]
        price = self.robot_prices()[r][:, J_CLASS]
        per = self.units_all()
        w = self.wage[self.j_m]
        cost_of = lambda w: w * (1 + self.payroll + self.benefits)[self.j_m] * self.hpu / H + m * self.non_labour
        watch_of = lambda w: n("robots.supervisor_wage") * w * (1 + self.payroll[self.j_m]) / H * self.c_watched[J_CLASS] / self.per_supervisor[r]
        energy = np.where(J_CLASS >= 2, self.c_energy[J_CLASS] * self.c_watched[J_CLASS] / per, self.c_energy[J_CLASS])
        fixed = self.c_maint[J_CLASS] * price + self.c_sub[J_CLASS]
        lic = self.licence[None, :]
        self.hand_cost, self.supervision = cost_of(w), watch_of(w)
        self.lic_unit = lic * self.hand_cost
        self.energy_unit = energy
        running = (fixed + self.supervision) / per + energy + self.lic_unit
        wl = w * self.level[:, None]
        ch, cb = cost_of(wl), (fixed + watch_of(wl)) / per + energy + lic * cost_of(wl)
        saving = (ch - cb) * per * self.uptime
        tax = n.by_region("law.robot_tax")[r][:, None]
        self.payback = np.where(self.JM & (saving > 0), price * (1 + tax) / np.maximum(saving, 1e-12), np.inf)   # weeks
        self.robot_cost = running + price / (self.c_life[J_CLASS] * self.uptime * per)
        labour = w * (1 + self.payroll + self.benefits)[self.j_m] * self.hpu / H / self.util
        done = getattr(self, "done_h", self.base) + getattr(self, "done_r", 0)
        share = np.where(done > 0, getattr(self, "done_r", 0 * self.base) / np.maximum(done, 1e-9), 0)
        self.cost = (1 - share) * (labour + m * self.non_labour) + share * self.robot_cost + m * self.other

    def order_robots(self, t):
        """7.7: awareness, target, plan, orders."""
        n = self.n
        self.placed, self.cancelled = np.zeros((self.S, 4)), np.zeros((self.S, 4))
        if t < 0 or not self.moving:
            self.placed = self.retired.copy()
            return
        A, Wk = np.zeros((self.R, 7)), np.zeros((self.R, 7))
        np.add.at(Wk, self.s_r, self.work_all)
        ever = n("robots.adopters") == "ever"
        np.add.at(A, self.s_r, np.where(self.adopted[:, J_CLASS], self.work_all, 0) if ever else self.work_robot)
        near = np.eye(7)
        for j in range(7):
            for i in range(7):
                if i != j and J_CLASS[i] == J_CLASS[j]:
                    near[j, i] = n("robots.other_jobs") if J_TYPE[i] == J_TYPE[j] else n("robots.other_sites")
        x = (A @ near.T) / np.maximum(Wk @ near.T, 1e-9)
        self.aware += n("robots.innovation") + n("robots.imitation") * x
        per = self.units_all()
        is_aware = self.aware[self.s_r] >= self.threshold[:, J_CLASS]
        self.pays = self.JM & is_aware & (self.payback <= self.hurdle[:, J_CLASS])
        each = np.where(self.pays, (self.F * self.open_rate)[self.s_r] * self.expected / (per * self.uptime), 0)
        cap = (1 + n("robots.growth_cap") * YEAR) ** (1 / YEAR)
        for c in range(4):
            target = each[:, C_JOBS[c]].sum(1)
            self.plan[:, c] = np.minimum(target, np.maximum(self.plan[:, c] * cap, n("robots.pilot") * target))
            self.adopted[:, c] |= self.plan[:, c] > 0
        goal = np.floor(self.plan / self.A + self.plan_draw) * self.A
        self.placed = np.maximum(0, goal - self.fleet - self.waiting)
        self.cancelled = np.clip(self.fleet + self.waiting - np.maximum(goal, self.fleet), 0, self.waiting)

    def deliver_robots(self, t):
        """7.7, "Deliveries"."""
        n, rng = self.n, self.rng
        self.waiting += self.placed - self.cancelled
        got = np.zeros((self.S, 4))
        if t < 0 or not self.moving or n("robots.deliveries") == "at_once":
            got = self.waiting.copy()
        else:
            for c in range(4):
                B = self.waiting[:, c].sum()
                ripe = B * prob(1 / n("robots.delivery_time"))
                made = min(self.capacity[c], ripe)
                if B > 0:
                    share = self.waiting[:, c] / self.A * (made / B)
                    edges = np.floor(np.concatenate([[0], np.cumsum(share)]) + rng.random())
                    got[:, c] = np.minimum(np.diff(edges) * self.A, self.waiting[:, c])
                more = max(self.capacity[c] * ((1 + n("robots.capacity_growth") * YEAR) ** (1 / YEAR) - 1), self.c_step[c] / YEAR / YEAR)
                self.capacity[c] = max(self.capacity[c], min(ripe, self.capacity[c] + more))
        self.waiting -= got
        count = (got / self.A).astype(int)
        flat = np.repeat(np.arange(self.S * 4), count.ravel())
        self.b_site = np.concatenate([self.b_site, flat // 4])
        self.b_class = np.concatenate([self.b_class, flat % 4])
        self.b_born = np.concatenate([self.b_born, np.full(len(flat), t)])
        self.b_up = np.concatenate([self.b_up, np.ones(len(flat), bool)])
        self.fleet = self.fleet + got
        self.delivered = got
        if t >= 0:
            self.c_made = self.c_made + got.sum(0)

    # --------------------------------------------------------------------------- phases 10 to 12: the labour market
    def plan_staff(self, t):
        """7.8."""
        n = self.n
        per = self.units_all()
        up = self.fleet * self.uptime
        doable = self.expected * (self.F * self.open_rate)[self.s_r]
        by_robot = np.zeros((self.S, 7))
        for c in range(4):
            js = C_JOBS[c]
            part = np.minimum(1, up[:, c] / np.maximum((doable[:, js] / per[:, js]).sum(1), 1e-12))
            by_robot[:, js] = doable[:, js] * part[:, None] * self.theta
        need_j = (self.expected - by_robot + self.backlog / n("staffing.backlog_cleared")) * self.hpu * self.JM
        need = self.watch_o.copy()
        absorbed = np.zeros((self.S, 6))
        for j in range(7):
            need[:, J_OCC[j]] += need_j[:, j]
            absorbed[:, J_OCC[j]] += self.work_robot[:, j] - self.watch[:, j]
        H, W = self.hours[self.s_r][:, None], self.W[self.s_m]
        if t == 0:
            self.absorbed_start = self.absorbed_smooth.copy() if hasattr(self, "absorbed_smooth") else absorbed
        if t < 0:
            old = getattr(self, "absorbed_smooth", absorbed)
            self.absorbed_smooth = old + half_life(13) * (absorbed - old)
        self.absorbed = np.maximum(0, absorbed - self.absorbed_start) / (H * self.util) if t >= 0 else 0 * need   # persons
        want = need / (H * self.util * (1 - self.drag)[:, None] * np.maximum(self.plan_skill, 1e-6) * W) * self.OM
        self.wanted += half_life(n("staffing.plan_half_life")) * (want - self.wanted)
        p = self.wanted * (1 + self.vac_share[self.s_m])
        positions = np.floor(p + self.pos_draw)
        self.vacancies = (np.maximum(0, positions - self.heads) * self.OM).astype(int)
        tol = n("staffing.tolerated_share")
        base = np.maximum(positions, (1 + n("staffing.tolerance")) * self.wanted)
        excess = np.maximum(0, self.heads - base - (tol * base if tol > 0 else 0.5))
        out = self.sq[self.s_m]
        over = n("staffing.excess") == "over_tick"
        def net(e, L):
            return np.where(L > e, e * e / np.maximum(2 * L, 1e-12), e - L / 2) if over else e
        fire = prob(1 / n("staffing.notice"))
        self.notice = np.where(self.heads > 0, net(excess, out * self.heads) * fire / np.maximum(1, self.heads), 0)
        e = self.e
        ex = np.maximum(0, e - (1 + tol) * p)
        self.e_out = out * e + fire * net(ex, out * e)
        self.e_gap = np.maximum(0, p - e)

    def separate_and_hire(self, t):
        """7.9: separations, search, hires; places on courses are none in the baseline."""
        n, rng = self.n, self.rng
        st = self.status.copy()
        m, s, o = self.p_m, self.site, self.p_o
        u = rng.random(self.people)
        E = st == AT_WORK
        ss = np.where(E, s, 0)
        notice = np.where(E, self.notice[ss, o], 0)
        dismissal = prob(n.each("risk.dismissal", REGIMES))[self.regime[self.p_r]]
        dismissed = np.where(E & self.refuses & (self.asked_at == s) & self.films[ss], dismissal, 0)
        a1 = self.sep[m]
        a2 = a1 + self.quits[m]
        lose, quit_ = E & (u < a1), E & (u >= a1) & (u < a2)
        told = E & (u >= a2) & (u < a2 + notice)
        thrown = E & (u >= a2 + notice) & (u < a2 + notice + dismissed)
        absorbed_m = np.bincount(self.s_m[self.OM], self.absorbed[self.OM], self.M) / self.W
        O0 = self.O_base * self.n_grow + n("labour.new_tasks") * absorbed_m
        n_out = np.bincount(m[st == OUTSIDE], minlength=self.M)
        n_un = np.bincount(m[st == JOBLESS], minlength=self.M)
        f_out = self.f_out * (O0 / np.maximum(1, n_out)) ** n("labour.outside_congestion")
        S = n_un + self.xi * n_out
        V = np.bincount(self.s_m[self.OM], self.vacancies[self.OM], self.M)
        mu = n("labour.matching_elasticity")
        hires = np.minimum(V, self.M0 * (S / self.S0) ** mu * (V / self.V0) ** (1 - mu))
        f_in = np.where(S > 0, hires / np.maximum(S, 1e-9), 0)
        helped = t - self.course_at >= n("labour.course_lag")
        boost = 1 + n("labour.course_effect") * (helped & (self.course_at > -10 ** 5))
        U, O = st == JOBLESS, st == OUTSIDE
        hire_p = np.where(U, f_in[m], np.where(O, self.xi[m] * f_in[m], 0))
        hire = (U | O) & (u < hire_p)
        away = U & ~hire & (u < hire_p + np.minimum(1, f_out[m] * boost))
        lose_out = O & ~hire & (u < hire_p + self.sep[m])
        # who moves
        into_U = lose | told | thrown | lose_out
        for who, new in ((into_U, JOBLESS), (quit_ | away, OUTSIDE)):
            self.status[who], self.since[who], self.site[who] = new, t, -1
        cov = rng.random(self.people) < self.cover[self.p_r]
        self.covered = np.where(into_U, cov, self.covered & ~(quit_ | away))
        # notice counts as displacement as long as the crew's displaced stay within the work absorbed
        self.displaced_week = np.zeros(self.M)
        rows = np.flatnonzero(told)
        for i in rows:
            a, b = s[i], o[i]
            if (self.displaced[a, b] + 1) * self.W[m[i]] <= self.absorbed[a, b] + 1e-9:
                self.displaced[a, b] += 1
                self.displaced_week[m[i]] += self.W[m[i]]
                self.hurt_at[i], self.hurt_kind[i] = t, 2 if self.s_org[a] else 1
        self.told_week = told.sum()
        self.displaced_total += self.displaced_week
        # hires
        filled = np.zeros(self.M)
        order = rng.permutation(np.flatnonzero(hire))
        crews = self.vacancies
        for k in np.unique(m[order]):
            who = order[m[order] == k]
            at = self.groups[self.m_r[k]][O_TYPE[self.m_o[k]]]
            posts = np.repeat(at, crews[at, self.m_o[k]])
            take = rng.permutation(posts)[:len(who)]
            who = who[:len(take)]
            self.status[who], self.since[who], self.site[who] = AT_WORK, t, take
            self.covered[who] = False
            filled[k] = len(who)
        self.filled = np.where(V > 0, filled / np.maximum(1, V), 0)
        self.hired_week = filled * self.W
        self.e = np.maximum(0, self.e + self.filled[self.s_m] * self.e_gap - self.e_out) * self.OM
        if n("law.royalty_portable") != "true":
            self.claim[lose | quit_ | told | thrown] = 0
        self.market_skill()

    def move_wages(self, t):
        """7.10."""
        n = self.n
        U = np.bincount(self.p_m[self.status == JOBLESS], minlength=self.M)
        LF = np.bincount(self.p_m[self.status != GONE], minlength=self.M)
        u = np.maximum(U, 0.5) / np.maximum(1, LF)
        self.smooth_u += half_life(n("wages.unemployment_half_life")) * (u - self.smooth_u)
        old = self.trend.copy()
        if t >= 0 and self.moving:
            g, f, h = n.by_region("wages.growth"), n("wages.growth_floor"), n("wages.growth_half_life")
            T = t + 1
            self.trend = np.exp(f * T + (g - f) * h / np.log(2) * (1 - 2 ** (-T / h)))
        tr = self.trend[self.m_r]
        self.w_ref = self.w0 * tr
        ln = np.log(self.wage)
        ln += (1 - np.exp(-n("wages.speed"))) * (np.log(self.w_ref / tr * old[self.m_r]) + n("wages.curve") * np.log(self.smooth_u / self.u0) - ln)
        ln += np.log(tr / old[self.m_r])
        self.wage = np.maximum(np.exp(ln), self.minimum[self.m_r] * tr)

    # ------------------------------------------------------------------------------------------ phase 13: settlement
    def scar(self, t):
        """7.9: the part of pay that a displacement takes, fading with a half-life."""
        n = self.n
        out = np.zeros(self.people)
        at = np.flatnonzero(self.hurt_kind > 0)
        if len(at):
            org, r = self.hurt_kind[at] == 2, self.p_r[at]
            top = np.where(org, n.by_region("people.scar_organised")[r], n("people.scar_gig"))
            low = np.where(org, n.by_region("people.scar_organised_permanent")[r], n("people.scar_gig_permanent"))
            speed = 1 + n("labour.course_effect") * (t - self.course_at[at] >= n("labour.course_lag")) * (self.course_at[at] > -10 ** 5)
            out[at] = low + (top - low) * 2 ** (-(t - self.hurt_at[at]) * speed / n("people.scar_half_life"))
        return out

    def settle_trade(self, t):
        """7.11, "Firms"."""
        n, b, r = self.n, self.books, self.s_r
        I, y = np.arange(self.S), n("capture.accepted")
        m = self.matched()[r][:, None]
        done = self.done_r + self.done_h
        sales = (m * self.P * done * self.JM).sum(1)
        f = self.s_t == 0
        for k in range(self.R):
            share = np.where(f, self.tradeS[r, k], (r == k).astype(float))
            b.pay("sales", "rest", np.full(self.S, k), "site", I, sales * share)
        self.sales = sales
        cell = lambda x: (x * self.JM).sum(1)
        b.pay("non-labour cost", "site", I, "rest", r, cell(m * self.non_labour * self.done_h))
        b.pay("other cost", "site", I, "rest", r, cell(m * self.other * done))
        price = self.robot_prices()[r]
        b.pay("maintenance", "site", I, "rest", r, (self.c_maint * price * self.fleet).sum(1))
        b.pay("energy", "site", I, "rest", r, cell(self.energy_unit * self.tries))
        lic = self.lic_unit * self.done_r * self.JM
        royal = np.zeros(self.L)
        sub_of = np.zeros((self.S, 4, self.L))
        for c in range(4):
            sub_of[:, c, :] = self.lab_share[r][:, C_JOBS[c], :].mean(1)
        for l in range(self.L):
            part = (lic * self.lab_share[r, :, l])
            b.pay("licences", "site", I, "lab", np.full(self.S, l), part.sum(1))
            royal[l] = part.sum()
            b.pay("subscriptions", "site", I, "lab", np.full(self.S, l), (self.c_sub * self.fleet * sub_of[:, :, l]).sum(1))
        self.lic_week = royal
        self.lic_family = np.stack([np.stack([(lic[:, J_FAM == k].sum(1)[:, None] * 1).sum() * np.ones(1) for k in range(5)], 1)[0]])
        watched = np.zeros((self.S, 4))
        for c in range(4):
            watched[:, c] = np.where(self.JM[:, C_JOBS[c]], self.supervision[:, C_JOBS[c]], 0).max(1)
        bought = np.minimum(self.fleet, self.fleet0) if n("robots.supervisors") == "crew" else self.fleet
        b.pay("supervision", "site", I, "rest", r, (watched * bought).sum(1))
        for c in range(4):
            cost = price[:, c] * self.delivered[:, c]
            b.pay("robots", "site", I, "maker", np.full(self.S, c), cost)
            b.pay("robot tax", "site", I, "gov", r, cost * n.by_region("law.robot_tax")[r])
            b.pay("cost of making robots", "maker", [c], "rest", [self.c_home[c]], [n("robots.maker_cost") * cost.sum()])
        # footage
        l = np.maximum(self.recorded_for, 0)
        p, raw = self.price_of_hour(t), self.site_raw
        full = p * y * raw
        fee, passed = n("capture.site_fee") * full, self.site_offer * raw
        b.pay("site fees", "lab", l, "site", I, fee)
        b.pay("capture pay passed on", "lab", l, "site", I, passed)
        b.pay("vendor", "lab", l, "rest", r, np.maximum(0, full - fee - passed))
        b.pay("quality control", "lab", l, "rest", self.l_home[l], n("capture.quality_control") * full)
        b.pay("compute", "lab", l, "rest", self.l_home[l], n("capture.compute") * full)
        b.pay("data levy", "lab", l, "gov", r, n.by_region("law.data_levy")[r] * y * raw)
        b.pay("data export fee", "lab", l, "gov", r, np.where(self.l_home[l] != r, n.by_region("law.data_export_fee")[r], 0) * y * raw)
        a = self.accept
        filmed = np.bincount(self.site_then, (self.hours_filmed[a] > 0) * self.W[self.p_m[a]], self.S)
        b.pay("cameras", "site", I, "rest", r, filmed * n("capture.camera") / n("capture.camera_life"))

    def pool_royalties(self, t):
        """7.11, "Royalties": nothing where every rate is zero."""
        n, b = self.n, self.books
        self.royalty = np.zeros(self.people)
        self.lic_year.append(self.lic_week.copy())
        if t == -1 or (t < 0 and self.lic_year):
            self.lic_start = np.mean(self.lic_year[-52:], axis=0)
        if not self.royalty_rate.any() or t < 0:
            return
        claims = np.bincount(self.p_m, self.claim * self.W[self.p_m], self.M)
        acc = self.credit_acc.sum(0)
        live = np.where(acc > 0, np.minimum(1, claims / np.maximum(acc, 1e-9)), 0)
        due = np.zeros((self.L, self.M))
        lic = np.zeros((self.R, 7))
        np.add.at(lic, self.s_r, self.lic_unit * self.done_r * self.JM)
        for l in range(self.L):
            income = lic * self.lab_share[:, :, l]
            for k in range(5):
                part = self.diversity[l] * self.credit[l] * self.T[self.m_o, k] / self.D[l, k]
                due[l] += income[:, J_FAM == k].sum() * part
        due *= (self.royalty_rate[self.m_r] * live)[None, :]
        L = np.arange(self.L)
        cost = n("law.royalty_collection_cost")
        b.pay("royalties due", "lab", L, "fund", L, due.sum(1))
        b.pay("cost of collecting", "fund", L, "rest", self.l_home, cost * due.sum(1))
        basis = n("law.royalty_basis")
        here = self.status != GONE
        key = {"hours": self.claim, "quality_hours": self.claim * self.skill, "equal": self.claim > 0, "collective": here}[basis] * here * 1.0
        total = np.bincount(self.p_m, key * self.W[self.p_m], self.M)
        shared = (1 - cost) * due * (total > 0)
        for l in range(self.L):
            b.pay("royalties", "fund", np.full(self.M, l), "worker", np.arange(self.M), shared[l])
        pot = shared.sum(0)
        self.royalty = key * (pot / np.maximum(total, 1e-9))[self.p_m]
        self.royalty_smooth += half_life(26) * (pot - self.royalty_smooth)
        if t % 13 == 0:
            self.claim *= np.exp(-13 / n("law.royalty_duration"))

    def fill_wallets(self, t):
        """7.11, "Wallets"; wages and taxes on them."""
        n, b = self.n, self.books
        m, r, st, W = self.p_m, self.p_r, self.status, self.W[self.p_m]
        scar = self.scar(t)
        E, O, U = st == AT_WORK, st == OUTSIDE, st == JOBLESS
        pay_in = np.where(E, self.wage[m] * self.skill * (1 - scar), 0)
        out_wage = n("labour.outside_wage") * self.w_ref[6 * r]
        pay_out = np.where(O, out_wage * (1 - scar), 0)
        s = np.where(E, self.site, 0)
        cells = np.bincount(s * self.M + m, pay_in * W, self.S * self.M).reshape(self.S, self.M)
        si, mi = np.nonzero(cells)
        w = cells[si, mi]
        b.pay("wages", "site", si, "worker", mi, w)
        b.pay("payroll tax", "site", si, "gov", self.s_r[si], w * self.payroll[mi])
        b.pay("benefits", "site", si, "rest", self.s_r[si], w * self.benefits[mi])
        M = np.arange(self.M)
        by = lambda x: np.bincount(m, x * W, self.M)
        b.pay("wages outside", "rest", self.m_r, "worker", M, by(pay_out))
        tax = (pay_in + pay_out) * self.income_tax[r]
        b.pay("income tax", "worker", M, "gov", self.m_r, by(tax))
        ok = U & self.covered & (t - self.since < self.insured[r])
        ins = np.where(ok, self.replacement[r] * self.wage[m] * self.skill * (1 - scar), 0)
        b.pay("insurance", "gov", self.m_r, "worker", M, by(ins))
        cap = self.hours_filmed * 0
        a = self.accept
        cap[a] = self.hours_filmed[a] * self.site_offer[self.site_then]
        sc = np.bincount(self.site_then * self.M + m[a], cap[a] * W[a], self.S * self.M).reshape(self.S, self.M)
        si, mi = np.nonzero(sc)
        b.pay("capture pay", "site", si, "worker", mi, sc[si, mi])
        income = pay_in + pay_out - tax + ins + cap + self.royalty
        here = st != GONE
        c_y, c_w = n("settlement.consume_income"), n("settlement.consume_wealth")
        part = 1 - np.exp(-c_w)
        bb = 1 - (1 - c_y) * part / c_w
        use = np.minimum(self.wallet + income, np.maximum(bb * income + part * self.wallet, n("settlement.subsistence") * self.wage[m]))
        use = np.where(here, np.maximum(0, use), 0)
        gone_cap = ~here & (income > 0)
        self.wallet = self.wallet + income - use
        if gone_cap.any():
            use = np.where(gone_cap, self.wallet, use)
            self.wallet[gone_cap] = 0
        b.pay("consumption", "worker", M, "rest", self.m_r, by(use))
        self.consumed = np.bincount(self.m_r, by(use), self.R)
        if t < 0:
            old = self.cons_smooth if self.cons_smooth is not None else self.consumed
            self.cons_smooth = old + half_life(13) * (self.consumed - old)
        elif self.cons_base is None:
            self.cons_base = self.cons_smooth if self.cons_smooth is not None else self.consumed
        om = n("demand.omega")
        if t >= 0:
            self.index = self.consumed / (self.cons_base)
            self.kappa = 1 - om + om * self.index

    def pay_owners(self, t):
        """7.11, "Owners"."""
        n, b = self.n, self.books
        a = half_life(13)
        for kind, home, weeks in (("site", self.s_r, n("sites.cash_buffer")), ("lab", self.l_home, n("settlement.lab_buffer")), ("maker", self.c_home, 4)):
            I = np.arange(len(home))
            got, paid = b.seen[kind]["in"].copy(), b.seen[kind]["out"].copy()
            profit = got - paid
            base = profit - self.losses[kind]
            self.losses[kind] = np.maximum(0, -base)
            b.pay("corporate tax of " + kind, kind, I, "gov", home, np.maximum(0, base) * self.corporate[home])
            self.cost_smooth[kind] = self.cost_smooth[kind] + a * (paid - self.cost_smooth[kind])
            extra = b.cash[kind] - weeks * self.cost_smooth[kind]
            out = np.maximum(0, extra) * prob(n("settlement.payout"))
            short = np.maximum(0, -b.cash[kind])
            for k in range(self.R):
                b.pay("dividends of " + kind, kind, I, "rest", np.full(len(I), k), out * self.owners[home, k])
                b.pay("owners' money for " + kind, "rest", np.full(len(I), k), kind, I, short * self.owners[home, k])

    def settle_public(self, t):
        """7.11, "Public sector"."""
        n, b = self.n, self.books
        I = np.arange(self.R)
        extra = np.maximum(0, b.cash["gov"] - self.gov0)
        b.pay("public purchases", "gov", I, "rest", I, extra)
        gap = (b.cash["rest"] - self.rest_share * b.cash["rest"].sum()) * prob(n("settlement.capital_account"))
        give, take = np.maximum(0, gap), np.maximum(0, -gap)
        if give.sum() > 0:
            for k in range(self.R):
                b.pay("capital account", "rest", I, "rest", np.full(self.R, k), give * take[k] / take.sum())

    def audit(self, t):
        """"Identities": money, people, jobs, robots, trade."""
        total = self.books.sum()
        assert abs(total / self.books.total - 1) < 1e-9, f"money was created or destroyed in week {t}: {total - self.books.total}"
        by = np.bincount(self.p_m, self.wallet * self.W[self.p_m], self.M)
        assert np.allclose(by, self.books.cash["worker"], rtol=1e-6, atol=1.0), f"wallets and account differ in week {t}"
        assert np.allclose(self.tradeS.sum(1), 1) and (self.backlog > -1e-3).all() and (self.waiting > -1e-6).all()
        assert np.isfinite(self.cost).all() and np.isfinite(self.wage).all()

    # --------------------------------------------------------------------------------------------- the week, section 3
    def week(self, t):
        self.books.close()
        self.books.kinds = {}
        self.leave_and_enter(t)
        self.market_skill()
        self.update_fear()
        self.review_stance(t)
        self.site_then = self.site[self.accept].copy()
        self.set_intensity(t)
        self.record_hours(t)
        self.adjust_programme(t)
        self.learn(t)
        self.set_prices(t)
        self.move_trade(t)
        self.receive_jobs(t)
        self.add_up_gains(t)
        self.do_jobs(t)
        self.age_robots(t)
        self.compare_costs()
        if -52 <= t < 0:
            done = self.done_h + self.done_r
            self.sum_c += np.where(done > 0, self.cost * done, 0)
            self.sum_jobs += done
        self.order_robots(t)
        self.deliver_robots(t)
        if t == -1:
            self.value_hours()
        self.plan_staff(t)
        self.separate_and_hire(t)
        self.move_wages(t)
        self.settle_trade(t)
        self.pool_royalties(t)
        self.fill_wallets(t)
        self.pay_owners(t)
        self.settle_public(t)
        self.audit(t)
        self.observe(t)

    def observe(self, t):
        """The indicators that dock.py compares, by region, under the program's names."""
        if t < 0:
            return
        W, st, R = self.W[self.p_m], self.status, self.R
        by = lambda mask: np.bincount(self.p_r, W * mask, R)
        out = {"employed": by(st == AT_WORK), "unemployed": by(st == JOBLESS), "outside": by(st == OUTSIDE)}
        out["vacancies"] = np.bincount(self.m_r, np.bincount(self.s_m[self.OM], self.vacancies[self.OM], self.M) * self.W, R)
        out["hires"] = np.bincount(self.m_r, self.hired_week, R)
        out["displaced_total"] = np.bincount(self.m_r, self.displaced_total, R)
        out["absorbed"] = np.bincount(self.s_r, self.absorbed.sum(1), R)
        site = lambda x: np.bincount(self.s_r, x, R)
        out["raw_hours"], out["filming_sites"] = site(self.site_raw), site(self.films)
        out["capture_pay_received"] = site(self.site_raw * self.site_offer)
        out["licence_revenue"] = site((self.lic_unit * self.done_r * self.JM).sum(1))
        out["subscription_revenue"] = site((self.c_sub * self.fleet).sum(1))
        out["consumption"] = self.consumed
        out["demand_index"] = self.kappa
        out["buyers_gain"] = self.gain_rate
        out["unemployment_rate"] = out["unemployed"] / (out["employed"] + out["unemployed"] + out["outside"])
        for c, k in enumerate(CLASSES):
            out["fleet/" + k] = site(self.fleet[:, c])
            out["robot_price/" + k] = self.robot_prices()[:, c]
        for i, o in enumerate(OCC):
            out["wage/" + o] = self.wage.reshape(R, 6)[:, i] * YEAR / 12
        for j, k in enumerate(JOBS):
            out["arrivals/" + k], out["done_by_robots/" + k] = site(self.arrivals[:, j]), site(self.done_r[:, j])
            out["done_by_people/" + k], out["backlog/" + k] = site(self.done_h[:, j]), site(self.backlog[:, j])
            out["feasible_share/" + k] = self.F[:, j]
            wt = self.done_h[:, j] + self.done_r[:, j]
            for name, x in (("unit_cost", self.cost), ("price", self.P), ("cost_by_hand", self.hand_cost), ("cost_by_robot", self.robot_cost)):
                out[f"{name}/{k}"] = site(wt * x[:, j]) / np.maximum(site(wt), 1e-9)
        for k, fam in enumerate(FAMILIES):
            home = np.full(R, np.nan)
            home[self.l_home] = self.D[:, k]
            out["effective_hours/" + fam] = home
        sw = np.bincount(self.site_then, self.W[self.p_m[self.accept]], self.S)
        mean = lambda x: site(x * sw) / np.maximum(site(sw), 1e-9)
        out["hour_worth"], out["hour_cost"], out["capture_pay"] = mean(self.site_worth), mean(self.hour_cost(t)), mean(self.site_offer)
        out["news_left"] = mean(self.site_news)
        out["filmed_workers"] = site(sw)
        self.record.append({k: np.array(v) for k, v in out.items()})

    def run(self, years, report=None):
        for t in range(-self.spin_up, int(years * 52)):
            self.week(t)
            if report and t % 52 == 0:
                report(t)
        return self


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("scenario")
    a.add_argument("--handover", default="handover", help="the program, asked only for the resolved numbers")
    a.add_argument("--set", action="append", default=[])
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--years", type=float)
    args = a.parse_args()
    numbers = Numbers.read(args.handover, args.scenario, args.set)
    began = time.time()
    w = World(numbers, args.seed).run(args.years or numbers("run.years"))
    out = {}
    for when, rec in (("first", w.record[:4]), ("last", w.record[-4:])):
        out[when] = {k: dict(zip(numbers.regions, np.round(np.mean([r[k] for r in rec], 0), 6).tolist()))
                     for k in rec[0] if np.ndim(rec[0][k]) == 1 and len(rec[0][k]) == w.R}
    out["seconds"] = time.time() - began
    json.dump(out, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
