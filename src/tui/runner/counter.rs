//! Counting tokens, on a thread of its own: the vocabulary is unpacked there, when the first count is asked for, which
//! is after the first frame. Of counts that are asked for while one waits, only the last is made.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use semver::Version;

use super::inbox::Sending;
use crate::library::{Library, Which};
use crate::model::memo::{Memory, Remembering};
use crate::model::tokens::{ModelTokens, counter_for};
use crate::model::{ExactCounts, ModelName, Playtest, Remembered, Request};
use crate::prompt::{Declarations, Estimate, Resolver, TokenCounter, Values, advise, count};
use crate::tui::counting::{Basis, Counting, Exact, Tally};
use crate::tui::msg::Msg;

/// A count that takes longer is given up for a newer one; what it has counted stays known.
const PATIENCE: Duration = Duration::from_millis(150);

/// The thread that counts, once it is needed.
pub struct Counter {
    /// What the thread will count with.
    bench: Option<Bench>,
    inbox: Sending,
    asking: Option<Sender<(u64, Task)>>,
    /// The number of the last count that was asked for.
    newest: Arc<AtomicU64>,
}

/// What the thread does.
enum Task {
    Count(Box<Counting>),
    Learn(Lesson),
    /// A server was asked for just this count.
    Exact(Lesson),
}

/// What a server has counted for some texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Whose server.
    pub model: ModelName,
    /// The texts of the request.
    pub texts: Vec<String>,
    /// The tokens it has counted for them.
    pub billed: u64,
}

impl Lesson {
    /// The texts of a request, for which nothing was counted yet.
    pub fn of(request: &Request) -> Self {
        let turns = request.turns.iter().map(|turn| turn.text.clone());
        let texts = std::iter::once(request.system.clone()).chain(turns).collect();
        Self { model: request.model.clone(), texts, billed: 0 }
    }
}

/// What a thread needs to count.
struct Bench {
    library: Library,
    remembered: Remembered,
    memory: Memory,
    /// The text of the version that was compared with last.
    base: Option<(String, Version, String)>,
    /// The ratio of the model that was counted for last.
    ratio: Option<(ModelName, Option<f64>)>,
    /// What was counted first of the prompt that is open.
    first: Option<Basis>,
    /// Whether a vocabulary is unpacked.
    unpacked: bool,
    /// The exact counts that are known, since the prompt with this number was opened.
    exact: Option<(u64, ExactCounts)>,
}

impl Counter {
    /// No thread yet.
    pub fn new(library: Library, remembered: Remembered, inbox: Sending) -> Self {
        Self { bench: Some(Bench::new(library, remembered)), inbox, asking: None, newest: Arc::default() }
    }

    /// The first count of a prompt, made here and now: an estimate, which takes no longer than reading the text. Gives
    /// `counting` back when the thread counts already.
    pub fn estimate(&mut self, counting: Box<Counting>) -> Result<Arc<Tally>, Box<Counting>> {
        let Some(bench) = &mut self.bench else { return Err(counting) };
        if !bench.is_untouched(&counting.basis) {
            return Err(counting);
        }
        Ok(Arc::new(bench.estimate(*counting)))
    }

    /// Asks for a count; one that was asked for before and is not made yet is forgotten.
    pub fn count(&mut self, counting: Box<Counting>) {
        let number = self.newest.fetch_add(1, Ordering::Relaxed) + 1;
        let _ = self.thread().send((number, Task::Count(counting)));
    }

    /// Takes exact counts from another thread.
    pub fn listener(&mut self) -> impl Fn(Lesson) + Send + 'static {
        let thread = self.thread().clone();
        move |lesson| _ = thread.send((0, Task::Exact(lesson)))
    }

    /// Takes lessons from another thread.
    pub fn pupil(&mut self) -> impl Fn(Lesson) + Send + 'static {
        let thread = self.thread().clone();
        move |lesson| _ = thread.send((0, Task::Learn(lesson)))
    }

    fn thread(&mut self) -> &Sender<(u64, Task)> {
        self.asking.get_or_insert_with(|| {
            let (sender, asked) = channel();
            if let Some(mut bench) = self.bench.take() {
                let (inbox, newest) = (self.inbox.clone(), Arc::clone(&self.newest));
                let work = move || bench.work(&asked, &inbox, &newest);
                // without threads nothing is counted, and nothing else is missing
                let _ = std::thread::Builder::new().name("count".into()).spawn(work);
            }
            sender
        })
    }
}

