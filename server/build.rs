//! Embeds the site again when `cargo xtask build` has made a new one: it says which in `MILLWRIGHT_SITE`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=MILLWRIGHT_SITE");
}
