//! The master data that every tenant has from the start.
//!
//! They are defined here, with ids of their own below 1000 (ids made at run time begin at 1000), so that a new tenant
//! needs no set-up. Once one is modified, its whole definition is also stored.

use super::{Metadata, NamedValue, Property, PropertyLimit, PropertyType};
use crate::Millis;

/// 人员.
pub const PERSON: i64 = 541;
/// 物料组.
pub const MATERIAL_GROUP: i64 = 542;
/// 物料类型.
pub const MATERIAL_TYPE: i64 = 543;
/// 物料.
pub const MATERIAL: i64 = 544;
/// 设备类型.
pub const EQUIPMENT_TYPE: i64 = 545;
/// 设备型号.
pub const EQUIPMENT_MODEL: i64 = 546;
/// 生产设备.
pub const EQUIPMENT: i64 = 547;
/// 客户.
pub const CUSTOMER: i64 = 548;
/// 供应商.
pub const SUPPLIER: i64 = 549;

/// Ids of the properties that the program reads.
#[cfg(feature = "server")]
pub(crate) mod property {
    pub(crate) const PERSON_NAME: i64 = 602;
    pub(crate) const PERSON_PHONE: i64 = 603;
    pub(crate) const PERSON_EMAIL: i64 = 604;
    pub(crate) const MODEL_NAME: i64 = 652;
    pub(crate) const MODEL_TYPE: i64 = 653;
    pub(crate) const TYPE_NAME: i64 = 642;
    pub(crate) const MATERIAL_NAME: i64 = 632;
    pub(crate) const MATERIAL_UNIT: i64 = 635;
    pub(crate) const EQUIPMENT_NAME: i64 = 662;
    pub(crate) const EQUIPMENT_BREVITY_CODE: i64 = 663;
    pub(crate) const EQUIPMENT_MODEL: i64 = 664;
    pub(crate) const EQUIPMENT_USABLE_CONDITION: i64 = 665;
    pub(crate) const EQUIPMENT_SN_CODE: i64 = 666;
    pub(crate) const EQUIPMENT_LOCATION: i64 = 667;
    pub(crate) const EQUIPMENT_IOT_DEVICE_ID: i64 = 668;
    pub(crate) const EQUIPMENT_IDEAL_CYCLE_TIME: i64 = 669;
}

