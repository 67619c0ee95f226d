//! Regret: what a policy misses against the best one, in each state of the world.
//!
//! States are the scenarios as they stand, and the same scenarios with other values of uncertain numbers. In a
//! state, the regret of a policy is the value of the best policy there less its own. A cautious reader takes
//! the policy whose largest regret is the smallest (Savage, JASA 46, 1951).

/// Values of policies in states of the world, of one aim.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    /// What is aimed at: the name of a headline, or of an output.
    pub aim: String,
    /// Names of the policies, the base first.
    pub policies: Vec<String>,
    /// Names of the states.
    pub states: Vec<String>,
    /// By policy, then by state: mean over replicates; NaN where there is none.
    pub values: Vec<Vec<f64>>,
    /// Is less better?
    pub is_cost: bool,
}

impl Regret {
    /// By policy, then by state: what is missed.
    pub fn regrets(&self) -> Vec<Vec<f64>> {
        let sign = if self.is_cost { -1.0 } else { 1.0 };
        let worth = |policy: &Vec<f64>, state: usize| sign * policy[state];
        let best: Vec<f64> = (0..self.states.len())
            .map(|state| self.values.iter().map(|policy| worth(policy, state)).fold(f64::NEG_INFINITY, f64::max))
            .collect();
        let missed =
            |policy: &Vec<f64>| best.iter().enumerate().map(|(state, best)| best - worth(policy, state)).collect();
        self.values.iter().map(missed).collect()
    }

    /// The policy whose largest regret is the smallest, and that regret.
    pub fn most_cautious(&self) -> Option<(usize, f64)> {
        let largest = |regrets: &Vec<f64>| regrets.iter().copied().fold(0.0, f64::max);
        let all: Vec<f64> = self.regrets().iter().map(largest).collect();
        let (place, regret) = all.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1))?;
        Some((place, *regret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regret_is_what_the_best_policy_of_a_state_would_have_brought() {
        // state 1: best 5, regrets 0, 2, 1; state 2: best 9, regrets 7, 0, 3; the third misses 3 at most
        let table = Regret {
            aim: "income_all".into(),
            policies: vec!["a".into(), "b".into(), "c".into()],
            states: vec!["one".into(), "two".into()],
            values: vec![vec![5.0, 2.0], vec![3.0, 9.0], vec![4.0, 6.0]],
            is_cost: false,
        };
        assert_eq!(table.regrets(), [[0.0, 7.0], [2.0, 0.0], [1.0, 3.0]]);
        assert_eq!(table.most_cautious(), Some((1, 2.0)));
        let costs = Regret { is_cost: true, ..table };
        // least cost is best: state 1 three, state 2 two
        assert_eq!(costs.regrets(), [[2.0, 0.0], [0.0, 7.0], [1.0, 4.0]]);
        assert_eq!(costs.most_cautious(), Some((0, 2.0)));
    }
}
