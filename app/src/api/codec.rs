//! How answers of reads travel.

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The answer of a read: JSON, as without it.
///
/// Read from text, like the data that comes along with a page. The usual codec reads bytes, and then the browser would
/// load everything that reads an answer twice.
pub type Data = Post<Text>;

/// JSON that is read from text.
pub struct Text;

impl ContentType for Text {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for Text {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for Text {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Text {
    type Error = serde_json::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        // What is no text becomes text that is no JSON, and is refused as such.
        serde_json::from_str(&String::from_utf8_lossy(&bytes))
    }
}
