"""The first week of the second program: sections 2 and 5 of docs/model.md, the numbers of a scenario, the accounts."""

import re
import subprocess
from itertools import product
from statistics import NormalDist

import numpy as np

# Section 2, the closed lists. A kind of job: at which type of site, who does it by hand, task family, robot class
KINDS = {
    "assembly": ("factory", "assembler", "assembly", "manipulator"),
    "machine_tending": ("factory", "operator", "machining", "manipulator"),
    "tool_and_die_work": ("factory", "tool_and_die", "toolmaking", "manipulator"),
    "material_handling": ("factory", "helper", "handling", "amr"),
    "picking": ("warehouse", "picker", "handling", "amr"),
    "station_leg": ("depot", "courier", "handling", "van"),
    "doorstep": ("depot", "courier", "handover", "sidewalk"),
}
TYPES, OCC, FAMILIES, CLASSES = LISTS = [list(dict.fromkeys(column)) for column in zip(*KINDS.values(), strict=True)]
J_TYPE, J_OCC, J_FAM, J_CLASS = (np.array([words.index(k[i]) for k in KINDS.values()]) for i, words in enumerate(LISTS))
O_TYPE = np.array([J_TYPE[J_OCC == o][0] for o in range(6)])
O_FAM = np.array([J_FAM[J_OCC == o][-1] for o in range(6)])  # the family that an occupation's hours teach
# x[.., kind] @ TO_OCC adds up the kinds of an occupation, and so for families and classes
TO_OCC, TO_FAM, TO_CLASS = np.eye(6)[J_OCC], np.eye(5)[J_FAM], np.eye(4)[J_CLASS]
ON_STREET, INDOORS = J_TYPE == TYPES.index("depot"), J_TYPE != TYPES.index("depot")
REGIMES = ["none", "notice", "consent", "bargaining", "ban"]
AT_WORK, JOBLESS, OUTSIDE, GONE = range(4)
NEVER = -(10**6)  # the founding, before the spin-up
# The columns of a worker (section 2) as they are in an empty place; `drawn_at`: site by which it was drawn who is asked
BLANK = dict(since=0, site=-1, wallet=0.0, drawn_at=-1, asked=False, decided=False, refuses=False, covered=False)
YEAR = 52.0
quantile = np.vectorize(NormalDist().inv_cdf)


def half_life(h):
    """Part of a gap that closes in a week."""
    return 1.0 - 0.5 ** (1.0 / h)


def prob(hazard):
    """Section 1: a hazard a week as a probability."""
    return 1.0 - np.exp(-hazard)


