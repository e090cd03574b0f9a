//! What a binary message says about datapoints (P0): an action, and the values it is about.
//!
//! Products of fixed length send the whole status, each value at its position; a control message has a flag for each
//! writable datapoint and the writable part of a status. Products of variable length put a flag for every datapoint in
//! front (one big-endian number, bit 0 the first datapoint) and then only the flagged values: bools and enumerations in
//! one bit area, numbers, binaries, each in the order of ids.
//!
//! Reading is structural: every value that is there whole is taken as it is. Whether it is allowed is checked above.

#[cfg(test)]
pub(crate) mod tests;

use std::collections::BTreeMap;

use super::datapoint::{DataType, Datapoint, Kind, Raw};
use super::definition::Definition;
use super::layout::{Layout, Slot};
use super::trouble::{Trouble, TroubleKind};

/// Raw values by the id of their datapoint.
pub type Values = BTreeMap<u32, Raw>;

/// What a message wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// 01, 11: set these values.
    Control,
    /// 02, 12: say your values.
    Read,
    /// 03, 13: the values that were asked for.
    Answer,
    /// 04, 14: values, on the device's own account.
    Report,
    /// 05: bytes for the device that no datapoint describes.
    DataToDevice,
    /// 06: bytes from the device that no datapoint describes.
    DataFromDevice,
}

/// How values are put into bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    /// Each at its position.
    Fixed,
    /// Only those flagged, one after the other.
    Variable,
}

impl Action {
    /// Its byte on the wire.
    pub fn number(self, packing: Packing) -> u8 {
        let low = match self {
            Self::Control => 1,
            Self::Read => 2,
            Self::Answer => 3,
            Self::Report => 4,
            Self::DataToDevice => return 5,
            Self::DataFromDevice => return 6,
        };
        match packing {
            Packing::Fixed => low,
            Packing::Variable => 0x10 | low,
        }
    }

    /// The action with this byte, and how its values are packed.
    pub fn from_number(number: u8) -> Option<(Self, Packing)> {
        let packing = if number & 0x10 == 0 { Packing::Fixed } else { Packing::Variable };
        let action = match number {
            0x01 | 0x11 => Self::Control,
            0x02 | 0x12 => Self::Read,
            0x03 | 0x13 => Self::Answer,
            0x04 | 0x14 => Self::Report,
            0x05 => Self::DataToDevice,
            0x06 => Self::DataFromDevice,
            _ => return None,
        };
        Some((action, packing))
    }
}

/// A P0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct P0 {
    /// What it wants.
    pub action: Action,
    /// How its values are packed.
    pub packing: Packing,
    /// The values it carries. For a variable [`Action::Read`], the ids of [`Self::asked`] count instead.
    pub values: Values,
    /// Ids of the datapoints a variable [`Action::Read`] asks for.
    pub asked: Vec<u32>,
    /// Bytes that no datapoint describes, of [`Action::DataToDevice`] and [`Action::DataFromDevice`].
    pub data: Vec<u8>,
}

impl P0 {
    /// A message of values.
    pub fn of_values(action: Action, packing: Packing, values: Values) -> Self {
        Self { action, packing, values, asked: Vec::new(), data: Vec::new() }
    }

    /// Asks for all values.
    pub fn read_all(definition: &Definition, packing: Packing) -> Self {
        let asked = match packing {
            Packing::Fixed => Vec::new(),
            Packing::Variable => definition.datapoints().iter().map(|datapoint| datapoint.id).collect(),
        };
        Self { asked, ..Self::of_values(Action::Read, packing, Values::new()) }
    }

    /// Bytes that no datapoint describes.
    pub fn of_data(action: Action, data: Vec<u8>) -> Self {
        Self { data, ..Self::of_values(action, Packing::Fixed, Values::new()) }
    }

