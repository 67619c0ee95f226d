//! The worlds in which closed forms hold: rules that would blur them stand still, and one region is fine.

use super::observed::{self, Notes};
use crate::economy::Economy;

/// A small world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// Labour markets at rest: technology stands still, and nobody is displaced.
    Labour,
    /// People who neither grow nor shrink in number, and leave often.
    Stationary,
    /// People who grow in number.
    Growing,
    /// Wages with a trend and no curve.
    Trend,
    /// Three times the jobs for crews that nobody joins or leaves.
    Queue,
    /// Robots learn from hours and from being made.
    Learning,
    /// Many robots, each by itself, in a world that stands still.
    Upkeep,
    /// Robots that pay everywhere: what is missing is that buyers know of them.
    Awareness,
    /// A tariff between two regions, and nothing else that moves.
    Tariff,
    /// Hours recorded in one quarter, and licences ever after.
    Royalty,
    /// A world at rest, with taxes and wallets.
    Money,
}

/// Many people in the USA, few elsewhere.
const FINE: [(&str, u32); 7] = [
    ("IND", 2_000_000),
    ("VNM", 500_000),
    ("BGD", 500_000),
    ("CHN", 2_000_000),
    ("MEX", 500_000),
    ("EU27", 1_000_000),
    ("JPN", 500_000),
];

const NO_QUITS: [&str; 6] = [
    "labour.quits.assembler=0 %/week",
    "labour.quits.operator=0 %/week",
    "labour.quits.tool_and_die=0 %/week",
    "labour.quits.helper=0 %/week",
    "labour.quits.picker=0 %/week",
    "labour.quits.courier=0 %/week",
];

impl World {
    /// People an agent of the USA stands for.
    const fn grain(self) -> u32 {
        match self {
            World::Labour => 40,
            World::Stationary => 50,
            World::Growing => 100,
            World::Queue | World::Awareness => 1_000,
            World::Money => 2_000,
            World::Royalty | World::Learning | World::Upkeep => 100_000,
            World::Trend | World::Tariff => 1_000_000,
        }
    }

    /// What differs from the first economy.
    const fn own(self) -> &'static [&'static str] {
        match self {
            World::Labour => &[
                "run.spin_up=52 weeks",
                "run.years=5",
                "run.technology=frozen",
                "labour.unemployment.USA=12 %",
                "labour.job_finding.USA=4 %/week",
            ],
            World::Stationary => {
                &["run.spin_up=4 weeks", "run.years=4", "demography.leaving=9 %/year", "demography.growth.USA=0 %/year"]
            }
            World::Growing => &[
                "run.spin_up=4 weeks",
                "run.years=10",
                "demography.leaving=2.5 %/year",
                "demography.growth.USA=1 %/year",
                "demography.growth_half_life=10 years",
            ],
            World::Trend => &[
                "run.spin_up=4 weeks",
                "run.years=10",
                "wages.curve=0",
                "wages.growth=5 %/year",
                "wages.growth_half_life=10 years",
            ],
            World::Queue => &[
                "run.spin_up=4 weeks",
                "run.years=2",
                "run.tick=1 day",
                "run.record_every=1 week",
                "run.technology=frozen",
                "wages.curve=0",
                "demand.omega=0",
                "demand.noise=0.5 %",
                "demand.patience=52 weeks",
                "staffing.plan_half_life=5200 weeks",
                "staffing.backlog_cleared=5200 weeks",
                "labour.matching_elasticity=1",
                "labour.job_finding=0.01 %/week",
                "event.new={kind=\"demand_shock\", from=\"2027-01-01\", regions=[\"USA\"], factor=3}",
            ],
            World::Learning => &[
                "run.spin_up=4 weeks",
                "run.years=6",
                "learning.alpha=0.34",
                "learning.chain.assembly=5",
                "robots.learning_rate=20 %",
                "robots.class.amr.price_floor=1000 USD",
            ],
            World::Upkeep => &[
                "run.spin_up=26 weeks",
                "run.years=6",
                "run.technology=frozen",
                "run.robots_per_agent=10",
                "robots.uptime=95 %",
            ],
            World::Awareness => &[
                "run.spin_up=4 weeks",
                "run.years=10",
                "run.tick=1 day",
                "run.robots_per_agent=1000",
                "labour.manufacturing.USA=100000 persons",
                "labour.pickers.USA=50000 persons",
                "robots.class.sidewalk.fleet_at_start=0",
                "robots.class.sidewalk.sites_at_start=0 %",
                "robots.hurdle=100 years",
                "robots.innovation=0.5 %/year",
                "robots.imitation=45 %/year",
                "sites.size_sigma=0",
                "sites.persons_per_site=4000 persons",
                "sites.most=400",
            ],
            World::Tariff => &[
                "run.spin_up=8 weeks",
                "run.years=1",
                "run.technology=frozen",
                "trade.demand=nested",
                "trade.half_life=1 weeks",
                "trade.origin_substitution=2",
                "trade.input_share=0 %",
                "demand.omega=0",
                "demand.noise=0.5 %",
                "event.new={kind=\"goods_tariff\", from=\"2027-04-01\", regions=[\"USA\"], origins=[\"CHN\"], rate=\"100 %\"}",
            ],
            World::Royalty => &[
                "run.spin_up=8 weeks",
                "run.years=4",
                "run.record_every=1 week",
                "capture.stock_at_start=0 hours",
                "capture.filming_at_start=0.5",
                "capture.budget=400 bn USD/year",
                "learning.robot_hours.sidewalk=0",
                "learning.robot_hours.amr=0",
                "learning.robot_hours.manipulator=0",
                "law.royalty_rate=10 %",
                "law.royalty_collection_cost=15 %",
                "law.royalty_duration=10 years",
                "policy.new={from=\"2027-02-15\", data_rights=\"ban\"}",
                // claims fade at the beginning of a quarter, and the first week begins one: nobody records in it
                "event.new={kind=\"natural_disaster\", from=\"2027-01-01\", until=\"2027-01-08\", share=\"100 %\"}",
            ],
            World::Money => &[
                "run.spin_up=400 weeks",
                "run.years=5",
                "run.record_every=1 week",
                "run.technology=frozen",
                "settlement.subsistence=0 %",
                "settlement.consume_wealth=2 %/week",
                "law.payroll_tax.USA=10 %",
                "law.payroll_tax_couriers.USA=10 %",
                "law.income_tax.USA=12.5 %",
            ],
        }
    }

    /// All settings on top of the first economy.
    pub fn settings(self) -> Vec<String> {
        let others: String = FINE.iter().map(|(region, persons)| format!(", {region}=\"{persons} persons\"")).collect();
        let mut all = vec![format!("run.persons_per_agent={{USA=\"{} persons\"{others}}}", self.grain())];
        all.push("run.seed=1".to_owned());
        all.push("run.panel=0".to_owned());
        all.extend(self.own().iter().map(|&setting| setting.to_owned()));
        if self == World::Queue {
            all.extend(NO_QUITS.map(str::to_owned));
        }
        all
    }

    /// What is looked at after every tick.
    pub(super) fn observer(self) -> fn(&mut Economy, &mut Notes) {
        match self {
            World::Labour => observed::spells,
            World::Learning => observed::makers,
            World::Awareness => observed::awareness,
            _ => |_, _| (),
        }
    }
}
