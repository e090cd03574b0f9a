use crate::db::{Tx, sql};
use crate::quality::MachineOutput;
use crate::quality::store::pieces;
use crate::{Ctx, db_test};

const HOUR: i64 = 3_600_000;

/// A report of `out_put` pieces for a code and step on a machine.
async fn report(tx: &mut Tx, ctx: &Ctx, code: &str, step: i64, machine: i64, span: (i64, i64), out_put: f64) {
    sql("INSERT INTO production_report (tenant_id, id, unique_code, material_id, material_code, step_id, step_code,
            begin_at, end_at, out_put, unit_type, unit_id, unit_code, created_at, modified_at)
         VALUES ($1, $2, $3, 1, 'M', $4, 'S', $5, $6, $7, 4, $8, 'E', 0, 0)")
    .bind(ctx.tenant_id())
    .bind(ctx.next_id())
    .bind(code)
    .bind(step)
    .bind(span.0)
    .bind(span.1)
    .bind(out_put)
    .bind(machine)
    .run(tx)
    .await
    .expect("a report");
}

/// A control of a code and step with one failed and one passed grade.
async fn control(tx: &mut Tx, ctx: &Ctx, code: &str, step: i64, failed: f64, passed: f64) {
    let id = ctx.next_id();
    sql("INSERT INTO quality_control (tenant_id, id, unique_code, step_id, step_code, begin_at, end_at, checker_id,
            out_put, created_at, modified_at)
         VALUES ($1, $2, $3, $4, 'S', 0, 0, 1, $5, 0, 0)")
    .bind(ctx.tenant_id())
    .bind(id)
    .bind(code)
    .bind(step)
    .bind(failed + passed)
    .run(tx)
    .await
    .expect("a control");
    for (is_passed, out_put) in [(false, failed), (true, passed)] {
        sql("INSERT INTO quality_grade (tenant_id, id, control_id, grade, is_passed, batch_number, out_put, created_at,
                modified_at)
             VALUES ($1, $2, $3, 0, $4, 'B', $5, 0, 0)")
        .bind(ctx.tenant_id())
        .bind(ctx.next_id())
        .bind(id)
        .bind(is_passed)
        .bind(out_put)
        .run(tx)
        .await
        .expect("a grade");
    }
}

async fn read(ctx: &Ctx, machines: &[i64], begin: i64, end: i64) -> Vec<MachineOutput> {
    pieces(&mut ctx.read().await.expect("a connection"), ctx.tenant_id(), machines, begin, end)
        .await
        .expect("pieces")
}

fn figures(outputs: &[MachineOutput]) -> Vec<(i64, i64, i64)> {
    #[expect(clippy::cast_possible_truncation, reason = "small whole amounts")]
    outputs.iter().map(|o| (o.out_put as i64, o.failed.round() as i64, o.verified.round() as i64)).collect()
}

db_test!(
    async fn failed_grades_fall_on_the_machines_and_times_of_their_reports(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut tx = ctx.begin().await.expect("a write");
        // 100 of code A at step 1 on three occasions, 200 at step 2, which the grades of step 1 leave alone.
        report(&mut tx, &ctx, "A", 1, 10, (0, HOUR), 50.0).await;
        report(&mut tx, &ctx, "A", 1, 10, (5 * HOUR, 6 * HOUR), 30.0).await;
        report(&mut tx, &ctx, "A", 1, 11, (0, HOUR), 20.0).await;
        report(&mut tx, &ctx, "A", 2, 10, (HOUR, 2 * HOUR), 200.0).await;
        control(&mut tx, &ctx, "A", 1, 10.0, 40.0).await;
        control(&mut tx, &ctx, "A", 1, 10.0, 0.0).await;
        tx.commit().await.expect("a commit");

        assert_eq!(
            figures(&read(&ctx, &[10, 11], 0, 10 * HOUR).await),
            [(50, 10, 30), (20, 4, 12), (200, 0, 0), (30, 6, 18)]
        );
        // A window and a machine of their own change no share.
        assert_eq!(figures(&read(&ctx, &[10], 0, HOUR).await), [(50, 10, 30)]);
        assert_eq!(figures(&read(&ctx, &[11], 0, HOUR).await), [(20, 4, 12)]);
        assert!(read(&ctx, &[], 0, HOUR).await.is_empty());
        assert!(read(&ctx, &[12], 0, HOUR).await.is_empty());
    }
);

db_test!(
    async fn windows_are_half_open_and_instants_lie_in_one_of_them(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut tx = ctx.begin().await.expect("a write");
        report(&mut tx, &ctx, "A", 1, 10, (HOUR, 2 * HOUR), 7.0).await;
        report(&mut tx, &ctx, "B", 1, 10, (2 * HOUR, 2 * HOUR), 3.0).await;
        tx.commit().await.expect("a commit");

        assert!(read(&ctx, &[10], 0, HOUR).await.is_empty());
        assert_eq!(figures(&read(&ctx, &[10], HOUR, 2 * HOUR).await), [(7, 0, 0)]);
        assert_eq!(figures(&read(&ctx, &[10], 2 * HOUR, 3 * HOUR).await), [(3, 0, 0)]);
        // A report is answered whole when the window cuts it.
        assert_eq!(figures(&read(&ctx, &[10], HOUR + 1, HOUR + 2).await), [(7, 0, 0)]);
    }
);

db_test!(
    async fn pieces_of_very_many_machines_are_read_at_once(plant: TestPlant) {
        let ctx = plant.ctx();
        let mut tx = ctx.begin().await.expect("a write");
        report(&mut tx, &ctx, "A", 1, 10, (0, HOUR), 7.0).await;
        report(&mut tx, &ctx, "A", 1, 90_000, (0, HOUR), 7.0).await;
        tx.commit().await.expect("a commit");
        let machines: Vec<i64> = (0..80_000).collect();
        assert_eq!(figures(&read(&ctx, &machines, 0, HOUR).await), [(7, 0, 0)]);
    }
);

db_test!(
    async fn pieces_of_another_tenant_do_not_count(plant: TestPlant) {
        let (ctx, other) = (plant.ctx(), plant.other_tenant().await);
        let mut tx = ctx.begin().await.expect("a write");
        report(&mut tx, &ctx, "A", 1, 10, (0, HOUR), 10.0).await;
        report(&mut tx, &other, "A", 1, 10, (0, HOUR), 90.0).await;
        control(&mut tx, &other, "A", 1, 80.0, 0.0).await;
        tx.commit().await.expect("a commit");
        assert_eq!(figures(&read(&ctx, &[10], 0, HOUR).await), [(10, 0, 0)]);
        assert_eq!(figures(&read(&other, &[10], 0, HOUR).await), [(90, 80, 80)]);
    }
);