    /// Reads a P0; whatever came whole is in it, what did not is named. `Err` names why nothing can be read.
    pub fn decode(definition: &Definition, bytes: &[u8]) -> Result<(Self, Vec<Trouble>), Trouble> {
        let (number, rest) = bytes.split_first().ok_or(Trouble::new(TroubleKind::Truncated, "no action"))?;
        let (action, packing) = Action::from_number(*number)
            .ok_or_else(|| Trouble::new(TroubleKind::UnknownAction, format_args!("{number:02x}")))?;
        let mut troubles = Vec::new();
        let mut p0 = Self::of_values(action, packing, Values::new());
        match (action, packing) {
            (Action::DataToDevice | Action::DataFromDevice, _) => p0.data = rest.to_vec(),
            (Action::Read, Packing::Fixed) => surplus(rest, 0, &mut troubles),
            (Action::Read, Packing::Variable) => {
                // asking for everything sets flags beyond the last datapoint too
                let (asked, rest, _) = read_flags(definition.datapoints().iter(), rest)?;
                p0.asked = asked.into_iter().map(|datapoint| datapoint.id).collect();
                surplus(rest, 0, &mut troubles);
            }
            (Action::Control, Packing::Fixed) => {
                let (flagged, rest, unknown) = read_flags(definition.of_kind(Kind::Writable), rest)?;
                if unknown {
                    troubles.push(unknown_flag());
                }
                surplus(rest, definition.layout().writable_len(), &mut troubles);
                let ids: Vec<u32> = flagged.into_iter().map(|datapoint| datapoint.id).collect();
                p0.values = read_status(definition, rest, |datapoint| ids.contains(&datapoint.id));
            }
            (Action::Answer | Action::Report, Packing::Fixed) => {
                surplus(rest, definition.layout().status_len(), &mut troubles);
                p0.values = read_status(definition, rest, |_| true);
            }
            (Action::Control | Action::Answer | Action::Report, Packing::Variable) => {
                let (flagged, rest, unknown) = read_flags(definition.datapoints().iter(), rest)?;
                let needed = packed_len(&flagged);
                if unknown {
                    troubles.push(unknown_flag());
                }
                surplus(rest, needed, &mut troubles);
                // where a value of an unknown datapoint lies between, nobody can say where the others are
                if !unknown || rest.len() == needed {
                    p0.values = unpack(&flagged, rest);
                }
            }
        }
        Ok((p0, troubles))
    }

    /// Writes a P0. In a status of fixed length, values that are not given are written as the least there is; values
    /// that are no values of their datapoint count as not given.
    pub fn encode(&self, definition: &Definition) -> Vec<u8> {
        let mut bytes = vec![self.action.number(self.packing)];
        let given = |datapoint: &&Datapoint| self.value_of(datapoint).is_some();
        match (self.action, self.packing) {
            (Action::DataToDevice | Action::DataFromDevice, _) => bytes.extend(&self.data),
            (Action::Read, Packing::Fixed) => {}
            (Action::Read, Packing::Variable) => {
                let asked = |datapoint: &Datapoint| self.asked.contains(&datapoint.id);
                write_flags(&mut bytes, definition.datapoints().iter(), asked);
            }
            (Action::Control, Packing::Fixed) => {
                write_flags(&mut bytes, definition.of_kind(Kind::Writable), |datapoint| given(&datapoint));
                let status = self.write_status(definition);
                bytes.extend(&status[..definition.layout().writable_len()]);
            }
            (Action::Answer | Action::Report, Packing::Fixed) => bytes.extend(self.write_status(definition)),
            (Action::Control | Action::Answer | Action::Report, Packing::Variable) => {
                write_flags(&mut bytes, definition.datapoints().iter(), |datapoint| given(&datapoint));
                let flagged: Vec<_> = definition.datapoints().iter().filter(given).collect();
                self.pack(&mut bytes, &flagged);
            }
        }
        bytes
    }

    /// The value of a datapoint, if it is one that its place can hold.
    fn value_of(&self, datapoint: &Datapoint) -> Option<&Raw> {
        self.values.get(&datapoint.id).filter(|raw| match (&datapoint.data_type, raw) {
            (DataType::Binary(len), Raw::Bytes(bytes)) => bytes.len() == *len,
            (DataType::Number(spec), Raw::Number(raw)) => *raw <= spec.capacity(),
            (DataType::Bool | DataType::Enum(_), Raw::Number(raw)) => {
                datapoint.data_type.bits().is_some_and(|bits| u64::from(*raw) < 1 << bits)
            }
            _ => false,
        })
    }

