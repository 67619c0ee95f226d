"""The first week of reference.py: section 5 of docs/model.md, the numbers of a scenario, and the books."""
import re, subprocess
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


class Founding:
    """Sections 5 and 2: what the world is made of before its first week."""

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
        c = lambda part: np.array([n(f"robots.class.{k}.{part}") for k in CLASSES])
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
                k = int(max(1, min(k, self.E0[occ].sum() // (len(occ) * n("sites.least_crew")))))
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
        self.appetite, self.site_appetite = np.ones((self.S, 6)), np.ones(self.S)
        self.site_worth = np.zeros(self.S)
        self.lic_year = []
        self.royalty_smooth = np.zeros(self.M)
        self.value_hours()
        self.lic_start = 0.0
        self.raw_total = self.acc_total = 0.0

    def join(self, s, l):
        """A site films for a lab; one that filmed before offers what it offered then, if that is more."""
        self.films[s], self.lab[s] = True, l
        self.offer[s] = self.first_offer(s)

    def first_offer(self, s):
        first = self.n.each("capture.first_offer", REGIMES)[self.regime[self.s_r[s]]]
        return max(self.offer[s], first, self.n.by_region("law.least_capture_pay")[self.s_r[s]])

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
