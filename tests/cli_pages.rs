//! The pages of `diff --html` and `review --html`: one file that asks for nothing, in which whatever somebody wrote is
//! text; and as a browser shows it, where there is one.

#![expect(clippy::unwrap_used, reason = "a test whose files cannot be made has failed")]

mod place;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use place::Place;
use serde_json::{Value, json};

const BEFORE: &str = "# Role\n\nYou help customers of {{company}}.\n\n# Tone\n\n- Be warm and kind.\n- Never promise a refund to anyone.\n";
const AFTER: &str = "# Role\n\nYou help customers of {{company}}.\n\n# Tone\n\n- Be warm and brief.\n- Never promise a refund to anyone.\n";

/// What nobody wants in a page, to be put into every field.
const EVIL: &str = "<script>document.title = 'ran'</script><img src=x onerror=alert(1)>]]>--></title></style>\
                    \"'><a href=\"javascript:alert(1)\">& \u{1b}[31m red \u{202e}x\u{0}\u{7f}\u{9b}\u{2028}";

fn library() -> Place {
    let place = Place::with_files(&[
        ("library/prompts/help/v1.0.0_2024-01-15/system_prompt.txt", BEFORE),
        ("library/prompts/help/draft/system_prompt.txt", AFTER),
        ("library/prompts/help/draft/config.json", "{\"temperature\": 0.4}\n"),
    ]);
    place.with("LC_ALL", "C.UTF-8")
}

/// A line of a review.
fn line(kind: &str, second: usize, more: &Value) -> String {
    let mut line =
        json!({"at": format!("2024-05-01T12:{:02}:{:02}Z", second / 60, second % 60), "by": EVIL, "kind": kind});
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    line.to_string() + "\n"
}

/// A library in which every field that somebody writes is hostile.
fn hostile() -> Place {
    let place = library();
    let long = "word ".repeat(20_000);
    let text =
        format!("{EVIL}\n# Role\n\nYou help {{{{company}}}}. {EVIL}\n{long}\n\n# Tone\r\n\r\n- Be {EVIL} brief.\n");
    place.write("library/prompts/help/draft/system_prompt.txt", &text);
    let config = json!({EVIL: EVIL, "model": format!("offline{EVIL}"), "stop": [EVIL]});
    place.write("library/prompts/help/draft/config.json", &config.to_string());
    let quoted = json!(EVIL);
    place.write(
        "library/prompts/help/prompt.toml",
        &format!(
            "title = {quoted}\nowner = {quoted}\n[variables.company]\ndescription = {quoted}\nexample = {quoted}\n"
        )
        .replace('\u{7f}', "\\u007F"),
    );
    place.write("library/prompts/help/values/acme.json", &json!({"company": EVIL, EVIL: EVIL}).to_string());
    let on = |line: usize, quote: &str| json!({"line": line, "quote": [quote], "text": EVIL});
    let mut first = on(9, "- Be gone");
    first["id"] = json!(EVIL);
    let mut suggestion = on(4, &format!("You help {{{{company}}}}. {EVIL}"));
    suggestion["id"] = json!("b1");
    suggestion["replacement"] = json!(format!("{EVIL}\nnext"));
    let review = [
        line("comment", 1, &first),
        line("suggest", 2, &suggestion),
        line("comment", 3, &json!({"id": "c1", "variable": EVIL, "text": EVIL})),
        line("comment", 4, &json!({"id": "c2", "section": "safety_rails", "text": EVIL})),
        line("comment", 5, &json!({"id": "c3", "text": long})),
        line("reply", 6, &json!({"id": EVIL, "text": EVIL})),
        line("resolve", 7, &json!({"id": "b1"})),
        line("request-changes", 8, &json!({"id": "d", "sha256": "00", "text": EVIL})),
        line(EVIL, 9, &json!({"id": "n"})),
        format!("{{\"at\": \"{}\n", EVIL.replace('"', "")),
    ];
    place.write("library/prompts/help/draft/review.jsonl", &review.concat());
    place.write("library/prompts/help/evals/cases.yaml", "- vars: {message: hi}\n");
    place.write(
        "library/prompts/help/draft/eval_results.json",
        &json!({"runs": [{"at": EVIL, "sha256": EVIL, "passed": 1}]}).to_string(),
    );
    place
}

/// The page that a command makes; it says nothing but where it is.
fn page(place: &Place, args: &[&str]) -> String {
    let output = place.command(args).args(["--html", "page.html"]).output().unwrap();
    assert!(output.status.success() && output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(place.path("library/page.html")).unwrap()
}

const PAGES: [&[&str]; 4] = [
    &["diff", "help", "1.0.0", "draft"],
    &["review", "help"],
    &["review", "help@1.0.0"],
    &["diff", "help", "draft", "1.0.0"],
];

/// The values of an attribute.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    page.match_indices(&start).map(|(at, _)| page[at + start.len()..].split('"').next().unwrap()).collect()
}

