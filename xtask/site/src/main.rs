//! Turns the compiled WebAssembly into the site.
//!
//! `site <app.wasm> <folder> <static file or folder>… [--fast]`: splits the lazy pages off, writes the JavaScript that
//! loads them, copies the static files, and stores each file also as brotli and gzip (`--fast`: at a low level).
//! A crate of its own, so that the rest of xtask builds in a second.

use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The name leptos gives the loader in what it compiles.
const LOADER: &str = "./__wasm_split.______________________.js";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The one line that xtask shows.
            let _ = writeln!(std::io::stderr(), "site: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<()> {
    let fast = arguments.iter().position(|a| a == "--fast").map(|at| arguments.remove(at)).is_some();
    let [wasm, folder, statics @ ..] = arguments.as_slice() else {
        return Err("usage: site <app.wasm> <folder> <static>… [--fast]".into());
    };
    let folder = Path::new(folder);
    let work = folder.with_extension("new");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    fs::create_dir_all(&work)?;
    split_and_bind(Path::new(wasm), &work)?;
    for path in statics.iter().map(Path::new) {
        copy(path, &work)?;
    }
    compress_all(&work, fast)?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(&work, folder)?;
    Ok(())
}

fn split_and_bind(wasm: &Path, folder: &Path) -> Result<()> {
    let input = fs::read(wasm).map_err(|error| format!("{}: {error}", wasm.display()))?;
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./app.js";
    options.link_name = LOADER;
    let split =
        wasm_split_cli_support::transform(options).map_err(|error| format!("splitting: {error:#}"))?;
    let manifest = serde_json::to_vec(&split.prefetch_map)?;
    fs::write(folder.join("__wasm_split_manifest.json"), manifest)?;
    Bindgen::new()
        .input_path(&main)
        .web(true)?
        .typescript(false)
        .out_name("app")
        .keep_lld_exports(true)
        .demangle(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .map_err(|error| format!("binding: {error:#}"))?;
    fs::remove_file(&main)?;
    fs::rename(folder.join("app_bg.wasm"), folder.join("app.wasm"))?;
    for module in split.split_modules {
        let module = if module.is_absolute() || module.exists() { module } else { folder.join(module) };
        if module.extension().is_some_and(|ending| ending == "wasm") && module.exists() {
            let stripped = without_custom_sections(&fs::read(&module)?)?;
            fs::write(&module, stripped)?;
        }
    }
    Ok(())
}

/// Drops the sections that only debuggers read: names make up a third of a split module.
fn without_custom_sections(wasm: &[u8]) -> Result<Vec<u8>> {
    const HEADER: usize = 8;
    let mut out = wasm.get(..HEADER).ok_or("a module without a header")?.to_vec();
    let mut at = HEADER;
    while at < wasm.len() {
        let start = at;
        let id = wasm[at];
        let (length, body) = leb128(wasm, at + 1)?;
        at = body + length;
        let section = wasm.get(start..at).ok_or("a module that ends within a section")?;
        if id != 0 {
            out.extend_from_slice(section);
        }
    }
    Ok(out)
}

fn leb128(bytes: &[u8], mut at: usize) -> Result<(usize, usize)> {
    let (mut value, mut shift) = (0_usize, 0);
    loop {
        let byte = *bytes.get(at).ok_or("a module that ends within a number")?;
        value |= usize::from(byte & 0x7f) << shift;
        at += 1;
        if byte & 0x80 == 0 {
            return Ok((value, at));
        }
        shift += 7;
    }
}

fn copy(path: &Path, folder: &Path) -> Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            copy(&entry?.path(), folder)?;
        }
        return Ok(());
    }
    let name = path.file_name().ok_or("a static file without a name")?;
    fs::copy(path, folder.join(name)).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(())
}

fn compress_all(folder: &Path, fast: bool) -> Result<()> {
    let mut files: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    for file in files {
        let bytes = fs::read(&file)?;
        let with = |ending: &str| {
            let mut name = file.clone().into_os_string();
            name.push(ending);
            name
        };
        let mut small = Vec::new();
        let params =
            brotli::enc::BrotliEncoderParams { quality: if fast { 4 } else { 11 }, ..Default::default() };
        brotli::BrotliCompress(&mut bytes.as_slice(), &mut small, &params)?;
        fs::write(with(".br"), &small)?;
        let level = if fast { Compression::fast() } else { Compression::best() };
        let mut encoder = GzEncoder::new(Vec::new(), level);
        encoder.write_all(&bytes)?;
        fs::write(with(".gz"), encoder.finish()?)?;
    }
    Ok(())
}
