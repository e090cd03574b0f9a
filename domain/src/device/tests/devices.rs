use super::plant::{code, import, in_guangzhou, param, product, run};
use crate::db::sql;
use crate::device::service::{device_detail, device_of, get_did, import_devices, search_devices};
use crate::device::{DeviceRecord, ImportDevice, ImportDevices, ImportedDevices, OfMac, SearchDevices};
use crate::{Code, Ctx, Error, db_test};

fn of(key: &str, mac: &str) -> OfMac {
    OfMac { product_key: key.into(), mac: mac.into() }
}

fn mac(name: &str) -> ImportDevice {
    ImportDevice { mac: name.into(), ..ImportDevice::default() }
}

fn all() -> SearchDevices {
    SearchDevices { product_key: "pk1".into(), ..SearchDevices::default() }
}

async fn macs(ctx: &Ctx, params: SearchDevices) -> Vec<String> {
    let found = search_devices(ctx, params).await.expect("a list").objects;
    found.into_iter().map(|device| device.mac).collect()
}

db_test!(
    async fn a_device_is_found_by_its_mac(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        product(&ctx, "pk2").await;
        import(&ctx, "pk1", vec![in_guangzhou("aa")]).await;
        let identity = get_did(&ctx, of("pk1", "aa")).await.expect("a device");
        assert_eq!((identity.did.as_str(), identity.passcode.as_str()), ("did-aa", "123456"));
        let detail = device_detail(&ctx, of("pk1", "aa")).await.expect("a device");
        assert_eq!((detail.r#type.as_str(), detail.is_online, detail.is_disabled), ("normal", false, false));
        assert_eq!(code(get_did(&ctx, of("pk1", "bb")).await), Code::DeviceNotExist);
        assert_eq!(code(get_did(&ctx, of("pk2", "aa")).await), Code::DeviceNotBelongToThisProduct);
        assert_eq!(code(get_did(&ctx, of("pk3", "aa")).await), Code::ProductKeyNotExist);
        assert_eq!(param(get_did(&ctx, of("pk1", "")).await), "mac");
        let second = crate::device::service::product_by_key(&ctx, "pk2").await.expect("a product");
        assert_eq!(code(device_of(&ctx, &second, "did-aa").await), Code::DeviceNotBelongToThisProduct);
        assert_eq!(code(device_of(&ctx, &second, "did-bb").await), Code::DeviceNotExist);
    }
);

db_test!(
    async fn an_import_makes_devices_known_and_says_where_they_are(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let wait = |devices| import_devices(&ctx, ImportDevices { product_key: "pk1".into(), devices });
        let many = (0..1200).map(|n| mac(&format!("m{n}"))).chain([in_guangzhou("aa")]).collect();
        assert_eq!(wait(many).await.expect("an import"), ImportedDevices { created: 1201, updated: 0 });
        let did = get_did(&ctx, of("pk1", "m7")).await.expect("a device").did;
        assert_eq!(did.len(), 22);
        // What is said again is changed, what is not said stays.
        let again = vec![ImportDevice { serial_number: Some("S7".into()), ..in_guangzhou("m7") }, mac("aa")];
        assert_eq!(wait(again).await.expect("an import"), ImportedDevices { created: 0, updated: 2 });
        let seven = get_did(&ctx, of("pk1", "m7")).await.expect("a device");
        assert_eq!((seven.did, seven.passcode.as_str()), (did, "123456"));
        let here = SearchDevices { city: Some("Guangzhou".into()), ..all() };
        assert_eq!(macs(&ctx, here).await, ["aa", "m7"]);
    }
);

db_test!(
    async fn an_import_is_refused_whole_by_the_name_of_what_is_wrong(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        import(&ctx, "pk1", vec![in_guangzhou("aa")]).await;
        let refused = async |device: ImportDevice| {
            let params = ImportDevices { product_key: "pk1".into(), devices: vec![mac("bb"), device] };
            param(import_devices(&ctx, params).await)
        };
        assert_eq!(refused(mac("")).await, "devices[1].mac");
        assert_eq!(refused(mac("b b")).await, "devices[1].mac");
        assert_eq!(refused(mac("bb")).await, "devices[1].mac");
        assert_eq!(
            refused(ImportDevice { passcode: Some("a b".into()), ..mac("c") }).await,
            "devices[1].passcode"
        );
        let off = ImportDevice { latitude: Some(91.0), longitude: Some(1.0), ..mac("c") };
        assert_eq!(refused(off).await, "devices[1].latitude");
        let half = ImportDevice { longitude: Some(1.0), ..mac("c") };
        assert_eq!(refused(half).await, "devices[1].latitude");
        assert_eq!(refused(ImportDevice { did: Some("did-aa".into()), ..mac("c") }).await, "devices.did");
        assert_eq!(search_devices(&ctx, all()).await.expect("a list").meta.total, 1);
        let viewer = import_devices(&plant.viewer(), ImportDevices::default()).await;
        assert!(matches!(viewer, Err(Error::Forbidden)));
    }
);

db_test!(
    async fn each_filter_of_the_search_narrows_it(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        import(&ctx, "pk1", vec![in_guangzhou("aa")]).await;
        plant.clock.set(ctx.now() + 1000);
        let elsewhere = ImportDevice { country: Some("Germany".into()), ..mac("bb") };
        import(&ctx, "pk1", vec![elsewhere]).await;
        plant.clock.set(ctx.now() + 1000);
        import(&ctx, "pk1", vec![mac("cc")]).await;
        let heard = ctx.now();
        let set = |text| sql(text).bind(ctx.tenant_id());
        run(
            &ctx,
            set("UPDATE device SET online = TRUE, open_faults = 1, online_latest = $2, activated_at = $2
                 WHERE tenant_id = $1 AND mac = 'aa'")
            .bind(heard),
        )
        .await;
        run(&ctx, set("UPDATE device SET open_alarms = 2 WHERE tenant_id = $1 AND mac = 'bb'")).await;
        run(&ctx, set("UPDATE device SET disabled = TRUE WHERE tenant_id = $1 AND mac = 'cc'")).await;

        let text = |text: &str| Some(text.to_owned());
        assert_eq!(macs(&ctx, all()).await, ["bb", "aa"]);
        for (params, found) in [
            (SearchDevices { show_disabled: Some(1), ..all() }, &["cc", "bb", "aa"][..]),
            (SearchDevices { show_disabled: Some(0), ..all() }, &["bb", "aa"]),
            (SearchDevices { country: text("China"), ..all() }, &["aa"]),
            (SearchDevices { country: text("China"), city: text("Shenzhen"), ..all() }, &[]),
            (SearchDevices { region: text("Guangdong"), ..all() }, &["aa"]),
            (SearchDevices { is_online: Some(1), ..all() }, &["aa"]),
            (SearchDevices { is_online: Some(0), ..all() }, &["bb"]),
            (SearchDevices { is_faulty: Some(1), ..all() }, &["aa"]),
            (SearchDevices { is_faulty: Some(0), ..all() }, &["bb"]),
            (SearchDevices { is_alert: Some(1), ..all() }, &["bb"]),
            (SearchDevices { is_alert: Some(0), ..all() }, &["aa"]),
            (SearchDevices { liveness_start: Some((heard / 1000).to_string()), ..all() }, &["aa"]),
            (SearchDevices { liveness_start: Some((heard / 1000 + 1).to_string()), ..all() }, &[]),
            (SearchDevices { liveness_start: text("2026-06-01"), ..all() }, &["aa"]),
            (SearchDevices { r#type: text("mac"), val: text("bb"), ..all() }, &["bb"]),
            (SearchDevices { r#type: text("did"), val: text("did-aa"), ..all() }, &["aa"]),
            (SearchDevices { r#type: text("uid"), val: text("nobody"), ..all() }, &[]),
        ] {
            let shown = format!("{params:?}");
            assert_eq!(macs(&ctx, params).await, found, "{shown}");
        }
        let aa = SearchDevices { is_online: Some(1), ..all() };
        let aa = search_devices(&ctx, aa).await.expect("a list").objects.remove(0);
        assert_eq!(
            aa,
            DeviceRecord {
                did: "did-aa".into(),
                mac: "aa".into(),
                is_online: true,
                country: text("China"),
                region: text("Guangdong"),
                city: text("Guangzhou"),
                longitude: Some(113.28),
                latitude: Some(23.12),
                is_faulty: true,
                is_alert: false,
                online_latest: Some(heard / 1000),
                created_at: heard / 1000 - 2,
                mcu_hard_version: None,
                mcu_soft_version: None,
                wifi_hard_version: None,
                wifi_soft_version: None,
            }
        );
    }
);

db_test!(
    async fn a_group_is_searched_with_the_groups_below_it(plant: TestPlant) {
        let ctx = plant.ctx();
        let (first, second) = (product(&ctx, "pk1").await, product(&ctx, "pk2").await);
        import(&ctx, "pk1", vec![mac("aa"), mac("bb"), mac("cc")]).await;
        let group = async |id: i64, product_id: i64, parent: Option<i64>| {
            let insert =
                sql("INSERT INTO device_group (tenant_id, id, product_id, gid, parent_id, name, created_at)
                 VALUES ($1, $2, $3, $4, $5, '', 1)")
                .bind(ctx.tenant_id())
                .bind(id)
                .bind(product_id)
                .bind(format!("g{id}"))
                .bind(parent);
            run(&ctx, insert).await;
        };
        group(1, first.id, None).await;
        group(2, first.id, Some(1)).await;
        group(3, second.id, None).await;
        for (mac, id) in [("aa", 1_i64), ("bb", 2)] {
            let update = sql("UPDATE device SET group_id = $3 WHERE tenant_id = $1 AND mac = $2");
            run(&ctx, update.bind(ctx.tenant_id()).bind(mac).bind(id)).await;
        }
        let within = |gid: &str| SearchDevices { gid: Some(gid.into()), ..all() };
        assert_eq!(macs(&ctx, within("g1")).await.len(), 2);
        assert_eq!(macs(&ctx, within("g2")).await, ["bb"]);
        assert_eq!(code(search_devices(&ctx, within("g4")).await), Code::GroupNotExist);
        assert_eq!(code(search_devices(&ctx, within("g3")).await), Code::DeviceGroupNotBelongToThisProduct);
    }
);

db_test!(
    async fn the_search_refuses_what_it_cannot_mean(plant: TestPlant) {
        let ctx = plant.ctx();
        product(&ctx, "pk1").await;
        let text = |text: &str| Some(text.to_owned());
        for (params, name) in [
            (SearchDevices { is_online: Some(2), ..all() }, "is_online"),
            (SearchDevices { is_faulty: Some(-1), ..all() }, "is_faulty"),
            (SearchDevices { is_alert: Some(2), ..all() }, "is_alert"),
            (SearchDevices { show_disabled: Some(2), ..all() }, "show_disabled"),
            (SearchDevices { liveness_start: text("soon"), ..all() }, "liveness_start"),
            (SearchDevices { r#type: text("sn"), val: text("1"), ..all() }, "type"),
            (SearchDevices { val: text("1"), ..all() }, "type"),
            (SearchDevices { r#type: text("mac"), ..all() }, "val"),
            (SearchDevices { limit: Some(0), ..all() }, "limit"),
            (SearchDevices { limit: Some(2001), ..all() }, "limit"),
            (SearchDevices { skip: Some(-1), ..all() }, "skip"),
        ] {
            assert_eq!(param(search_devices(&ctx, params).await), name);
        }
        let other = plant.other_tenant().await;
        assert_eq!(code(search_devices(&other, all()).await), Code::ProductKeyNotExist);
    }
);
