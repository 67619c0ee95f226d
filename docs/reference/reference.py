"""A second implementation of the model, written from docs/model.md alone: its baseline, in weeks, without policies.

Read it beside docs/model.md: every rule names the section it follows. Random numbers are NumPy's, so results agree with
the program statistically and not to the bit. Money is floats: every payment is one transfer (`World.pay`), and the sum
of all accounts is checked every week. dock.py runs it.
"""

from math import erf

import numpy as np

# isort: off
# fmt: off
from founding import (
    AT_WORK, BLANK, CLASSES, FAMILIES, GONE, INDOORS, J_CLASS, J_FAM, J_OCC, J_TYPE, JOBLESS, KINDS, NEVER, OCC,
    ON_STREET, OUTSIDE, REGIMES, TO_CLASS, TO_FAM, TO_OCC, TYPES, YEAR, Founding, fading, half_life, prob,
    quantile, ratio, split,
)
# fmt: on

# The form of each rule that is written here, the baseline's: others are refused
FORMS = {"run.tick": 1.0, "run.least_agents": 0.0, "capture.recruiting": "need", "capture.path.rule": "logistic"}
FORMS |= {"capture.news.sources": "saturating", "capture.buying.rule": "worth", "capture.pay.rule": "rent"}
FORMS |= {"consent.answer": "threshold", "learning.form": "power", "learning.experts.rule": "top_quarter"}
FORMS |= {"learning.teachers.rule": "growing", "robots.licensing": "competition", "robots.adopters": "by_share"}
FORMS |= {"robots.deliveries": "by_capacity", "robots.supervisors": "crew", "trade.demand": "nested"}
FORMS |= {"staffing.crew_hours": "expected", "staffing.excess": "over_tick"}
# Section 3
CALENDAR = """leave_and_enter update_fear review_stance set_intensity record_hours adjust_programme release_models
license_robots set_prices move_trade receive_jobs do_jobs age_robots compare_costs order_robots deliver_robots
value_hours plan_staff separate_and_search move_wages settle_trade fill_wallets pay_owners settle_public audit"""
# The levers of the law that do nothing in the baseline (7.1) are not written here
LEVERS = ["royalty_rate", "data_levy", "data_export_fee", "least_capture_pay", "robot_tax", "training_places"]
LEVERS += ["buyers_charge", "trade_subsidy", "citizen_dividend", "wage_insurance"]
cumulative_normal = np.vectorize(lambda x: 0.5 * (1 + erf(x / np.sqrt(2))), otypes=[float])


