//! The envelope of a binary message: `00000003 | length | flag | command | [serial number] | P0`.
//!
//! The length is written as MQTT writes lengths (7 bits a byte, at most 4 bytes) and counts everything after itself.
//! Reading borrows the bytes that arrived: a length that promises gigabytes costs nothing.

use super::trouble::{Trouble, TroubleKind};

/// What every message begins with.
const HEAD: [u8; 4] = [0, 0, 0, 3];

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// 0090: from an application to the device.
    ToDevice,
    /// 0091: from the device to applications.
    FromDevice,
    /// 0093: either way, with a number that its answer repeats.
    Numbered,
    /// 0094: answer to a numbered message.
    Acknowledge,
}

impl Command {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::ToDevice, Self::FromDevice, Self::Numbered, Self::Acknowledge];

    /// Its number on the wire.
    pub fn number(self) -> u16 {
        match self {
            Self::ToDevice => 0x0090,
            Self::FromDevice => 0x0091,
            Self::Numbered => 0x0093,
            Self::Acknowledge => 0x0094,
        }
    }

    /// The command with this number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.number() == number)
    }

    /// Whether a serial number follows.
    pub fn is_numbered(self) -> bool {
        matches!(self, Self::Numbered | Self::Acknowledge)
    }
}

/// A message without its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Always 0 so far; kept as it came.
    pub flag: u8,
    /// What it is.
    pub command: Command,
    /// Its serial number; there for [`Command::Numbered`] and [`Command::Acknowledge`] only.
    pub serial: Option<u32>,
    /// What it says.
    pub p0: &'a [u8],
}

impl<'a> Frame<'a> {
    /// A message from an application to the device, without a serial number.
    pub fn to_device(p0: &'a [u8]) -> Self {
        Self { flag: 0, command: Command::ToDevice, serial: None, p0 }
    }

    /// A report of the device.
    pub fn from_device(p0: &'a [u8]) -> Self {
        Self { flag: 0, command: Command::FromDevice, serial: None, p0 }
    }

    /// Reads an envelope. The second part names a length that is not that of the message: then it is what is there that
    /// counts, up to the promised length. `Err` names why nothing can be read.
    pub fn decode(bytes: &'a [u8]) -> Result<(Self, Option<Trouble>), Trouble> {
        let not_a_frame = |why: &str| Trouble::new(TroubleKind::NotAFrame, why);
        let rest = bytes.strip_prefix(&HEAD).ok_or_else(|| not_a_frame("it does not begin with 00000003"))?;
        let (promised, rest) = read_length(rest).ok_or_else(|| not_a_frame("unreadable length"))?;
        let trouble = match rest.len() {
            there if there < promised => {
                Some(Trouble::new(TroubleKind::Truncated, format_args!("{there} of {promised} bytes")))
            }
            there if there > promised => {
                Some(Trouble::new(TroubleKind::Surplus, format_args!("{there} instead of {promised} bytes")))
            }
            _ => None,
        };
        let body = &rest[..promised.min(rest.len())];
        let [flag, high, low, rest @ ..] = body else { return Err(not_a_frame("no command")) };
        let number = u16::from_be_bytes([*high, *low]);
        let command = Command::from_number(number)
            .ok_or_else(|| Trouble::new(TroubleKind::UnknownCommand, format_args!("{number:04x}")))?;
        let (serial, p0) = if command.is_numbered() {
            let (serial, p0) = rest.split_first_chunk().ok_or_else(|| not_a_frame("no serial number"))?;
            (Some(u32::from_be_bytes(*serial)), p0)
        } else {
            (None, rest)
        };
        Ok((Self { flag: *flag, command, serial, p0 }, trouble))
    }

    /// Writes the envelope and what it holds. A numbered command without a number gets 0.
    pub fn encode(&self) -> Vec<u8> {
        let serial = self.command.is_numbered().then(|| self.serial.unwrap_or(0).to_be_bytes());
        let len = 3 + serial.map_or(0, |serial| serial.len()) + self.p0.len();
        let mut bytes = Vec::with_capacity(8 + len);
        bytes.extend(HEAD);
        write_length(&mut bytes, len);
        bytes.push(self.flag);
        bytes.extend(self.command.number().to_be_bytes());
        bytes.extend(serial.into_iter().flatten());
        bytes.extend(self.p0);
        bytes
    }
}

/// A length as MQTT writes it, and what follows; `None` when it does not end within four bytes.
fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut length = 0;
    for (place, byte) in bytes.iter().take(4).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some((length, &bytes[place + 1..]));
        }
    }
    None
}

fn write_length(bytes: &mut Vec<u8>, length: usize) {
    let mut rest = length;
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or(0);
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return;
        }
        bytes.push(low | 0x80);
    }
}
