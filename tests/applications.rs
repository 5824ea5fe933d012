//! The programs of docs/APPLICATIONS.md against `greenroom fill`: the same bytes.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

#[path = "place/mod.rs"]
mod place;

use std::fs;
use std::process::Command;

use place::Place;

const PAGE: &str = include_str!("../docs/APPLICATIONS.md");

/// Texts in which a filler can go wrong; their line endings and blanks count.
const TEXTS: [&str; 8] = [
    "Hello {{user}}, {{ user }} and {{\tuser \t}}.\n",
    "{{{user}}} {{{{user}}}} {{us er}} {{}} {{ }} {{\nuser}} {user}\r\n",
    "\\{{user}} \\\\{{user}} \\{{{user}}} \\ {{user}}",
    "{{user.name}} {{_x1}} {{1x}} {{user",
    "\u{feff}# Identität\n\n{{user}}漢字👩‍👩‍👧{{tone}}\n\n\n",
    "{{optional}}|{{tone}}|{{user}}",
    "{% if x %} $1 $& {{user}} \\1",
    "no variable at all, no last line ending",
];

const VALUES: &str = r#"{"user": "{{tone}} $& \\1 Ada", "user.name": "A.", "_x1": "1"}"#;

/// The first block of this language on the page.
fn block(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("\n```").unwrap().0
}

/// A prompt for each text, what `fill` makes of it, and where its export is.
fn exported(place: &Place) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for (index, text) in TEXTS.iter().enumerate() {
        let name = format!("p{index}");
        place.write(&format!("library/prompts/{name}/draft/system_prompt.txt"), text);
        place.write(&format!("library/prompts/{name}/values/set.json"), VALUES);
        let about = "[variables.tone]\ndefault = \"kind\"\n[variables.optional]\nrequired = false\n";
        place.write(&format!("library/prompts/{name}/prompt.toml"), about);
        let folder = place.path(&format!("exports/{name}")).to_string_lossy().into_owned();
        let export = place.command(&["export", &name, "--to", &folder]).output().unwrap();
        assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
        let filled = place.command(&["fill", &name, "--values", "set"]).output().unwrap();
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        all.push((folder, filled.stdout));
    }
    all
}

fn same_bytes(program: &str, options: &[&str], file: &str, source: &str) {
    if Command::new(program).arg("--version").output().is_err() {
        eprintln!("{program} is not installed: its program was not tried");
        return;
    }
    let place = Place::with_files(&[("library/greenroom.toml", "")]).with("USER", "nobody");
    place.write(file, source);
    place.write("values.json", VALUES);
    for (folder, expected) in exported(&place) {
        let mut command = Command::new(program);
        command.args(options).arg(place.path(file)).arg(&folder).arg(place.path("values.json"));
        let run = command.output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let text = fs::read_to_string(format!("{folder}/system_prompt.txt")).unwrap();
        assert_eq!(String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&expected), "{program}: {text:?}");
    }
}

#[test]
fn the_python_program_fills_the_same_bytes() {
    let call = "\nimport sys\ntext, usual = load(sys.argv[1])\nvalues = json.loads(open(sys.argv[2], encoding=\"utf-8\").read())\n\
                sys.stdout.buffer.write(fill(text, usual, values).encode(\"utf-8\"))\n";
    same_bytes("python3", &[], "service.py", &format!("{}{call}", block("python")));
}

#[test]
fn the_typescript_program_fills_the_same_bytes() {
    let strips = Command::new("node").args(["--experimental-strip-types", "--version"]).output();
    let strips = strips.is_ok_and(|run| run.status.success());
    let call = "\nconst [text, usual] = load(process.argv[2]);\n\
                process.stdout.write(fill(text, usual, JSON.parse(readFileSync(process.argv[3], \"utf8\"))));\n";
    let program = format!("{}{call}", block("ts"));
    if strips {
        same_bytes("node", &["--no-warnings", "--experimental-strip-types"], "service.mts", &program);
        return;
    }
    // an older node takes the program without its types: the same statements, in the same order
    let types = [
        ": [string, Record<string, string>]",
        ": Record<string, string>",
        ": Record<string, unknown>",
        ": string",
        " as any[]",
    ];
    let plain = types.iter().fold(program, |program, kind| program.replace(kind, ""));
    same_bytes("node", &[], "service.mjs", &plain);
}
