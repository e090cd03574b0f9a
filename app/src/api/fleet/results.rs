//! What became of each line of a pasted list.

use domain::Text;
use serde::{Deserialize, Serialize};

/// What became of a pasted list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// How many lines each thing became of.
    pub counts: Vec<(Became, i64)>,
    /// The lines.
    pub lines: Vec<ResultLine>,
}

/// A line, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultLine {
    /// Its number, from 1; 0 where the list has no lines.
    pub line: i64,
    /// What it names.
    pub name: String,
    /// What became of it.
    pub became: Became,
    /// Why, or where it is.
    pub note: Option<Text>,
}

/// What can become of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Became {
    /// In the group now.
    Added,
    /// In the group now instead of another one.
    Moved,
    /// Was there before.
    Already,
    /// Stays in another group.
    Elsewhere,
    /// Taken out.
    Removed,
    /// Was not there.
    Absent,
    /// Stands in the list before.
    Repeated,
    /// There is no such device.
    Unknown,
    /// A person was registered.
    Created,
    /// Bound.
    Bound,
    /// Not done.
    Failed,
}

impl Became {
    /// Whether it is what was wished for.
    pub fn is_done(self) -> bool {
        matches!(
            self,
            Self::Added | Self::Moved | Self::Already | Self::Removed | Self::Created | Self::Bound
        )
    }
}

impl Results {
    /// Counts lines.
    pub fn of(lines: Vec<ResultLine>) -> Self {
        let mut counts: Vec<(Became, i64)> = Vec::new();
        for line in &lines {
            match counts.iter_mut().find(|(became, _)| *became == line.became) {
                Some((_, count)) => *count += 1,
                None => counts.push((line.became, 1)),
            }
        }
        Self { counts, lines }
    }

    /// What fits into an address: all counts, and the lines that somebody has to look at.
    #[must_use]
    pub fn brief(mut self) -> Self {
        self.lines.sort_by_key(|line| line.became.is_done());
        self.lines.truncate(Self::BRIEF);
        self
    }

    const BRIEF: usize = 40;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_what_failed() {
        let line = |line, became| ResultLine { line, name: line.to_string(), became, note: None };
        let mut lines: Vec<ResultLine> = (1..=60).map(|n| line(n, Became::Added)).collect();
        lines.push(line(61, Became::Unknown));
        let brief = Results::of(lines).brief();
        assert_eq!(brief.counts, [(Became::Added, 60), (Became::Unknown, 1)]);
        assert_eq!((brief.lines.len(), brief.lines[0].line), (40, 61));
    }
}