enum Shape {
    Text(i64),
    Choice(&'static [(&'static str, &'static str)]),
    Positive,
    To(i64),
}

struct Kind {
    id: i64,
    name: &'static str,
    chinese: &'static str,
    alias: &'static str,
    description: &'static str,
    multi_version: bool,
    /// Id of the first property; the others follow.
    first_property: i64,
    properties: &'static [(&'static str, &'static str, Shape)],
}

const CODE_AND_NAME: &[(&str, &str, Shape)] =
    &[("code", "编码", Shape::Text(64)), ("name", "名称", Shape::Text(128))];

const KINDS: [Kind; 9] = [
    Kind {
        id: PERSON,
        name: "Employee",
        chinese: "人员",
        alias: "person",
        description: "人员主数据",
        multi_version: false,
        first_property: 601,
        properties: &[
            ("id", "工号", Shape::Text(64)),
            ("name", "姓名", Shape::Text(64)),
            ("phone", "手机号", Shape::Text(32)),
            ("email", "邮箱", Shape::Text(128)),
        ],
    },
    Kind {
        id: MATERIAL_GROUP,
        name: "MaterialGroup",
        chinese: "物料组",
        alias: "material_group",
        description: "物料组主数据",
        multi_version: false,
        first_property: 611,
        properties: CODE_AND_NAME,
    },
    Kind {
        id: MATERIAL_TYPE,
        name: "MaterialType",
        chinese: "物料类型",
        alias: "material_type",
        description: "物料类型主数据",
        multi_version: false,
        first_property: 621,
        properties: CODE_AND_NAME,
    },
    Kind {
        id: MATERIAL,
        name: "Material",
        chinese: "物料",
        alias: "material",
        description: "物料主数据",
        multi_version: true,
        first_property: 631,
        properties: &[
            ("code", "物料编码", Shape::Text(64)),
            ("name", "物料名称", Shape::Text(128)),
            ("material_type", "物料类型", Shape::To(MATERIAL_TYPE)),
            ("material_group", "物料组", Shape::To(MATERIAL_GROUP)),
            ("unit", "计量单位", Shape::Text(32)),
        ],
    },
    Kind {
        id: EQUIPMENT_TYPE,
        name: "EquipmentType",
        chinese: "设备类型",
        alias: "equipment_type",
        description: "设备类型主数据",
        multi_version: false,
        first_property: 641,
        properties: CODE_AND_NAME,
    },
    Kind {
        id: EQUIPMENT_MODEL,
        name: "EquipmentModel",
        chinese: "设备型号",
        alias: "equipment_model",
        description: "设备型号主数据",
        multi_version: false,
        first_property: 651,
        properties: &[
            ("code", "型号编码", Shape::Text(64)),
            ("name", "型号名称", Shape::Text(128)),
            ("equipment_type", "设备类型", Shape::To(EQUIPMENT_TYPE)),
        ],
    },
    Kind {
        id: EQUIPMENT,
        name: "Equipment",
        chinese: "生产设备",
        alias: "equipment",
        description: "生产设备主数据",
        multi_version: false,
        first_property: 661,
        properties: &[
            ("asset_num", "资产编号", Shape::Text(64)),
            ("name", "设备名称", Shape::Text(128)),
            ("brevity_code", "设备简码", Shape::Text(64)),
            ("equipment_model", "设备型号", Shape::To(EQUIPMENT_MODEL)),
            (
                "usable_condition",
                "使用状态",
                Shape::Choice(&[("1", "新建"), ("2", "在用"), ("3", "停用"), ("4", "报废")]),
            ),
            ("sn_code", "序列号", Shape::Text(128)),
            ("location", "位置", Shape::Text(128)),
            ("iot_device_id", "物联网设备", Shape::Text(64)),
            ("ideal_cycle_time", "理想节拍（秒）", Shape::Positive),
        ],
    },
    Kind {
        id: CUSTOMER,
        name: "Customer",
        chinese: "客户",
        alias: "customer",
        description: "客户主数据",
        multi_version: false,
        first_property: 671,
        properties: CODE_AND_NAME,
    },
    Kind {
        id: SUPPLIER,
        name: "Supplier",
        chinese: "供应商",
        alias: "supplier",
        description: "供应商主数据",
        multi_version: false,
        first_property: 681,
        properties: CODE_AND_NAME,
    },
];

/// The built-in metadata as they are before anyone modified them; `created_at` is when the tenant was.
pub fn all(created_at: Millis) -> Vec<Metadata> {
    KINDS.iter().map(|kind| metadata(kind, created_at)).collect()
}

/// One of them by its id.
pub fn by_id(id: i64, created_at: Millis) -> Option<Metadata> {
    KINDS.iter().find(|kind| kind.id == id).map(|kind| metadata(kind, created_at))
}

/// Whether this id is that of built-in metadata.
pub fn id_exists(id: i64) -> bool {
    KINDS.iter().any(|kind| kind.id == id)
}

/// The id that a name stands for: `Employee`, `人员` or `person`, ASCII letters in either case.
pub fn id_of(name: &str) -> Option<i64> {
    let known =
        |kind: &&Kind| [kind.name, kind.chinese, kind.alias].iter().any(|n| n.eq_ignore_ascii_case(name));
    KINDS.iter().find(known).map(|kind| kind.id)
}

fn metadata(kind: &Kind, created_at: Millis) -> Metadata {
    let properties = kind.properties.iter().zip(0_i64..).map(|((code, description, shape), index)| {
        let (kind_of, limit) = shape.parts();
        Property {
            id: kind.first_property + index,
            code: (*code).into(),
            description: (*description).into(),
            kind: kind_of,
            is_unique: index == 0,
            nullable: index != 0,
            array: false,
            display: index == 1,
            default: None,
            limit,
            index: index + 1,
            builtin: true,
        }
    });
    Metadata {
        id: kind.id,
        name: kind.name.into(),
        description: Some(kind.description.into()),
        multi_version: kind.multi_version,
        prefix_nested: false,
        platform_control: false,
        builtin: true,
        created_at,
        modified_at: created_at,
        properties: properties.collect(),
    }
}

impl Shape {
    fn parts(&self) -> (PropertyType, PropertyLimit) {
        match self {
            Self::Text(len) => {
                (PropertyType::String, PropertyLimit { len: Some(*len), ..PropertyLimit::default() })
            }
            Self::Choice(values) => {
                let named = |(value, remark): &(&str, &str)| NamedValue {
                    value: Some((*value).into()),
                    remark: Some((*remark).into()),
                };
                let enum_values = Some(values.iter().map(named).collect());
                (PropertyType::Enum, PropertyLimit { enum_values, ..PropertyLimit::default() })
            }
            Self::Positive => {
                (PropertyType::Double, PropertyLimit { min: Some(0.0), ..PropertyLimit::default() })
            }
            Self::To(target) => (
                PropertyType::MasterData,
                PropertyLimit { data_id: Some(*target), ..PropertyLimit::default() },
            ),
        }
    }
}