#[test]
fn whatever_stands_in_any_field_a_page_is_one_file_that_asks_for_nothing() {
    let place = hostile();
    for args in PAGES {
        let page = page(&place, args);
        for never in
            ["<script", "<img", "http://", "https://", "url(", "@import", "<link", "<iframe", "<object", "<form"]
        {
            assert!(!page.contains(never), "{args:?}: {never}");
        }
        let control = page.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(control, None, "{args:?}");
        assert!(!page.contains(['\u{202e}', '\u{2028}']), "{args:?}");
        assert!(page.contains("default-src 'none'") && page.contains("base-uri 'none'"), "{args:?}");
        assert_eq!(page.matches("<title>").count(), 1);
        assert!(values(&page, "src").is_empty(), "{args:?}");
        // no attribute but greenroom's own, and each link stays in the page
        let ids = values(&page, "id");
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{args:?}: an id stands for one thing");
        for link in values(&page, "href") {
            let id = link.strip_prefix('#').unwrap_or_else(|| panic!("{args:?}: {link} leaves the page"));
            assert!(ids.contains(&id), "{args:?}: {link} leads nowhere");
        }
        for tag in page.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())) {
            let tag = &tag[..tag.find('>').unwrap()];
            let known = tag.split_once(' ').is_none_or(|(_, attributes)| {
                attributes.split("\" ").all(|attribute| {
                    let name = attribute.split('=').next().unwrap();
                    ["charset", "http-equiv", "content", "name", "class", "id", "href", "lang", "scope", "title"]
                        .contains(&name)
                        || name.starts_with("aria-")
                })
            });
            assert!(known, "{args:?}: <{tag}>");
        }
        let paired =
            ["table", "tr", "td", "th", "del", "ins", "section", "details", "summary", "span", "ul", "ol", "li"];
        for tag in paired.into_iter().chain(["article", "blockquote", "p", "bdi", "a", "h2", "h3", "main", "div"]) {
            let open = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
            assert_eq!(open, page.matches(&format!("</{tag}>")).count(), "{args:?}: {tag}");
        }
    }
}

#[test]
fn a_comparison_says_what_changed_by_more_than_colour() {
    let place = library();
    let page = page(&place, PAGES[0]);
    for has in [
        "<title>help@1.0.0 → help@draft</title>",
        "prefers-color-scheme: dark",
        "@media print",
        "<th scope=\"col\">",
        "<caption>",
        "<html lang=\"en\">",
        "<del>kind</del>",
        "<ins>brief</ins>",
        "temperature",
    ] {
        assert!(page.contains(has), "{has}");
    }
    // written once more, it takes the place of the old one
    let code =
        place.command(&["diff", "help", "1.0.0", "draft", "--html", "page.html", "--exit-code"]).status().unwrap();
    assert_eq!(code.code(), Some(1));
}

#[test]
fn the_page_of_a_review_begins_with_the_verdict_and_leads_from_comments_to_lines_and_back() {
    let place = library();
    let said = |args: &[&str]| {
        let output = place.command(&[&["review", "help"], args].concat()).env("USER", "ben").output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    said(&["comment", "-m", "To nobody?", "--line", "8"]);
    said(&["comment", "-m", "All in all good."]);
    let settled = said(&["suggest", "-m", "You help {{company}}.", "--line", "3"]);
    said(&["resolve", &settled]);
    let page_of = || page(&place, PAGES[1]);
    let page = page_of();
    let in_order = |page: &str, words: &[&str]| {
        let mut at = 0;
        for word in words {
            at += page[at..].find(word).unwrap_or_else(|| panic!("{word} behind byte {at}: {page}"));
        }
    };
    in_order(
        &page,
        &[
            "<title>Review of help draft, against 1.0.0</title>",
            "<h1>",
            "Not approved: 0 of 1 approval.",
            "Nobody has decided yet.",
            "Open questions</h2>",
            "All in all good.",
            "<article id=\"c2\">",
            "href=\"#line-8\">line 8</a>",
            "To nobody?",
            "Settled</h2>",
            "<article id=\"c3\">",
            "href=\"#line-3\">line 3</a>",
            "Steps</h2>",
            "Evidence</h2>",
            "What changed: help@1.0.0 → help@draft",
            "id=\"line-3\"",
            "href=\"#c3\"",
            "id=\"line-8\"",
            "href=\"#c2\"",
        ],
    );
    said(&["request-changes", "-m", "See line 8."]);
    assert!(page_of().contains("<strong>Changes are asked for by <bdi>ben</bdi>.</strong>"));
    said(&["approve"]);
    assert!(page_of().contains("<strong>Approved by <bdi>ben</bdi>, but 2 comments are open.</strong>"));
    // any later byte voids it, and the page says so first
    place.write("library/prompts/help/draft/system_prompt.txt", &AFTER.replace("warm", "kind"));
    in_order(&page_of(), &["Not approved: 0 of 1 approval.", "(void: something has changed since)", "Open questions"]);
}

#[test]
fn the_page_of_a_first_version_shows_its_text_alone() {
    let place = library();
    let page = page(&place, &["review", "help@1.0.0"]);
    assert!(page.contains("<main class=\"alone\">") && page.contains("There is no version before it."));
    assert!(page.contains("It runs nowhere.") && page.contains("Be warm and kind."));
    assert!(!page.contains("nothing</span>") && !page.contains("Suggested step"), "{page}");
}

/// A browser that works on this machine, if there is one; says so where there is none.
fn browser() -> Option<&'static str> {
    static FOUND: LazyLock<Option<String>> = LazyLock::new(|| {
        let named = std::env::var("GREENROOM_TEST_BROWSER").ok();
        let usual = [
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "chrome",
            "chrome-headless-shell",
        ];
        let place = Place::with_files(&[("blank.html", "<title>blank</title>")]);
        // one that is there and cannot start, as in a container that forbids it, says nothing about the pages
        named.into_iter().chain(usual.map(str::to_owned)).find(|name| {
            let shown = shown(name, &place, &["--dump-dom"], &place.path("blank.html"));
            shown.is_ok_and(|output| output.status.success() && output.stdout.starts_with(b"<html>"))
        })
    });
    if FOUND.is_none() {
        eprintln!("not tried: no Chromium starts here ($GREENROOM_TEST_BROWSER names one)");
    }
    FOUND.as_deref()
}

