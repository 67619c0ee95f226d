//! One life: what happens to a single worker, tick by tick, read from the columns and never written.
//!
//! The columns say where a worker stands, not how it came about. Three looks a tick find out: before
//! the stances are reviewed (on which terms would this site be answered?), before the labour market
//! (what was answered? was it recorded, dismissed?), and after the settlement (who left, was hired, was
//! paid what?). Why a job ended is read from the same draw that ended it.

pub mod moments;

pub use moments::{Cause, Decider, Event, Moment, Reasons, Year};

use super::rows::{WorkerId, Workplace, standing};
use crate::economy::consent::{self, Asks, ConsentParameters, Fear, Stance, Strike, Weighing};
use crate::economy::policy::{Clock, InForce, Regime};
use crate::economy::settlement::payslip::{Payslip, Standing};
use crate::economy::settlement::wallets::Takes;
use crate::economy::shared::scars::{SCAR_ONE, Scars};
use crate::economy::shared::streams::Stream;
use crate::economy::world::markets::Markets;
use crate::economy::world::people::PeopleParameters;
use crate::economy::world::people::skill_score;
use crate::economy::world::people::{ASKED, Columns, DISMISSED, RECORDED, REFUSES, Work};
use crate::economy::world::programme::Filming;
use crate::economy::world::regions::Regions;
use crate::economy::world::sites::Operators;
use crate::economy::world::sites::Site;
use crate::economy::{Luckbox, calendar::Phase};
use crate::ground::lanes::STRIP;
use crate::ground::random::{Luck, Rows, threshold};
use bevy_ecs::prelude::*;
use bevy_ecs::schedule::Schedule;
use chrono::{Datelike, NaiveDate};

/// The diaries of all who are followed.
#[derive(Resource, Clone, Debug, Default)]
pub struct Diaries(pub Vec<Diary>);

/// The diary of one worker.
#[derive(Clone, Debug)]
pub struct Diary {
    /// Whose.
    pub who: WorkerId,
    /// z: skill in standard deviations of whoever has the place now.
    pub skill: f64,
    /// The same of whoever had it first.
    pub first_skill: Option<f64>,
    /// People who have entered at the place since the start.
    pub entrants: usize,
    /// What happened, in order.
    pub moments: Vec<Moment>,
    /// Year by year.
    pub years: Vec<Year>,
    /// Where the worker stood at the end of the last tick.
    last: Option<Standing>,
    /// Marks after consent and capture, before the labour market.
    midweek: u8,
    reasons: Option<Reasons>,
    filmed_here: bool,
    site_films: bool,
    had_royalty: bool,
    was_insured: bool,
}

/// Adds the diaries of workers to a calendar. [`super::install`] adds the audit.
pub fn install(world: &mut World, schedule: &mut Schedule, people: &[WorkerId]) {
    go_on(world, schedule, Diaries(people.iter().map(|&who| Diary::of(who)).collect()));
}

/// Adds diaries that were begun elsewhere.
pub fn go_on(world: &mut World, schedule: &mut Schedule, diaries: Diaries) {
    world.insert_resource(diaries);
    schedule.add_systems(hear_the_question.in_set(Phase::Expectations).after(consent::update_fear));
    schedule.add_systems(see_the_answer.in_set(Phase::Staffing));
    schedule.add_systems(keep_the_diary.in_set(Phase::Observation));
}

/// On which terms the site would be answered this tick.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn hear_the_question(
    numbers: consent::Numbers,
    people: Res<PeopleParameters>,
    rule: Res<ConsentParameters>,
    in_force: Res<InForce>,
    markets: Res<Markets>,
    sites: Query<(&Site, &Fear, &Filming, &Stance)>,
    cohorts: Query<Columns>,
    mut diaries: ResMut<Diaries>,
) {
    let asks = Asks::of(&rule);
    for diary in &mut diaries.0 {
        let who = diary.who;
        let Some((columns, row)) = who.find(&cohorts) else { continue };
        let now = standing(&columns, row);
        diary.last.get_or_insert(now);
        diary.skill = skill_score(now.skill, people.skill_sigma.0);
        let place = columns.cohort.site(now.employer);
        let site = sites.iter().nth(place);
        diary.site_films = site.is_some_and(|(_, _, filming, _)| filming.films);
        diary.reasons = site.map(|(_, fear, filming, stance)| {
            let (fear, law) = (fear.0[who.occupation.slot()], &in_force.law[who.region]);
            let weighed = Weighing::of(&numbers, &asks, law, &markets.0[who.market()], fear, filming, stance);
            let strike = Strike::of(in_force.shocks.strike[who.region][who.occupation as usize]);
            reasons(law.data_rights, strike, &weighed, diary.skill)
        });
    }
}