    fn write_status(&self, definition: &Definition) -> Vec<u8> {
        let layout = definition.layout();
        let mut status = vec![0; layout.status_len()];
        for (index, datapoint) in definition.datapoints().iter().enumerate() {
            let raw = self.value_of(datapoint).cloned().unwrap_or_else(|| least(datapoint));
            match (layout.slot(index), raw) {
                (Slot::Bits { kind, offset, len }, Raw::Number(raw)) => {
                    write_bits(area_mut(layout, kind, &mut status), offset, len, raw);
                }
                (Slot::Bytes { at, len }, raw) => write_bytes(&mut status[at..at + len], &raw),
                (Slot::Bits { .. }, Raw::Bytes(_)) => {}
            }
        }
        status
    }

    fn pack(&self, bytes: &mut Vec<u8>, flagged: &[&Datapoint]) {
        let raw =
            |datapoint: &Datapoint| self.value_of(datapoint).cloned().unwrap_or_else(|| least(datapoint));
        let mut area = vec![0; area_len(flagged)];
        let mut offset = 0;
        for datapoint in flagged {
            let (Some(bits), Raw::Number(raw)) = (datapoint.data_type.bits(), raw(datapoint)) else {
                continue;
            };
            write_bits(&mut area, offset, bits as usize, raw);
            offset += bits as usize;
        }
        bytes.extend(area);
        for datapoint in in_bytes(flagged) {
            let at = bytes.len();
            bytes.resize(at + datapoint.data_type.bytes(), 0);
            write_bytes(&mut bytes[at..], &raw(datapoint));
        }
    }
}

/// The value that stands for one not given: valid, and ignored by the device.
fn least(datapoint: &Datapoint) -> Raw {
    match &datapoint.data_type {
        DataType::Number(spec) => Raw::Number(spec.min),
        DataType::Bool | DataType::Enum(_) => Raw::Number(0),
        DataType::Binary(len) => Raw::Bytes(vec![0; *len]),
    }
}

fn unknown_flag() -> Trouble {
    Trouble { kind: TroubleKind::UnknownFlag, name: None, found: None }
}

fn surplus(rest: &[u8], needed: usize, troubles: &mut Vec<Trouble>) {
    let kind = match rest.len() {
        there if there < needed => TroubleKind::Truncated,
        there if there > needed => TroubleKind::Surplus,
        _ => return,
    };
    troubles.push(Trouble::new(kind, format_args!("{} of {needed} bytes of values", rest.len())));
}

/// The datapoints whose flags are set, what follows the flags, and whether a flag is set that belongs to none.
type Flagged<'d, 'b> = (Vec<&'d Datapoint>, &'b [u8], bool);

fn read_flags<'d, 'b>(
    datapoints: impl Iterator<Item = &'d Datapoint>,
    bytes: &'b [u8],
) -> Result<Flagged<'d, 'b>, Trouble> {
    let datapoints: Vec<_> = datapoints.collect();
    let len = datapoints.len().div_ceil(8);
    let (flags, rest) = bytes.split_at_checked(len).ok_or_else(|| {
        Trouble::new(TroubleKind::Truncated, format_args!("{} of {len} bytes of flags", bytes.len()))
    })?;
    let unknown = (datapoints.len()..len * 8).any(|index| read_bits(flags, index, 1) == 1);
    let set = datapoints.into_iter().enumerate().filter(|(index, _)| read_bits(flags, *index, 1) == 1);
    Ok((set.map(|(_, datapoint)| datapoint).collect(), rest, unknown))
}

fn write_flags<'d>(
    bytes: &mut Vec<u8>,
    datapoints: impl Iterator<Item = &'d Datapoint>,
    set: impl Fn(&Datapoint) -> bool,
) {
    let set: Vec<bool> = datapoints.map(set).collect();
    let mut flags = vec![0; set.len().div_ceil(8)];
    for (index, set) in set.into_iter().enumerate() {
        write_bits(&mut flags, index, 1, u32::from(set));
    }
    bytes.extend(flags);
}