def ratio(a, b, where_none=0.0):
    """a / b, and a given value where b is nothing."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    return np.divide(a, b, out=np.full(a.shape, float(where_none)), where=b > 0)


def fading(start, floor, h, years):
    """Section 7.5 and others: an index whose growth a year fades from `start` to `floor`; both count as ln(1 + g)."""
    g, f = np.log1p(start), np.log1p(floor)
    return np.exp(f * years + (g - f) * h / np.log(2) * (1 - 2 ** (-years / h)))


def split(total, weights, draw):
    """Section 5: whole numbers by weight that add up to `total`; one draw decides who gets the odd ones."""
    edges = np.floor(np.append(np.cumsum(weights)[:-1] / np.sum(weights), 1) * total + draw).clip(0, total)
    return np.diff(edges, prepend=0).astype(int)


class Numbers:
    """The scenario as resolved, in weeks, hours and dollars, by the names of its TOML file (`handover explain`)."""

    def __init__(self, handover, scenario, sets=()):
        command = [handover, "explain", scenario] + [word for s in sets for word in ("--set", s)]
        self.d, self.tables = {}, {}
        for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
            card = re.match(r"^(\S.*?)\s{2,}(?:[ABC]\s{2}|\s+)?(\S.*?)\s+\(", line)
            if card:
                value = card.group(2).rsplit(" = ", 1)[-1]
                number = re.match(r"^-?\d[\d_]*\.?\d*(?:e[-+]?\d+)?(?= |$)", value)
                self.d[card.group(1)] = float(number.group(0)) if number else value
        self.regions = self.names("world.regions")

    def __call__(self, key):
        return self.d[key]

    def names(self, key):
        return [word.strip() for word in self.d[key].split(",")]

    def table(self, key, *lists):
        """An array over lists of names; the file may give one value for all, or by some of the lists."""
        at = (key, *map(tuple, lists))
        if at not in self.tables:
            found = []
            for words in product(*lists):
                parts = product(*([f".{word}", ""] for word in words))
                found.append(next(self.d[key + "".join(p)] for p in parts if key + "".join(p) in self.d))
            self.tables[at] = np.array(found).reshape([len(x) for x in lists])
        return self.tables[at]

    def by(self, key, words=None):
        """[region], or [region, word]."""
        return self.table(key, self.regions) if words is None else self.table(key, words, self.regions).T

    def of_classes(self, part):
        return np.array([self.d[f"robots.class.{c}.{part}"] for c in CLASSES])

    def class_by_region(self, part):
        return np.stack([self.by(f"robots.class.{c}.{part}") for c in CLASSES], 1)


class Founding:
    """Section 5: what the world is made of before its first week."""

    # ------------------------------------------------------------------------------------------ heads, sites and people
    def found_heads(self):
        """Section 5, "Heads": from rounded heads follow the flows that keep the first week as it is."""
        n = self.n
        self.R, self.M = len(n.regions), 6 * len(n.regions)
        self.W, self.A = n("run.persons_per_agent"), n("run.robots_per_agent")
        self.m_r, self.m_o = np.repeat(np.arange(self.R), 6), np.tile(np.arange(6), self.R)
        market = lambda key: n.by(key, OCC).reshape(-1)
        made = n.by("labour.manufacturing") * n.by("labour.production_share")
        made = made[:, None] * n.by("labour.factory_mix", OCC[:4])
        persons = np.column_stack([made, n.by("labour.pickers"), n.by("labour.couriers")]).reshape(-1)
        u0, find = market("labour.unemployment"), prob(market("labour.job_finding"))
        self.quit, self.leaving = prob(market("labour.quits")), prob(n("demography.leaving"))
        self.E0 = E = np.rint(persons / self.W)
        self.O0 = out = np.rint(market("labour.outside_ratio") * E)
        self.U0 = U = np.rint(u0 / (1 - u0) * (E + out))
        self.N0 = E + U + out
        self.sep = np.maximum(0, find * U / (E + out) - self.leaving)
        self.go = self.sep + self.quit + self.leaving  # all who leave a job by themselves
        self.find_in = find * E / (E + out)
        self.find_out, self.xi = find - self.find_in, self.quit * E / (self.find_in * out)
        self.M0, self.S0 = self.go * E, U + self.xi * out
        self.V0, self.vacant = self.M0 * n("labour.vacancy_length"), self.go * n("labour.vacancy_length")
        self.smooth_u = self.u0 = np.maximum(U, 0.5) / self.N0
        self.wage = self.w0 = self.w_ref = market("labour.wage")
        payroll = np.repeat(n.by("law.payroll_tax")[:, None], 6, 1)
        payroll[:, OCC.index("courier")] = n.by("law.payroll_tax_couriers")
        self.payroll, self.benefits = payroll.reshape(-1), market("labour.benefits")
        self.trend = self.matched = np.ones(self.R)

    def years(self, t):
        """Years since the start by which trends have moved: none before it, nor where technology stands still."""
        return max(t, 0) / YEAR if self.moving else 0.0

    def strata(self, k):
        """Section 5, "Buyers": the midpoints of k equal strata in a random order."""
        return (self.rng.permutation(k) + 0.5) / k

    def found_sites(self):
        """Section 5, "Sites", "Robots" and "Buyers", and 7.7, "Wages of sites": region by region, type by type."""
        n, rng = self.n, self.rng
        self.groups, parts, S = [], [], 0
        for r, t in product(range(self.R), range(3)):
            occ = np.flatnonzero(O_TYPE == t)
            agents = self.E0[6 * r + occ].sum()
            k = np.clip(round(agents * self.W / n("sites.persons_per_site")), n("sites.fewest"), n("sites.most"))
            k = int(max(1, min(k, agents // (len(occ) * n("sites.least_crew")))))
            size = np.exp(n("sites.size_sigma") * rng.standard_normal(k))
            crew, fleet = np.zeros((k, 6), int), np.zeros((k, 4), int)
            for o in occ:
                crew[:, o] = split(self.E0[6 * r + o], size, rng.random())
            organised = self.strata(k) < n.by("labour.organised", TYPES)[r, t]
            level = np.exp(n("sites.wage_sigma") * quantile(self.strata(k)))
            level *= np.where(organised, n("sites.organised_wage"), 1)
            for c in np.unique(J_CLASS[J_TYPE == t]):
                if (TYPES[t], CLASSES[c]) != ("factory", "amr"):  # mobile robots of the start are in warehouses
                    largest = np.argsort(-size)[: max(1, round(n.of_classes("sites_at_start")[c] * k))]
                    robots = round(n.class_by_region("fleet_at_start")[r, c] / self.A)
                    fleet[largest, c] = split(robots, size[largest], 0.5)
            aware = np.stack([-np.log(1 - self.strata(k)) for _ in CLASSES], 1)
            hurdle = np.stack([np.exp(n("robots.hurdle_sigma") * quantile(self.strata(k))) for _ in CLASSES], 1)
            hurdle *= n("robots.hurdle") * n.by("robots.hurdle_factor")[r]
            level /= (level * crew.sum(1)).sum() / crew.sum()
            self.groups.append(np.arange(S, S + k))
            S += k
            parts.append((np.full(k, r), np.full(k, t), size, crew, level, fleet, aware, hurdle))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self.s_r, self.s_t, self.size, self.crew0, self.level = columns[:5]
        self.fleet0, self.threshold, self.hurdle = columns[5:]
        self.S, self.sites = S, np.arange(S)
        self.s_m, self.j_m = 6 * self.s_r[:, None] + np.arange(6), 6 * self.s_r[:, None] + J_OCC
        self.JM, self.OM = J_TYPE == self.s_t[:, None], O_TYPE == self.s_t[:, None]  # kinds, and crews, of a site
        self.RS = np.eye(self.R)[:, self.s_r]  # RS @ x adds up the sites of each region
        self.H = n.by("labour.weekly_hours")[self.s_r][:, None]
        self.e = self.wanted = self.crew0.astype(float)
        self.pos_draw, self.order_draw = rng.random((S, 6)), rng.random((S, 4))
        self.displaced, self.displaced_total = np.zeros((S, 6)), np.zeros(self.M)
        self.filled, self.drag = np.zeros(self.M), np.zeros(S)

    def people_of(self, t):
        """7.9a: N(t) of each market."""
        growth = np.repeat(self.n.by("demography.growth"), 6) * YEAR
        h = self.n("demography.growth_half_life") / YEAR
        return np.floor(self.N0 * fading(growth, 0, h, self.years(t)) + 0.5)

    def found_people(self):
        """Section 5, "Wallets"; section 2, the columns of a worker; 7.9a, places for those who will enter."""
        n, rng = self.n, self.rng
        room = np.maximum(self.N0, self.people_of(1e9)).astype(int)
        first = np.cumsum(room) - room
        self.rows = P = room.sum()
        self.p_m = np.repeat(np.arange(self.M), room)
        self.p_r, self.p_o = self.m_r[self.p_m], self.m_o[self.p_m]
        for name, value in BLANK.items():
            setattr(self, name, np.full(P, value))
        self.status, self.z, self.chooser = np.full(P, GONE), rng.standard_normal(P), rng.random(P)
        place = np.arange(P) - first[self.p_m]
        for status, upto in ((OUTSIDE, self.N0), (JOBLESS, self.E0 + self.U0), (AT_WORK, self.E0)):
            self.status[place < upto[self.p_m]] = status
        for m in range(self.M):
            crews = self.crew0[:, self.m_o[m]] * (self.s_r == self.m_r[m])
            self.site[first[m] : first[m] + crews.sum()] = np.repeat(self.sites, crews)
        self.skilled()
        self.covered = (self.status == JOBLESS) & (rng.random(P) < n.by("law.insurance_cover")[self.p_r])
        self.found_wallets()
        self.count_crews()

    def found_wallets(self):
        """Section 5, "Wallets": where the rule of consumption has led over the spell behind a worker."""
        n, rng, m, r, c_w = self.n, self.rng, self.p_m, self.p_r, prob(self.n("settlement.consume_wealth"))
        works, jobless = self.status == AT_WORK, self.status == JOBLESS
        spell = lambda leave: np.floor(np.log(rng.random(self.rows)) / np.log(1 - leave))
        rest = lambda pay: (1 - n("settlement.consume_income")) / n("settlement.consume_wealth") * pay
        net = 1 - n.by("law.income_tax")[r]
        inside, outside = rest(net * self.w0[m] * self.skill), rest(net * n("labour.outside_wage") * self.w0[6 * r])
        insured = self.covered * n.by("law.insurance_replacement")[r] * self.skill
        drawn = np.maximum(0, n("settlement.subsistence") - insured) * self.w0[m]
        own, other = np.where(works, inside, outside), np.where(works, outside, inside)
        finds, quits = np.where(works, self.find_in[m], self.find_out[m]) * self.U0[m], (self.quit * self.E0)[m]
        leaves = np.where(works, (self.sep + self.quit)[m], (self.sep + self.xi * self.find_in)[m])
        find = (self.find_in + self.find_out)[m]
        before = np.where(
            rng.random(self.rows) < finds / (finds + quits), np.maximum(0, inside - drawn * spell(find)), other
        )
        weeks = spell(np.where(jobless, find, leaves))
        self.since = np.where(jobless, -self.spin_up - weeks, -self.spin_up)
        rested = own + (before - own) * (1 - c_w) ** weeks
        self.wallet = np.where(jobless, np.maximum(0, inside - drawn * weeks), rested) * (self.status != GONE)

    def skilled(self):
        """7.2: the skill factor of a normal score; 7.4: who is in the top quarter."""
        sigma = self.n("people.skill_sigma")
        self.skill, self.top = np.exp(sigma * self.z - sigma**2 / 2), self.z >= quantile(0.75)

    def crews(self, rows, weight=None):
        """Adds up workers by site and occupation."""
        return np.bincount(self.site[rows] * 6 + self.p_o[rows], weight, self.S * 6).reshape(self.S, 6)

    def count_crews(self):
        """Heads and mean skill of crews and markets; 7.8, "Crews of a few agents": the hands a crew has."""
        at = np.flatnonzero(self.status == AT_WORK)
        self.heads, skills = self.crews(at), self.crews(at, self.skill[at])
        self.crew_skill = ratio(skills, self.heads)
        heads, skill, e = (self.of_markets(x) for x in (self.heads, skills, self.e))
        self.market_skill = ratio(skill, heads, 1)
        self.hands = self.e * ratio(skill, e)[self.s_m] * self.OM

    def of_markets(self, crews):
        """Adds up what sites have by crew over the sites of a market."""
        return (self.RS @ crews).reshape(-1)

    # --------------------------------------------------------------------------- what robots can do, jobs, and the rest
    def found_models(self):
        """7.3 and 7.4: the hours at the start, what robots can do with them, whose models they run on."""
        n = self.n
        self.labs = sorted({key.split(".")[2] for key in n.d if key.startswith("capture.labs.")})
        self.L = len(self.labs)
        self.l_share = np.array([n(f"capture.labs.{lab}.share") for lab in self.labs])
        self.l_home = np.array([n.regions.index(n(f"capture.labs.{lab}.home")) for lab in self.labs])
        self.collects = np.array([np.isin(n.regions, n.names(f"capture.labs.{lab}.collects")) for lab in self.labs])
        self.B1, b0, g = n("capture.budget"), n("capture.path.at_start"), n("capture.path.growth")
        stock = (
            self.B1
            * YEAR
            / (self.hour_cost(0.0, 0) * np.log(g))
            * np.log(self.B1 / (self.B1 - b0))
            * n("capture.accepted")
        )
        self.weight = n.table("capture.skill_weight", OCC)
        self.stock0 = self.l_share[:, None] * stock * n.table("capture.stock_mix", OCC) * self.weight
        self.stock = self.stock0.copy()
        self.credit, self.credit_top = np.zeros((self.L, 6)), np.zeros((self.L, 6))
        self.T = np.where(O_FAM[:, None] == np.arange(5), 1.0, n("learning.transfer"))  # [occupation, family]
        self.scale, self.E_inf = n.table("learning.scale", FAMILIES), n.table("learning.irreducible", FAMILIES)
        self.alpha, self.experts = n("learning.alpha"), n.table("learning.experts.part", FAMILIES)
        self.phi = 1 - NormalDist().cdf(quantile(0.75) - n("people.skill_sigma"))
        self.theta, self.uptime = n("learning.field_success"), n("robots.uptime")
        self.teaches = n.of_classes("supervised_hours") * n.table("learning.robot_hours", CLASSES)  # a robot-week
        taught = n.class_by_region("fleet_at_start").sum(0) * self.uptime * self.teaches * n("learning.taught_before")
        self.robot_hours = np.tile((taught / TO_CLASS.sum(0))[J_CLASS] @ TO_FAM / self.L, (self.L, 1))
        self.ever, self.sites_start = np.zeros((self.L, self.S), bool), np.ones(self.L)
        self.fleet, self.delivered = self.fleet0, np.zeros((self.S, 4))
        self.release_models(NEVER)
        self.E_start, self.lab_share = self.E_now, np.zeros((self.R, 7, self.L))
        self.license_robots(everybody=True)

    def found_demand(self):
        """Section 5, "Demand" and "Costs and prices"."""
        n = self.n
        station = n.by("demand.station_share")[self.s_r]
        time = np.ones((self.S, 7))  # part of a courier's time
        time[:, ON_STREET] = np.column_stack([station, 1 - station])
        self.util = n("sites.target_utilisation")
        hours = self.JM * time * (self.hands * self.util * self.H * self.W)[:, J_OCC]
        self.h0 = np.ones((self.R, 7))
        self.h0[:, INDOORS] = n.table("demand.hours_per_unit", np.array(list(KINDS))[INDOORS])
        doable, parcels = self.doable[self.s_r], n.by("demand.parcels")
        strength = (self.fleet * self.A)[:, J_CLASS] * self.uptime * self.JM * (doable > 0)
        for _ in range(60):  # parcels are given; hours per parcel follow from couriers' hours less what robots carry
            self.hpu = self.h0[self.s_r]
            by_hand = hours / self.hpu
            most = by_hand * doable / (1 - self.theta * doable)
            robots = self.theta * np.minimum(strength * self.units_a_week(), most)
            left = np.maximum(parcels[:, None] - self.RS @ robots, parcels[:, None] / 100)
            self.h0[:, ON_STREET] = ((self.RS @ hours) / left)[:, ON_STREET]
        self.base, self.robot_hours0 = by_hand + robots, robots * self.hpu * self.JM
        labour = self.labour_cost(self.w0)
        parcel = np.maximum(0, n.by("demand.human_cost_per_parcel")[self.s_r][:, None] * time - labour)
        share = n.table("sites.hand_cost_share", TYPES)[J_TYPE]
        self.non_labour = np.where(ON_STREET, parcel, labour * share)
        self.other = labour * n.table("sites.other_cost_share", TYPES)[J_TYPE]
        self.c0 = self.cost = labour / self.util + self.non_labour + self.other
        self.P0 = self.P = self.c0 * (1 + n("sites.margin"))
        sales = self.P0 * self.base * self.JM
        self.sales0 = sales.sum(1)
        self.b_jobs = ratio(sales, self.sales0[:, None])  # a kind's part of what a site sells
        self.of_group = np.zeros((self.R, 3, self.S))  # a site's part of what its region and type sells
        for i, g in enumerate(self.groups):
            self.of_group[i // 3, i % 3, g] = self.sales0[g] / self.sales0[g].sum()
        away = np.array([[n.d.get(f"trade.exports.{a}.{b}", 0.0) * (a != b) for b in n.regions] for a in n.regions])
        home = n.by("demand.home_share")
        self.sold = self.exports = np.diag(home) + away / away.sum(1)[:, None] * (1 - home)[:, None]
        flow = np.bincount(self.s_r, self.sales0 * (self.s_t == 0), self.R)[:, None] * self.exports
        self.bought = flow / flow.sum(0)
        self.p_site, self.lnq = np.ones(self.S), np.zeros((self.R, self.R))
        self.output, self.kappa, self.index_base = np.ones(self.R), np.ones(self.R), None
        self.response, self.dearer = self.JM * 1.0, np.ones((self.S, 7))
        self.done_h, self.done_r, self.backlog, self.watching0 = np.zeros((4, self.S, 7))
        self.sum_c, self.sum_jobs, self.gain = np.zeros((3, self.S, 7))
        self.fear, self.lead = np.zeros((self.S, 6)), n("demand.handling_time")

    def found_robots(self):
        """Section 5, "Robots": ages spread evenly over a life."""
        n, rng = self.n, self.rng
        self.life = n.of_classes("life").astype(int)
        self.ring = self.life.max() + 1
        self.born = np.zeros((self.S, 4, self.ring), int)  # by week of delivery, which comes round again
        for s, c in np.argwhere(self.fleet0):
            age = np.floor((np.arange(self.fleet0[s, c]) + rng.random()) / self.fleet0[s, c] * self.life[c])
            np.add.at(self.born[s, c], (-self.spin_up - age.astype(int)) % self.ring, 1)
        self.up = rng.binomial(self.fleet0, self.uptime)
        self.heard, self.adopted, self.plan = np.zeros((self.S, 4)), self.fleet0 > 0, self.fleet0.astype(float)
        self.capacity, self.begun, self.made = n.of_classes("capacity") / YEAR, np.zeros(4), n.of_classes("ever_made")

    def found_filming(self):
        """Section 5, "Filming"; 7.3 on sites for labs that would have too few people."""
        n, rng = self.n, self.rng
        self.films, self.lab, self.offer = np.zeros(self.S, bool), np.zeros(self.S, int), np.zeros(self.S)
        share = n.by("capture.filming_at_start") * n("capture.path.filming")
        for r in range(self.R):
            factories, who = self.groups[3 * r], np.flatnonzero(self.collects[:, r])
            left = share[r] * self.size[factories].sum()
            for s in rng.permutation(factories) if len(who) else ():
                if left <= 0 or rng.random() * self.size[s] >= left:
                    break
                left -= self.size[s]
                self.films[s] = True
                self.lab[s] = rng.choice(who, p=self.l_share[who] / self.l_share[who].sum())
        people = self.crew0.sum(1) * self.W
        bought = n("capture.path.at_start") * self.l_share / (self.hour_cost(0.0, 0) * n("capture.most_hours"))
        for lab in range(self.L):
            if people[self.films & (self.lab == lab)].sum() < 2 * bought[lab]:
                free = (self.s_t == 0) & ~self.films & self.collects[lab][self.s_r] & (people >= 2 * bought[lab])
                if free.any():
                    s = np.flatnonzero(free)[np.argmin(people[free])]
                    self.films[s], self.lab[s] = True, lab
        self.offer = np.where(self.films, self.first_offer(), 0)
        self.taken, self.refusing = np.zeros((self.L, self.S, 6)), np.full(self.S, 0.5)
        self.revenue, self.worth_o = [], np.zeros((self.L, 6))

    def found_accounts(self):
        """Section 5, "Accounts"; 7.11, who owns firms."""
        n = self.n
        replaced = n.class_by_region("fleet_at_start").sum(0) / n.of_classes("life") * n.of_classes("price")
        weekly = (self.c0 * self.base * self.JM).sum(1)
        self.cost_smooth = {"site": weekly, "lab": self.B1 * self.l_share, "maker": replaced}
        weeks = n("sites.cash_buffer")
        self.buffer = {"site": weeks, "lab": n("settlement.lab_buffer"), "maker": weeks}
        self.cash = {kind: self.buffer[kind] * cost for kind, cost in self.cost_smooth.items()}
        due = self.E0 * self.W * self.w0 * (np.repeat(n.by("law.payroll_tax") + n.by("law.income_tax"), 6))
        self.gov0 = n("settlement.government_balance") * np.bincount(self.m_r, due)
        self.cash |= {"gov": self.gov0.copy(), "rest": YEAR * (self.RS @ self.sales0)}
        self.cash["worker"] = np.bincount(self.p_m, self.wallet) * self.W
        self.rest_share = self.cash["rest"] / self.cash["rest"].sum()
        self.losses = {kind: np.zeros_like(cost) for kind, cost in self.cost_smooth.items()}
        maker = np.array([n.regions.index(place) for place in n.of_classes("maker")])
        self.home = {"site": self.s_r, "lab": self.l_home, "maker": maker}
        home, own = n("settlement.home_ownership"), np.tile(n.by("settlement.ownership"), (self.R, 1))
        np.fill_diagonal(own, 0)
        self.owners = own / own.sum(1)[:, None] * (1 - home) + np.eye(self.R) * home
        self.money = sum(account.sum() for account in self.cash.values())