/// Why somebody with this skill score answers as they do, from what consent weighs.
fn reasons(regime: Regime, strike: Strike, weighed: &Weighing, z: f64) -> Reasons {
    let score = &weighed.score;
    Reasons {
        decider: match regime {
            _ if strike.calls(|| z) => Decider::Strike,
            Regime::Bargaining => Decider::Crew,
            _ => Decider::Alone,
        },
        base: score.base,
        skill: score.per_skill * z,
        fear: score.fear,
        peers: score.peers,
        pay: score.pay,
        retaliation: score.retaliation,
        probability: score.probability(z),
        offer: weighed.offer,
    }
}

/// What was answered, and whether the camera ran.
fn see_the_answer(cohorts: Query<Columns>, mut diaries: ResMut<Diaries>) {
    for diary in &mut diaries.0 {
        diary.midweek = diary.who.find(&cohorts).map(|(columns, row)| columns.marks.0[row]).unwrap_or_default();
    }
}

/// What happened this tick, and what was paid.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
fn keep_the_diary(
    clock: Res<Clock>,
    luck: Res<Luckbox>,
    regions: Res<Regions>,
    operators: Res<Operators>,
    markets: Res<Markets>,
    scars: Res<Scars>,
    takes: Res<Takes>,
    people: Res<PeopleParameters>,
    sites: Query<(&Site, &Filming)>,
    cohorts: Query<Columns>,
    mut diaries: ResMut<Diaries>,
) {
    for diary in &mut diaries.0 {
        let who = diary.who;
        let Some((columns, row)) = who.find(&cohorts) else { continue };
        let now = standing(&columns, row);
        let before = diary.last.replace(now).unwrap_or(now);
        if !clock.has_started() {
            continue;
        }
        let site_of = |row: &Standing| sites.iter().nth(columns.cohort.site(row.employer));
        let Some(((site, _), (old_site, filming))) = site_of(&now).zip(site_of(&before)) else { continue };
        let terms = &takes.terms[who.market()];
        let scars = scars.of(who.region);
        let left = |row: &Standing| scars.left(clock.tick, row.scarred, row.trained, row.marks);
        let scar = 1.0 - left(&now) as f64 / SCAR_ONE as f64;
        let per_week = terms.pay_of(now.work, now.skill, left(&now)) as f64 / 1e6 / clock.weeks;
        let draw = labour_draw(&luck.0, clock.tick, columns.cohort.keys, row);
        let mut view = View {
            tick: clock.tick,
            before,
            midweek: diary.midweek,
            now,
            old_place: Workplace::of(old_site, &regions, &operators),
            place: Workplace::of(site, &regions, &operators),
            still_films: filming.films,
            weeks: f64::from(clock.tick - i32::from(before.since)) * clock.weeks,
            per_week,
            scar,
            ends_by_itself: draw < threshold(markets.0[who.market()].steady.separation),
        };
        let capture_pay = filming.pay_each(columns.cohort.occupation.slot());
        let slip = terms.payslip(scars, &now, capture_pay);
        let mut events = view.generations(skill_score(now.skill, people.skill_sigma.0));
        if events.is_empty() {
            events = diary.answers(&view);
            events.extend(view.moves());
            events.extend(diary.money(&view, &slip));
        } else {
            // whoever comes begins with nothing
            view.before.wallet = 0;
            (diary.filmed_here, diary.had_royalty, diary.was_insured) = (false, false, false);
        }
        let date = clock.today();
        diary.turn_the_page(&events, date);
        if diary.moments.is_empty() {
            diary.first_skill = Some(skill_score(before.skill, people.skill_sigma.0));
            let workplace = (before.work == Work::Employed).then(|| view.old_place.clone());
            let first = terms.pay_of(before.work, before.skill, left(&before)) as f64 / 1e6 / clock.weeks;
            events.insert(0, Event::Begins(before.work, workplace, first));
        }
        diary.moments.extend(events.into_iter().map(|event| Moment { tick: clock.tick, date, event }));
        diary.book(date.year(), &slip, &view.before, &now, scar, clock.weeks);
    }
}

/// The draw that moves a row of the cohort with these keys in the labour market.
pub fn labour_draw(luck: &Luck, tick: i32, keys: Rows, row: usize) -> u32 {
    let mut draws = [0; STRIP];
    let first = row - row % STRIP;
    luck.at(Stream::Labour, tick).strip(keys.strip(first), &mut draws);
    draws[row - first]
}

/// A tick of a life, as the three looks saw it.
struct View {
    tick: i32,
    before: Standing,
    /// Marks after consent and capture.
    midweek: u8,
    now: Standing,
    old_place: Workplace,
    place: Workplace,
    still_films: bool,
    /// Weeks in the status before.
    weeks: f64,
    /// Pay of the status now, dollars a week.
    per_week: f64,
    scar: f64,
    ends_by_itself: bool,
}

