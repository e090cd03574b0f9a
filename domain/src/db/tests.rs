//! The store's own promises.

use super::{Kind, sql, testing::TestDb};
use crate::db_test;

async fn count(plant: &crate::db::testing::TestPlant) -> i64 {
    let mut read = plant.services.db.read().await.expect("a connection");
    sql("SELECT COUNT(*) FROM area_lock").count(&mut read).await.expect("a count")
}

async fn insert(tx: &mut super::Tx, name: &str) {
    sql("INSERT INTO area_lock (tenant_id, name, turn) VALUES ($1, $2, $3)")
        .bind(1_i64)
        .bind(name)
        .bind(0_i64)
        .run(tx)
        .await
        .expect("an insert");
}

db_test!(
    async fn a_dropped_write_leaves_nothing_and_blocks_nobody(plant: TestPlant) {
        let mut tx = plant.services.db.begin().await.expect("a write");
        insert(&mut tx, "dropped").await;
        drop(tx);
        let mut tx = plant.services.db.begin().await.expect("a write");
        insert(&mut tx, "kept").await;
        tx.commit().await.expect("a commit");
        assert_eq!(count(&plant).await, 1);
    }
);

db_test!(
    async fn concurrent_writes_are_all_kept(plant: TestPlant) {
        let writes = (0..200).map(|i| {
            let db = plant.services.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin().await.expect("a write");
                insert(&mut tx, &format!("w{i}")).await;
                if i % 10 == 3 { drop(tx) } else { tx.commit().await.expect("a commit") }
            })
        });
        for write in futures::future::join_all(writes).await {
            write.expect("no panic");
        }
        assert_eq!(count(&plant).await, 180);
    }
);

db_test!(
    async fn cancelled_writers_do_not_stop_the_others(plant: TestPlant) {
        let writes = (0..200_u64).map(|i| {
            let db = plant.services.db.clone();
            async move {
                let work = async {
                    let mut tx = db.begin().await.expect("a write");
                    insert(&mut tx, &format!("w{i}")).await;
                    tx.commit().await.expect("a commit");
                };
                let patience = std::time::Duration::from_micros(if i % 2 == 0 { i * 50 } else { 20_000_000 });
                tokio::time::timeout(patience, work).await.is_ok()
            }
        });
        let answered = futures::future::join_all(writes).await.into_iter().filter(|done| *done).count();
        assert!(answered >= 100, "{answered}");
        // A cancelled call may still have been committed, an answered one must have been.
        assert!(count(&plant).await >= i64::try_from(answered).expect("a small number"));
    }
);

db_test!(
    async fn text_search_ignores_case_of_ascii_letters_only(plant: TestPlant) {
        let mut tx = plant.services.db.begin().await.expect("a write");
        for name in ["Lathe ÄB", "lathe äb", "车床"] {
            insert(&mut tx, name).await;
        }
        tx.commit().await.expect("a commit");
        let mut read = plant.services.db.read().await.expect("a connection");
        for (needle, hits) in [("LATHE", 2), ("ä", 1), ("床", 1), ("%", 0)] {
            let found = sql("SELECT COUNT(*) FROM area_lock WHERE ").contains("name", needle);
            assert_eq!(found.count(&mut read).await.expect("a count"), hits, "{needle}");
        }
    }
);

#[tokio::test]
async fn ids_are_unique_across_processes_and_small() {
    let database = TestDb::new(Kind::Sqlite).await;
    let first = crate::id::Ids::open(database.db.clone()).await.expect("ids");
    let second = crate::id::Ids::open(database.db.clone()).await.expect("ids");
    let mut seen = std::collections::HashSet::new();
    for _ in 0..10_000 {
        for id in [first.next(), second.next()] {
            assert!(seen.insert(id) && id < 1 << 53);
        }
    }
}

db_test!(
    async fn a_deadline_before_the_commit_leaves_nothing(plant: TestPlant) {
        let call = async {
            let mut tx = plant.services.db.begin().await?;
            insert(&mut tx, "late").await;
            tokio::time::sleep(std::time::Duration::from_secs(20)).await;
            tx.commit().await
        };
        let answer = super::until_commit(std::time::Duration::from_millis(100), call).await;
        assert!(matches!(answer, Err(crate::Error::Deadline)));
        let mut tx = plant.services.db.begin().await.expect("a write");
        insert(&mut tx, "next").await;
        tx.commit().await.expect("a commit");
        assert_eq!(count(&plant).await, 1);
    }
);

db_test!(
    async fn a_deadline_after_the_commit_began_is_no_deadline(plant: TestPlant) {
        let call = async {
            let mut tx = plant.services.db.begin().await?;
            insert(&mut tx, "in time").await;
            tx.commit().await?;
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            Ok(())
        };
        super::until_commit(std::time::Duration::from_millis(150), call).await.expect("an answer");
        assert_eq!(count(&plant).await, 1);
    }
);

db_test!(
    async fn a_batch_is_kept_whole_or_not_at_all(plant: TestPlant) {
        for spoil in [true, false] {
            let batch = super::Batch::new(plant.services.db.begin().await.expect("a write"));
            let db = super::Db::within(&batch);
            for name in ["first", "second"] {
                let mut tx = db.begin().await.expect("a write");
                insert(&mut tx, name).await;
                tx.commit().await.expect("a commit");
            }
            let mut read = db.read().await.expect("a connection");
            assert_eq!(sql("SELECT COUNT(*) FROM area_lock").count(&mut read).await.expect("a count"), 2);
            drop(read);
            if spoil {
                drop(db.begin().await.expect("a write"));
            }
            assert_eq!(batch.commit().await.is_err(), spoil);
            assert_eq!(count(&plant).await, if spoil { 0 } else { 2 });
        }
    }
);
