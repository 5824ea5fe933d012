#![no_main]

#[path = "../checks.rs"]
#[expect(dead_code, reason = "one check a target")]
mod checks;

libfuzzer_sys::fuzz_target!(|data: &[u8]| checks::diff(data));
