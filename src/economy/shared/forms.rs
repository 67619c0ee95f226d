//! The forms that a rule can take, where there is more than one: what a scenario chooses by a word.
//!
//! What each form says, and where it is from, stands in the rule's own file and in `docs/model.md`; here one sees at a
//! glance which model is run.

use crate::listed;

listed! {
    /// Does technology move?
    Technology, "technology":
    /// It does.
    Moving = "moving",
    /// No learning, no growth of fleets or of demand, no change of the data programme.
    Frozen = "frozen",
}

listed! {
    /// How somebody who is asked finds an answer.
    Answer, "consent answer":
    /// By reasons weighed, drawn anew at each review.
    Utility = "utility",
    /// By what the person asks for being filmed.
    Threshold = "threshold",
}

listed! {
    /// How the labs' spending on hours moves.
    BudgetRule, "budget rule":
    /// It is the same from tick 0 on; before, nobody films.
    Constant = "constant",
    /// It follows a logistic path, before tick 0 too.
    Logistic = "logistic",
}

listed! {
    /// What decides how much labs buy.
    BuyingRule, "buying rule":
    /// All that their budget buys.
    Budget = "budget",
    /// What is worth more than it costs, as far as the budget goes.
    Worth = "worth",
}

listed! {
    /// How many sites labs that are short of hours ask to film.
    Recruiting, "rule of recruiting":
    /// The more, the shorter they are of hours, however little it is that they are short of.
    Shortfall = "shortfall",
    /// No more than would bring the hours they are short of, and before tick 0 too where the path of spending begins there.
    Need = "need",
}

listed! {
    /// How offers move.
    PayRule, "rule of capture pay":
    /// Up towards the reservation price, where labs are short of people.
    Reservation = "reservation",
    /// Both ways, towards the reservation price and a part of the rent.
    Rent = "rent",
}

listed! {
    /// Does a crew run out of news?
    Sources, "rule of sources":
    /// Every hour is as new as the first.
    Endless = "endless",
    /// The more of a crew was seen, the less is new.
    Saturating = "saturating",
}

listed! {
    /// How failure falls with hours.
    Form, "learning form":
    /// A shifted power law.
    Power = "power",
    /// Capability linear in the logarithm of hours.
    LogLinear = "log_linear",
}

listed! {
    /// Is there work that only experts teach?
    ExpertRule, "rule of experts":
    /// All quality hours are alike.
    None = "none",
    /// A part of the work is learnt from the top quarter of skill.
    TopQuarter = "top_quarter",
}

listed! {
    /// Are there other teachers than people and robots at work?
    TeacherRule, "rule of other teachers":
    /// No.
    None = "none",
    /// They teach more each year.
    Growing = "growing",
}

listed! {
    /// What customers choose by.
    DemandForm, "form of demand":
    /// By the price of the unit alone; shares of trade are fixed.
    OwnPrice = "own_price",
    /// By what other regions and other sites ask too; shares of trade move.
    Nested = "nested",
}

listed! {
    /// Who licenses robots.
    Licensing, "way of licensing":
    /// Each region's lab.
    Territories = "territories",
    /// All labs everywhere.
    Competition = "competition",
}

listed! {
    /// What counts as an example of a class.
    Adopters, "way of counting adopters":
    /// All work of the class at a site that ever planned a robot of it.
    Ever = "ever",
    /// Work that robots do now.
    ByShare = "by_share",
}

listed! {
    /// How orders are delivered.
    Deliveries, "way of delivering":
    /// In the tick in which they are placed.
    AtOnce = "at_once",
    /// As makers can make them.
    ByCapacity = "by_capacity",
}

listed! {
    /// Who watches robots.
    Supervisors, "kind of supervisor":
    /// People from outside the model, paid as a bill.
    Outside = "outside",
    /// The crew whose work the robots do.
    Crew = "crew",
}

listed! {
    /// Whose hours a crew works.
    CrewHours, "hours of a crew":
    /// Those of its own agents.
    Own = "own",
    /// Those of the agents that it would have on average over chance.
    Expected = "expected",
}

listed! {
    /// When in a tick the excess of heads is measured.
    ExcessRule, "rule of excess":
    /// At its start.
    AtStart = "at_start",
    /// As it falls over the tick while people leave by themselves.
    OverTick = "over_tick",
}
