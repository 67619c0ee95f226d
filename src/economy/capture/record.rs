//! Who works before a camera this tick, and what it credits them.

use super::{Filming, Recorded};
use crate::economy::consent::Withdrawn;
use crate::economy::people::{
    ASKED, Claim, Cohort, Employer, FILMED, Hours, Markets, Marks, RECORDED, REFUSES, Skill, Status, Work,
};
use crate::economy::policy::Clock;
use crate::economy::sites::{Site, SiteType, Staff};
use crate::economy::{Parameters, blocks};
use crate::ground::lanes::{Flags, STRIP, marked};
use crate::ground::maths::share_of;
use crate::ground::random::whole;
use crate::wide;
use bevy_ecs::prelude::*;
use bevy_ecs::query::QueryItem;

type Recordable = (
    &'static Cohort,
    &'static Status,
    &'static Employer,
    &'static Skill,
    &'static mut Marks,
    &'static mut Hours,
    &'static mut Claim,
);

/// What cohorts of one market recorded.
struct Reel {
    /// Workers and their skill factors, by site.
    tallies: Vec<(i64, i64)>,
    /// Milli-hours credited.
    credited: i128,
}

/// Filming sites record.
pub fn record_hours(
    clock: Res<Clock>,
    parameters: Res<Parameters>,
    withdrawn: Res<Withdrawn>,
    mut markets: ResMut<Markets>,
    mut sites: Query<(&Site, &Staff, &mut Filming)>,
    mut cohorts: Query<Recordable>,
) {
    let records: Vec<(bool, u32)> = sites
        .iter()
        .map(|(_, _, filming)| {
            let accepted = u32::try_from(filming.accepted_each).expect("the milli-hours of a tick fit 32 bits");
            (filming.films && accepted > 0, accepted)
        })
        .collect();
    let blocks_: Vec<_> = cohorts.iter_mut().filter(|row| row.0.occupation.site_type() == SiteType::Factory).collect();
    let results = blocks::over(blocks::grouped(blocks_, |people| people.0.market), |group| {
        let cohort = group[0].0;
        let table = &records[cohort.sites.0..cohort.sites.0 + cohort.sites.1];
        let mut reel = Reel { tallies: vec![(0, 0); cohort.sites.1], credited: 0 };
        for mut people in group {
            record(&mut people, table, &mut reel);
        }
        (cohort, reel)
    });
    for (market, taken) in markets.0.iter_mut().zip(&withdrawn.0) {
        market.credited = 0;
        market.claims -= taken.claims;
        market.hours -= taken.hours;
    }
    let mut filmed: Vec<Vec<(i64, i64)>> =
        sites.iter().map(|(site, ..)| vec![(0, 0); site.kind.occupations().len()]).collect();
    for (cohort, Reel { tallies, credited }) in results {
        let market = &mut markets.0[cohort.market];
        market.credited += credited;
        market.claims += credited;
        market.hours += credited;
        for (n, tally) in tallies.iter().enumerate() {
            let crew = &mut filmed[cohort.sites.0 + n][cohort.occupation.slot()];
            *crew = (crew.0 + tally.0, crew.1 + tally.1);
        }
    }
    let persons = parameters.run.persons_per_agent.0;
    let persons_whole = whole(persons);
    for (site, staff, mut filming) in &mut sites {
        let each = filming.accepted_each;
        let mut agents = 0;
        for (slot, &(heads, skills)) in filmed[site.index].iter().enumerate() {
            let quality = i128::from(skills) * i128::from(each) * i128::from(persons_whole);
            filming.by_crew[slot] = Recorded { agents: heads, quality };
            agents += heads;
        }
        filming.filmed = agents;
        filming.recorded_for = filming.lab;
        filming.accepted = agents * each * persons_whole;
        if let (true, Some(lab)) = (agents > 0, filming.lab) {
            filming.contributed |= 1 << lab;
        }
        let paid: i64 = staff.0.iter().map(|crew| crew.heads).sum();
        let weekly = parameters.labour.weekly_hours[site.region].0;
        filming.filmed_share = share_of(agents as f64 * filming.raw_hours, paid as f64 * weekly * clock.weeks);
    }
}

/// Records who of a cohort works where a site films and lets the camera run; `table` says for each site whether it
/// films, and the milli-hours accepted of a worker.
fn record(people: &mut QueryItem<Recordable>, table: &[(bool, u32)], reel: &mut Reel) {
    let (_, status, employer, skill, marks, hours, claim) = people;
    let (status, employer, skill) = (status.0.as_slice(), employer.0.as_slice(), skill.0.as_slice());
    let (marks, hours, claim) = (marks.0.as_mut_slice(), hours.0.as_mut_slice(), claim.0.as_mut_slice());
    if table.iter().all(|(films, _)| !films) {
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
            let place = usize::from(employer[row]);
            let (films, accepted) = table[place];
            if !films {
                continue;
            }
            marks[row] |= RECORDED | FILMED;
            hours[row] += accepted;
            claim[row] += accepted;
            reel.credited += i128::from(accepted);
            reel.tallies[place].0 += 1;
            reel.tallies[place].1 += i64::from(skill[row]);
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