impl Bench {
    fn new(library: Library, remembered: Remembered) -> Self {
        let memory = Memory::default();
        Self { library, remembered, memory, base: None, ratio: None, first: None, unpacked: false, exact: None }
    }

    fn work(&mut self, asked: &Receiver<(u64, Task)>, inbox: &Sending, newest: &AtomicU64) {
        super::step_back();
        while let Ok((number, task)) = asked.recv() {
            match task {
                Task::Learn(lesson) => self.learn(&lesson),
                Task::Exact(lesson) => self.learn_exact(&lesson),
                Task::Count(counting) if self.is_untouched(&counting.basis) => {
                    inbox.send(Msg::Counted(Arc::new(self.estimate(*counting))));
                }
                Task::Count(counting) => {
                    self.unpacked = true;
                    let (number, counting) = self.latest(asked, number, counting);
                    let begun = Instant::now();
                    let give_up = || newest.load(Ordering::Relaxed) != number && begun.elapsed() > PATIENCE;
                    if let Some(tally) = self.count(*counting, &give_up) {
                        inbox.send(Msg::Counted(Arc::new(tally)));
                    }
                }
            }
        }
    }

    /// The last count that is asked for by now.
    fn latest(
        &mut self,
        asked: &Receiver<(u64, Task)>,
        mut number: u64,
        mut counting: Box<Counting>,
    ) -> (u64, Box<Counting>) {
        while let Ok((later, task)) = asked.try_recv() {
            match task {
                Task::Count(newer) => (number, counting) = (later, newer),
                Task::Learn(lesson) => self.learn(&lesson),
                Task::Exact(lesson) => self.learn_exact(&lesson),
            }
        }
        (number, counting)
    }

    /// Whether an estimate does: nothing was changed since the prompt was opened, and no vocabulary is there yet. It
    /// takes a tenth of a second and some 27 MB, which somebody who only looks should not pay for.
    fn is_untouched(&mut self, basis: &Basis) -> bool {
        let first = self.first.take_if(|first| first.opening == basis.opening).unwrap_or_else(|| basis.clone());
        let same = first.panes == basis.panes && first.values == basis.values;
        self.first = Some(first);
        same && !basis.advises && !self.unpacked
    }

    fn estimate(&mut self, counting: Counting) -> Tally {
        let exact = self.exact(&counting).map(|(exact, _)| exact);
        self.count_with(counting, &Estimate, ("an estimate, until something is changed".into(), None, exact))
    }

    fn count(&mut self, counting: Counting, give_up: &dyn Fn() -> bool) -> Option<Tally> {
        let mut tokens = self.tokens(counting.basis.model.as_ref());
        let exact = self.exact(&counting);
        let memory = std::mem::take(&mut self.memory);
        if let Some((exact, sent)) = &exact {
            // what else is counted is estimated so that it fits
            let here = Remembering::new(tokens.measured(Some(1.0)), &memory, give_up).count(sent);
            tokens = tokens.measured((here > 0).then(|| exact.tokens as f64 / here as f64));
        }
        let counter = Remembering::new(tokens, &memory, give_up);
        let tally = self.count_with(counting, &counter, (tokens.label(), Some(tokens), exact.map(|(exact, _)| exact)));
        let stopped = counter.given_up();
        self.memory = memory;
        (!stopped).then_some(tally)
    }

