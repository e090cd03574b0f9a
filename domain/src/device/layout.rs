//! Where values lie in the status of a device of fixed length (`standard` protocol).
//!
//! Groups follow each other in the order writable, read-only, alert, fault, each from a new byte. In a group the bools and
//! enumerations come first, packed from the least significant bit of *one big-endian number* (bit 0 is in its last byte),
//! then numbers, then binaries; each in the order of ids.

use super::datapoint::{DataType, Datapoint, Kind};
use crate::{Error, Result, text};

/// Longest status, bytes: what a device may send at once.
const LONGEST_STATUS: usize = 65_000;

/// Where one value lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    /// Bits of the area of a kind, counted from its least significant one.
    Bits { kind: Kind, offset: usize, len: usize },
    /// Whole bytes of the status.
    Bytes { at: usize, len: usize },
}

/// Bytes of a status that hold the bits of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Area {
    pub at: usize,
    pub len: usize,
}

/// A position as a document gives it.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Path to it in the document.
    pub path: String,
    pub byte: usize,
    pub bit: usize,
    pub len: usize,
}

/// The places of all values.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// With the id of its datapoint; in the order the datapoints were given, until sorted.
    slots: Vec<(u32, Slot)>,
    areas: [Area; 4],
    writable_len: usize,
    status_len: usize,
}

impl Layout {
    /// The places that follow from the datapoints alone.
    pub fn computed(datapoints: &[Datapoint]) -> Result<Self> {
        let mut order: Vec<usize> = (0..datapoints.len()).collect();
        order.sort_by_key(|index| datapoints[*index].id);
        let mut slots = vec![(0, Slot::Bytes { at: 0, len: 0 }); datapoints.len()];
        let mut areas = [Area::default(); 4];
        let (mut writable_len, mut at) = (0, 0);
        for kind in Kind::ALL {
            let group = || order.iter().copied().filter(|index| datapoints[*index].kind == kind);
            let mut bits = 0;
            for index in group() {
                let Some(len) = datapoints[index].data_type.bits() else { continue };
                slots[index] = (datapoints[index].id, Slot::Bits { kind, offset: bits, len: len as usize });
                bits += len as usize;
            }
            areas[kind.index()] = Area { at, len: bits.div_ceil(8) };
            at += bits.div_ceil(8);
            for binary in [false, true] {
                let of_turn =
                    |index: &usize| matches!(datapoints[*index].data_type, DataType::Binary(_)) == binary;
                for index in group().filter(of_turn) {
                    let len = datapoints[index].data_type.bytes();
                    if len > 0 {
                        slots[index] = (datapoints[index].id, Slot::Bytes { at, len });
                        at += len;
                    }
                }
            }
            if kind == Kind::Writable {
                writable_len = at;
            }
        }
        if at > LONGEST_STATUS {
            return Err(Error::invalid(
                "entities[0].attrs",
                text!(
                    "must need at most {LONGEST_STATUS} bytes altogether",
                    "总长度不能超过 {LONGEST_STATUS} 字节"
                ),
            ));
        }
        Ok(Self { slots, areas, writable_len, status_len: at })
    }

    /// The places that a document gives, checked: none overlap, and the groups come in their order.
    pub fn given(datapoints: &[Datapoint], given: &[Given]) -> Result<Self> {
        let mut areas = [Area::default(); 4];
        for kind in Kind::ALL {
            let of_area = || {
                let both = datapoints.iter().zip(given);
                both.filter(|(datapoint, _)| datapoint.kind == kind && datapoint.data_type.bits().is_some())
            };
            let Some(at) = of_area().map(|(_, given)| given.byte).min() else { continue };
            let end = of_area().map(|(_, given)| (given.byte * 8 + given.bit + given.len).div_ceil(8)).max();
            areas[kind.index()] = Area { at, len: end.unwrap_or(at) - at };
        }
        let slot = |(datapoint, given): (&Datapoint, &Given)| {
            let slot = if datapoint.data_type.bits().is_some() {
                let area = areas[datapoint.kind.index()];
                let offset = (given.byte - area.at) * 8 + given.bit;
                Slot::Bits { kind: datapoint.kind, offset, len: given.len }
            } else {
                Slot::Bytes { at: given.byte, len: given.len }
            };
            (datapoint.id, slot)
        };
        let slots: Vec<_> = datapoints.iter().zip(given).map(slot).collect();
        apart(datapoints, given, &areas)?;
        let end_of = |kind: Option<Kind>| {
            let both = datapoints.iter().zip(given);
            let ends = both.filter(|(datapoint, _)| kind.is_none_or(|kind| datapoint.kind == kind));
            ends.map(|(datapoint, given)| end(datapoint, given)).max().unwrap_or(0)
        };
        Ok(Self { slots, areas, writable_len: end_of(Some(Kind::Writable)), status_len: end_of(None) })
    }

    /// In the order of ids, as the datapoints of a definition are.
    pub fn sorted(mut self) -> Self {
        self.slots.sort_by_key(|(id, _)| *id);
        self
    }

    /// The place of the datapoint with this index.
    pub fn slot(&self, index: usize) -> Slot {
        self.slots[index].1
    }

    /// The bytes that hold the bits of a kind.
    pub fn area(&self, kind: Kind) -> Area {
        self.areas[kind.index()]
    }

    /// Bytes of the writable part, which a control message carries.
    pub fn writable_len(&self) -> usize {
        self.writable_len
    }

    /// Bytes of a whole status.
    pub fn status_len(&self) -> usize {
        self.status_len
    }
}

/// First byte after a value.
fn end(datapoint: &Datapoint, given: &Given) -> usize {
    match datapoint.data_type.bits() {
        Some(_) => (given.byte * 8 + given.bit + given.len).div_ceil(8),
        None => given.byte + given.len,
    }
}

/// Refuses positions that share bits, groups that share bytes, and groups out of their order.
fn apart(datapoints: &[Datapoint], given: &[Given], areas: &[Area; 4]) -> Result<()> {
    let overlap = |index: usize| {
        Err(Error::invalid(
            format!("{}.byte_offset", given[index].path),
            text!(
                "must leave each value its own place, writable ones first, then read-only ones, alerts and faults",
                "各数据点的位置不能重叠，且依次为可写、只读、报警、故障"
            ),
        ))
    };
    let mut order: Vec<usize> = (0..datapoints.len()).collect();
    let first_bit = |index: usize| given[index].byte * 8 + given[index].bit;
    order.sort_by_key(|index| {
        (datapoints[*index].kind, datapoints[*index].data_type.bits().is_none(), first_bit(*index))
    });
    // the first bit, and outside of bit areas the first byte, that is still free
    let (mut free, mut group, mut bytes) = (0_usize, None, false);
    for index in order {
        let datapoint = &datapoints[index];
        let whole = datapoint.data_type.bits().is_none();
        if group != Some(datapoint.kind) || whole {
            free = free.div_ceil(8) * 8;
        }
        if whole && !bytes && group == Some(datapoint.kind) {
            let area = areas[datapoint.kind.index()];
            free = free.max((area.at + area.len) * 8);
        }
        (group, bytes) = (Some(datapoint.kind), whole);
        if first_bit(index) < free {
            return overlap(index);
        }
        free = first_bit(index) + if whole { given[index].len * 8 } else { given[index].len };
        if free > LONGEST_STATUS * 8 {
            return overlap(index);
        }
    }
    Ok(())
}
