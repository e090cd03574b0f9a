use super::seed::{self, HOUR, NewDevice};
use crate::access::Access;
use crate::device::view::service::{device_map, list_devices, list_products};
use crate::device::view::{Area, DeviceFilter, DeviceList, Health, ListDevices, Order};
use crate::{Ctx, Error, db_test};

fn of(filter: DeviceFilter) -> ListDevices {
    ListDevices { filter, ..ListDevices::default() }
}

async fn list(ctx: &Ctx, params: ListDevices) -> DeviceList {
    list_devices(ctx, params).await.expect("a list")
}

async fn macs(ctx: &Ctx, filter: DeviceFilter) -> String {
    let list = list(ctx, of(filter)).await;
    assert_eq!(list.total, i64::try_from(list.devices.len()).expect("few"));
    list.devices.into_iter().map(|device| device.mac).collect::<Vec<_>>().join(" ")
}

/// Five devices of two products: B1 faulty, B2 alarming and off line, B3 disabled.
async fn plant(ctx: &Ctx) -> (i64, i64, i64) {
    let (a, b) = (seed::product(ctx, "A").await, seed::product(ctx, "B").await);
    let top = seed::group(ctx, b, None, "top").await;
    let low = seed::group(ctx, b, Some(top), "low").await;
    let canton = seed::place(ctx, "China", "Guangdong", "Guangzhou").await;
    let shanghai = seed::place(ctx, "China", "Shanghai", "Shanghai").await;
    let plain =
        |product, mac: &str| NewDevice { product, mac: mac.into(), online: true, ..NewDevice::default() };
    seed::device(ctx, NewDevice { place: Some(shanghai), position: Some((121.5, 31.2)), ..plain(a, "A1") })
        .await;
    seed::device(ctx, NewDevice { seen_at: Some(5), ..plain(a, "A2") }).await;
    let place = (Some(canton), Some((113.28, 23.125)));
    let b1 = NewDevice { faults: 2, group: Some(top), place: place.0, position: place.1, ..plain(b, "B1") };
    seed::device(ctx, b1).await;
    let b2 = NewDevice { alarms: 1, online: false, group: Some(low), ..plain(b, "B2") };
    seed::device(ctx, NewDevice { place: place.0, position: place.1, ..b2 }).await;
    seed::device(ctx, NewDevice { disabled: true, ..plain(b, "B3") }).await;
    (a, b, top)
}

db_test!(
    async fn filters_leave_what_matches_all_of_them(plant: TestPlant) {
        let ctx = plant.ctx();
        let (a, b, top) = self::plant(&ctx).await;
        let none = DeviceFilter::default;
        assert_eq!(macs(&ctx, none()).await, "B2 B1 A2 A1");
        assert_eq!(macs(&ctx, DeviceFilter { products: vec![a], ..none() }).await, "A2 A1");
        assert_eq!(macs(&ctx, DeviceFilter { products: vec![a, b], ..none() }).await, "B2 B1 A2 A1");
        assert_eq!(macs(&ctx, DeviceFilter { group: Some(top), ..none() }).await, "B2 B1");
        assert_eq!(macs(&ctx, DeviceFilter { online: Some(false), ..none() }).await, "B2");
        assert_eq!(macs(&ctx, DeviceFilter { fault: true, ..none() }).await, "B1");
        assert_eq!(macs(&ctx, DeviceFilter { fault: true, alarm: true, ..none() }).await, "B2 B1");
        assert_eq!(macs(&ctx, DeviceFilter { disabled: true, ..none() }).await, "B3");
        let china = Some("China".to_owned());
        assert_eq!(macs(&ctx, DeviceFilter { country: china.clone(), ..none() }).await, "B2 B1 A1");
        let region = Some("Shanghai".to_owned());
        assert_eq!(macs(&ctx, DeviceFilter { country: china, region, ..none() }).await, "A1");
        for text in ["did-a2", "A2", "sn-a2"] {
            assert_eq!(macs(&ctx, DeviceFilter { text: Some(text.into()), ..none() }).await, "A2");
        }
        let area = Some(Area { west: 113.0, south: 23.0, east: 114.0, north: 24.0 });
        assert_eq!(macs(&ctx, DeviceFilter { area, online: Some(true), ..none() }).await, "B1");
    }
);

db_test!(
    async fn facets_count_what_each_choice_would_leave(plant: TestPlant) {
        let ctx = plant.ctx();
        let (_, b, top) = self::plant(&ctx).await;
        let all = list(&ctx, ListDevices::default()).await;
        assert_eq!((all.stock.total, all.stock.online, all.stock.fault, all.stock.trouble), (4, 3, 1, 2));
        let filter = DeviceFilter { products: vec![b], fault: true, ..DeviceFilter::default() };
        let facets = list(&ctx, of(filter)).await.facets;
        assert_eq!((facets.online, facets.offline), (1, 0));
        assert_eq!((facets.fault, facets.alarm, facets.disabled), (1, 1, 0));
        let products: Vec<_> = facets.products.iter().map(|p| (p.name.as_str(), p.devices)).collect();
        assert_eq!(products, [("B", 1), ("A", 0)]);
        assert_eq!(facets.groups.iter().map(|g| (g.value, g.devices)).collect::<Vec<_>>(), [(top, 1)]);
        let in_top =
            list(&ctx, of(DeviceFilter { group: Some(top), ..DeviceFilter::default() })).await.facets;
        assert_eq!(
            in_top.group_path.iter().map(|g| (g.name.as_str(), g.devices)).collect::<Vec<_>>(),
            [("top", 2)]
        );
        assert_eq!(
            in_top.groups.iter().map(|g| (g.name.as_str(), g.devices)).collect::<Vec<_>>(),
            [("low", 1)]
        );
        let china = DeviceFilter { country: Some("China".into()), ..DeviceFilter::default() };
        let facets = list(&ctx, of(china)).await.facets;
        let places: Vec<_> = facets.places.iter().map(|p| (p.name.as_str(), p.devices)).collect();
        assert_eq!((places, facets.nowhere), (vec![("Guangdong", 2), ("Shanghai", 1)], 1));
    }
);

