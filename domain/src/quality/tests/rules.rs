use proptest::prelude::*;

use crate::Error;
use crate::quality::{check_amount, exceeds, share};

proptest! {
    /// Whatever the outputs, spreading an amount over them keeps its sum, and no report gets more than it made.
    #[test]
    fn spreading_keeps_the_sum(
        outputs in prop::collection::vec(0.0..1e6_f64, 1..40),
        part in 0.0..=1.0_f64,
    ) {
        let total: f64 = outputs.iter().sum();
        prop_assume!(total > 0.0);
        let failed = total * part;
        let shares: Vec<f64> = outputs.iter().map(|&out_put| share(failed, out_put, total)).collect();
        let sum: f64 = shares.iter().sum();
        prop_assert!((sum - failed).abs() <= 1e-9 * failed.max(1.0));
        for (&share, &out_put) in shares.iter().zip(&outputs) {
            prop_assert!(share >= 0.0 && !exceeds(share, out_put));
        }
    }
}

#[test]
fn reports_without_output_get_no_share() {
    assert!(share(0.0, 0.0, 0.0).abs() < f64::EPSILON);
}

#[test]
fn amounts_are_finite_and_not_negative() {
    for bad in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1.1e15] {
        let error = check_amount("outPut", bad).expect_err("refused");
        assert!(matches!(error, Error::Invalid { ref param, .. } if param == "outPut"), "{bad}");
    }
    assert!(check_amount("outPut", -0.0).expect("zero").is_sign_positive());
    assert!((check_amount("outPut", 234_567.89).expect("an amount") - 234_567.89).abs() < f64::EPSILON);
}

#[test]
fn sums_of_tenths_do_not_exceed_their_decimal_sum() {
    let sum: f64 = std::iter::repeat_n(0.1, 1000).sum();
    assert!(!exceeds(sum, 100.0));
    assert!(exceeds(100.001, 100.0));
    assert!(exceeds(1e-6, 0.0));
    assert!(!exceeds(99.0, 100.0));
}
