//! Generates the sentences of the pages from `locales/`, one file an area, keys checked when compiled.
//!
//! Straight from the parser and the generator of `leptos_i18n`: its own build crate also brings a generator of ICU data,
//! which takes longer to compile than all the pages.

use std::error::Error;
use std::path::{Path, PathBuf};

use leptos_i18n_parser::parse_locales::options::{Config, FileFormat, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let mut areas: Vec<String> = Path::new("locales/en")
        .read_dir()?
        .map(|file| Ok(file?.path()))
        .filter_map(|path: Result<PathBuf, std::io::Error>| {
            path.map(|path| Some(path.file_stem()?.to_str()?.to_owned())).transpose()
        })
        .collect::<Result<_, _>>()?;
    areas.sort();
    let options = ParseOptions::default().file_format(FileFormat::Json).interpolate_display(true);
    let config = Config::new("zh")?.add_locale("en")?.add_namespaces(&areas)?.parse_options(options);
    let sentences = parse_locales(None, config)?;
    let warnings = sentences.diag.warnings();
    if let Some(warning) = warnings.first() {
        // A key that one language lacks: no half-translated page.
        return Err(warning.to_string().into());
    }
    let code = leptos_i18n_codegen::gen_code(&sentences, None, false, None, false)?;
    let folder = PathBuf::from(std::env::var("OUT_DIR")?).join("i18n");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("mod.rs"), code.to_string())?;
    Ok(())
}
