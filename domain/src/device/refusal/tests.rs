//! Counting refusals.

use super::{Refusal, Refusals};
use crate::db::sql;
use crate::db_test;

db_test!(
    async fn refusals_add_up_by_device_day_and_kind(plant: TestPlant) {
        let refusals = Refusals::default();
        let day = 24 * 60 * 60_000;
        for at in [0, 1, day] {
            plant.clock.set(at);
            refusals.count(&plant.services, Some((7, "d1")), Refusal::Topic);
            refusals.count(&plant.services, Some((7, "d1")), Refusal::Size);
            refusals.count(&plant.services, None, Refusal::Credentials);
            refusals.write(&plant.services).await.expect("written");
        }
        refusals.write(&plant.services).await.expect("nothing to write");
        let mut read = plant.services.db.read().await.expect("a connection");
        let rows: Vec<(String, String, String, i64)> =
            sql("SELECT did, day, kind, refusals FROM device_refusal ORDER BY did, day, kind")
                .all(&mut read)
                .await
                .expect("rows");
        let rows: Vec<_> =
            rows.iter().map(|(did, day, kind, count)| (&did[..], &day[..], &kind[..], *count)).collect();
        let expected = [
            ("", "1970-01-01", "credentials", 2),
            ("", "1970-01-02", "credentials", 1),
            ("d1", "1970-01-01", "size", 2),
            ("d1", "1970-01-01", "topic", 2),
            ("d1", "1970-01-02", "size", 1),
            ("d1", "1970-01-02", "topic", 1),
        ];
        assert_eq!(rows, expected);
    }
);
