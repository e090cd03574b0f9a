//! What happens in the demo plant: a closed form of machine, day and shift, so that a test can predict every figure.

use jiff::civil::Date;

/// Machines of the plant: six on each of four lines.
pub const MACHINES: usize = 24;
/// Machines of a line.
pub const MACHINES_PER_LINE: usize = 6;
/// Length of a shift in minutes.
pub const SHIFT_MINUTES: i64 = 480;
/// The three shifts: begin in minutes from midnight of the production day.
pub const SHIFT_BEGINS: [i64; 3] = [360, 840, 1320];
/// Breaks of every shift, in minutes from its begin: a rest and a meal.
pub const BREAKS: [(i64, i64); 2] = [(180, 195), (330, 360)];
/// Ideal cycle of a line's step, in seconds per piece.
pub const CYCLES: [i64; 4] = [45, 30, 60, 90];
/// The line whose Sundays are shut down from 06:00 to 22:00.
pub const SUNDAY_LINE: usize = 3;

/// A span of one state, in minutes from the shift's begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Status 1 to 7 (section 5.1).
    pub status: i64,
    /// Begin.
    pub begin: i64,
    /// End, not included.
    pub end: i64,
}

/// One shift of one machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftPlan {
    /// The states that are reported, in order, without overlap and never in a break.
    pub spans: Vec<Span>,
    /// Minutes running.
    pub run: i64,
    /// Minutes of planned stop.
    pub planned: i64,
    /// Minutes without data, outside the breaks.
    pub no_data: i64,
    /// Pieces made.
    pub total: i64,
    /// Pieces rejected.
    pub failed: i64,
}

impl ShiftPlan {
    /// Minutes of loading under the default rule set.
    pub fn loading(&self) -> i64 {
        let breaks: i64 = BREAKS.iter().map(|(begin, end)| end - begin).sum();
        SHIFT_MINUTES - breaks - self.planned
    }
}

/// The seeded noise: a few well-mixed bits of machine, day, shift and purpose.
fn noise(machine: usize, day: i64, shift: usize, purpose: u64) -> i64 {
    let seed = (machine as u64) << 48 ^ (day.unsigned_abs() << 16) ^ ((shift as u64) << 8) ^ purpose;
    let mixed = (seed ^ (seed >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    i64::try_from((mixed ^ (mixed >> 32)) & 0xffff).unwrap_or(0)
}

/// Days since 1970, which numbers the production days.
pub fn day_number(date: Date) -> i64 {
    let since = date - jiff::civil::date(1970, 1, 1);
    i64::from(since.get_days())
}

/// The plan of a shift; `None` when the line is shut down.
pub fn shift_plan(machine: usize, date: Date, shift: usize) -> Option<ShiftPlan> {
    let line = machine / MACHINES_PER_LINE;
    if line == SUNDAY_LINE && shift < 2 && date.weekday() == jiff::civil::Weekday::Sunday {
        return None;
    }
    let day = day_number(date);
    let bits = |purpose| noise(machine, day, shift, purpose);
    // Every line has one machine that gives more trouble than the others.
    let troubled = machine % MACHINES_PER_LINE == 4;

    let mut stops = Vec::new();
    let mut stop =
        |status, begin: i64, minutes: i64| stops.push(Span { status, begin, end: begin + minutes });
    if shift == 0 {
        stop(2, 0, 10 + bits(1) % 3 * 5);
    }
    let fault = (6 + bits(2) % 5 * 5) * if troubled { 2 } else { 1 };
    stop(3, 40 + bits(3) % 60, fault);
    if bits(4) % 3 == 0 {
        stop(4, 205 + bits(5) % 40, 28);
    }
    stop(7, 290 + bits(6) % 20, 3 + bits(7) % 6);
    stop(5, 370 + bits(8) % 30, 4 + bits(9) % 9);
    if bits(10) % 7 == 0 {
        stop(6, 420 + bits(11) % 10, 4);
    }
    let gap = (bits(12) % 11 == 0).then_some((450, 456));

    let mut spans = Vec::new();
    let mut cuts: Vec<(i64, i64, Option<i64>)> =
        stops.iter().map(|s| (s.begin, s.end, Some(s.status))).collect();
    cuts.extend(BREAKS.iter().chain(gap.iter()).map(|&(begin, end)| (begin, end, None)));
    cuts.sort_unstable();
    let mut at = 0;
    for (begin, end, status) in cuts {
        if at < begin {
            spans.push(Span { status: 1, begin: at, end: begin });
        }
        if let Some(status) = status {
            spans.push(Span { status, begin, end });
        }
        at = end;
    }
    spans.push(Span { status: 1, begin: at, end: SHIFT_MINUTES });

    let minutes = |status| spans.iter().filter(|s| s.status == status).map(|s| s.end - s.begin).sum::<i64>();
    let run = minutes(1);
    let planned = minutes(2);
    let per_mille = 870 + bits(13) % 110 - if troubled { 60 } else { 0 };
    let total = run * 60 * per_mille / 1000 / CYCLES[line];
    let failed = total * (4 + bits(14) % 25) / 1000;
    Some(ShiftPlan { spans, run, planned, no_data: gap.map_or(0, |(begin, end)| end - begin), total, failed })
}

/// Pieces (made, rejected) of the first `minutes` of a shift: as many as the machine ran for, exact at its end.
pub fn pieces_after(plan: &ShiftPlan, minutes: i64) -> (i64, i64) {
    let running = plan.spans.iter().filter(|span| span.status == 1);
    let ran: i64 = running.map(|span| (minutes.min(span.end) - span.begin).max(0)).sum();
    let made = plan.total * ran / plan.run.max(1);
    (made, plan.failed * made / plan.total.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn spans_breaks_and_gaps_partition_every_shift() {
        for day in 0..60 {
            let date = date(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
            for machine in 0..MACHINES {
                for plan in (0..3).filter_map(|shift| shift_plan(machine, date, shift)) {
                    let spans: i64 = plan.spans.iter().map(|s| s.end - s.begin).sum();
                    assert_eq!(spans + 45 + plan.no_data, SHIFT_MINUTES);
                    assert!(plan.spans.windows(2).all(|pair| pair[0].end <= pair[1].begin));
                    assert!(
                        plan.spans.iter().all(|s| BREAKS.iter().all(|(b, e)| s.end <= *b || s.begin >= *e))
                    );
                    assert!(plan.run <= plan.loading() && plan.failed < plan.total);
                }
            }
        }
    }

    #[test]
    fn sundays_of_the_assembly_line_are_off_by_day() {
        let sunday = date(2026, 6, 7);
        assert_eq!(shift_plan(18, sunday, 0), None);
        assert!(shift_plan(18, sunday, 2).is_some() && shift_plan(0, sunday, 0).is_some());
    }

    #[test]
    fn pieces_follow_the_running_minutes_and_add_up_to_the_shift() {
        for machine in 0..MACHINES {
            let plan = shift_plan(machine, date(2026, 6, 3), 1).expect("a plan");
            assert_eq!(pieces_after(&plan, 0), (0, 0));
            assert_eq!(pieces_after(&plan, SHIFT_MINUTES), (plan.total, plan.failed));
            for minute in 0..SHIFT_MINUTES {
                let ((made, failed), (more, worse)) =
                    (pieces_after(&plan, minute), pieces_after(&plan, minute + 1));
                assert!(made <= more && failed <= worse && worse - failed <= more - made);
                let runs = plan.spans.iter().any(|s| s.status == 1 && s.begin <= minute && minute < s.end);
                assert!(runs || made == more, "nothing is made at a standstill");
            }
        }
    }
}