/// Why somebody who was at work is not any more: where the row stands `now`, its marks before the labour
/// market, and whether the draw of the tick lay below the hazard of an ordinary end.
pub fn why_left(now: &Standing, midweek: u8, tick: i32, ends_by_itself: bool) -> Cause {
    match now.work {
        Work::Outside => Cause::Quit,
        _ if i32::from(now.scarred) == tick => Cause::Displaced,
        _ if midweek & DISMISSED != 0 => Cause::Dismissed,
        _ if ends_by_itself => Cause::Separated,
        _ => Cause::LaidOff,
    }
}

impl View {
    /// Somebody left for good, somebody entered, or both.
    fn generations(&self, skill: f64) -> Vec<Event> {
        let has_entered = self.now.entered != self.before.entered;
        let has_left = self.before.work != Work::Gone && (has_entered || self.now.work == Work::Gone);
        let left = has_left.then(|| Event::LeftForGood(self.before.wallet as f64 / 1e6));
        left.into_iter().chain(has_entered.then_some(Event::Entered(skill))).collect()
    }

    /// Jobs lost and found.
    fn moves(&self) -> Option<Event> {
        let (from, to) = (self.before.work, self.now.work);
        let left = |cause| Event::Left(cause, self.old_place.clone(), self.weeks, self.scar);
        Some(match (from, to) {
            _ if from == to => return None,
            (Work::Employed, _) => left(why_left(&self.now, self.midweek, self.tick, self.ends_by_itself)),
            (_, Work::Employed) => Event::Hired(from, self.place.clone(), self.weeks, self.per_week, self.scar),
            (_, Work::Outside) => Event::WentOutside(self.weeks, self.per_week, self.scar),
            (Work::Outside, _) => Event::LostOutside(self.weeks),
            (_, Work::Training) => Event::CourseBegan,
            (Work::Training, _) => Event::CourseEnded,
            _ => return None,
        })
    }
}

impl Diary {
    /// A diary with nothing in it.
    fn of(who: WorkerId) -> Diary {
        Diary {
            who,
            skill: 0.0,
            first_skill: None,
            entrants: 0,
            moments: Vec::new(),
            years: Vec::new(),
            last: None,
            midweek: 0,
            reasons: None,
            filmed_here: false,
            site_films: false,
            had_royalty: false,
            was_insured: false,
        }
    }

    /// What was said to the camera.
    fn answers(&mut self, view: &View) -> Vec<Event> {
        let mut events = Vec::new();
        let (before, midweek) = (view.before.marks, view.midweek);
        let refuses = midweek & REFUSES != 0;
        if let (true, Some(reasons)) = (midweek & ASKED != 0, self.reasons) {
            if before & ASKED == 0 {
                events.push(Event::Asked(refuses, view.old_place.clone(), reasons));
            } else if refuses != (before & REFUSES != 0) {
                events.push(Event::ChangedMind(refuses, view.old_place.clone(), reasons));
            }
        }
        if view.now.hours < view.before.hours {
            events.push(Event::TookBack(f64::from(view.before.hours) / 1e3));
        }
        if midweek & RECORDED != 0 && !self.filmed_here {
            self.filmed_here = true;
            events.push(Event::Filmed(view.old_place.clone()));
        }
        if self.filmed_here && self.site_films && !view.still_films {
            self.filmed_here = false;
            events.push(Event::CamerasGone(view.old_place.clone()));
        }
        self.filmed_here &= view.now.work == Work::Employed;
        events
    }

    /// What the money says.
    fn money(&mut self, view: &View, slip: &Payslip) -> Vec<Event> {
        let mut events = Vec::new();
        let is_without_work = view.before.work == Work::Unemployed && view.now.work == Work::Unemployed;
        if self.was_insured && is_without_work && slip.insurance == 0 {
            events.push(Event::InsuranceEnded(view.weeks));
        }
        self.was_insured = slip.insurance > 0;
        if slip.royalty > 0 && !self.had_royalty {
            self.had_royalty = true;
            events.push(Event::FirstRoyalty);
        }
        if view.now.wallet == 0 && view.before.wallet > 0 {
            events.push(Event::WalletEmpty);
        }
        events
    }

    /// Whoever leaves has no more years; whoever comes begins another book.
    fn turn_the_page(&mut self, events: &[Event], date: NaiveDate) {
        for event in events {
            match event {
                Event::LeftForGood(_) => {
                    if let Some(year) = self.years.last_mut() {
                        year.left_on = Some(date);
                    }
                }
                Event::Entered(_) => self.entrants += 1,
                _ => {}
            }
        }
    }

    fn book(&mut self, year: i32, slip: &Payslip, before: &Standing, now: &Standing, scar: f64, weeks: f64) {
        if now.work == Work::Gone {
            return;
        }
        let person = self.entrants;
        if self.years.last().is_none_or(|last| (last.year, last.person) != (year, person)) {
            self.years.push(Year { year, person, ..Year::default() });
        }
        if let Some(book) = self.years.last_mut() {
            book.slip += *slip;
            book.consumption += before.wallet + slip.income() - now.wallet;
            book.wallet = now.wallet;
            book.scar = scar;
            book.weeks[now.work as usize] += weeks;
        }
    }
}
