//! What was not as it should be in a message: kept with the message, in words, instead of refusing it.

use serde::{Deserialize, Serialize};

use crate::{Text, text};

/// So many troubles of one message are named; of more only that there are more.
const MOST_NAMED: usize = 32;
/// So much of what a device said is repeated, characters.
const LONGEST_QUOTE: usize = 64;

/// A kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// A datapoint that the product does not have. Not kept.
    UnknownDatapoint,
    /// A value of another type than the datapoint's. Not kept.
    WrongType,
    /// A number outside of the datapoint's limits. Kept, if its bytes can hold it.
    OutOfRange,
    /// A number between two steps of the datapoint. The nearest step is kept.
    OffStep,
    /// An index or text that an enumeration does not have. Not kept.
    UnknownChoice,
    /// More bytes than the binary datapoint has. Not kept.
    TooLong,
    /// The message ends early. What came whole is kept.
    Truncated,
    /// The message is longer than it should be. The rest is left out.
    Surplus,
    /// A flag of a datapoint that the product does not have.
    UnknownFlag,
    /// A time more than five minutes ahead. The time of arrival is taken.
    FutureTime,
    /// A time that is none, or before the year 2000. The time of arrival is taken.
    BadTime,
    /// A message that devices do not send.
    WrongDirection,
    /// Not a message of the protocol.
    NotAFrame,
    /// A command the protocol does not have.
    UnknownCommand,
    /// An action the protocol does not have.
    UnknownAction,
    /// Not JSON of the form `{"ts"?, "attrs": {…}}`.
    NotJson,
    /// There were more troubles.
    More,
}

impl TroubleKind {
    /// Its name.
    pub fn label(self) -> Text {
        match self {
            Self::UnknownDatapoint => text!("unknown datapoint", "未定义的数据点"),
            Self::WrongType => text!("wrong type", "类型不符"),
            Self::OutOfRange => text!("out of range", "超出范围"),
            Self::OffStep => text!("between two steps", "不在分辨率的整数倍上"),
            Self::UnknownChoice => text!("not a value of the enumeration", "不是枚举值"),
            Self::TooLong => text!("too long", "过长"),
            Self::Truncated => text!("ends early", "数据不完整"),
            Self::Surplus => text!("longer than defined", "数据多于定义"),
            Self::UnknownFlag => text!("flag of an unknown datapoint", "标志位对应的数据点未定义"),
            Self::FutureTime => text!("time in the future", "时间在将来"),
            Self::BadTime => text!("unusable time", "时间无效"),
            Self::WrongDirection => text!("not a message of a device", "不是设备发出的消息"),
            Self::NotAFrame => text!("not a message of the protocol", "不是协议报文"),
            Self::UnknownCommand => text!("unknown command", "未知命令"),
            Self::UnknownAction => text!("unknown action", "未知动作"),
            Self::NotJson => text!("not a JSON report", "不是 JSON 上报"),
            Self::More => text!("and more", "以及更多"),
        }
    }
}

/// Something that was not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Trouble {
    /// What.
    pub kind: TroubleKind,
    /// The datapoint it is about, or the name a device gave.
    pub name: Option<String>,
    /// What was found, shortened.
    pub found: Option<String>,
}

impl Trouble {
    /// A trouble of a message as a whole.
    pub fn new(kind: TroubleKind, found: impl ToString) -> Self {
        Self { kind, name: None, found: Some(shortened(&found.to_string())) }
    }

    /// A trouble of one datapoint.
    pub fn at(kind: TroubleKind, name: &str, found: impl ToString) -> Self {
        Self { name: Some(shortened(name)), ..Self::new(kind, found) }
    }

    /// In words: `set_temp: out of range (250)`.
    pub fn words(&self) -> Text {
        let name = self.name.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let found = self.found.as_ref().map(|found| format!(" ({found})")).unwrap_or_default();
        let Text { en, zh } = self.kind.label();
        text!("{name}{en}{found}", "{name}{zh}{found}")
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.words().fmt(f)
    }
}

/// All troubles of a message in words, for the log; `None` when there are none.
pub fn in_words(troubles: &[Trouble]) -> Option<String> {
    let words: Vec<String> = troubles.iter().map(ToString::to_string).collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Adds a trouble, unless so many are named already that one line must do for the rest.
pub(super) fn note(troubles: &mut Vec<Trouble>, trouble: Trouble) {
    if troubles.len() < MOST_NAMED {
        troubles.push(trouble);
    } else if troubles.len() == MOST_NAMED {
        troubles.push(Trouble { kind: TroubleKind::More, name: None, found: None });
    }
}

fn shortened(text: &str) -> String {
    let kept = text.char_indices().nth(LONGEST_QUOTE).map_or(text.len(), |(at, _)| at);
    let more = if kept < text.len() { "…" } else { "" };
    format!("{}{more}", &text[..kept])
}
