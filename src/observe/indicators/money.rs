//! Money between the sectors of a region.

use super::{M, Pen};
use crate::economy::flows::{Flow, Ledger};
use crate::economy::regions::Region;
use crate::ground::maths::share_of;
use crate::ground::money::MICRO;

pub(super) fn dollars(micro: i128) -> f64 {
    micro as f64 / MICRO
}

pub(super) fn transfers(ledger: &Ledger, r: usize) -> f64 {
    let kinds = [Flow::Insurance, Flow::Stipends, Flow::CitizenDividend, Flow::WageInsurance, Flow::Recycling];
    kinds.iter().map(|&flow| dollars(ledger.received_by(flow, r))).sum()
}

pub(super) fn put_money(pen: &mut Pen, region: &Region, ledger: &Ledger) {
    let r = region.index;
    let paid = |flow: Flow| dollars(ledger.paid_by(flow, r));
    let received = |flow: Flow| dollars(ledger.received_by(flow, r));
    let both = |flows: &[Flow], side: &dyn Fn(Flow) -> f64| flows.iter().map(|&flow| side(flow)).sum::<f64>();
    pen.flow(M::licence_revenue, "all", paid(Flow::Licences));
    pen.flow(M::subscription_revenue, "all", paid(Flow::Subscriptions));
    pen.flow(M::lab_revenue, "all", both(&[Flow::Licences, Flow::Subscriptions], &received));
    // what labs pay for footage goes to the site and to the region's vendors
    pen.flow(M::data_spending, "all", both(&[Flow::SiteFees, Flow::CapturePayLab, Flow::Vendor], &received));
    pen.flow(M::capture_pay_received, "all", received(Flow::CapturePay));
    pen.flow(M::royalties_paid, "all", paid(Flow::RoyaltiesDue));
    pen.flow(M::royalties_received, "all", received(Flow::Royalties));
    let taxes = [
        Flow::PayrollTax,
        Flow::IncomeTax,
        Flow::SiteTax,
        Flow::LabTax,
        Flow::MakerTax,
        Flow::RobotTax,
        Flow::RobotTariff,
        Flow::DataLevy,
        Flow::BanPenalty,
    ];
    pen.flow(M::taxes, "all", both(&taxes, &received));
    pen.flow(M::transfers, "all", transfers(ledger, r));
    pen.put(M::government_balance, "all", || ledger.balance(region.government).dollars());
    pen.put(M::rest_balance, "all", || ledger.balance(region.rest).dollars());
    pen.flow(M::capital_account, "all", paid(Flow::CapitalAccount) - received(Flow::CapitalAccount));
    let labour = both(&[Flow::Wages, Flow::PayrollTax, Flow::Supervision], &paid);
    let bought = [
        Flow::HandCosts,
        Flow::OtherCosts,
        Flow::Energy,
        Flow::Maintenance,
        Flow::Cameras,
        Flow::Licences,
        Flow::Subscriptions,
    ];
    let inputs = both(&bought, &paid);
    let added = received(Flow::Sales) - inputs;
    pen.put(M::labour_share, "all", || share_of(labour, added));
}
