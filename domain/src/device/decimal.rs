//! Exact decimal numbers: what a ratio and an addition are in a definition, and what a value is on the wire.
//!
//! `3 × 0.1` is `0.30000000000000004` in binary fractions. Here a number is a whole count of its last decimal place, so
//! that a device's value is shown as its maker wrote it down.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Number, Value};

/// Decimal places that are read of a number. More than these is noise of binary fractions.
const PLACES: i32 = 15;

/// `units` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    /// The whole number 1.
    pub const ONE: Self = Self { units: 1, places: 0 };
    /// The whole number 0.
    pub const ZERO: Self = Self { units: 0, places: 0 };

    /// A count of the last decimal place: `Decimal::new(5, 1)` is 0.5.
    pub fn new(units: i128, places: u32) -> Self {
        let (mut units, mut places) = (units, places);
        while places > 0 && units % 10 == 0 {
            units /= 10;
            places -= 1;
        }
        Self { units, places }
    }

    /// A JSON number; `None` from 10^15 on, where a double no longer tells neighbours apart.
    pub fn from_number(number: &Number) -> Option<Self> {
        Self::from_text(&number.to_string())
    }

    /// A number as text, `-12.5` or `1e-3`; `None` for anything else and from 10^15 on.
    pub fn from_text(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = || whole.bytes().chain(fraction.bytes());
        if whole.is_empty() || digits.len() > 40 || !all().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        // where the point stands, counted from the left of all digits
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
        let mut units: i128 = 0;
        let mut place = point;
        for digit in all() {
            place = place.checked_sub(1)?;
            if place < -PLACES {
                // the first digit beyond decides the last one kept
                if place == -PLACES - 1 && digit >= b'5' {
                    units += 1;
                }
                break;
            }
            units = units.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let signed = if negative { -units } else { units };
        if units == 0 {
            return Some(Self::ZERO);
        }
        let decimal = if place > 0 {
            Self::new(signed.checked_mul(10_i128.checked_pow(u32::try_from(place).ok()?)?)?, 0)
        } else {
            Self::new(signed, place.max(-PLACES).unsigned_abs())
        };
        (decimal.units.abs() / 10_i128.pow(decimal.places) < 10_i128.pow(15)).then_some(decimal)
    }

    /// How many decimal places it has.
    pub fn places(self) -> u32 {
        self.places
    }

    /// Whether it is more than zero.
    pub fn is_positive(self) -> bool {
        self.units > 0
    }

    /// Its count of a decimal place that is not coarser than its own.
    pub fn units_at(self, places: u32) -> i128 {
        self.units * 10_i128.pow(places.saturating_sub(self.places))
    }

    /// The same number as a double: the nearest there is.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The same number in JSON: whole numbers without a point.
    pub fn to_number(self) -> Number {
        self.to_number_with(self.places)
    }

    /// The same number in JSON: whole exactly where the places are none, so that a datapoint always has one form.
    pub fn to_number_with(self, places: u32) -> Number {
        let whole = || i64::try_from(self.units).ok().map(Number::from);
        let fraction = || Number::from_f64(self.to_f64());
        if places == 0 && self.places == 0 { whole() } else { fraction() }.unwrap_or_else(|| Number::from(0))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let digits = self.units.unsigned_abs().to_string();
        let places = self.places as usize;
        if places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_number().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => Self::from_number(&number),
            _ => None,
        };
        number.ok_or_else(|| serde::de::Error::custom("a number below 10^15 is expected"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, shown) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("12.50", "12.5"),
            ("-7", "-7"),
            ("1e3", "1000"),
            ("2.5e-3", "0.0025"),
            ("0.000000000000000999", "0.000000000000001"),
            ("1e-30", "0"),
            ("999999999999999", "999999999999999"),
        ] {
            assert_eq!(Decimal::from_text(text).expect(text).to_string(), shown);
        }
        for text in ["", "-", ".5", "1e15", "1e400", "1e-99999999999", "NaN", "0x1", "1.2.3", "+1"] {
            assert_eq!(Decimal::from_text(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[-0-9.eE+]{0,50}") {
            let _ = Decimal::from_text(&text);
        }

        #[test]
        fn a_double_of_fifteen_digits_comes_back(units in -999_999_999_999_999_i64..=999_999_999_999_999, places in 0_u32..=12) {
            let decimal = Decimal::new(i128::from(units), places);
            prop_assert_eq!(Decimal::from_number(&decimal.to_number()), Some(decimal));
        }
    }
}
