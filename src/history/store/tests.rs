//! The history on a real disk.

use std::fs;

use super::*;
use crate::history::run::MOST_KEPT;
use crate::history::{About, Filter, Private, file_in};
use crate::model::{Finish, ModelName, Params, Request, Role, Turn};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        file_in(self.0.path())
    }

    fn open(&self) -> Store {
        Store::open(&self.file()).unwrap()
    }

    /// Every byte below the folder.
    fn bytes(&self) -> Vec<u8> {
        let files = fs::read_dir(self.file().parent().unwrap()).unwrap();
        files.flat_map(|file| fs::read(file.unwrap().path()).unwrap()).collect()
    }

    fn holds(&self, text: &str) -> bool {
        self.bytes().windows(text.len()).any(|window| window == text.as_bytes())
    }
}

#[test]
fn of_a_reply_that_no_model_gives_in_earnest_the_beginning_is_kept_and_the_rest_is_told() {
    let folder = Folder::new();
    let mut store = folder.open();
    let mut long = run(1, "message", "");
    // the end of what is kept stands in the middle of a value
    let reply = "x ".repeat(MOST_KEPT / 2 - 3) + "Ada Lovelace " + &"é ".repeat(MOST_KEPT / 3);
    reply.split_inclusive(' ').for_each(|piece| long.says(piece));
    let id = store.add(long, Keeping::default()).unwrap();
    let kept = store.get(id).unwrap().unwrap().reply;
    let (shown, told) = kept.rsplit_once("\n[").unwrap();
    assert_eq!(shown, "x ".repeat(MOST_KEPT / 2 - 3) + "[user]");
    assert!(told.ends_with(" bytes more came and are not kept]"), "{told}");
    let short = run(2, "message", "short");
    let id = store.add(short, Keeping::default()).unwrap();
    assert_eq!(store.get(id).unwrap().unwrap().reply, "short");
}

fn run(at_ms: i64, message: &str, reply: &str) -> Run {
    let request = Request {
        model: ModelName::parse("p:m").unwrap(),
        system: "You help Ada Lovelace, pin 9127.".into(),
        turns: vec![Turn { role: Role::User, text: message.into() }],
        params: Params { temperature: Some(0.3), ..Params::default() },
        stream: true,
    };
    let about = About {
        library: "/l".into(),
        prompt: "hello".into(),
        version: "draft".into(),
        text: "abc".into(),
        private: vec![
            Private { name: "user".into(), value: "Ada Lovelace".into(), secret: false },
            Private { name: "pin".into(), value: "9127".into(), secret: true },
        ],
    };
    let mut run = Run::begin(about, &request, at_ms);
    run.reply = reply.into();
    run.end(Finish::End, None);
    run.cost = Some(0.25);
    run
}

fn ids(store: &Store, words: &str) -> Vec<i64> {
    let filter = Filter { words: words.into(), ..Filter::default() };
    store.find(&filter).unwrap().into_iter().map(|run| run.id).collect()
}