/// What a browser does with a page, for at most a minute where the system can say so.
fn shown(browser: &str, place: &Place, args: &[&str], page: &Path) -> io::Result<Output> {
    let bounded = Command::new("timeout").arg("--version").output().is_ok_and(|output| output.status.success());
    let mut command = if bounded { Command::new("timeout") } else { Command::new(browser) };
    if bounded {
        command.args(["60", browser]);
    }
    command
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", place.path("profile").display()))
        .args(args)
        .arg(format!("file://{}", page.display()))
        .output()
}

fn headless(browser: &str, place: &Place, args: &[&str], page: &Path) -> String {
    let output = shown(browser, place, args, page).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn in_a_browser_a_page_runs_nothing_and_shows_both_sides() {
    let Some(browser) = browser() else { return };
    let place = hostile();
    let file = place.path("library/page.html");
    for (args, title) in [(PAGES[0], "help@1.0.0 → help@draft"), (PAGES[1], "Review of help draft, against 1.0.0")] {
        page(&place, args);
        let shown = headless(browser, &place, &["--dump-dom"], &file);
        assert!(shown.contains(&format!("<title>{title}</title>")), "no script has run: {shown}");
        assert!(!shown.contains("<script") && !shown.contains("<img"), "{args:?}");
        let paper = place.path("paper.pdf");
        headless(browser, &place, &[&format!("--print-to-pdf={}", paper.display())], &file);
        assert!(fs::read(&paper).unwrap().starts_with(b"%PDF"));
    }
}

/// What a browser says about a page in a window of so many columns: how far it goes beyond the window, and how many
/// cells of comparisons stand beside another one.
fn measured(browser: &str, place: &Place, width: usize) -> (f64, f64) {
    let page = fs::read_to_string(place.path("library/page.html")).unwrap();
    // the page itself lets nothing run: this is a copy that does
    let policy = page.find("<meta http-equiv").unwrap();
    let end = policy + page[policy..].find('\n').unwrap();
    let script = "<script>addEventListener('load', () => {\
        const wide = document.documentElement.scrollWidth - innerWidth;\
        const beside = [...document.querySelectorAll('main:not(.alone) table.diff tbody tr')].filter(row => {\
          const left = row.children[1].getBoundingClientRect(), right = row.children[3].getBoundingClientRect();\
          return left.width > 0 && right.width > 0 && left.top === right.top;\
        }).length;\
        document.title = `${wide} ${beside}`; });</script>";
    let copy = place.path("measured.html");
    fs::write(&copy, [&page[..policy], &page[end..], script].concat()).unwrap();
    let shown = headless(browser, place, &["--dump-dom", &format!("--window-size={width},900")], &copy);
    let title = shown.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    let (wide, beside) = title.split_once(' ').unwrap();
    (wide.parse().unwrap(), beside.parse().unwrap())
}

#[test]
fn in_a_narrow_window_there_is_one_column_and_nothing_to_scroll_sideways() {
    let Some(browser) = browser() else { return };
    let place = hostile();
    for args in PAGES {
        page(&place, args);
        let (wide, beside) = measured(browser, &place, 400);
        assert!(wide <= 0.0, "{args:?}: {wide} pixels to the right of the window");
        assert!(beside < 1.0, "{args:?}: {beside} rows are beside each other");
        let (wide, beside) = measured(browser, &place, 1200);
        assert!(wide <= 0.0, "{args:?}: {wide} pixels to the right of the window");
        assert!(beside >= 1.0 || args[1].contains('@'), "{args:?}: there is room for two columns");
    }
}
