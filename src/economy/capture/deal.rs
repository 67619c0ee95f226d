//! The terms on which a site films: what it offers its people, and when it leaves the programme.

use super::{CaptureParameters, buying, joining, pay};
use crate::economy::policy::{Clock, Law, Regime};
use crate::economy::shared::forms::{BuyingRule, PayRule};
use crate::economy::world::labs::Lab;
use crate::economy::world::programme::Filming;
use crate::ground::maths;

/// What a site and its lab have agreed on, or could, as it is looked at this tick.
pub(super) struct Deal<'a> {
    pub(super) clock: &'a Clock,
    pub(super) capture: &'a CaptureParameters,
    pub(super) law: &'a Law,
    pub(super) filming: &'a mut Filming,
}

impl Deal<'_> {
    /// Moves the offer; a site that films for this lab is offered `reservation` dollars an hour where people are scarce.
    pub(super) fn move_offer(&mut self, lab: &Lab, reservation: f64, is_refused: bool) {
        let (clock, filming) = (self.clock, &mut *self.filming);
        match self.capture.pay.rule {
            PayRule::Reservation => {
                let is_short = lab.shortfall() > 0.0 && !clock.is_frozen;
                if (is_short || is_refused) && filming.offer < reservation {
                    filming.offer +=
                        (reservation - filming.offer) * maths::hazard(self.capture.offer_step.0, clock.weeks);
                }
            }
            PayRule::Rent if !clock.is_frozen => {
                let is_bargaining = self.law.data_rights == Regime::Bargaining;
                let appraisal = &filming.appraisal;
                filming.offer = pay::moved(
                    self.capture,
                    filming.offer,
                    reservation,
                    lab.short(),
                    appraisal,
                    is_bargaining,
                    clock.weeks,
                );
            }
            PayRule::Rent => {}
        }
    }

    /// How fast the site, which could record so many hours a tick, leaves the programme: where there is slack, or nothing
    /// worth filming.
    pub(super) fn leaving(&self, lab: &Lab, hours: f64) -> f64 {
        let is_slack = lab.shortfall() < -1.0 / 2.0 && joining::can_spare(self.capture.recruiting, lab, hours);
        let slack = if is_slack { self.capture.joining.0 } else { 0.0 };
        let dry = match self.capture.buying.rule {
            BuyingRule::Budget => 0.0,
            BuyingRule::Worth => buying::dry(self.capture.buying.leaving.0, self.filming.appraisal.appetite),
        };
        if joining::is_open(self.capture, self.clock) { slack.max(dry) } else { 0.0 }
    }

    /// What a site that joins offers.
    pub(super) fn first_offer(&self) -> f64 {
        let first = self.capture.first_offer[self.law.data_rights].0.max(self.law.least_capture_pay.0);
        self.filming.offer.max(first)
    }
}
