//! Days on which a device reported, as bits of months: bit 0 is the first of the month.

use std::collections::HashMap;

use jiff::civil::Date;

use super::period::month_of;

/// A month of which bits are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Month {
    /// `yyyy-MM`.
    pub name: String,
    /// Its first day.
    pub first: Date,
}

/// The months that the dates from `first` to `last` are in.
pub fn months(first: Date, last: Date) -> Vec<Month> {
    let of = |date: Date| Month { name: month_of(date), first: date.first_of_month() };
    std::iter::successors(Some(of(first)), |month| month.first.last_of_month().tomorrow().ok().map(of))
        .take_while(|month| month.first <= last)
        .collect()
}

/// The bits of the days from `first` to `last`, as far as they are in the month.
pub fn mask(month: &Month, first: Date, last: Date) -> i64 {
    let begin = first.max(month.first);
    let end = last.min(month.first.last_of_month());
    if begin > end {
        return 0;
    }
    let days = i64::from(end.day() - begin.day()) + 1;
    ((1_i64 << days) - 1) << (begin.day() - 1)
}

/// A span of days in one month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which span, by its place in the list.
    pub span: usize,
    /// Which month, by its place in the list.
    pub month: usize,
    /// The bits of its days there.
    pub mask: i64,
}

/// Cuts spans of days (first and last) at the ends of months.
pub fn parts(months: &[Month], spans: &[(Date, Date)]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (span, (first, last)) in spans.iter().enumerate() {
        for (month, of) in months.iter().enumerate() {
            let mask = mask(of, *first, *last);
            if mask != 0 {
                parts.push(Part { span, month, mask });
            }
        }
    }
    parts
}

/// Pairs of parts that are one span cut in two, as weeks at the end of a month are: the earlier and the later one.
pub fn pairs(parts: &[Part]) -> Vec<(Part, Part)> {
    let pair = |pair: &[Part]| (pair[0].span == pair[1].span).then(|| (pair[0], pair[1]));
    parts.windows(2).filter_map(pair).collect()
}

/// So many devices at a place had exactly these days in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `yyyy-MM`.
    pub month: String,
    /// Where they were, if that is known.
    pub place_id: Option<i64>,
    /// The bits of their days.
    pub days: i64,
    /// How many they are.
    pub devices: i64,
}

/// How many devices were active in each span, by place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    places: HashMap<Option<i64>, usize>,
    /// By place, then by span.
    rows: Vec<Vec<i64>>,
    spans: usize,
}

impl Counts {
    /// Adds up groups; a device of two months in one span is counted in both, see [`Counts::take`].
    pub fn of(spans: usize, months: &[Month], parts: &[Part], groups: &[Group]) -> Self {
        let mut counts = Self { spans, ..Self::default() };
        let mut by_month: HashMap<&str, Vec<Part>> = HashMap::new();
        for part in parts {
            by_month.entry(&months[part.month].name).or_default().push(*part);
        }
        for group in groups {
            let Some(parts) = by_month.get(group.month.as_str()) else { continue };
            let row = counts.row(group.place_id);
            for part in parts {
                if group.days & part.mask != 0 {
                    row[part.span] += group.devices;
                }
            }
        }
        counts
    }

    /// Takes devices off that were counted twice in a span.
    pub fn take(&mut self, span: usize, place_id: Option<i64>, devices: i64) {
        self.row(place_id)[span] -= devices;
    }

    fn row(&mut self, place_id: Option<i64>) -> &mut Vec<i64> {
        let next = self.rows.len();
        let at = *self.places.entry(place_id).or_insert(next);
        if at == next {
            self.rows.push(vec![0; self.spans]);
        }
        &mut self.rows[at]
    }

    /// How many were active in a span, wherever they were.
    pub fn total(&self, span: usize) -> i64 {
        self.rows.iter().map(|row| row[span]).sum()
    }

    /// How many were active in a span, by place, where there were any.
    pub fn by_place(&self, span: usize) -> impl Iterator<Item = (Option<i64>, i64)> {
        let row = move |(place, at): (&Option<i64>, &usize)| (*place, self.rows[*at][span]);
        self.places.iter().map(row).filter(|(_, count)| *count != 0)
    }
}
