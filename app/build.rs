//! Generates the sentences of the pages from `locales/`, one file an area, keys checked when compiled.

use std::error::Error;
use std::path::{Path, PathBuf};

use leptos_i18n_build::{Config, FileFormat, ParseOptions, TranslationsInfos};

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
    let config =
        Config::new("zh")?.add_locale("en")?.add_namespaces(&areas)?.parse_options(options);
    let sentences = TranslationsInfos::parse(config)?;
    sentences.emit_diagnostics();
    sentences.rerun_if_locales_changed();
    sentences.generate_i18n_module(PathBuf::from(std::env::var("OUT_DIR")?).join("i18n"))?;
    Ok(())
}
