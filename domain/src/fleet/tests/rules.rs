//! Rules that need no store.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::json;

use super::{code, param};
use crate::Code;
use crate::fleet::activity::{self, Counts, Group, months, pairs, parts};
use crate::fleet::dids::Dids;
use crate::fleet::import::{cut, people};
use crate::fleet::period::{Cycle, Period, dates, periods};
use crate::fleet::place::{Detailed, Devices, Heads, Place, PlaceTree, RealtimeCount, Resolution, wire_name};
use crate::fleet::replies::{GroupTree, PeriodKeys};

const TODAY: Date = date(2026, 6, 1);

fn names(cycle: Cycle, start: &str, end: &str) -> Vec<String> {
    periods(cycle, start, end, TODAY).expect("periods").iter().map(Period::name).collect()
}

#[test]
fn periods_are_read_and_written_by_their_cycle() {
    assert_eq!(names(Cycle::Date, "2026-05-30", "2026-06-01"), ["2026-05-30", "2026-05-31", "2026-06-01"]);
    assert_eq!(names(Cycle::Month, "2025-12", "2026-02"), ["2025-12", "2026-01", "2026-02"]);
    assert_eq!(names(Cycle::Week, "2025-51", "2026-02"), ["2025-51", "2025-52", "2026-01", "2026-02"]);
    assert_eq!(names(Cycle::Week, "2020-W53", "2021-1"), ["2020-53", "2021-01"]);
}

#[test]
fn weeks_are_those_of_iso_8601() {
    let week = Cycle::Week.parse("start", "2020-53").expect("a week");
    assert_eq!((week.first, week.last), (date(2020, 12, 28), date(2021, 1, 3)));
    assert_eq!(Cycle::Week.of(date(2027, 1, 1)).expect("a week").name(), "2026-53");
    assert_eq!(Cycle::Week.of(date(2024, 12, 30)).expect("a week").name(), "2025-01");
    // 2021 has 52 weeks.
    assert_eq!(param(Cycle::Week.parse("start", "2021-53")), "start");
}

#[test]
fn what_is_no_period_is_refused_by_name() {
    for (cycle, bad) in [
        (Cycle::Date, "2026-6-1"),
        (Cycle::Date, "2026-02-30"),
        (Cycle::Date, "2026-05"),
        (Cycle::Week, "2026-54"),
        (Cycle::Week, "2026-00"),
        (Cycle::Week, "26-01"),
        (Cycle::Week, "2026"),
        (Cycle::Week, "2026--1"),
        (Cycle::Month, "2026-13"),
        (Cycle::Month, "2026-0"),
        (Cycle::Month, "2026-05-01"),
        (Cycle::Month, ""),
    ] {
        assert_eq!(param(periods(cycle, bad, "2026-05-01", TODAY)), "start", "{bad}");
    }
    assert_eq!(param(periods(Cycle::Date, "2026-05-02", "2026-05-01", TODAY)), "end");
    assert_eq!(param(Cycle::named(Some("year"))), "cycle");
    assert_eq!(Cycle::named(None).expect("a cycle"), Cycle::Date);
}

#[test]
fn a_report_covers_30_days_53_weeks_or_12_months() {
    assert_eq!(names(Cycle::Date, "2026-05-03", "2026-06-01").len(), 30);
    assert_eq!(param(periods(Cycle::Date, "2026-05-02", "2026-06-01", TODAY)), "end");
    assert_eq!(names(Cycle::Week, "2025-22", "2026-22").len(), 53);
    assert_eq!(param(periods(Cycle::Week, "2025-21", "2026-22", TODAY)), "end");
    assert_eq!(names(Cycle::Month, "2025-07", "2026-06").len(), 12);
    assert_eq!(param(periods(Cycle::Month, "2025-06", "2026-06", TODAY)), "end");
}

#[test]
fn a_report_of_days_to_come_has_not_been_generated() {
    assert_eq!(code(periods(Cycle::Date, "2026-06-02", "2026-06-03", TODAY)), Code::ReportNotGenerated);
    assert_eq!(names(Cycle::Date, "2026-05-31", "2026-06-03"), ["2026-05-31", "2026-06-01"]);
    assert_eq!(names(Cycle::Month, "2026-06", "2026-07"), ["2026-06"]);
    assert_eq!(code(dates(("start", "end"), Some("2026-06-02"), None, TODAY)), Code::ReportNotGenerated);
}