db_test!(
    async fn the_list_is_ordered_and_paged(plant: TestPlant) {
        let ctx = plant.ctx();
        self::plant(&ctx).await;
        for (order, ascending, first) in [
            (Order::Mac, true, "A1"),
            (Order::Mac, false, "B2"),
            (Order::Seen, false, "A2"),
            (Order::Trouble, false, "B1"),
            (Order::Created, true, "A1"),
        ] {
            let list = list(&ctx, ListDevices { order, ascending, ..ListDevices::default() }).await;
            assert_eq!(list.devices[0].mac, first, "{order:?}");
        }
        let page = ListDevices { page: Some(2), size: Some(3), ..ListDevices::default() };
        let list = list(&ctx, page).await;
        assert_eq!((list.devices.len(), list.total), (1, 4));
        let error = list_devices(&ctx, ListDevices { page: Some(0), ..ListDevices::default() }).await;
        assert!(matches!(error, Err(Error::Invalid { param, .. }) if param == "page"));
    }
);

db_test!(
    async fn a_line_tells_its_last_hours_and_its_trouble(plant: TestPlant) {
        let ctx = plant.ctx();
        let product = seed::product(&ctx, "P").await;
        let new = NewDevice { product, mac: "M".into(), online: true, faults: 1, ..NewDevice::default() };
        let id = seed::device(&ctx, new).await;
        let now = ctx.now();
        seed::turned(&ctx, id, now - 10 * HOUR - 1, false).await;
        seed::turned(&ctx, id, now - 8 * HOUR - 1, true).await;
        seed::event(&ctx, id, (2, "alert_high"), now - 30 * HOUR, Some(now - 23 * HOUR - 1)).await;
        seed::event(&ctx, id, (1, "fault_dry"), now - HOUR / 2, None).await;
        let list = list(&ctx, ListDevices::default()).await;
        let line = &list.devices[0];
        assert_eq!(line.trouble.as_deref(), Some("Runs dry"));
        assert_eq!((line.health[0], line.health[1]), (Health::Alarm, Health::Online));
        assert_eq!(line.health[13..17], [Health::Gaps, Health::Offline, Health::Gaps, Health::Online]);
        assert_eq!(line.health[23], Health::Fault);
    }
);

db_test!(
    async fn the_map_gathers_devices_that_are_close(plant: TestPlant) {
        let ctx = plant.ctx();
        self::plant(&ctx).await;
        let map = device_map(&ctx, DeviceFilter::default()).await.expect("a map");
        assert_eq!((map.devices, map.unknown, map.clusters.len()), (3, 1, 2));
        let canton = map.clusters.iter().find(|cluster| cluster.devices == 2).expect("a cluster");
        assert_eq!((canton.fault, canton.trouble, canton.offline), (1, 2, 1));
        assert_eq!((canton.place.as_deref(), canton.only), (Some("Guangzhou"), None));
        assert!((canton.longitude - 113.28).abs() < 1e-6 && (canton.latitude - 23.125).abs() < 1e-6);
        let area = Area { west: 121.0, south: 31.0, east: 122.0, north: 31.5 };
        let near = DeviceFilter { area: Some(area), ..DeviceFilter::default() };
        let near = device_map(&ctx, near).await.expect("a map");
        assert_eq!((near.devices, near.clusters.len(), near.shown), (1, 1, area));
        let area = Some(Area { west: 122.0, south: 31.0, east: 121.0, north: 31.5 });
        let error = device_map(&ctx, DeviceFilter { area, ..DeviceFilter::default() }).await;
        assert!(matches!(error, Err(Error::Invalid { param, .. }) if param == "area"));
    }
);

db_test!(
    async fn another_tenant_sees_nothing_and_a_viewer_all(plant: TestPlant) {
        let ctx = plant.ctx();
        self::plant(&ctx).await;
        let other = plant.other_tenant().await;
        let theirs = list(&other, ListDevices::default()).await;
        assert_eq!((theirs.total, theirs.stock.total, theirs.facets.products.len()), (0, 0, 0));
        assert!(device_map(&other, DeviceFilter::default()).await.expect("a map").clusters.is_empty());
        assert!(list_products(&other).await.expect("a list").is_empty());
        let viewer = plant.viewer();
        assert!(viewer.require(crate::access::Area::Device, Access::Write).is_err());
        assert_eq!(list(&viewer, ListDevices::default()).await.total, 4);
        let products = list_products(&viewer).await.expect("a list");
        let seen: Vec<_> = products.iter().map(|p| (p.name.as_str(), p.points, p.stock.total)).collect();
        assert_eq!(seen, [("B", 5, 2), ("A", 5, 2)]);
    }
);
