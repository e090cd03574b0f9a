//! Patterns of LIKE.

/// A pattern: ASCII letters stand for both cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Part>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Many,
    One,
    Char(char),
}

impl Pattern {
    /// Reads a pattern as a caller writes it.
    pub fn read(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut chars = written.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '%' if parts.last() == Some(&Part::Many) => {}
                '%' => parts.push(Part::Many),
                '_' => parts.push(Part::One),
                '\\' => {
                    let escaped = chars.next_if(|next| matches!(next, '%' | '_' | '\\'));
                    parts.push(Part::Char(escaped.unwrap_or('\\')));
                }
                _ => parts.push(Part::Char(c.to_ascii_lowercase())),
            }
        }
        if parts.iter().all(|part| matches!(part, Part::Char(_))) {
            parts.insert(0, Part::Many);
            parts.push(Part::Many);
        }
        Self(parts)
    }

    /// Whether a text has this pattern.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().map(|c| c.to_ascii_lowercase()).collect();
        let (mut t, mut p) = (0, 0);
        // Where to go on when what follows the last `%` turns out not to fit.
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match self.0.get(p) {
                Some(Part::Many) => {
                    retry = Some((t, p + 1));
                    p += 1;
                    continue;
                }
                Some(Part::One) if t < text.len() => {
                    (t, p) = (t + 1, p + 1);
                    continue;
                }
                Some(Part::Char(c)) if text.get(t) == Some(c) => {
                    (t, p) = (t + 1, p + 1);
                    continue;
                }
                None if t == text.len() => return true,
                _ => {}
            }
            match retry {
                Some((from, after)) if from < text.len() => {
                    retry = Some((from + 1, after));
                    (t, p) = (from + 1, after);
                }
                _ => return false,
            }
        }
    }

    /// The operand of SQL's LIKE with `\` as its escape character, for a text in lower case.
    pub fn to_sql(&self) -> String {
        let mut sql = String::new();
        for part in &self.0 {
            match part {
                Part::Many => sql.push('%'),
                Part::One => sql.push('_'),
                Part::Char(c) => {
                    if matches!(c, '%' | '_' | '\\') {
                        sql.push('\\');
                    }
                    sql.push(*c);
                }
            }
        }
        sql
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_plain_text_is_looked_for_anywhere() {
        for (pattern, value, found) in [
            ("lat", "The LATHE", true),
            ("", "anything", true),
            ("车床", "一号车床", true),
            ("ä", "Ä", false),
            (r"50\%", "at 50% load", true),
            (r"50\%", "at 500 load", false),
            (r"a\b", r"xA\bx", true),
        ] {
            assert_eq!(Pattern::read(pattern).matches(value), found, "{pattern} {value}");
        }
    }

    #[test]
    fn wildcards_stand_for_any_characters_and_for_one() {
        for (pattern, value, found) in [
            ("EQ%", "eq01", true),
            ("%01", "eq01", true),
            ("EQ_1", "EQ01", true),
            ("EQ_1", "EQ001", false),
            ("_", "床", true),
            ("%a%b%c%", "xxaxxbxxc", true),
            ("%a%b%c", "abcd", false),
            ("%", "", true),
            ("_%", "", false),
            (r"EQ\_1%", "EQ_12", true),
            (r"EQ\_1%", "EQx12", false),
        ] {
            assert_eq!(Pattern::read(pattern).matches(value), found, "{pattern} {value}");
        }
    }

    #[test]
    fn the_sql_form_escapes_what_is_meant_literally() {
        assert_eq!(Pattern::read(r"a\%B\").to_sql(), r"%a\%b\\%");
        assert_eq!(Pattern::read("A%%b_").to_sql(), "a%b_");
    }
}
