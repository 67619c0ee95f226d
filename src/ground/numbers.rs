//! From floats to integers, without a silent cast.

/// A float without fraction as an integer; panics on what is not one, so that no silent cast remains.
#[inline]
pub fn whole(x: f64) -> i64 {
    assert!(x.abs() < 9.0e15, "{x} is not a whole number of manageable size");
    #[expect(clippy::cast_possible_truncation, reason = "below 9e15, as asserted")]
    let n = x as i64;
    n
}
