//! Who works before a camera this tick, and what it credits them.

use crate::economy::consent::Withdrawn;
use crate::economy::policy::Clock;
use crate::economy::shared::blocks;
use crate::economy::shared::weights::Weights;
use crate::economy::world::lists::SiteType;
use crate::economy::world::markets::LabourParameters;
use crate::economy::world::markets::Markets;
use crate::economy::world::people::{
    ASKED, Claim, Employer, FILMED, Hours, Marks, PeopleParameters, RECORDED, REFUSES, Skill, Status, Work,
    top_quarter_from, workers,
};
use crate::economy::world::programme::{Filming, MOST_CREWS, Recorded};
use crate::economy::world::sites::{Site, Staff};
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths::share_of;
use crate::wide;
use bevy_ecs::prelude::*;

workers! {
    /// The columns of workers that recording reads and writes.
    Recordable:
        reads status: Status, employer: Employer, skill: Skill;
        writes marks: Marks, hours: Hours, claim: Claim;
}

/// Does a camera run before a crew, and how many milli-hours of each worker are accepted this tick?
#[derive(Clone, Copy, Default)]
struct Camera {
    runs: bool,
    accepted: u32,
}

/// The filmed of one crew.
#[derive(Clone, Copy, Default)]
struct Filmed {
    agents: i64,
    /// Sum of their skill factors.
    skill: i64,
    /// The same of those among the top quarter.
    top: i64,
}

impl Filmed {
    /// Others of the crew, too.
    fn add(&mut self, others: &Filmed) {
        self.agents += others.agents;
        self.skill += others.skill;
        self.top += others.top;
    }
}

/// What cohorts of one market recorded.
struct Recording {
    /// By site.
    filmed: Vec<Filmed>,
    /// Milli-hours credited.
    credited: i128,
}

/// Filming sites record.
#[expect(clippy::too_many_arguments, reason = "a system names all that it reads and writes")]
pub fn record_hours(
    clock: Res<Clock>,
    weights: Res<Weights>,
    about_people: Res<PeopleParameters>,
    labour: Res<LabourParameters>,
    withdrawn: Res<Withdrawn>,
    mut markets: ResMut<Markets>,
    mut sites: Query<(&Site, &Staff, &mut Filming)>,
    mut cohorts: Query<Recordable>,
) {
    let (cameras, top_from) = (cameras(&sites), top_quarter_from(about_people.skill_sigma.0));
    let can_be_filmed = |people: &RecordableItem| people.cohort.occupation.site_type() == SiteType::Factory;
    let mut columns: Vec<_> = cohorts.iter_mut().filter(can_be_filmed).collect();
    let results = blocks::over(blocks::grouped(&mut columns, |people| people.cohort.market), |group| {
        let cohort = group[0].cohort;
        let mut recording = Recording { filmed: vec![Filmed::default(); cohort.sites.1], credited: 0 };
        for people in group {
            record(people, cohort.own(&cameras[cohort.occupation.slot()]), top_from, &mut recording);
        }
        (cohort, recording)
    });
    for (market, taken) in markets.0.iter_mut().zip(&withdrawn.0) {
        market.recorded.credited = 0;
        market.recorded.claims -= taken.claims;
        market.recorded.hours -= taken.hours;
    }
    let mut crews = vec![[Filmed::default(); MOST_CREWS]; sites.iter().len()];
    for (cohort, Recording { filmed, credited }) in results {
        let market = &mut markets.0[cohort.market];
        market.recorded.credited += credited;
        market.recorded.claims += credited;
        market.recorded.hours += credited;
        for (crews, filmed) in crews[cohort.sites.0..].iter_mut().zip(&filmed) {
            crews[cohort.occupation.slot()].add(filmed);
        }
    }
    for (site, staff, mut filming) in &mut sites {
        let crews = &crews[site.index];
        // what was recorded is nothing since the tick began, and so it stays
        if crews.iter().all(|crew| crew.agents == 0) {
            filming.recorded_for = filming.lab;
            continue;
        }
        let lots = site.kind.occupations().iter().map(|&o| weights.lots_of(site.region, o));
        filming.book(crews, lots.clone(), weights.lot());
        let paid: i64 = staff.0.iter().zip(lots).map(|(crew, lots)| crew.heads * lots).sum();
        let (hours, weekly) = (filming.footage.in_full(), labour.weekly_hours[site.region].0);
        filming.filmed_share = share_of(hours, paid as f64 * weekly * clock.weeks);
    }
}

