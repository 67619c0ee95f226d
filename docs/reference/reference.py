"""A second implementation of the model, written from docs/model.md alone.

Read it beside docs/model.md: every function names the section it follows. Weeks only (run.tick = "1 week"), no
policies and no events. Random numbers are NumPy's, so results agree with the program statistically and not to the bit.
Money is floats: every payment is one transfer (`Books.pay`) and the sum of all accounts is checked every week.

    python reference.py scenarios/baseline.toml --handover PATH --seed 1 --set 'run.persons_per_agent=20000 persons'
"""
import argparse, json, sys, time
import numpy as np
from founding import *


class World(Founding):
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
        self.appetite = np.ones((self.S, 6))
        n0 = self.news_cap()
        left = np.ones((self.S, 6))
        if n("capture.news.sources") == "saturating":
            tk = self.taken[np.maximum(self.lab, 0), np.arange(self.S)]
            left = np.clip(1 - tk / np.maximum(n0, 1e-9), 0, 1)
        worth = n("capture.accepted") * self.weight[o] * self.skill[a] * left[s, o] * self.worth_o[l, o]
        sw = np.bincount(s, w, self.S)
        self.site_worth = np.where(sw > 0, np.bincount(s, worth * w, self.S) / np.maximum(sw, 1e-9), 0)
        by_crew = lambda x: np.bincount(s * 6 + o, x, self.S * 6).reshape(self.S, 6)
        crew = by_crew(w)
        if n("capture.buying.rule") == "worth":
            crew_worth = by_crew(worth * w) / np.maximum(crew, 1e-9)
            self.appetite = np.clip((crew_worth / cost_s[:, None] - 1) / n("capture.buying.band"), 0, 1)
        self.site_appetite = (crew * self.appetite).sum(1) / np.maximum(sw, 1e-9)
        self.cap = np.bincount(l, raw * self.appetite[s, o], self.L)
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
        h = n("capture.most_hours") * self.intensity[l] * self.appetite[s, o]      # raw hours a person
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
            self.stock_raw = np.maximum(0, self.stock_raw - news)
        self.sites_ever[l[raw > 0], s[raw > 0]] = True
        if t <= 0 and (t == -1 or (t == 0 and not self.sites_start.any())):
            self.sites_start = self.sites_ever.sum(1).astype(float)
        self.site_raw = np.bincount(s, raw, self.S)
        self.recorded_for = np.where(self.site_raw > 0, self.lab, -1)
        self.site_offer = self.offer.copy()
        paid = (self.heads * self.W[self.s_m]).sum(1) * self.hours[self.s_r]
        self.drag = n("capture.drag") * self.site_raw / np.maximum(paid, 1e-9)
        self.raw_week, self.acc_week = self.site_raw.sum(), self.site_raw.sum() * y

    def appetite_outside(self, s, l, t):
        """7.3, "Buying": a lab's appetite for a site that does not film, over all at work there, at what it would offer."""
        n, y = self.n, self.n("capture.accepted")
        if n("capture.buying.rule") != "worth" or not self.worth_o.any():
            return 1.0
        p, offer, r = self.price_of_hour(t), self.first_offer(s), self.s_r[s]
        due = n.by_region("law.data_levy")[r] + n.by_region("law.data_export_fee")[r] * (self.l_home[l] != r)
        cost = max(p * y, n("capture.site_fee") * p * y + offer) + n("capture.quality_control") * p * y + due * y
        crew = self.heads[s] * self.W[self.s_m[s]]
        n0 = np.maximum(1e-9, n("capture.news.hours") * self.crew_start[s])
        left = np.clip(1 - self.taken[l, s] / n0, 0, 1) if n("capture.news.sources") == "saturating" else 1
        worth = y * self.weight * left * self.worth_o[l]
        wanted = np.clip((worth / cost - 1) / n("capture.buying.band"), 0, 1)
        return (crew * wanted).sum() / max(1e-9, crew.sum())

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
        asked_out = (self.heads * self.W[self.s_m]).sum(1) * self.coverage[self.s_r] * n("capture.most_hours")
        ratio = np.where(self.cap > 0, self.target / np.maximum(self.cap, 1e-9), np.where(self.target > 0, 1e9, 0))
        filmed = np.flatnonzero(f)                        # who joins in this tick does not leave in it
        need, applicants = n("capture.recruiting") == "need", []
        for r in range(self.R):
            who = np.flatnonzero(self.l_collects[:, r] & (self.target > self.cap))
            out = self.groups[r][0][~self.films[self.groups[r][0]]]
            if len(who) and len(out):
                unmet = (self.target - self.cap)[who]
                hazard = min(n("capture.joining") * (ratio[who].max() - 1), n("capture.joining_most"))
                for s in out:
                    l = rng.choice(who, p=unmet / unmet.sum())
                    a = self.appetite_outside(s, l, t)
                    applicants.append((s, l, hazard * a, asked_out[s] * a))
        bring = np.bincount([l for _, l, _, _ in applicants], [h for *_, h in applicants], self.L)
        for s, l, hazard, _ in applicants:
            if need:
                hazard = min(hazard, (self.target - self.cap)[l] / max(1e-9, bring[l]))
            if hazard and rng.random() < prob(hazard):
                self.join(s, l)
        a = self.accept
        could = n("capture.most_hours") * self.W[self.p_m[a]] * self.appetite[self.site[a], self.p_o[a]]
        could = np.bincount(self.site[a], could, self.S)
        rest = self.cap.copy()
        for s in rng.permutation(filmed):
            l = self.lab[s]
            hazard = 0.0
            if self.target[l] < 0.5 * self.cap[l]:
                hazard = n("capture.joining")
                if n("capture.recruiting") == "need" and rest[l] - could[s] < self.target[l]:
                    hazard = 0.0
            if n("capture.buying.rule") == "worth":
                hazard = max(hazard, n("capture.buying.leaving") * (1 - self.site_appetite[s]))
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
        # an agent too many by chance is no excess of people
        by_chance = n("staffing.crew_hours") == "own"
        heads, kept = (self.heads, positions) if by_chance else (self.e, p)
        base = np.maximum(kept, (1 + n("staffing.tolerance")) * self.wanted)
        excess = np.maximum(0, heads - base - (tol * base if tol > 0 else 0.5))
        out = self.sq[self.s_m]
        over = n("staffing.excess") == "over_tick"
        def net(e, L):
            return np.where(L > e, e * e / np.maximum(2 * L, 1e-12), e - L / 2) if over else e
        fire = prob(1 / n("staffing.notice"))
        self.notice = np.where(self.heads > 0, net(excess, out * heads) * fire / np.maximum(1e-9, heads), 0)
        e = self.e
        ex = np.maximum(0, e - (1 + tol) * p)
        self.e_out = out * e + fire * net(ex, out * e)
        self.e_gap = np.maximum(0, p - e)

    def separate_and_hire(self, t):
        """7.9: separations, search, hires; places on courses are none in the baseline."""
        n, rng = self.n, self.rng
        st = self.status.copy()
        m, s, o = self.p_m, self.site.copy(), self.p_o
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
        # a notice counts as displacement as long as with it the crew's displaced stay within the work absorbed
        self.displaced_week = np.zeros(self.M)
        rows = np.flatnonzero(told)
        for i in rows:
            a, b = s[i], o[i]
            if (self.displaced[a, b] + 1) * self.W[m[i]] <= self.absorbed[a, b]:
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
