//! Consent by threshold, over whole runs: who refuses, how many, and that nobody draws twice.

use crate::common;
use handover::economy::shared::streams::Stream;
use handover::economy::world::people::{ASKED, Columns, REFUSES, Work};
use handover::economy::{Economy, Luckbox};
use std::collections::BTreeMap;

/// Everybody at a fifth of the factories is asked, and answers by what they ask.
const BY_THRESHOLD: [&str; 3] =
    ["consent.answer=threshold", "law.programme_coverage=100 %", "capture.filming_at_start=0.2"];

/// A short run, asked at its first record: the share of those asked in China who refuse.
fn refusing(settings: &[&str]) -> f64 {
    let all: Vec<&str> =
        common::COARSE.iter().chain(&BY_THRESHOLD).chain(&["run.years=0.1"]).chain(settings).copied().collect();
    let results = common::results(&common::variant("", &all));
    let region = results.scenario.parameters.regions.iter().position(|name| name == "CHN").unwrap();
    results.series.history("refusing_share".parse().unwrap(), region, "all").unwrap()[0].1
}

/// By hand, of a mean worker without fear, all unpaid but under consent (half a dollar, a seventh of the wage, P 0.55):
/// none 0.02 * logistic(logit 0.7 - 0.25 * 4 - 0.15) = 0.0085; notice 0.1 * logistic(logit 0.7 - 0.25 * 2 - 0.13) =
/// 0.055; consent 0.56. The spread of skill draws each a little to a half.
#[test]
fn how_many_refuse_depends_on_who_is_made_to_choose() {
    // dismissed, those who refuse would be fewer with every week
    let safe = ["risk.dismissal.none=0 %/week", "risk.dismissal.notice=0 %/week"];
    let under = |regime: &str| refusing(&[safe[0], safe[1], &format!("law.data_rights={regime:?}")]);
    let (none, notice, consent) = (under("none"), under("notice"), under("consent"));
    assert!((0.006..0.012).contains(&none), "none: {none}");
    assert!((0.04..0.07).contains(&notice), "notice: {notice}");
    assert!((0.48..0.62).contains(&consent), "consent: {consent}");
}

#[test]
fn ten_times_the_pay_wins_few() {
    let consent = ["law.data_rights=\"consent\"", "capture.first_offer.consent=0 USD/hour"];
    let paid = |pay: &str| refusing(&[consent[0], &format!("capture.first_offer.consent={pay} USD/hour")]);
    let (unpaid, a_third, rich) = (paid("0"), paid("1.3"), paid("13"));
    assert!((0.6..0.72).contains(&unpaid), "{unpaid}");
    // ten times as much pay wins less than a quarter of the people
    assert!(unpaid > a_third && a_third > rich && rich > a_third - 0.25, "{unpaid} {a_third} {rich}");
}

/// Unpaid, seven in ten of a crew would refuse, so nearly all do: more than would each alone, but for crews of a few
/// agents that have a majority of their own. For several hours' wage four in ten would, and hardly anybody does.
#[test]
fn a_crew_that_bargains_answers_by_its_majority() {
    // fine, because of crews of two or three agents; and offers do not rise
    let law = ["law.data_rights=\"bargaining\"", "run.persons_per_agent=2000 persons", "capture.offer_step=0 %/week"];
    let of =
        |offer: &str| refusing(&[law[0], law[1], law[2], &format!("capture.first_offer.bargaining={offer} USD/hour")]);
    let (free, paid) = (of("0"), of("20"));
    assert!(free > 0.75, "{free}");
    assert!(paid < 0.1, "{paid}");
}

/// Reviewed every week, with skill, fear and peers out of the way, a crew's answers are cut at one height: whoever
/// refuses has a lower draw than whoever is willing. Drawn anew, they would be mixed.
#[test]
fn everybody_has_one_draw_for_life() {
    let calm = ["consent.skill=0", "consent.fear=0", "consent.peers=0", "consent.review=900 %/week"];
    let law = ["law.data_rights=\"consent\"", "run.persons_per_agent=2000 persons"];
    let settings: Vec<&str> = common::COARSE.iter().chain(&BY_THRESHOLD).chain(&calm).chain(&law).copied().collect();
    let mut economy = Economy::found(&common::variant("", &settings).parameters, |_, _| ());
    for _ in 0..30 {
        economy.step().unwrap();
    }
    let ask = economy.world.resource::<Luckbox>().0.at(Stream::Ask, 0);
    // by site and market: the highest draw of those who refuse, the lowest of the willing
    let mut crews: BTreeMap<(usize, usize), (u32, u32)> = BTreeMap::new();
    let mut cohorts = economy.world.query::<Columns>();
    for columns in cohorts.iter(&economy.world) {
        for row in 0..columns.status.0.len() {
            let mark = columns.marks.0[row];
            if columns.status.0[row] != Work::Employed as u8 || mark & ASKED == 0 {
                continue;
            }
            let site = columns.cohort.sites.0 + usize::from(columns.employer.0[row]);
            let draw = (ask.bits(columns.cohort.worker(row)) >> 32) as u32;
            let (refuse, willing) = crews.entry((site, columns.cohort.market)).or_insert((0, u32::MAX));
            if mark & REFUSES != 0 {
                *refuse = draw.max(*refuse);
            } else {
                *willing = draw.min(*willing);
            }
        }
    }
    // who was hired in the last tick keeps what the site of before was answered
    let both: Vec<_> = crews.values().filter(|(refuse, willing)| *refuse > 0 && *willing < u32::MAX).collect();
    let mixed = both.iter().filter(|(refuse, willing)| refuse >= willing).count();
    assert!(both.len() > 100, "{} crews with both answers", both.len());
    assert_eq!(mixed, 0, "of {} crews", both.len());
}
