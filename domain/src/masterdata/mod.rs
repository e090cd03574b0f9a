//! Master data: metadata with typed properties, records, and the condition language (chapter 17).
