//! What the fuzz targets check, on the bytes that are committed: the seeds, and everything that was ever found.

#[path = "../fuzz/checks.rs"]
mod checks;

use std::fs;
use std::path::PathBuf;

type Check = fn(&[u8]);

const TARGETS: [(&str, Check); 8] = [
    ("sections", checks::sections),
    ("fill", checks::fill),
    ("diff", checks::diff),
    ("prompt_toml", checks::prompt_toml),
    ("values", checks::values),
    ("journal", checks::journal),
    ("imports", checks::imports),
    ("lint", checks::lint),
];

#[test]
fn everything_that_was_ever_found_by_random_bytes_stays_mended() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    for (target, check) in TARGETS {
        let seeds: Vec<_> = fs::read_dir(folder.join("seeds").join(target)).expect(target).flatten().collect();
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for seed in seeds {
            let bytes = fs::read(seed.path()).expect("a seed can be read");
            // a panic below names its check; this says which seed it was
            println!("{}", seed.path().display());
            check(&bytes);
        }
        assert!(folder.join(format!("fuzz_targets/{target}.rs")).is_file(), "{target} is a target");
    }
}
