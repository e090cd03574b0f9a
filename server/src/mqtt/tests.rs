//! Rights to topics.

use std::sync::Arc;

use domain::access::Tenant;
use domain::device::ingest::Form;
use domain::device::session::service::Known;
use domain::time::Zone;

use super::rights::{Purpose, matches, publish, subscribe};

fn known() -> Known {
    let zone = Zone::named("Asia/Shanghai").expect("a zone");
    Known {
        tenant: Arc::new(Tenant { id: 1, name: "T".into(), zone }),
        device_id: 2,
        product_id: 3,
        product_key: "pk".into(),
        did: "d1".into(),
    }
}

#[test]
fn a_device_publishes_under_its_own_name_only() {
    let own = [
        ("dev2app/d1", Purpose::Report(Form::Binary)),
        ("dev2app/d1/app-7", Purpose::Report(Form::Binary)),
        ("millwright/pk/d1/up", Purpose::Report(Form::Json)),
        ("cli2ser_req", Purpose::Question),
    ];
    for (topic, purpose) in own {
        assert_eq!(publish(&known(), topic), Some(purpose), "{topic}");
    }
    let foreign = [
        "",
        "dev2app",
        "dev2app/",
        "dev2app/d2",
        "dev2app/d1+",
        "dev2app/+/x",
        "dev2app/d11",
        "app2dev/d1/x",
        "cli2ser_req/x",
        "millwright/pk/d1/down",
        "millwright/pk/d2/up",
        "millwright/other/d1/up",
        "millwright/pk/d1/up/x",
        "millwright/pk/d1",
        "$SYS/x",
    ];
    for topic in foreign {
        assert_eq!(publish(&known(), topic), None, "{topic}");
    }
}

#[test]
fn a_device_subscribes_to_what_is_meant_for_it() {
    let own = [
        "ser2cli_noti/pk",
        "ser2cli_res/d1",
        "app2dev/d1/#",
        "app2dev/d1",
        "app2dev/d1/x",
        "millwright/pk/d1/down",
    ];
    for filter in own {
        assert!(subscribe(&known(), filter), "{filter}");
    }
    let foreign = [
        "",
        "#",
        "+/#",
        "app2dev/#",
        "app2dev/+/#",
        "app2dev/d2/#",
        "app2dev/d1/+",
        "app2dev/d1/x/#",
        "ser2cli_noti/#",
        "ser2cli_noti/other",
        "ser2cli_res/d2",
        "millwright/pk/+/down",
        "millwright/pk/d1/#",
        "millwright/pk/d1/up",
        "$share/g/app2dev/d1/#",
    ];
    for filter in foreign {
        assert!(!subscribe(&known(), filter), "{filter}");
    }
}

#[test]
fn a_filter_covers_the_topics_below_it() {
    assert!(matches("app2dev/d1/#", "app2dev/d1/x/y"));
    assert!(matches("app2dev/d1/#", "app2dev/d1"));
    assert!(!matches("app2dev/d1/#", "app2dev/d11"));
    assert!(matches("app2dev/d1", "app2dev/d1"));
    assert!(!matches("app2dev/d1", "app2dev/d1/x"));
}
