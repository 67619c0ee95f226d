//! Every payment of the week, in order.
//!
//! ```text
//! trade      sales; cost of work by hand; robots and their upkeep; footage; fines
//! royalties  what labs owe on licences, and what a claim is worth
//! wallets    wages, outside pay, insurance, stipends, capture pay, royalties, transfers;
//!            income tax; consumption (terms: what a market shares; rows: one worker's week)
//! owners     corporate tax, dividends, and money from owners where cash ran out
//! public     courses, public purchases, the capital account
//! ```
//!
//! Firms settle before wallets because a royalty depends on the licences of the same week. Nothing
//! else in the week depends on the order: every payment is one transfer in the ledger.
//!
//! Left out: banks, credit and interest; taxes on consumption and wealth; exchange rates.

pub mod owners;
pub mod payslip;
pub mod public;
pub mod rows;
pub mod royalties;
pub mod takings;
pub mod terms;
pub mod trade;
pub mod wallets;

use crate::ground::units::{Rate, Share, Span};
use bevy_ecs::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Parameters of households, owners and the public sector.
#[derive(Resource, Clone, Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SettlementParameters {
    /// c_y: part of income consumed.
    pub consume_income: Share,
    /// c_w: part of the wallet consumed.
    pub consume_wealth: Rate,
    /// Least consumption, as a share of the wage.
    pub subsistence: Share,
    /// Cash a lab keeps, in weeks of its cost.
    pub lab_buffer: Span,
    /// How fast cash above the buffer is paid out.
    pub payout: Rate,
    /// How fast imbalances between regions are closed.
    pub capital_account: Rate,
    /// What a government starts with, in weeks of its revenue.
    pub government_balance: Span,
    /// Share of firms owned at home.
    pub home_ownership: Share,
    /// Who owns the rest, by region.
    #[schemars(extend("x-names" = "region"))]
    pub ownership: BTreeMap<String, Share>,
}
