//! An answer that is still text.

use std::marker::PhantomData;

use domain::text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Error, Kind, Result};

/// What a read answers, on the wire the same JSON as `T` itself.
///
/// What a page shows begins to load before the page itself has arrived, in code that every page brings along. Left as
/// text there, the answer is read by the page, and the code that reads it comes with the page.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Answer<T> {
    json: Box<RawValue>,
    #[serde(skip)]
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self { json: self.json.clone(), of: PhantomData }
    }
}

impl<T: Serialize> Answer<T> {
    /// The answer that a service gave.
    pub fn of(found: Result<T>) -> Result<Self> {
        let json = serde_json::value::to_raw_value(&found?).map_err(|_| unreadable())?;
        Ok(Self { json, of: PhantomData })
    }
}

impl<T: DeserializeOwned> Answer<T> {
    /// What it says.
    pub fn read(self) -> Result<T> {
        serde_json::from_str(self.json.get()).map_err(|_| unreadable())
    }
}

impl<T> Answer<Option<T>> {
    /// The answer that there is nothing.
    pub fn none() -> Self {
        Self { json: RawValue::NULL.to_owned(), of: PhantomData }
    }
}

fn unreadable() -> Error {
    Error::new(Kind::Internal, text!("The answer could not be read", "无法读取应答"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_travels_as_what_it_says() {
        let answer = Answer::of(Ok(vec![1, 2])).expect("an answer");
        let sent = serde_json::to_string(&Result::Ok(answer)).expect("JSON");
        assert_eq!(sent, r#"{"Ok":[1,2]}"#);
        let read: Result<Answer<Vec<i32>>> = serde_json::from_str(&sent).expect("an answer");
        assert_eq!(read.and_then(Answer::read), Ok(vec![1, 2]));
        assert_eq!(Answer::<Option<i32>>::none().read(), Ok(None));
    }
}