#[test]
fn details_are_of_the_last_30_days_unless_others_are_named() {
    let asked = |start, end| dates(("start", "end"), start, end, TODAY).expect("dates");
    assert_eq!(asked(None, None), (date(2026, 5, 3), TODAY));
    assert_eq!(asked(Some("2026-05-20"), None), (date(2026, 5, 20), TODAY));
    assert_eq!(asked(None, Some("2026-04-30")), (date(2026, 4, 1), date(2026, 4, 30)));
    assert_eq!(asked(None, Some("2026-12-31")), (date(2026, 5, 3), TODAY));
    assert_eq!(asked(Some("2025-06-01"), Some("2026-06-01")).0, date(2025, 6, 1));
    for (start, end, named) in [
        (Some("2025-05-31"), Some("2026-06-01"), "to"),
        (Some("2026-05-02"), Some("2026-05-01"), "to"),
        (Some("yesterday"), None, "from"),
        (None, Some("2026-5-1"), "to"),
    ] {
        assert_eq!(param(dates(("from", "to"), start, end, TODAY)), named);
    }
}

#[test]
fn an_entry_names_its_period_by_the_cycle_and_as_date() {
    let keys = |cycle: Cycle, text| json!(PeriodKeys::from(&cycle.parse("start", text).expect("a period")));
    assert_eq!(keys(Cycle::Date, "2017-12-07"), json!({"date": "2017-12-07"}));
    assert_eq!(keys(Cycle::Week, "2017-49"), json!({"date": "2017-49", "week": "2017-49"}));
    assert_eq!(keys(Cycle::Month, "2017-12"), json!({"date": "2017-12", "month": "2017-12"}));
}

fn place(country: &str, region: &str, city: &str) -> Place {
    Place { country: country.into(), region: region.into(), city: city.into() }
}

#[test]
fn places_are_counted_at_each_level_that_is_known() {
    let places = [
        place("China", "Guangdong", "Guangzhou"),
        place("China", "Guangdong", "Shenzhen"),
        place("China", "Guangdong", ""),
        place("China", "", "Beijing"),
        place("", "", ""),
    ];
    let counts = places.iter().zip(1..);
    let cities = PlaceTree::of(counts.clone().map(|(at, n)| (at, Devices(n))));
    assert_eq!(
        json!(cities),
        json!({"China": {"count": 10, "Guangdong": {"count": 6, "Guangzhou": 1, "Shenzhen": 2}}})
    );
    let heads = PlaceTree::of(counts.take(1).map(|(at, n)| (at, Heads(n))));
    assert_eq!(
        json!(heads),
        json!({"China": {"count": 1, "Guangdong": {"count": 1, "Guangzhou": {"count": 1}}}})
    );
}

#[test]
fn other_counts_are_objects() {
    let at = place("China", "Guangdong", "");
    let rt = PlaceTree::of([(&at, RealtimeCount { activated: 4, faulty: 0, alert: 1 })]);
    let count = json!({"activated": 4, "faulty": 0, "alert": 1});
    assert_eq!(json!(rt), json!({"China": {"count": count, "Guangdong": {"count": count}}}));
    let of = |name: &str, total, open| Detailed {
        count: Resolution::new(total, open),
        detail: [(name.to_owned(), Resolution::new(total, open))].into(),
    };
    let country = place("China", "", "");
    let events = PlaceTree::of([(&country, of("hot", 2, 1)), (&country, of("cold", 1, 0))]);
    assert_eq!(
        json!(events),
        json!({"China": {
            "count": {"total": 3, "resolved": 2, "unresolved": 1},
            "detail": {
                "cold": {"total": 1, "resolved": 1, "unresolved": 0},
                "hot": {"total": 2, "resolved": 1, "unresolved": 1},
            },
        }})
    );
}

#[test]
fn a_place_called_like_a_key_is_told_apart() {
    let tree = PlaceTree::of([
        (&place("China", "count", "detail"), Devices(1)),
        (&place("China", "count_", ""), Devices(2)),
        (&place("detail", "", ""), Devices(4)),
    ]);
    assert_eq!(
        json!(tree),
        json!({"China": {"count": 3, "count_": {"count": 1, "detail_": 1}, "count__": {"count": 2}},
               "detail_": {"count": 4}})
    );
    assert_eq!(wire_name("counting"), "counting");
}

#[test]
fn a_group_without_groups_is_an_empty_text() {
    let leaf = GroupTree::default();
    let tree = GroupTree([("a".to_owned(), GroupTree([("b".to_owned(), leaf)].into()))].into());
    assert_eq!(json!(tree), json!({"a": {"b": ""}}));
    assert_eq!(json!(GroupTree::default()), json!({}));
}