#[test]
fn a_run_comes_back_with_masks_for_what_is_private() {
    let folder = Folder::new();
    let mut store = folder.open();
    let id = store.add(run(5, "I am Ada", "Hello Ada, 9127!"), Keeping::default()).unwrap();
    let found = store.get(id).unwrap().unwrap();
    assert_eq!(found.system, "You help [user], pin [pin].");
    assert_eq!((found.message(), found.reply.as_str()), ("I am [user]", "Hello [user], [pin]!"));
    assert_eq!(found.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!((found.at_ms, found.params["temperature"].as_f64(), found.cost), (5, Some(0.3), Some(0.25)));
    assert!(!folder.holds("Ada") && !folder.holds("9127"));
}

#[test]
fn who_opted_in_keeps_personal_values_and_they_are_masked_when_shown_and_a_secret_is_kept_by_nobody() {
    let folder = Folder::new();
    let mut store = folder.open();
    let limits = Keeping { real_values: true, ..Keeping::default() };
    let id = store.add(run(5, "I am Ada", "Hello"), limits).unwrap();
    let found = store.get(id).unwrap().unwrap();
    assert_eq!(found.system, "You help Ada Lovelace, pin [pin].");
    assert_eq!(found.masked().system, "You help [user], pin [pin].");
    assert!(!folder.holds("9127"));
}

#[test]
fn a_history_of_an_earlier_greenroom_is_brought_to_todays_tables_also_by_who_only_reads() {
    let folder = Folder::new();
    disk::make(&folder.file()).unwrap();
    let connection = disk::open(&folder.file()).unwrap();
    disk::prepare(&connection).unwrap();
    schema::STEPS[..2].iter().for_each(|step| connection.execute_batch(step).unwrap());
    connection.pragma_update(None, "user_version", 2).unwrap();
    let mut old = Store { connection, file: folder.file(), put_aside: None };
    old.add(run(5, "Where is the needle?", "In the haystack."), Keeping::default()).unwrap();
    drop(old);
    let store = Store::read(&folder.file()).unwrap().unwrap();
    for words in ["needle", "n", "hay", "prompt:help", "hello p:m"] {
        assert_eq!(ids(&store, words), [1], "{words}");
    }
    assert_eq!(ids(&store, "prompt:needle"), [0; 0]);
    drop(store);
    let mut store = folder.open();
    assert_eq!(store.delete(&[1]).unwrap(), [1]);
    assert!(!folder.holds("needle") && !folder.holds("haystack"));
}

#[test]
fn words_are_found_by_their_beginning_in_any_script_and_whatever_signs_are_in_them() {
    let folder = Folder::new();
    let mut store = folder.open();
    let limits = Keeping::default();
    let first = store.add(run(1, "Where is my refund?", "It is on its way — déjà vu"), limits).unwrap();
    let second = store.add(run(2, "退款在哪里", "a 100% \"sure\" OR reply"), limits).unwrap();
    assert_eq!(ids(&store, "refu"), [first]);
    assert_eq!(ids(&store, "REFUND way"), [first]);
    assert_eq!(ids(&store, "deja"), [first]);
    assert_eq!(ids(&store, "退款"), [second]);
    assert_eq!(ids(&store, "100%"), [second]);
    assert_eq!(ids(&store, "%"), [second]);
    assert_eq!(ids(&store, "\"sure\""), [second]);
    assert_eq!(ids(&store, "OR"), [second]);
    assert_eq!(ids(&store, "hello"), [second, first], "the prompt's name");
    assert_eq!(ids(&store, "nothing like it"), Vec::<i64>::new());
}

#[test]
fn what_is_deleted_is_in_no_file_any_more_and_its_number_is_not_used_again() {
    let folder = Folder::new();
    let mut store = folder.open();
    let gone = store.add(run(1, "quokka", "numbat"), Keeping::default()).unwrap();
    assert!(folder.holds("quokka"));
    assert_eq!(store.delete(&[gone, 99]).unwrap(), [gone]);
    assert!(!folder.holds("quokka") && !folder.holds("numbat"));
    assert_eq!(ids(&store, "quokka"), Vec::<i64>::new());
    assert!(store.add(run(1, "x", "y"), Keeping::default()).unwrap() > gone);
}

#[test]
fn what_is_too_old_goes_and_then_the_oldest_of_what_is_too_much() {
    let folder = Folder::new();
    let mut store = folder.open();
    let day = 24 * 3_600_000;
    let limits = Keeping { days: 10, megabytes: 1, ..Keeping::default() };
    let old = store.add(run(day, "quokka", "numbat"), limits).unwrap();
    let big = "word ".repeat(20_000);
    let kept: Vec<_> = (0..20).map(|n| store.add(run(20 * day + n, "m", &big), limits).unwrap()).collect();
    assert!(store.forget_old(limits, 21 * day).unwrap() > 1);
    let left = ids(&store, "");
    assert!(!left.contains(&old) && left.contains(kept.last().unwrap()) && !left.contains(&kept[0]), "{left:?}");
    assert!(store.bytes().unwrap() <= 1_000_000);
    assert!(left.len() > 3, "what went left no room taken behind: {left:?}");
    assert!(!folder.holds("quokka") && !folder.holds("numbat"), "what goes is gone for good");
    drop(store);
    assert!(fs::metadata(folder.file()).unwrap().len() < 1_200_000, "the room is given back");
}

#[cfg(unix)]
#[test]
fn only_the_user_can_read_any_file_of_it() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let mut store = folder.open();
    store.add(run(1, "a", "b"), Keeping::default()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let place = folder.file();
    assert_eq!(mode(place.parent().unwrap()), 0o700);
    let files: Vec<_> = fs::read_dir(place.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[test]
fn a_file_that_is_no_history_is_put_aside_and_a_new_one_begun() {
    let folder = Folder::new();
    drop(folder.open());
    fs::write(folder.file(), "this is not a database at all, but long enough to look like one ".repeat(50)).unwrap();
    assert!(Store::read(&folder.file()).unwrap_err().message.contains("damaged"));
    let mut store = folder.open();
    let aside = store.put_aside.take().unwrap();
    assert!(fs::read_to_string(aside).unwrap().starts_with("this is not"));
    store.add(run(1, "a", "b"), Keeping::default()).unwrap();
}

#[test]
fn a_torn_file_is_put_aside() {
    let folder = Folder::new();
    let mut store = folder.open();
    for n in 0..50 {
        store.add(run(n, "message", &"reply ".repeat(500)), Keeping::default()).unwrap();
    }
    drop(store);
    let bytes = fs::read(folder.file()).unwrap();
    fs::write(folder.file(), &bytes[..bytes.len() / 3]).unwrap();
    let mut store = folder.open();
    assert!(store.put_aside.is_some() || store.add(run(1, "a", "b"), Keeping::default()).is_err());
}

#[test]
fn the_history_of_a_newer_greenroom_is_left_alone() {
    let folder = Folder::new();
    let store = folder.open();
    store.connection.pragma_update(None, "user_version", 999).unwrap();
    drop(store);
    let before = fs::read(folder.file()).unwrap();
    assert!(Store::open(&folder.file()).unwrap_err().message.contains("newer"));
    assert!(Store::read(&folder.file()).unwrap_err().message.contains("newer"));
    assert!(fs::read(folder.file()).unwrap() == before);
}

#[test]
fn two_that_write_at_once_lose_nothing() {
    let folder = Folder::new();
    let file = folder.file();
    let write = |file: PathBuf| {
        std::thread::spawn(move || {
            let mut store = Store::open(&file).unwrap();
            (0..40).map(|n| store.add(run(n, "m", "r"), Keeping::default()).unwrap()).collect::<Vec<_>>()
        })
    };
    let (a, b) = (write(file.clone()), write(file));
    let mut all = [a.join().unwrap(), b.join().unwrap()].concat();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 80);
    assert_eq!(ids(&folder.open(), "").len(), 80);
}

#[test]
fn a_rating_stays_and_goes() {
    let folder = Folder::new();
    let mut store = folder.open();
    let id = store.add(run(1, "m", "r"), Keeping::default()).unwrap();
    assert!(store.rate(id, Some(Rating::Good)).unwrap());
    assert_eq!(store.get(id).unwrap().unwrap().rating, Some(Rating::Good));
    assert!(store.rate(id, None).unwrap());
    assert_eq!(store.get(id).unwrap().unwrap().rating, None);
    assert!(!store.rate(99, None).unwrap());
}

#[test]
fn what_was_spent_is_told_by_prompt_and_model_from_a_moment_on() {
    let folder = Folder::new();
    let mut store = folder.open();
    for at in [1, 5, 6] {
        store.add(run(at, "m", "r"), Keeping::default()).unwrap();
    }
    let spent = store.spent(5).unwrap();
    assert_eq!(spent.len(), 1);
    assert_eq!((spent[0].prompt.as_str(), spent[0].model.as_str(), spent[0].runs), ("hello", "p:m", 2));
    assert!((spent[0].dollars - 0.5).abs() < 1e-9);
}

#[test]
fn the_writer_has_written_everything_when_it_is_gone() {
    let folder = Folder::new();
    let (told, troubles) = std::sync::mpsc::channel();
    let writer = crate::history::Writer::new(folder.file(), Keeping::default(), move |news| {
        if let crate::history::News::Trouble(error) = news {
            let _ = told.send(error);
        }
    });
    let sender = writer.sender().unwrap();
    for n in 0..10 {
        sender.send(run(n, "m", "r").into()).unwrap();
    }
    drop(sender);
    drop(writer);
    assert_eq!(ids(&folder.open(), "").len(), 10);
    assert!(troubles.try_recv().is_err());
}

#[test]
fn what_cannot_be_written_is_told_once_and_stops_nobody() {
    let folder = Folder::new();
    // a file where the folder would be
    fs::write(folder.0.path().join("history"), "").unwrap();
    let (told, troubles) = std::sync::mpsc::channel();
    let writer = crate::history::Writer::new(folder.file(), Keeping::default(), move |news| {
        if let crate::history::News::Trouble(error) = news {
            let _ = told.send(error);
        }
    });
    let sender = writer.sender().unwrap();
    sender.send(run(1, "m", "r").into()).unwrap();
    sender.send(run(2, "m", "r").into()).unwrap();
    drop(sender);
    drop(writer);
    assert_eq!(troubles.try_iter().count(), 1);
}

#[test]
fn a_run_that_could_not_be_kept_is_kept_as_soon_as_the_file_can_be_written() {
    let folder = Folder::new();
    let in_the_way = folder.0.path().join("history");
    fs::write(&in_the_way, "").unwrap();
    let (told, troubles) = std::sync::mpsc::channel();
    let writer = crate::history::Writer::new(folder.file(), Keeping::default(), move |news| {
        if let crate::history::News::Trouble(error) = news {
            let _ = told.send(error);
        }
    });
    let sender = writer.sender().unwrap();
    sender.send(run(1, "m", "r").into()).unwrap();
    troubles.recv().unwrap();
    fs::remove_file(&in_the_way).unwrap();
    sender.send(run(2, "m", "r").into()).unwrap();
    drop(sender);
    drop(writer);
    assert_eq!(ids(&folder.open(), "").len(), 2);
}

#[test]
fn today_begins_at_midnight_and_the_month_on_its_first_day_where_the_user_is() {
    let folder = Folder::new();
    let mut store = folder.open();
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(9));
    let at = |text: &str| text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap();
    for moment in ["2026-10-31T23:59", "2026-11-01T00:00", "2026-11-22T23:59", "2026-11-23T00:00", "2026-11-23T08:00"] {
        store.add(run(at(moment).timestamp().as_millisecond(), "m", "r"), Keeping::default()).unwrap();
    }
    let totals = store.totals_at(&at("2026-11-23T09:00")).unwrap();
    assert_eq!((totals.today, totals.month, totals.by[0].runs), (0.5, 1.0, 4));
}

#[test]
fn words_of_the_prompts_text_are_searched_only_where_that_is_said() {
    let folder = Folder::new();
    let mut store = folder.open();
    for (at, message) in [(1, "first"), (2, "help me"), (3, "third")] {
        store.add(run(at, message, "a reply"), Keeping::default()).unwrap();
    }
    assert_eq!(ids(&store, "help"), [2]);
    assert_eq!(ids(&store, "prompt:help"), [3, 2, 1]);
    assert_eq!(ids(&store, "prompt:help third"), [3]);
}

#[test]
fn pages_follow_each_other_without_a_gap_also_where_moments_are_equal() {
    let folder = Folder::new();
    let mut store = folder.open();
    for number in 0..25 {
        store.add(run(number / 10, &format!("message {number}"), ""), Keeping::default()).unwrap();
    }
    for words in ["", "message"] {
        let filter = Filter { words: words.into(), most: Some(7), ..Filter::default() };
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = store.page(&filter, after).unwrap();
            assert_eq!(page.total, 25);
            let Some(last) = page.rows.last() else { break };
            after = Some((last.at_ms, last.id));
            seen.extend(page.rows.iter().map(|row| row.id));
        }
        assert_eq!(seen, (1..=25).rev().collect::<Vec<_>>(), "{words:?}");
    }
}

#[test]
fn the_pace_of_a_model_is_told_by_its_last_runs_that_came_to_their_end() {
    let folder = Folder::new();
    let mut store = folder.open();
    for number in 0..30_u64 {
        let mut one = run(number.cast_signed(), "m", "r");
        (one.first_ms, one.total_ms, one.usage.output) = (Some(100 + number), 1_100 + number, Some(40));
        if number == 29 {
            one.end(Finish::Error, None);
        }
        store.add(one, Keeping::default()).unwrap();
    }
    let mut other = run(5, "m", "r");
    (other.model, other.first_ms) = ("a:b".into(), Some(7));
    store.add(other, Keeping::default()).unwrap();
    let paces = store.paces().unwrap();
    assert_eq!(paces.iter().map(|pace| pace.model.as_str()).collect::<Vec<_>>(), ["a:b", "p:m"]);
    assert_eq!((paces[0].first_ms.as_slice(), paces[0].speed.len()), ([7.0].as_slice(), 0));
    assert_eq!((paces[1].first_ms.len(), paces[1].first_ms.last(), paces[1].speed[0]), (24, Some(&128.0), 40.0));
    assert_eq!(Folder::new().open().paces().unwrap(), []);
}
