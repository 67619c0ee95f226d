//! From floats to integers, without a silent cast.

/// A float without fraction as an integer; panics on what is not one, so that no silent cast remains.
#[inline]
pub fn whole(x: f64) -> i64 {
    assert!(x.abs() < 9.0e15, "{x} is not a whole number of manageable size");
    #[expect(clippy::cast_possible_truncation, reason = "below 9e15, as asserted")]
    let n = x as i64;
    n
}

/// A float without its fraction; panics on what no integer holds.
#[inline]
fn cut(x: f64) -> i64 {
    assert!(x.abs() < 9.2e18, "{x} is too large for an integer, or no number");
    #[expect(clippy::cast_possible_truncation, reason = "below 9.2e18, as asserted")]
    let n = x as i64;
    n
}

/// The largest integer that is no more than a float. Plain processors have no instruction for the float's own `floor`.
#[inline]
pub fn floor(x: f64) -> i64 {
    let towards_zero = cut(x);
    towards_zero - i64::from(towards_zero as f64 > x)
}

/// The integer nearest to a float; of two as near, the one farther from zero.
#[inline]
pub fn nearest(x: f64) -> i64 {
    let towards_zero = cut(x);
    let rest = x - towards_zero as f64;
    towards_zero + i64::from(rest >= 0.5) - i64::from(rest <= -0.5)
}

/// The float nearest to an integer. That of few digits, as nearly all are, needs no function call.
#[inline]
pub fn float(n: i128) -> f64 {
    i64::try_from(n).map_or_else(|_| n as f64, |n| n as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_integer_of_few_digits_and_of_many_is_the_same_float() {
        let powers = (0..126).map(|power| 1_i128 << power);
        let around = |n: i128| [n, n + 1, n - 1, n + (n >> 53), n + (n >> 54), n - (n >> 53) - 1, n.isqrt()];
        for n in powers.flat_map(around).flat_map(|n| [n, -n]) {
            assert_eq!(float(n).to_bits(), (n as f64).to_bits(), "{n}");
        }
    }

    /// Also next to halves and whole numbers, where a sum of 0.5 would be rounded up.
    #[test]
    fn integers_next_to_a_float_are_those_that_the_float_rounds_to() {
        let whole_ones = [0.0_f64, 1.0, 2.0, 7.0, 1e9, 4_503_599_627_370_495.0, 4_503_599_627_370_497.0, 1e18];
        let around =
            |x: f64| [x, x + 0.25, x + 0.5, (x + 0.5).next_down(), (x + 0.5).next_up(), x.next_down(), x.next_up()];
        for x in whole_ones.into_iter().flat_map(around).flat_map(|x| [x, -x]) {
            assert_eq!((floor(x), nearest(x)), (x.floor() as i64, x.round() as i64), "{x:e}");
        }
    }

    #[test]
    #[should_panic(expected = "is too large for an integer, or no number")]
    fn what_is_not_a_number_is_no_integer() {
        let _ = floor(f64::NAN);
    }
}
