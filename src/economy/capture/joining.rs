//! Which sites join the programme, and for whom: those of regions where a lab collects that is short of hours.

use super::CaptureParameters;
use crate::economy::labs::Lab;
use crate::economy::policy::Shocks;

/// Hazard per week that a site of the region joins, and the unmet need of each lab that collects there.
pub(super) fn hazard(
    capture: &CaptureParameters,
    shocks: &Shocks,
    region: usize,
    labs: &[Lab],
) -> (f64, Vec<(usize, f64)>) {
    let collects = |lab: &Lab| lab.collects.contains(&region) || shocks.has_begun_to_collect(lab.index, region);
    let needs: Vec<(usize, f64)> = labs
        .iter()
        .filter(|lab| collects(lab) && lab.shortfall() > 0.0)
        .map(|lab| (lab.index, lab.wish.target - lab.wish.capacity))
        .collect();
    let most = capture.joining_most.0;
    let hazard = labs
        .iter()
        .filter(|lab| needs.iter().any(|need| need.0 == lab.index))
        .map(|lab| rate(capture.joining.0, lab.shortfall(), most))
        .fold(0.0, f64::max);
    (hazard, needs)
}

/// j: joinings per week at a shortfall, which has no bound where a lab has no site at all; none where nobody joins.
fn rate(joining: f64, shortfall: f64, most: f64) -> f64 {
    if joining > 0.0 { (joining * shortfall).min(most) } else { 0.0 }
}

/// The lab that a draw, a share, picks by unmet need.
pub(super) fn pick(needs: &[(usize, f64)], share: f64) -> usize {
    let mut left = share * needs.iter().map(|need| need.1).sum::<f64>();
    for &(lab, need) in needs {
        if left < need {
            return lab;
        }
        left -= need;
    }
    needs.last().map_or(0, |need| need.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_join_by_shortfall_up_to_a_most_or_never() {
        // a fifth too little: 0.2 * 0.5 a week; without any site the most; never where nobody joins
        assert!((rate(0.5, 0.2, 1.0) - 0.1).abs() < 1e-15);
        assert_eq!((rate(0.5, f64::INFINITY, 1.0), rate(0.0, f64::INFINITY, 1.0)), (1.0, 0.0));
    }

    #[test]
    fn a_lab_is_picked_by_unmet_need() {
        let needs = [(0, 1.0), (2, 3.0)];
        assert_eq!(pick(&needs, 0.2), 0);
        assert_eq!(pick(&needs, 0.3), 2);
        assert_eq!(pick(&needs, 0.999), 2);
    }
}