#[test]
fn device_ids_come_in_three_forms() {
    let read = |value| serde_json::from_value::<Dids>(value).expect("ids").check().expect("ids");
    for given in [json!("a,b, a"), json!(["a", "b"]), json!("[\"a\",\"b\"]")] {
        assert_eq!(read(given), ["a", "b"]);
    }
    assert_eq!(param(Dids(vec![" ".into()]).check()), "dids");
    assert_eq!(param(Dids((0..1001).map(|n| n.to_string()).collect()).check()), "dids");
}

#[test]
fn tables_are_cut_as_rfc_4180_says() {
    let text = "\u{feff}uid,name\r\nu1,\"Li, \"\"Wei\"\"\"\n\n\"u\n2\",x\nu3";
    let cut = cut(text);
    let fields = |n: usize| cut[n].1.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(fields(1), ["u1", "Li, \"Wei\""]);
    assert_eq!(fields(2), ["u\n2", "x"]);
    assert_eq!(fields(3), ["u3"]);
    assert_eq!(cut.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2, 4, 6]);
}

#[test]
fn a_table_of_people_says_what_is_wrong_with_each_line() {
    let lines =
        people("app", "Phone,邮箱,birthday\n1,a@b,\n2,nobody,\n,,2020-02-30\n1,2,3,4\n").expect("lines");
    let problem = |n: usize| lines[n].1.as_ref().expect_err("a problem").en.clone();
    let first = lines[0].1.as_ref().expect("a person");
    assert_eq!(
        (first.phone.as_deref(), first.email.as_deref(), first.is_anonymous),
        (Some("1"), Some("a@b"), Some(false))
    );
    assert!(problem(1).starts_with("email "), "{}", problem(1));
    assert!(problem(2).starts_with("birthday "), "{}", problem(2));
    assert_eq!(problem(3), "has 4 fields, but there are 3 columns");
    assert_eq!(param(people("app", "uid,age\n")), "csv");
    assert_eq!(param(people("app", "")), "csv");
    assert_eq!(param(people("app", &format!("uid\n{}", "x\n".repeat(10_001)))), "csv");
}

proptest! {
    /// Counting bits of months gives what counting days one by one gives, whichever spans are asked for.
    #[test]
    fn bits_count_as_days_do(
        devices in prop::collection::vec((0_i64..3, prop::collection::btree_set(0_i64..120, 0..40)), 1..12),
        begin in 0_i64..80,
        length in 1_i64..9,
    ) {
        let epoch = date(2026, 1, 1);
        let day = |n: i64| epoch.saturating_add(jiff::Span::new().days(n));
        let spans: Vec<(Date, Date)> = (0..4)
            .map(|n| (day(begin + n * length), day(begin + (n + 1) * length - 1)))
            .collect();
        let months = months(spans[0].0, spans[3].1);
        let parts = parts(&months, &spans);
        let rows: Vec<Vec<i64>> = devices
            .iter()
            .map(|(_, days)| {
                months
                    .iter()
                    .map(|month| days.iter().map(|n| activity::mask(month, day(*n), day(*n))).fold(0, |a, b| a | b))
                    .collect()
            })
            .collect();
        let mut groups = Vec::new();
        for ((place, _), row) in devices.iter().zip(&rows) {
            for (month, days) in months.iter().zip(row) {
                groups.push(Group { month: month.name.clone(), place_id: Some(*place), days: *days, devices: 1 });
            }
        }
        let mut counts = Counts::of(spans.len(), &months, &parts, &groups);
        for (before, after) in pairs(&parts) {
            for ((place, _), row) in devices.iter().zip(&rows) {
                if row[before.month] & before.mask != 0 && row[after.month] & after.mask != 0 {
                    counts.take(before.span, Some(*place), 1);
                }
            }
        }
        for (span, (first, last)) in spans.iter().enumerate() {
            let within = |days: &std::collections::BTreeSet<i64>| days.iter().any(|n| (*first..=*last).contains(&day(*n)));
            let expected = devices.iter().filter(|(_, days)| within(days)).count();
            prop_assert_eq!(counts.total(span), i64::try_from(expected).expect("few"));
            let by_place: i64 = counts.by_place(span).map(|(_, n)| n).sum();
            prop_assert_eq!(by_place, counts.total(span));
        }
    }

    /// Whatever is sent as a table is read or refused.
    #[test]
    fn any_text_is_cut(text in "[a,\"\r\n u]{0,40}") {
        let _ = people("app", &text);
        for (_, fields) in cut(&text) {
            prop_assert!(!fields.is_empty());
        }
    }
}
