//! Money between the sectors of a region.

use super::{Metric, Pen};
use crate::economy::world::flows::{Flow, Ledger, Sector};
use crate::economy::world::regions::Region;
use crate::ground::maths::share_of;
use crate::ground::money::MICRO;

pub(super) fn dollars(micro: i128) -> f64 {
    micro as f64 / MICRO
}

/// All that the government of a region pays to its workers, dollars.
pub(super) fn transfers(ledger: &Ledger, r: usize) -> f64 {
    let is_transfer = |flow: &Flow| (flow.payer(), flow.payee()) == (Sector::Government, Sector::Workers);
    Flow::ALL.iter().copied().filter(is_transfer).map(|flow| dollars(ledger.received_by(flow, r))).sum()
}

/// What governments receive, in the order in which it is added up: another order may round otherwise.
const TAXES: [Flow; 12] = [
    Flow::PayrollTax,
    Flow::IncomeTax,
    Flow::SiteTax,
    Flow::LabTax,
    Flow::MakerTax,
    Flow::RobotTax,
    Flow::RobotTariff,
    Flow::GoodsTariff,
    Flow::DataLevy,
    Flow::BanPenalty,
    Flow::DataExportFee,
    Flow::BuyersCharge,
];

/// What sites buy to produce, in the order in which it is added up.
const BOUGHT: [Flow; 7] = [
    Flow::HandCosts,
    Flow::OtherCosts,
    Flow::Energy,
    Flow::Maintenance,
    Flow::Cameras,
    Flow::Licences,
    Flow::Subscriptions,
];

pub(super) fn put_money(pen: &mut Pen, region: &Region, ledger: &Ledger) {
    let r = region.index;
    let paid = |flow: Flow| dollars(ledger.paid_by(flow, r));
    let received = |flow: Flow| dollars(ledger.received_by(flow, r));
    let both = |flows: &[Flow], side: &dyn Fn(Flow) -> f64| flows.iter().map(|&flow| side(flow)).sum::<f64>();
    pen.flow(Metric::LicenceRevenue, "all", || paid(Flow::Licences));
    pen.flow(Metric::SubscriptionRevenue, "all", || paid(Flow::Subscriptions));
    pen.flow(Metric::LabRevenue, "all", || both(&[Flow::Licences, Flow::Subscriptions], &received));
    // what labs pay for footage goes to the site and to the region's vendors
    pen.flow(Metric::DataSpending, "all", || both(&[Flow::SiteFees, Flow::CapturePayLab, Flow::Vendor], &received));
    pen.flow(Metric::CapturePayReceived, "all", || received(Flow::CapturePay));
    pen.flow(Metric::RoyaltiesPaid, "all", || paid(Flow::RoyaltiesDue));
    pen.flow(Metric::RoyaltiesReceived, "all", || received(Flow::Royalties));
    pen.flow(Metric::Taxes, "all", || both(&TAXES, &received));
    pen.flow(Metric::Transfers, "all", || transfers(ledger, r));
    pen.put(Metric::GovernmentBalance, "all", || ledger.balance(region.government).dollars());
    pen.put(Metric::RestBalance, "all", || ledger.balance(region.rest).dollars());
    pen.flow(Metric::CapitalAccount, "all", || paid(Flow::CapitalAccount) - received(Flow::CapitalAccount));
    pen.put(Metric::LabourShare, "all", || {
        let labour = both(&[Flow::Wages, Flow::PayrollTax, Flow::Supervision], &paid);
        let added = received(Flow::Sales) - both(&BOUGHT, &paid);
        share_of(labour, added)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_government_receives_is_a_tax() {
        for &flow in Flow::ALL {
            let listed = TAXES.iter().filter(|&&tax| tax == flow).count();
            let wanted = usize::from(flow.payee() == Sector::Government);
            assert_eq!(listed, wanted, "{flow:?}: its place is the list TAXES of this file");
        }
    }
}