/// The cameras of all sites, by place of the crew.
fn cameras(sites: &Query<(&Site, &Staff, &mut Filming)>) -> [Vec<Camera>; MOST_CREWS] {
    let mut cameras = std::array::from_fn(|_| vec![Camera::default(); sites.iter().len()]);
    for (site, _, filming) in sites.iter().filter(|(_, _, filming)| filming.films) {
        for (cameras, crew) in cameras.iter_mut().zip(&filming.footage.by_crew) {
            cameras[site.index] = Camera::of(crew);
        }
    }
    cameras
}

impl Camera {
    /// That of a crew at a site that films.
    fn of(crew: &Recorded) -> Camera {
        let accepted = u32::try_from(crew.accepted_each).expect("the milli-hours of a tick fit 32 bits");
        Camera { runs: accepted > 0, accepted }
    }
}

impl Filming {
    /// Books what the site's crews recorded; an agent of each stands for so many lots, and a lot is so many persons.
    fn book(&mut self, crews: &[Filmed], lots: impl Iterator<Item = i64>, lot: i64) {
        let footage = &mut self.footage;
        let parts = self.appraisal.by_crew;
        for (((recorded, crew), lots), part) in footage.by_crew.iter_mut().zip(crews).zip(lots).zip(parts) {
            let (people, each) = (crew.agents * lots, recorded.accepted_each);
            let quality = |skill: i64| i128::from(skill) * i128::from(each) * i128::from(lots * lot);
            (recorded.agents, recorded.quality, recorded.top) = (crew.agents, quality(crew.skill), quality(crew.top));
            footage.filmed += people;
            footage.filmed_in_full += people as f64 * part;
            footage.accepted += people * each * lot;
            footage.pay += people * recorded.pay_each * lot;
        }
        self.recorded_for = self.lab;
        if let (true, Some(lab)) = (footage.filmed > 0, self.lab) {
            self.contributed |= 1 << lab;
        }
    }
}

/// Records who of a cohort works where a site films and lets the camera run; `cameras` are those of its sites.
/// `top_from` is the skill factor at which the top quarter begins.
fn record(people: &mut RecordableItem, cameras: &[Camera], top_from: u16, recording: &mut Recording) {
    let (status, marks) = (people.status.0.as_slice(), people.marks.0.as_mut_slice());
    if cameras.iter().all(|camera| !camera.runs) {
        marks.iter_mut().for_each(|mark| *mark &= !RECORDED);
        return;
    }
    let mut flags = [0; STRIP];
    for first in (0..status.len()).step_by(STRIP) {
        let strip = first..(first + STRIP).min(status.len());
        flags.fill(0);
        wide!(flag_filmable(&status[strip.clone()], &mut marks[strip], &mut flags));
        for at in marked(&flags) {
            let row = first + at;
            let place = usize::from(people.employer.0[row]);
            let Camera { runs, accepted } = cameras[place];
            if !runs {
                continue;
            }
            marks[row] |= RECORDED | FILMED;
            people.hours.0[row] += accepted;
            people.claim.0[row] += accepted;
            recording.credited += i128::from(accepted);
            let (filmed, skill) = (&mut recording.filmed[place], people.skill.0[row]);
            filmed.agents += 1;
            filmed.skill += i64::from(skill);
            filmed.top += if skill >= top_from { i64::from(skill) } else { 0 };
        }
    }
}

/// Takes last week's records off, and flags those at work who let the camera run.
#[inline(always)]
fn flag_filmable(status: &[u8], marks: &mut [u8], flags: &mut Flags) {
    for ((flag, &work), mark) in flags.iter_mut().zip(status).zip(marks) {
        *mark &= !RECORDED;
        *flag = u8::from((work == Work::Employed as u8) & (*mark & (ASKED | REFUSES) == ASKED));
    }
}