class World(Founding):
    """Section 2: entities. Arrays by r region, m market (6 r + occupation), s site, j kind of job, c class, lab."""

    def __init__(self, numbers, seed=1):
        self.n, self.rng = numbers, np.random.default_rng(seed)
        other = [key for key, form in FORMS.items() if numbers(key) != form]
        other += [lever for lever in LEVERS if numbers.by(f"law.{lever}").any()]
        assert not other, f"not written here: {other}"
        self.spin_up, self.moving = int(numbers("run.spin_up")), numbers("run.technology") == "moving"
        self.regime = np.array([REGIMES.index(word) for word in numbers.by("law.data_rights")])
        for part in ("heads", "sites", "people", "models", "demand", "robots", "filming", "accounts"):
            getattr(self, f"found_{part}")()

    def by_regime(self, key):
        """[site]: a number that the region's regime of data rights decides."""
        return self.n.table(key, REGIMES)[self.regime][self.s_r]

    def whole(self, x):
        """Section 4, "Stochasticity": unbiased rounding."""
        return np.floor(x + self.rng.random(np.shape(x)))

    # ------------------------------------------------------------------------- phases 2 to 5: people, consent and hours
    def leave_and_enter(self, t):
        """7.9a."""
        go = np.flatnonzero((self.status != GONE) & (self.rng.random(self.rows) < self.leaving))
        self.pay("what people leave behind", "worker", self.p_m[go], "rest", self.p_r[go], self.wallet[go] * self.W)
        self.status[go] = GONE
        lacking = self.people_of(t) - self.count(self.status != GONE)
        empty = np.flatnonzero(self.status == GONE)
        place = np.arange(len(empty)) - np.searchsorted(self.p_m[empty], self.p_m[empty])
        enter = empty[place < lacking[self.p_m[empty]]]
        for name, value in BLANK.items():
            getattr(self, name)[empty] = value
        self.status[enter], self.since[enter] = JOBLESS, t
        self.z[enter], self.chooser[enter] = self.rng.standard_normal(len(enter)), self.rng.random(len(enter))
        self.skilled()
        self.count_crews()

    def count(self, who):
        """Workers of each market."""
        return np.bincount(self.p_m, who, self.M)

    def update_fear(self, t):
        """7.2: what was seen last week, in hours of all occupations at the site and of the occupation everywhere."""
        robots, work = self.done_r * self.hpu * self.JM, (self.done_r + self.done_h) * self.hpu * self.JM
        own = self.n("consent.own_site_weight")
        everywhere = ratio((robots @ TO_OCC).sum(0), (work @ TO_OCC).sum(0))
        seen = own * ratio(robots.sum(1), work.sum(1))[:, None] + (1 - own) * everywhere
        self.fear += half_life(self.n("consent.fear_half_life")) * (seen - self.fear)

    def review_stance(self, t):
        """7.2: who is asked for the first time at a site decides, the others review with a hazard."""
        n, rng = self.n, self.rng
        at = np.flatnonzero((self.status == AT_WORK) & self.films[self.site])
        drawn = at[self.drawn_at[at] != self.site[at]]  # whether a worker is asked is one draw of worker and site
        self.asked[drawn] = rng.random(len(drawn)) < n.by("law.programme_coverage")[self.p_r[drawn]]
        self.drawn_at[drawn], self.decided[drawn] = self.site[drawn], False
        a = at[self.asked[at]]
        s, m = self.site[a], self.p_m[a]
        p0, sigma = n("consent.unpaid_willing"), n("consent.ask_sigma")
        mu = np.log(n("consent.half_refuse_at")) - sigma * quantile(1 - 0.5 / (1 - p0))
        part = np.maximum(self.offer[s] * self.H[s, 0] / self.wage[m], 1e-300)  # without royalties none is expected
        asks_more = (1 - p0) * (1 - cumulative_normal((np.log(part) - mu) / sigma))
        v = np.log(asks_more / (1 - asks_more)) + n("consent.skill") * self.z[a]
        v += n("consent.fear") * self.fear[s, self.p_o[a]] + n("consent.peers") * (self.refusing[s] - 0.5)
        v -= n("consent.retaliation") * self.by_regime("risk.weeks_at_risk")[s]
        P = self.by_regime("consent.made_to_choose")[s] / (1 + np.exp(-v))
        now = ~self.decided[a] | (rng.random(len(a)) < prob(n("consent.review")))
        self.refuses[a] = np.where(now, self.chooser[a] < P, self.refuses[a])
        self.decided[a] = True
        self.willing = a[~self.refuses[a]]
        self.willing_at = self.site[self.willing].copy()
        who, skill = self.willing, self.skill[self.willing]
        self.crew_willing, self.skill_willing = self.crews(who), self.crews(who, skill)
        self.top_willing = self.crews(who, skill * self.top[who])
        asked = self.crews(a).sum(1)
        self.refusing = ratio(asked - self.crew_willing.sum(1), asked, 0.5)
        self.n0 = n("capture.news.hours") * self.crew0 * self.W * (1 - self.refusing)[:, None]  # 7.3, "News"

    def hour_price(self, t):
        """7.3: dollars an accepted hour."""
        n, weeks = self.n, self.years(t) * YEAR
        return max(n("capture.price_floor"), n("capture.price") * np.exp(-n("capture.price_decline") * weeks))

    def hour_cost(self, offer, t):
        """7.3: what a raw hour costs a lab."""
        n, price = self.n, self.hour_price(t) * self.n("capture.accepted")
        return np.maximum(price, n("capture.site_fee") * price + offer) + n("capture.quality_control") * price

    def first_offer(self):
        """7.3: what a site that joins offers."""
        return np.maximum(self.offer, self.by_regime("capture.first_offer"))

    def appraise(self, lab, offer, people, t):
        """7.3, "Buying": the appetite of a lab for each crew, and worth and appetite as means over such people."""
        n, y = self.n, self.n("capture.accepted")
        if t < 0:
            return np.ones((self.S, 6)), np.zeros(self.S), np.ones(self.S)
        left = np.maximum(0, 1 - ratio(self.taken[lab, self.sites], self.n0, 1))
        worth = y * self.weight * self.crew_skill * left * self.worth_o[lab]
        cost = self.hour_cost(offer, t)[:, None]
        wants = np.clip((worth / cost - 1) / n("capture.buying.band"), 0, 1)
        all_people = people.sum(1)
        return wants, ratio((people * worth).sum(1), all_people), ratio((people * wants).sum(1), all_people)

    def set_intensity(self, t):
        """7.3: what labs aim at, what they can get, and what each filmed worker records."""
        n = self.n
        self.appetite, self.worth, self.mean_appetite = self.appraise(self.lab, self.offer, self.crew_willing, t)
        wanted = (self.crew_willing * self.appetite).sum(1)
        lots = np.bincount(self.lab, wanted, self.L)
        offer = ratio(np.bincount(self.lab, wanted * self.offer, self.L), lots)
        licences = np.mean(self.revenue[-52:], axis=0) if self.revenue else np.zeros(self.L)
        if t <= 0:
            self.revenue0 = licences
        years = min(t, 0) / YEAR + self.years(t)
        b0, g = n("capture.path.at_start"), n("capture.path.growth")
        path = self.B1 / (1 + (self.B1 / b0 - 1) * g**-years) * self.l_share
        budget = path + n("capture.reinvest") * np.maximum(0, licences - self.revenue0)
        self.target = budget / self.hour_cost(offer, t)
        self.cap = lots * self.W * n("capture.most_hours")
        intensity = np.minimum(1, ratio(self.target, self.cap))
        self.hours_each = n("capture.most_hours") * intensity[self.lab][:, None] * self.appetite * self.films[:, None]
        self.raw = self.hours_each * self.crew_willing * self.W

    def record_hours(self, t):
        """7.3: what of the hours is news, 7.4: quality hours. In the spin-up they come out of the initial stock."""
        n, lab = self.n, self.lab
        self.taken *= 1 - prob(n("capture.news.renewal"))
        gain = np.maximum(0, self.n0 - self.taken[lab, self.sites]) * (1 - np.exp(-ratio(self.raw, self.n0)))
        self.taken[lab, self.sites] += gain
        fresh = self.hours_each * self.W * n("capture.accepted") * ratio(gain, self.raw) * self.weight
        np.add.at(self.credit, lab, fresh * self.skill_willing)
        np.add.at(self.credit_top, lab, fresh * self.top_willing)
        if t < 0:
            self.stock = np.maximum(0, self.stock0 - self.credit)
        self.site_raw = self.raw.sum(1)
        self.ever[lab, self.sites] |= self.site_raw > 0
        if t == 0:
            self.sites_start = np.maximum(1, self.ever.sum(1))
        self.recorded_for, self.paid_offer = lab.copy(), self.offer.copy()
        self.drag = n("capture.drag") * ratio(self.site_raw, self.heads.sum(1) * self.W * self.H[:, 0])

    def adjust_programme(self, t):
        """7.3: offers move; sites leave and join."""
        n, rng = self.n, self.rng
        if self.moving and t >= 0:  # "Pay"
            bill, heads = (self.heads * self.wage[self.s_m]).sum(1), self.heads.sum(1)
            reserve = n("capture.reservation") * ratio(bill, heads) / self.H[:, 0]
            short = np.maximum(0, 1 - ratio(self.cap, self.target))[self.lab]
            goal = reserve + n("capture.pay.part") * short * np.maximum(0, self.worth - reserve)
            self.offer += self.films * half_life(n("capture.pay.half_life")) * (goal - self.offer)
        if t >= 0 and not self.moving:
            return
        # "Buying" and "Who is asked": who leaves
        brings = self.mean_appetite * self.crew_willing.sum(1) * self.W * n("capture.most_hours")
        slack = (self.target < 0.5 * self.cap)[self.lab] & (self.cap[self.lab] - brings >= self.target[self.lab])
        dry = n("capture.buying.leaving") * (1 - self.mean_appetite)
        leaves = self.films & (rng.random(self.S) < prob(np.maximum(dry, n("capture.joining") * slack)))
        # who joins: each site outside draws one of the labs that are short there, by unmet need
        missing = np.maximum(0, self.target - self.cap)
        need = (missing[:, None] * self.collects).T
        chance = np.cumsum(ratio(need, need.sum(1)[:, None]), 1)[self.s_r]
        drawn = np.minimum((rng.random(self.S)[:, None] >= chance).sum(1), self.L - 1)
        shortfall = np.where(need > 0, ratio(self.target, self.cap, np.inf) - 1, 0).max(1)
        outside = (self.s_t == 0) & ~self.films & (need.sum(1) > 0)[self.s_r]
        appetite = self.appraise(drawn, self.first_offer(), self.heads, t)[2]
        asked = n.by("law.programme_coverage")[self.s_r] * self.heads.sum(1) * self.W
        hours = outside * appetite * asked * n("capture.most_hours")
        hazard = np.minimum(n("capture.joining") * shortfall, n("capture.joining_most"))[self.s_r] * appetite
        hazard = np.minimum(hazard, ratio(missing, np.bincount(drawn, hours, self.L))[drawn])
        joins = outside & (rng.random(self.S) < prob(hazard))
        self.offer = np.where(joins, self.first_offer(), self.offer)
        self.lab = np.where(joins, drawn, self.lab)
        self.films = (self.films & ~leaves) | joins

    # ----------------------------------------------------------------------------------------------- phase 6: learning
    def release_models(self, t):
        """7.4: effective hours, failure, capability and the share of jobs that robots can do. [lab, family or kind]"""
        n = self.n
        self.released = self.moving and t > 0 and t % n("learning.release_interval") == 0
        if not self.released and t != NEVER:
            return
        human, top = (self.credit + self.stock) @ self.T, (self.credit_top + self.phi * self.stock) @ self.T
        growth = (1 + n.table("learning.teachers.growth", FAMILIES) * YEAR) ** (max(t, 0) / YEAR) - 1
        others = self.stock0 @ self.T * growth
        self.diversity = (np.maximum(1, self.ever.sum(1) / self.sites_start) ** n("learning.diversity"))[:, None]
        effective = lambda own: self.diversity * (own + n("learning.pooling") * (own.sum(0) - own))
        self.D, D_top = effective(human + self.robot_hours + others), effective(top) / self.phi
        terms = ((1 - self.experts, 1 + self.D / self.scale), (self.experts, 1 + D_top / self.scale))
        self.E_now = self.E_inf + (1 - self.E_inf) * sum(part * x**-self.alpha for part, x in terms)
        slope = self.alpha * (1 - self.E_inf) / self.scale
        self.slope = slope * sum(part * x ** (-self.alpha - 1) for part, x in terms)
        C = (1 - self.E_now)[:, J_FAM]
        x = -np.log(self.theta) / (n.table("learning.chain", list(KINDS)) * -np.log(C))
        self.F_lab, self.dF = 1 - np.exp(-x), np.exp(-x) * x / (C * -np.log(C))

    def license_robots(self, t=0, everybody=False):
        """7.4, "Whose models robots run on", and 7.1, open routes: what robots can and may do."""
        n = self.n
        w = np.exp(-(((self.F_lab.max(0) - self.F_lab) / n("robots.rival_band")) ** 2))
        shares = [n("robots.licence"), n("robots.licence_of_two"), n("robots.licence_of_three")]
        self.licence = np.interp(w.sum(0), [1, 2, 3], shares)
        new, all_robots = self.RS @ self.delivered, self.RS @ self.fleet
        renewed = np.ones((self.R, 4)) if everybody else np.minimum(1, ratio(new, all_robots, 1))
        self.lab_share += renewed[:, J_CLASS, None] * ((w / w.sum(0)).T - self.lab_share)
        self.F = np.minimum(1, np.einsum("rjl,lj->rj", self.lab_share, self.F_lab))
        self.family_share = np.einsum("rjl,jk->rkl", self.lab_share, TO_FAM / TO_FAM.sum(0))
        help_less = np.einsum("rkl,lk->rk", self.family_share, np.maximum(1, self.E_start / self.E_now))
        per = n.of_classes("per_supervisor")[J_CLASS] * help_less[:, J_FAM]
        self.per_supervisor = np.minimum(n("robots.most_per_supervisor"), per)
        first, later = n.by("robots.open_at_start"), n.by("robots.open_later")
        route = first + (later - first) * min(1, self.years(t) * YEAR / n("robots.opening"))
        self.open = np.where(ON_STREET, route[:, None], 1)
        self.doable = self.F * self.open

    def value_hours(self, t):
        """7.3, "Buying": W_o of each lab, on the eve of week 0, in it, and after each release."""
        if not self.released and t not in (-1, 0):
            return
        reach = self.JM & (self.payback <= self.hurdle[:, J_CLASS])
        licences = self.RS @ np.where(reach, self.licence_unit * self.expected * self.open[self.s_r], 0)
        earns = self.dF * self.theta * np.einsum("rj,rjl->lj", licences, self.lab_share)
        self.worth_o = self.n("capture.buying.horizon") * self.diversity * ((self.slope * (earns @ TO_FAM)) @ self.T.T)

    # ------------------------------------------------------------------------------------------------- phase 7: demand
    def set_prices(self, t):
        """7.5: prices pass on a part of a change in mean unit cost; c0 is the mean of the last year of the spin-up."""
        done = self.done_r + self.done_h
        if -YEAR <= t < 0:
            self.sum_c += self.cost * done
            self.sum_jobs += done
        if t == 0:
            self.c0 = np.where(self.sum_jobs > 0, ratio(self.sum_c, self.sum_jobs), self.cost)
        if t >= 0:
            change = self.cost / (self.matched[self.s_r][:, None] * self.c0) - 1
            self.P = self.P0 * (1 + self.n("demand.pass_through") * change)

    def move_trade(self, t):
        """7.5, "Nested demand": customers learn of a site's price, and trade follows regions' prices."""
        n = self.n
        if t >= 0:
            product = 1 + n.table("trade.work_share", TYPES)[self.s_t] * (self.b_jobs * (self.P / self.P0 - 1)).sum(1)
            self.p_site += half_life(n.table("trade.site_half_life", TYPES))[self.s_t] * (product - self.p_site)
        k = n.table("trade.site_substitution", TYPES)
        k = np.where(k == 1, 1 + 1e-9, k)  # the limit at 1 is the geometric mean
        powers = self.p_site[:, None] ** (1 - k)
        self.p_reg = np.einsum("rts,st->rt", self.of_group, powers) ** (1 / (1 - k))
        self.lnq += half_life(n("trade.half_life")) * (np.log(self.p_reg[:, :1]) - self.lnq)
        e, eps, g = n("trade.origin_substitution"), n("demand.price_elasticity"), n("trade.input_share")
        q = np.exp(self.lnq)
        Q = (self.bought * q ** (1 - e)).sum(0) ** (1 / (1 - e))
        home = self.kappa * Q**-eps
        D = np.tile((1 - g) * home + g * self.output, (self.R, 1))
        np.fill_diagonal(D, home)
        terms = self.exports * D * (q / Q) ** -e
        self.sold = terms / terms.sum(1)[:, None]
        p_reg = self.p_reg[self.s_r, self.s_t]
        pull = np.where(self.s_t == 0, terms.sum(1)[self.s_r], self.kappa[self.s_r] * p_reg**-eps)
        self.wants = pull * (self.p_site / p_reg) ** -k[self.s_t]

    def receive_jobs(self, t):
        """7.5: the mean of arrivals, and a week's noise; "Buyers": the area beside their demand curve."""
        n, rng = self.n, self.rng
        rates = n.by("demand.growth", TYPES) * YEAR, n.by("demand.growth_floor", TYPES) * YEAR
        growth = fading(*rates, n("demand.growth_half_life") / YEAR, self.years(t))[self.s_r, self.s_t][:, None]
        volume = growth * self.wants[:, None]
        wait = np.exp(-np.maximum(0, self.lead - n("demand.handling_time")) / n("demand.patience"))
        self.expected = self.base * volume * wait
        density = n.by("demand.density_elasticity", TYPES)[self.s_r, self.s_t][:, None]
        self.hpu = self.h0[self.s_r] * np.maximum(volume, 1e-3) ** -density
        cv = n("demand.noise")
        sigma = np.sqrt(np.log1p(cv**2))
        noisy = self.expected * np.exp(sigma * rng.standard_normal((self.S, 7)) - sigma**2 / 2)
        few = self.expected * cv**2 < 1
        noisy[few] = rng.poisson(self.expected[few])
        self.arrivals = np.rint(noisy) * self.JM
        response, dearer = self.wants[:, None] * wait * self.JM, np.where(self.JM, self.P / self.P0, 1)
        if t >= 0:
            self.gain -= (response + self.response) / 2 * (dearer - self.dearer)
            self.buyers_gain = (self.gain * self.P0 * self.base * growth).sum()
        self.response, self.dearer = response, dearer
        factories = (self.s_t == 0) * self.sales0
        self.output = ratio(self.RS @ (factories * (self.b_jobs * response).sum(1)), self.RS @ factories)

    # ----------------------------------------------------------------------------------------------- phase 8: dispatch
    def units_a_week(self):
        """7.6: what a robot does in a week up. [site, kind]"""
        drops = self.n.by("robots.van_density")[self.s_r][:, None]
        per = self.n.of_classes("units_per_week")[J_CLASS] * np.where(J_CLASS == CLASSES.index("van"), drops, 1)
        return np.where(INDOORS, per * self.H / self.hpu, per)

    def do_jobs(self, t):
        """7.6: robots first, then people; 7.7, "Who watches"; 7.4: robots' own hours teach."""
        n, per = self.n, self.units_a_week()
        waiting = (self.backlog + self.arrivals) * self.JM
        asked = waiting * self.doable[self.s_r] / per
        weeks = asked * np.minimum(1, ratio(self.up * self.A, asked @ TO_CLASS))[:, J_CLASS]
        self.tries = np.minimum(self.whole(weeks * per), waiting)
        self.done_r = self.tries - np.minimum(self.whole(self.tries * (1 - self.theta)), self.tries)
        hours = n.of_classes("supervised_hours")[J_CLASS]
        self.watching = self.tries / per * hours / self.per_supervisor[self.s_r]
        if t < 0:
            self.watching0 = self.watching  # what is bought for the robots of the start: the spin-up's last week
        self.watch = np.maximum(0, self.watching - self.watching0)
        free = np.maximum(0, self.hands * self.W * self.H * (1 - self.drag)[:, None] - self.watch @ TO_OCC)
        left = (waiting - self.theta * self.tries) * self.hpu
        spent = free[:, J_OCC] * ratio(left, (left @ TO_OCC)[:, J_OCC], 1)
        self.done_h = np.minimum(np.floor(spent / self.hpu), waiting - self.done_r)
        done = self.done_r + self.done_h
        self.backlog = waiting - done
        self.lead = n("demand.handling_time") + ratio(self.backlog, np.where(done > 0, done, self.base))
        if t >= 0 and self.moving:
            taught = self.RS @ (weeks * self.teaches[J_CLASS]) @ TO_FAM
            self.robot_hours += np.einsum("rk,rkl->lk", taught, self.family_share)

    # ----------------------------------------------------------------------------------------------- phase 9: adoption
    def age_robots(self, t):
        """7.7: up and down by a two-state chain, and the end of a life."""
        rng, up = self.rng, self.uptime
        settled = prob(1 / (self.n("robots.time_between_failures") * (1 - up)))
        repaired = rng.binomial(self.fleet - self.up, settled * up)
        self.up = self.up + repaired - rng.binomial(self.up, settled * (1 - up))
        self.retired = self.born[:, range(4), (t - self.life) % self.ring]
        self.up = self.up - rng.hypergeometric(self.up, self.fleet - self.up, self.retired)
        self.fleet = self.fleet - self.retired

    def labour_cost(self, wage):
        """7.7: wages, payroll tax and benefits in a unit by hand, at the market's wage."""
        return (wage * (1 + self.payroll + self.benefits))[self.j_m] * self.hpu / self.H

    def compare_costs(self, t):
        """7.7: costs by hand and by robot, payback, and the mean unit cost that prices pass on."""
        n, level, m = self.n, self.level[:, None], self.matched[self.s_r][:, None]
        learnt = (self.made / n.of_classes("ever_made")) ** np.log2(1 - n("robots.learning_rate"))  # Wright's law
        price = np.maximum(n.of_classes("price_floor"), n.of_classes("price") * learnt)
        self.price = (n.class_by_region("price_factor") * price)[self.s_r]
        per, price = self.units_a_week(), self.price[:, J_CLASS]
        hours, labour = n.of_classes("supervised_hours")[J_CLASS], self.labour_cost(self.wage)
        hourly = labour / self.hpu * level  # "Wages of sites": at the site's own level
        self.supervision = n("robots.supervisor_wage") * hourly * hours / self.per_supervisor[self.s_r]
        self.hand_cost = labour * level + m * self.non_labour
        self.licence_unit = self.licence * self.hand_cost
        self.energy = n.of_classes("energy")[J_CLASS] * np.where(INDOORS, hours / per, 1)
        upkeep = price * n.of_classes("maintenance")[J_CLASS] + n.of_classes("subscription")[J_CLASS] + self.supervision
        by_robot = upkeep / per + self.energy + self.licence_unit
        saving = (self.hand_cost - by_robot) * per * self.uptime
        self.payback = np.where(self.JM, ratio(price, saving, np.inf), np.inf)
        done = self.done_r + self.done_h
        robots = ratio(self.done_r, done)
        machine = by_robot + price / (n.of_classes("life")[J_CLASS] * self.uptime * per)
        cost = (1 - robots) * (labour / self.util + m * self.non_labour) + robots * machine + m * self.other
        self.cost = np.where(done > 0, cost, self.cost)

    def order_robots(self, t):
        """7.7: awareness, target, plan and orders, in robot agents; before the start what retired is replaced."""
        n = self.n
        if t < 0 or not self.moving:
            self.waiting = self.retired
            return
        work = self.base * self.h0[self.s_r] * self.JM  # in hours of the start
        same_class, same_type = np.equal.outer(J_CLASS, J_CLASS), np.equal.outer(J_TYPE, J_TYPE)
        near = same_class * np.where(same_type, n("robots.other_jobs"), n("robots.other_sites"))
        np.fill_diagonal(near, 1)
        examples = self.RS @ (work * ratio(self.done_r, self.done_r + self.done_h))
        seen = ratio(examples @ near, (self.RS @ work) @ near)[self.s_r]
        own = ratio((work * seen) @ TO_CLASS, work @ TO_CLASS)
        self.heard += n("robots.innovation") + n("robots.imitation") * own
        aware = self.adopted | (self.heard >= self.threshold)
        pays = self.JM & aware[:, J_CLASS] & (self.payback <= self.hurdle[:, J_CLASS])
        robots = pays * self.doable[self.s_r] * self.expected / (self.units_a_week() * self.uptime)
        target = robots @ TO_CLASS / self.A
        grown = self.plan * (1 + n("robots.growth_cap") * YEAR) ** (1 / YEAR)
        up = np.minimum(target, np.maximum(grown, n("robots.pilot") * target))
        down = np.maximum(target, np.minimum(self.plan, self.fleet))
        self.plan = np.where(target > self.plan, up, down)
        self.adopted |= self.plan > 0
        self.waiting = np.maximum(0, np.floor(self.plan + self.order_draw).astype(int) - self.fleet)

    def deliver_robots(self, t):
        """7.7, "Deliveries"."""
        n, book = self.n, self.waiting.sum(0)
        got = self.waiting.copy()
        if t >= 0 and self.moving:
            ripe = book * prob(1 / n("robots.delivery_time"))
            made = self.begun + np.minimum(self.capacity / self.A, ripe)
            due = np.minimum(np.floor(made), book)
            self.begun = np.where(book > 0, np.minimum(1, made - due), 0)
            for c in np.flatnonzero(book):
                got[:, c] = split(due[c], self.waiting[:, c], self.rng.random())
            growth = (1 + n("robots.capacity_growth") * YEAR) ** (1 / YEAR) - 1
            more = np.maximum(self.capacity * growth, n.of_classes("capacity_step") / YEAR**2)
            self.capacity = np.maximum(self.capacity, np.minimum(ripe * self.A, self.capacity + more))
            self.made = self.made + got.sum(0) * self.A
        self.born[:, :, t % self.ring] = got
        self.up = self.up + got
        self.waiting, self.fleet, self.delivered = self.waiting - got, self.fleet + got, got

    # ------------------------------------------------------------------------------- phases 10 to 12: the labour market
    def plan_staff(self, t):
        """7.8: heads on average, heads wanted, vacancies, notice, and the work that robots absorbed, in agents."""
        n, go = self.n, self.go[self.s_m]
        fire, tolerated = prob(1 / n("staffing.notice")), n("staffing.tolerated_share")
        over_tick = lambda e, leave: np.where(leave > e, ratio(e**2, 2 * leave), e - leave / 2)
        p = self.wanted * (1 + self.vacant[self.s_m])
        notice = fire * over_tick(np.maximum(0, self.e - (1 + tolerated) * p), go * self.e)
        joins = self.filled[self.s_m] * np.maximum(0, p - self.e)
        self.e = np.maximum(0, self.e + joins - go * self.e - notice)
        per, doable = self.units_a_week(), self.expected * self.doable[self.s_r]
        strength = self.fleet * self.A * self.uptime
        by_robot = self.theta * doable * np.minimum(1, ratio(strength, (doable / per) @ TO_CLASS))[:, J_CLASS]
        units = np.maximum(0, self.expected - by_robot) + self.backlog / n("staffing.backlog_cleared")
        needed = (units * self.hpu * self.JM + self.watch) @ TO_OCC
        hours = self.H * self.util * self.W
        self.absorbed = np.maximum(0, (self.done_r * self.hpu - self.robot_hours0) @ TO_OCC) / hours
        wanted = needed / (hours * (1 - self.drag)[:, None] * self.market_skill[self.s_m]) * self.OM
        self.wanted = self.wanted + half_life(n("staffing.plan_half_life")) * (wanted - self.wanted)
        p = self.wanted * (1 + self.vacant[self.s_m])
        self.vacancies = np.maximum(0, np.floor(p + self.pos_draw) - self.heads) * self.OM
        most = np.maximum(p, (1 + n("staffing.tolerance")) * self.wanted) * (1 + tolerated)
        self.notice = ratio(fire * over_tick(np.maximum(0, self.e - most), go * self.e), self.e)

    def separate_and_search(self, t):
        """7.9: one draw a worker decides what happens; who becomes jobless searches from the next week on."""
        n, rng, m, u = self.n, self.rng, self.p_m, self.rng.random(self.rows)
        works, jobless, outside = (self.status == x for x in (AT_WORK, JOBLESS, OUTSIDE))
        n_out, people = self.count(outside), self.count(self.status != GONE)
        seekers, V = self.count(jobless) + self.xi * n_out, self.of_markets(self.vacancies)
        mu = n("labour.matching_elasticity")
        hires = np.minimum(V, self.M0 * (seekers / self.S0) ** mu * (V / self.V0) ** (1 - mu))
        inside = np.minimum(1, ratio(hires, seekers))
        jobs = self.O0 * people / self.N0 + n("labour.new_tasks") * self.of_markets(self.absorbed)
        out = self.find_out * ratio(jobs, n_out, 1) ** n("labour.outside_congestion")
        dismissal = prob(self.by_regime("risk.dismissal")) * self.films
        refuser = works & self.refuses & (self.drawn_at == self.site)
        dismissed = refuser & (rng.random(self.rows) < dismissal[self.site])
        loses, goes = works & (u < self.sep[m]), works & (u < (self.sep + self.quit)[m])
        told = works & ~goes & (u < (self.sep + self.quit)[m] + self.notice[self.site, self.p_o])
        searches = inside[m] * np.where(outside, self.xi[m], 1)
        hired = (jobless | outside) & (u < searches)
        away = jobless & ~hired & (u < searches + out[m])
        lost_outside = outside & ~hired & (u < searches + self.sep[m])
        self.displace(np.flatnonzero(told & ~dismissed))
        into_jobless = loses | told | dismissed | lost_outside
        into_outside = (goes & ~into_jobless) | away
        for who, status in ((into_jobless, JOBLESS), (into_outside, OUTSIDE)):
            self.status[who], self.since[who], self.site[who], self.covered[who] = status, t, -1, False
        self.covered |= into_jobless & (rng.random(self.rows) < n.by("law.insurance_cover")[self.p_r])
        filled = np.zeros(self.M)
        queue = rng.permutation(np.flatnonzero(hired))
        for k in np.unique(m[queue]):  # each takes one of the market's vacancies, by chance
            crews = self.vacancies[:, self.m_o[k]] * (self.s_r == self.m_r[k])
            posts = rng.permutation(np.repeat(self.sites, crews.astype(int)))
            who = queue[m[queue] == k][: len(posts)]
            self.status[who], self.since[who], self.site[who], self.covered[who] = AT_WORK, t, posts[: len(who)], False
            self.drawn_at[who] = -1
            filled[k] = len(who)
        self.filled = ratio(filled, V)
        self.count_crews()

    def displace(self, told):
        """7.9: a notice is a displacement while the crew's displaced, with this one, stay within what is absorbed."""
        for i in self.rng.permutation(told):
            crew = self.site[i], self.p_o[i]
            if self.displaced[crew] + 1 <= self.absorbed[crew]:
                self.displaced[crew] += 1
                self.displaced_total[self.p_m[i]] += self.W

    def move_wages(self, t):
        """7.10."""
        n = self.n
        u = np.maximum(self.count(self.status == JOBLESS), 0.5) / np.maximum(1, self.count(self.status != GONE))
        self.smooth_u = self.smooth_u + half_life(n("wages.unemployment_half_life")) * (u - self.smooth_u)
        rates, h = (n.by("wages.growth") * YEAR, n("wages.growth_floor") * YEAR), n("wages.growth_half_life") / YEAR
        self.trend, then = (fading(*rates, h, self.years(week)) for week in (t, t + 1))
        self.w_ref = self.w0 * self.trend[self.m_r]
        goal = np.log(self.w_ref) + n("wages.curve") * np.log(self.smooth_u / self.u0)
        ln = goal + (np.log(self.wage * (then / self.trend)[self.m_r]) - goal) * np.exp(-n("wages.speed"))
        self.wage = np.maximum(np.exp(ln), (n.by("law.minimum_wage") * self.trend)[self.m_r])
        self.matched = self.trend ** n("wages.matched")

    # -------------------------------------------------------------------------------------------- phase 13: settlement
    def pay(self, flow, payer, i, payee, j, amount):
        """One kind of payment ("Money: accounts, flows, identities"): from accounts i of a sector to accounts j."""
        amount, i, j = (x.ravel() for x in np.broadcast_arrays(amount, i, j))
        for sector, at, sign, side in ((payer, i, -1, self.paid), (payee, j, 1, self.got)):
            total = np.bincount(at, amount, len(self.cash[sector]))
            self.cash[sector] += sign * total
            side[sector] += total
        self.flows[flow] = self.flows.get(flow, 0.0) + amount.sum()

    def settle_trade(self, t):
        """7.11, "Firms"."""
        n, r, s, done = self.n, self.s_r, self.sites, self.done_r + self.done_h
        m, price = self.matched[r][:, None], self.price
        sales = (m * self.P * done * self.JM).sum(1)[:, None]
        buyers = np.where((self.s_t == 0)[:, None], self.sold[r], np.eye(self.R)[r])
        self.pay("sales", "rest", np.arange(self.R), "site", s[:, None], sales * buyers)
        robots = self.A * self.fleet
        worked = ratio(self.tries, self.units_a_week()) + 1e-300
        mean = lambda x: ratio((x * worked * self.JM) @ TO_CLASS, (worked * self.JM) @ TO_CLASS)
        bought = 1 - ratio((self.watch * self.JM) @ TO_CLASS, (self.watching * self.JM) @ TO_CLASS)
        for flow, cost in (
            ("non-labour cost of work by hand", m * self.non_labour * self.done_h),
            ("other cost of a unit", m * self.other * done),
            ("energy of robots", self.energy * self.tries),
            ("maintenance of robots", n.of_classes("maintenance") * price * robots),
            ("supervision of robots", mean(self.supervision) * bought * robots),
        ):
            self.pay(flow, "site", s[:, None], "rest", r[:, None], cost)
        share, labs = self.lab_share[r], np.arange(self.L)
        licences = (self.licence_unit * self.done_r)[:, :, None] * share
        self.pay("robot licences", "site", s[:, None, None], "lab", labs, licences)
        class_share = np.einsum("sjl,jc->scl", share, TO_CLASS / TO_CLASS.sum(0))
        software = (n.of_classes("subscription") * robots)[:, :, None] * class_share
        self.pay("software subscriptions", "site", s[:, None, None], "lab", labs, software)
        self.revenue.append(licences.sum((0, 1)))
        new = price * self.delivered * self.A
        self.pay("robots", "site", s[:, None], "maker", np.arange(4), new)
        making, makers = n("robots.maker_cost") * new.sum(0), np.arange(4)
        self.pay("cost of making robots", "maker", makers, "rest", self.home["maker"], making)
        # footage
        lab, y, raw = self.recorded_for, n("capture.accepted"), self.site_raw
        value, pay = self.hour_price(t) * y * raw, self.paid_offer * raw
        fee, home = n("capture.site_fee") * value, self.l_home[lab]
        self.pay("site fees for footage", "lab", lab, "site", s, fee)
        self.pay("capture pay passed on", "lab", lab, "site", s, pay)
        self.pay("the data vendor's remainder", "lab", lab, "rest", r, np.maximum(0, value - fee - pay))
        self.pay("quality control of footage", "lab", lab, "rest", home, n("capture.quality_control") * value)
        self.pay("compute", "lab", lab, "rest", home, n("capture.compute") * value)
        filmed = ((self.raw > 0) * self.crew_willing).sum(1) * self.W
        self.pay("cameras", "site", s, "rest", r, filmed * n("capture.camera") / n("capture.camera_life"))

    def fill_wallets(self, t):
        """7.11, "Wallets", and 7.5, kappa: who is paid what by the status at the end of the week, and consumption."""
        n, m, r = self.n, self.p_m, self.p_r
        works = self.status == AT_WORK
        inside = np.where(works, self.wage[m] * self.skill, 0)
        outside = n("labour.outside_wage") * self.w_ref[6 * r] * (self.status == OUTSIDE)
        tax = (inside + outside) * n.by("law.income_tax")[r]
        insured = self.covered & (self.status == JOBLESS) & (t - self.since < n.by("law.insurance_length")[r])
        insurance = insured * n.by("law.insurance_replacement")[r] * self.wage[m] * self.skill
        capture, filmed, at = np.zeros(self.rows), self.willing, self.willing_at
        capture[filmed] = self.hours_each[at, self.p_o[filmed]] * self.paid_offer[at]
        income = inside + outside - tax + insurance + capture
        c_w = n("settlement.consume_wealth")
        at_once = 1 - (1 - n("settlement.consume_income")) * prob(c_w) / c_w
        wish = np.maximum(at_once * income + prob(c_w) * self.wallet, n("settlement.subsistence") * self.wage[m])
        use = np.where(self.status != GONE, np.minimum(self.wallet + income, wish), 0)
        self.wallet = self.wallet + income - use
        W, at_work, s = self.W, np.flatnonzero(works), self.site[works]
        wages = inside[at_work] * W
        self.pay("wages", "site", s, "worker", m[at_work], wages)
        self.pay("payroll tax", "site", s, "gov", r[at_work], wages * self.payroll[m[at_work]])
        self.pay("benefits of employees", "site", s, "rest", r[at_work], wages * self.benefits[m[at_work]])
        self.pay("wages outside", "rest", r, "worker", m, outside * W)
        self.pay("income tax", "worker", m, "gov", r, tax * W)
        self.pay("unemployment insurance", "gov", r, "worker", m, insurance * W)
        self.pay("capture pay", "site", at, "worker", m[filmed], capture[filmed] * W)
        self.pay("consumption", "worker", m, "rest", r, use * W)
        consumed = np.bincount(r, use * W, self.R)
        if t < 0:
            before = consumed if self.index_base is None else self.index_base
            self.index_base = before + half_life(YEAR / 8) * (consumed - before)
        else:
            omega = n("demand.omega")
            self.kappa = 1 - omega + omega * consumed / self.index_base

    def pay_owners(self, t):
        """7.11, "Owners"."""
        n, regions = self.n, np.arange(self.R)
        for kind, home in self.home.items():
            i, paid = np.arange(len(home)), self.paid[kind].copy()
            profit = self.got[kind] - paid - self.losses[kind]
            self.losses[kind] = np.maximum(0, -profit)
            due = np.maximum(0, profit) * n.by("law.corporate_tax")[home]
            self.pay(f"corporate tax of {kind}s", kind, i, "gov", home, due)
            self.cost_smooth[kind] = self.cost_smooth[kind] + half_life(13) * (paid - self.cost_smooth[kind])
            extra = np.maximum(0, self.cash[kind] - self.buffer[kind] * self.cost_smooth[kind])
            out, lack = extra * prob(n("settlement.payout")), np.maximum(0, -self.cash[kind])
            self.pay("dividends", kind, i[:, None], "rest", regions, out[:, None] * self.owners[home])
            self.pay("owners' money", "rest", regions, kind, i[:, None], lack[:, None] * self.owners[home])

    def settle_public(self, t):
        """7.11, "Public sector"."""
        r = np.arange(self.R)
        self.pay("public purchases", "gov", r, "rest", r, np.maximum(0, self.cash["gov"] - self.gov0))
        gap = self.cash["rest"] - self.rest_share * self.cash["rest"].sum()
        gap *= prob(self.n("settlement.capital_account"))
        give, take = np.maximum(0, gap), np.maximum(0, -gap)
        self.pay("capital account", "rest", r[:, None], "rest", r, give[:, None] * ratio(take, take.sum()))

    def audit(self, t):
        """ "Identities": money, wallets, trade; nothing is negative or without a number."""
        money = sum(account.sum() for account in self.cash.values())
        assert abs(money / self.money - 1) < 1e-9, f"money was made or lost in week {t}"
        wallets = self.count(self.wallet) * self.W
        assert np.allclose(wallets, self.cash["worker"], rtol=1e-6, atol=1), f"wallets and accounts differ in week {t}"
        assert np.allclose(self.sold.sum(1), 1) and (self.backlog > -1e-3).all() and (self.waiting >= 0).all()
        assert np.isfinite(self.cost).all() and np.isfinite(self.wage).all() and (self.wallet > -1e-6).all()

    # ---------------------------------------------------------------------------------------------- the week, section 3
    def run(self, years):
        self.record = []
        for t in range(-self.spin_up, int(years * YEAR)):
            self.flows = {}
            self.paid, self.got = ({k: np.zeros_like(x) for k, x in self.cash.items()} for _ in range(2))
            for system in CALENDAR.split():
                getattr(self, system)(t)
            if t >= 0:
                self.record.append(self.observe())
        return self.record

    def observe(self):
        """The indicators that dock.py compares, by region, under the program's names (docs/metrics.md)."""
        region = lambda x: np.bincount(self.p_r, x, self.R) * self.W
        jobs, site = (lambda x: self.RS @ (x * self.JM)), (lambda x: self.RS @ x)
        out = {"employed": region(self.status == AT_WORK), "unemployed": region(self.status == JOBLESS)}
        out |= {"outside": region(self.status == OUTSIDE), "vacancies": site(self.vacancies.sum(1)) * self.W}
        out |= {
            "displaced_total": self.displaced_total.reshape(self.R, 6).sum(1),
            "absorbed": site(self.absorbed.sum(1)) * self.W,
        }
        out |= {"raw_hours": site(self.site_raw), "capture_pay_received": site(self.site_raw * self.paid_offer)}
        out |= {"licence_revenue": jobs(self.licence_unit * self.done_r).sum(1), "demand_index": self.kappa}
        taxes = sum(amount for flow, amount in self.flows.items() if "tax" in flow)
        out |= {"rest_balance": self.cash["rest"].copy()}
        out |= {"taxes": np.array([taxes]), "consumption": np.array([self.flows["consumption"]])}
        subscriptions = self.n.of_classes("subscription") * self.fleet * self.A
        out |= {"subscription_revenue": site(subscriptions.sum(1)), "buyers_gain": np.array([self.buyers_gain])}
        done = self.done_r + self.done_h
        for metric, items, values in (
            ("wage", OCC, self.wage.reshape(self.R, 6) * YEAR / 12),
            ("fleet", CLASSES, site(self.fleet) * self.A),
            ("arrivals", KINDS, jobs(self.arrivals)),
            ("done_by_robots", KINDS, jobs(self.done_r)),
            ("unit_cost", KINDS, ratio(jobs(self.cost * done), jobs(done))),
            ("feasible_share", KINDS, self.F),
        ):
            out |= {f"{metric}/{item}": values[:, i] for i, item in enumerate(items)}
        return out
