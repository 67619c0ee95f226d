//! The forms that a rule can take, where there is more than one: what a scenario chooses by a word.
//!
//! What each form says, and where it is from, stands in the rule's own file and in `docs/model.md`; here one sees at a
//! glance which model is run.

use crate::listed;

listed! {
    /// Does technology move?
    Technology, "technology":
    /// It does.
    Moving,
    /// No learning, no growth of fleets or of demand, no change of the data programme.
    Frozen,
    /// What robots can do follows paths by year, whoever films; all else moves.
    Given,
}

listed! {
    /// How somebody who is asked finds an answer.
    Answer, "consent answer":
    /// By reasons weighed, drawn anew at each review.
    Utility,
    /// By what the person asks for being filmed.
    Threshold,
}

listed! {
    /// How the labs' spending on hours moves.
    BudgetRule, "budget rule":
    /// It is the same from tick 0 on; before, nobody films.
    Constant,
    /// It follows a logistic path, before tick 0 too.
    Logistic,
}

listed! {
    /// What decides how much labs buy.
    BuyingRule, "buying rule":
    /// All that their budget buys.
    Budget,
    /// What is worth more than it costs, as far as the budget goes.
    Worth,
}

listed! {
    /// How many sites labs that are short of hours ask to film.
    Recruiting, "rule of recruiting":
    /// The more, the shorter they are of hours, however little it is that they are short of.
    Shortfall,
    /// No more than would bring the hours they are short of, and before tick 0 too where the path of spending begins there.
    Need,
}

listed! {
    /// How offers move.
    PayRule, "rule of capture pay":
    /// Up towards the reservation price, where labs are short of people.
    Reservation,
    /// Both ways, towards the reservation price and a part of the rent.
    Rent,
}

listed! {
    /// Does a crew run out of news?
    Sources, "rule of sources":
    /// Every hour is as new as the first.
    Endless,
    /// The more of a crew was seen, the less is new.
    Saturating,
}

listed! {
    /// How failure falls with hours.
    Form, "learning form":
    /// A shifted power law.
    Power,
    /// Capability linear in the logarithm of hours.
    LogLinear,
}

listed! {
    /// Is there work that only experts teach?
    ExpertRule, "rule of experts":
    /// All quality hours are alike.
    None,
    /// A part of the work is learnt from the top quarter of skill.
    TopQuarter,
}

listed! {
    /// Are there other teachers than people and robots at work?
    TeacherRule, "rule of other teachers":
    /// No.
    None,
    /// They teach more each year.
    Growing,
}

listed! {
    /// What customers choose by.
    DemandForm, "form of demand":
    /// By the price of the unit alone; shares of trade are fixed.
    OwnPrice,
    /// By what other regions and other sites ask too; shares of trade move.
    Nested,
}

listed! {
    /// Who licenses robots.
    Licensing, "way of licensing":
    /// Each region's lab.
    Territories,
    /// All labs everywhere.
    Competition,
}

listed! {
    /// What counts as an example of a class.
    Adopters, "way of counting adopters":
    /// All work of the class at a site that ever planned a robot of it.
    Ever,
    /// Work that robots do now.
    ByShare,
}

listed! {
    /// How orders are delivered.
    Deliveries, "way of delivering":
    /// In the tick in which they are placed.
    AtOnce,
    /// As makers can make them.
    ByCapacity,
}

listed! {
    /// Who watches robots.
    Supervisors, "kind of supervisor":
    /// People from outside the model, paid as a bill.
    Outside,
    /// The crew whose work the robots do.
    Crew,
}

listed! {
    /// Whose hours a crew works.
    CrewHours, "hours of a crew":
    /// Those of its own agents.
    Own,
    /// Those of the agents that it would have on average over chance.
    Expected,
}

listed! {
    /// When in a tick the excess of heads is measured.
    ExcessRule, "rule of excess":
    /// At its start.
    AtStart,
    /// As it falls over the tick while people leave by themselves.
    OverTick,
}