    fn count_with(
        &mut self,
        counting: Counting,
        counter: &impl TokenCounter,
        (tokenizer, by, exact): (String, Option<ModelTokens>, Option<Exact>),
    ) -> Tally {
        let Counting { basis, prompt, text, known, .. } = counting;
        self.find_base(&prompt, basis.base.as_ref());
        let (values, declarations) = &*known;
        let resolver = resolver(values, declarations);
        let document = text.to_document();
        let mut counts = count(&document, &resolver, counter);
        if let Some(exact) = exact.as_ref().filter(|exact| exact.is_of_the_prompt()) {
            counts.total = exact.tokens;
        }
        let base = self.base.as_ref().map(|(_, _, text)| counter.count(&resolver.fill(text).text));
        let advice = basis.advises.then(|| advise(&document, &resolver, counter));
        Tally { basis, counts, tokenizer, counter: by, exact, base, advice }
    }

    /// What the model's own server has counted for the text as it is sent there, and that text.
    fn exact(&mut self, counting: &Counting) -> Option<(Exact, String)> {
        let (model, audience) = (counting.basis.model.as_ref()?, counting.basis.server?);
        let opening = counting.basis.opening;
        if self.exact.as_ref().is_none_or(|(since, _)| *since != opening) {
            // the command may have asked since another prompt was opened
            let mut all = self.remembered.exact_counts();
            let (_, before) = self.exact.take().unwrap_or_default();
            all.join(before);
            self.exact = Some((opening, all));
        }
        let (_, known) = self.exact.as_ref().filter(|(_, known)| !known.is_empty())?;
        let (values, declarations) = &*counting.known;
        let (text, none) = (counting.text.to_text(), Values::default());
        let playtest =
            Playtest { system: &text, user_template: None, given: &none, set: Some(values), declarations, audience };
        let prepared = playtest.turn(&[], "").ok()?;
        let tokens = usize::try_from(known.get(model, &prepared.system)?).ok()?;
        Some((Exact { tokens, replaced: prepared.replaced }, prepared.system))
    }

    /// Who counts for a model, with the ratio that was learnt for it.
    fn tokens(&mut self, model: Option<&ModelName>) -> ModelTokens {
        let Some(model) = model else { return ModelTokens::UNKNOWN };
        let ratio = match &self.ratio {
            Some((known, ratio)) if known == model => *ratio,
            _ => {
                let ratio = self.remembered.ratio(model);
                self.ratio = Some((model.clone(), ratio));
                ratio
            }
        };
        counter_for(model).measured(ratio)
    }

    /// Reads the version that the prompt is compared with, unless it is the one that was read last.
    fn find_base(&mut self, prompt: &str, version: Option<&Version>) {
        let Some(version) = version else {
            self.base = None;
            return;
        };
        if self.base.as_ref().is_some_and(|(name, known, _)| name == prompt && known == version) {
            return;
        }
        let read = self.library.read(prompt, &Which::Version(version.clone()));
        self.base = read.ok().map(|snapshot| (prompt.to_owned(), version.clone(), snapshot.text));
    }

    /// An exact count is known from now on, also where nothing can be kept; and it says something about other texts.
    fn learn_exact(&mut self, lesson: &Lesson) {
        if let (Some((_, known)), Some(text)) = (&mut self.exact, lesson.texts.first()) {
            known.add(&lesson.model, text, lesson.billed);
        }
        self.learn(lesson);
    }

    fn learn(&mut self, lesson: &Lesson) {
        let tokens = counter_for(&lesson.model);
        if tokens.exact() {
            return;
        }
        let here: usize = lesson.texts.iter().map(|text| tokens.vocabulary.count(text)).sum();
        // what cannot be kept is learnt again from the next reply
        let _ = self.remembered.learn(&lesson.model, here as u64, lesson.billed);
        self.ratio = None;
    }
}

fn resolver<'a>(values: &'a Values, declarations: &'a Declarations) -> Resolver<'a> {
    Resolver { given: values, set: None, message: Some(""), conversation_history: Some(""), declarations }
}

/// One count in place, as the thread would make it.
#[cfg(test)]
pub fn count_in_place(library: &Library, counting: Counting) -> Option<Tally> {
    Bench::new(library.clone(), Remembered::default()).count(counting, &|| false)
}