/// The values of a status that are there whole. A control message's values are the beginning of a status.
fn read_status(definition: &Definition, status: &[u8], wanted: impl Fn(&Datapoint) -> bool) -> Values {
    let layout = definition.layout();
    let value = |(index, datapoint): (usize, &Datapoint)| {
        if !wanted(datapoint) {
            return None;
        }
        let raw = match layout.slot(index) {
            Slot::Bits { kind, offset, len } => {
                let area = layout.area(kind);
                Raw::Number(read_bits(status.get(area.at..area.at + area.len)?, offset, len))
            }
            Slot::Bytes { at, len } => read_bytes(&datapoint.data_type, status.get(at..at + len)?),
        };
        Some((datapoint.id, raw))
    };
    definition.datapoints().iter().enumerate().filter_map(value).collect()
}

/// Flagged values that are there whole.
fn unpack(flagged: &[&Datapoint], bytes: &[u8]) -> Values {
    let mut values = Values::new();
    let Some((area, mut rest)) = bytes.split_at_checked(area_len(flagged)) else { return values };
    let mut offset = 0;
    for datapoint in flagged {
        let Some(bits) = datapoint.data_type.bits() else { continue };
        values.insert(datapoint.id, Raw::Number(read_bits(area, offset, bits as usize)));
        offset += bits as usize;
    }
    for datapoint in in_bytes(flagged) {
        let Some((value, after)) = rest.split_at_checked(datapoint.data_type.bytes()) else { break };
        values.insert(datapoint.id, read_bytes(&datapoint.data_type, value));
        rest = after;
    }
    values
}

/// Numbers first, then binaries: the order of flagged values after the bit area.
fn in_bytes<'d>(flagged: &[&'d Datapoint]) -> impl Iterator<Item = &'d Datapoint> {
    let numbers = flagged.iter().filter(|datapoint| matches!(datapoint.data_type, DataType::Number(_)));
    let binaries = flagged.iter().filter(|datapoint| matches!(datapoint.data_type, DataType::Binary(_)));
    numbers.chain(binaries).copied()
}

fn area_len(flagged: &[&Datapoint]) -> usize {
    let bits: u32 = flagged.iter().filter_map(|datapoint| datapoint.data_type.bits()).sum();
    bits.div_ceil(8) as usize
}

fn packed_len(flagged: &[&Datapoint]) -> usize {
    area_len(flagged) + flagged.iter().map(|datapoint| datapoint.data_type.bytes()).sum::<usize>()
}

fn area_mut<'a>(layout: &Layout, kind: Kind, status: &'a mut [u8]) -> &'a mut [u8] {
    let area = layout.area(kind);
    &mut status[area.at..area.at + area.len]
}

/// Bits of a big-endian number: bit 0 is the least significant one of its last byte.
fn read_bits(area: &[u8], offset: usize, len: usize) -> u32 {
    let bit = |bit: usize| u32::from(area[area.len() - 1 - bit / 8] >> (bit % 8) & 1);
    (0..len).fold(0, |value, index| value | bit(offset + index) << index)
}

fn write_bits(area: &mut [u8], offset: usize, len: usize, value: u32) {
    let last = area.len() - 1;
    for index in 0..len {
        let (bit, set) = (offset + index, value >> index & 1 == 1);
        if set {
            area[last - bit / 8] |= 1 << (bit % 8);
        }
    }
}

/// A number in its bytes, the most significant first, or the bytes themselves.
fn read_bytes(data_type: &DataType, bytes: &[u8]) -> Raw {
    match data_type {
        DataType::Binary(_) => Raw::Bytes(bytes.to_vec()),
        _ => Raw::Number(bytes.iter().fold(0, |value, byte| value << 8 | u32::from(*byte))),
    }
}

fn write_bytes(place: &mut [u8], raw: &Raw) {
    match raw {
        Raw::Number(number) => {
            let all = number.to_be_bytes();
            place.copy_from_slice(&all[all.len() - place.len()..]);
        }
        Raw::Bytes(bytes) => place.copy_from_slice(bytes),
    }
}
