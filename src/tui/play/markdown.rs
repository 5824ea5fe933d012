//! A reply's Markdown as lines to read: headings, emphasis, code, lists, quotes, tables. Whatever is none of these stays
//! as it was written, and line breaks stay where the model put them. Pure; a reply is rendered once, when it is whole.

use std::ops::Range;

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::table::{Lean, Table};
use super::transcript::LineKind;

/// A longer reply is shown as it came.
pub const LONGEST: usize = 256 << 10;
/// A piece of a rendered reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A line.
    Line(Rich),
    /// A table, which is laid out for the width it gets.
    Table(Table),
}

/// A line with what is emphasised in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rich {
    /// What it says.
    pub text: String,
    /// Whether it is code or a heading.
    pub look: Look,
    /// Columns that its further rows are moved in by.
    pub indent: usize,
    /// Bytes of the text that look otherwise, in order.
    pub spans: Vec<(Range<usize>, Emphasis)>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// Prose.
    #[default]
    Text,
    /// A heading.
    Heading,
    /// Code.
    Code,
}

/// How a part of a line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emphasis {
    /// `**bold**`.
    Bold,
    /// `*italic*`.
    Italic,
    /// `~~struck~~`.
    Struck,
    /// `` `code` ``.
    Code,
    /// Where a link leads, and other words of the form.
    Aside,
}

impl Look {
    /// The kind of line it is in a conversation.
    pub fn kind(self) -> LineKind {
        match self {
            Self::Text => LineKind::Reply,
            Self::Heading => LineKind::Heading,
            Self::Code => LineKind::Code,
        }
    }
}

/// The blocks of a reply; none of one that is too long.
pub fn render(reply: &str) -> Vec<Block> {
    if reply.len() > LONGEST {
        return Vec::new();
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = Writer::default();
    Parser::new_ext(reply, options).for_each(|event| writer.take(event));
    writer.flush();
    writer.blocks
}

#[derive(Default)]
struct Writer {
    blocks: Vec<Block>,
    line: Rich,
    /// Whether the line holds more than what stands before its words.
    begun: bool,
    quotes: usize,
    /// The open lists: the number of the next item, of a numbered one, and the columns its text is moved in by.
    lists: Vec<(Option<u64>, usize)>,
    /// The mark of the item that begins here.
    marker: Option<String>,
    emphasis: Vec<Emphasis>,
    code: bool,
    table: Option<Table>,
    links: Vec<(String, usize)>,
}

impl Writer {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code => {
                for line in text.split_inclusive('\n') {
                    self.push(line.trim_end_matches('\n'));
                    self.begun = true;
                    if line.ends_with('\n') {
                        self.flush();
                    }
                }
            }
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                let mut lines = text.split('\n');
                self.push(lines.next().unwrap_or_default());
                for line in lines {
                    self.flush();
                    self.push(line);
                }
            }
            Event::Code(text) => self.as_one(Emphasis::Code, &text),
            Event::SoftBreak | Event::HardBreak if self.table.is_some() => self.push(" "),
            Event::SoftBreak | Event::HardBreak => self.flush(),
            Event::Rule => {
                self.gap();
                self.as_one(Emphasis::Aside, "----------");
                self.flush();
            }
            Event::TaskListMarker(done) => self.push(if done { "[x] " } else { "[ ] " }),
            Event::FootnoteReference(name) => self.push(&format!("[{name}]")),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.push(&text),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { .. } => {
                self.gap();
                self.line.look = Look::Heading;
            }
            Tag::BlockQuote(_) => {
                self.gap();
                self.quotes += 1;
            }
            Tag::CodeBlock(kind) => {
                self.gap();
                if let CodeBlockKind::Fenced(language) = kind
                    && !language.is_empty()
                {
                    self.as_one(Emphasis::Aside, &language);
                    self.flush();
                }
                self.code = true;
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.gap();
                } else {
                    self.flush();
                }
                self.lists.push((first, 0));
            }
            Tag::Item => {
                self.flush();
                if let Some((number, moved)) = self.lists.last_mut() {
                    let marker = match number {
                        Some(at) => {
                            *at += 1;
                            format!("{}. ", *at - 1)
                        }
                        None => "- ".to_owned(),
                    };
                    *moved = marker.len();
                    self.marker = Some(marker);
                }
            }
            Tag::Table(aligned) => {
                self.gap();
                let lean = |alignment| if alignment == Alignment::Right { Lean::Right } else { Lean::Left };
                self.table = Some(Table { rows: Vec::new(), leans: aligned.into_iter().map(lean).collect() });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Emphasis => self.emphasis.push(Emphasis::Italic),
            Tag::Strong => self.emphasis.push(Emphasis::Bold),
            Tag::Strikethrough => self.emphasis.push(Emphasis::Struck),
            Tag::Link { dest_url, .. } => self.links.push((dest_url.into_string(), self.line.text.len())),
            Tag::Image { dest_url, .. } => {
                self.as_one(Emphasis::Aside, "image: ");
                self.links.push((dest_url.into_string(), self.line.text.len()));
            }
            // a paragraph, and what this parser was not asked for
            _ => self.gap(),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::CodeBlock => {
                self.flush();
                self.code = false;
                self.line.look = Look::Text;
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.line).text;
                self.begun = false;
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(text.trim().to_owned());
                }
            }
            TagEnd::Table => self.blocks.extend(self.table.take().map(Block::Table)),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => _ = self.emphasis.pop(),
            TagEnd::Link | TagEnd::Image => {
                if let Some((to, from)) = self.links.pop()
                    && self.line.text.get(from..).is_none_or(|shown| shown != to)
                {
                    // where it leads is not hidden behind its words
                    self.as_one(Emphasis::Aside, &format!(" ({to})"));
                }
            }
            TagEnd::TableHead | TagEnd::TableRow => {}
            _ => self.flush(),
        }
    }

    /// A blank line before a block, unless it is the first of all or of its item.
    fn gap(&mut self) {
        self.flush();
        let last = self.blocks.last();
        let is_blank = matches!(last, Some(Block::Line(Rich { text, .. })) if text.is_empty());
        if last.is_some() && !is_blank && self.marker.is_none() {
            self.blocks.push(Block::Line(Rich::default()));
        }
    }

    /// The line is whole.
    fn flush(&mut self) {
        let look = self.line.look;
        if self.begun {
            self.blocks.push(Block::Line(std::mem::take(&mut self.line)));
        }
        self.begun = false;
        self.line = Rich { look: if self.code { Look::Code } else { Look::Text }, ..Rich::default() };
        if !self.code && look == Look::Heading {
            self.line.look = Look::Text;
        }
    }

    fn as_one(&mut self, emphasis: Emphasis, text: &str) {
        self.emphasis.push(emphasis);
        self.push(text);
        self.emphasis.pop();
    }

    /// Words on the line, after what stands before them.
    fn push(&mut self, text: &str) {
        if !self.begun && self.table.is_none() {
            let mut lead = "> ".repeat(self.quotes);
            let depth = self.lists.len().saturating_sub(1);
            let own = self.lists.last().map_or(0, |(_, moved)| *moved);
            let outer: usize = self.lists[..depth].iter().map(|(_, moved)| *moved).sum();
            lead.push_str(&" ".repeat(outer));
            match self.marker.take() {
                Some(marker) => lead.push_str(&marker),
                None => lead.push_str(&" ".repeat(own)),
            }
            if self.code {
                lead.push_str("  ");
                self.line.look = Look::Code;
            }
            self.line.indent = lead.len();
            self.line.text = lead;
        }
        self.begun = true;
        let from = self.line.text.len();
        self.line.text.push_str(text);
        let to = self.line.text.len();
        if to > from {
            self.line.spans.extend(self.emphasis.iter().map(|emphasis| (from..to, *emphasis)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(reply: &str) -> Vec<String> {
        let line = |block: Block| match block {
            Block::Line(line) => vec![line.text],
            Block::Table(table) => table.lines(40),
        };
        render(reply).into_iter().flat_map(line).collect()
    }

    #[test]
    fn what_markdown_marks_is_shown_without_its_marks_and_the_rest_as_it_is() {
        let reply = "# Then\nDo **this** and `that`, see [here](https://x.y).\nNext line\n\n1. one\n2. two\n   - in it\n\n> said\n\n```json\n{\"a\": 1}\n\n{}\n```\nEnd *now*";
        assert_eq!(
            texts(reply),
            [
                "Then",
                "",
                "Do this and that, see here (https://x.y).",
                "Next line",
                "",
                "1. one",
                "2. two",
                "   - in it",
                "",
                "> said",
                "",
                "json",
                "  {\"a\": 1}",
                "  ",
                "  {}",
                "",
                "End now"
            ]
        );
        let Block::Line(line) = &render("a **b *c*** `d`")[0] else { panic!() };
        let spans: Vec<(&str, Emphasis)> =
            line.spans.iter().map(|(at, emphasis)| (&line.text[at.clone()], *emphasis)).collect();
        assert_eq!(
            spans,
            [("b ", Emphasis::Bold), ("c", Emphasis::Bold), ("c", Emphasis::Italic), ("d", Emphasis::Code)]
        );
    }

    #[test]
    fn a_table_is_drawn_as_text_and_wrapped_within_its_columns() {
        let reply =
            "| plan | rows |\n| --- | ---: |\n| free | 1,000 |\n| team | a great many of them, as many as you like |";
        assert_eq!(
            texts(reply),
            [
                "plan |                              rows",
                "-----+----------------------------------",
                "free |                             1,000",
                "team |  a great many of them, as many as",
                "     |                          you like",
            ]
        );
    }

    #[test]
    fn a_reply_that_is_too_long_is_not_rendered_and_any_other_loses_no_word() {
        assert!(render(&"x ".repeat(LONGEST)).is_empty());
        let reply = "<b>bold</b> & <script>x</script>\n\n* a\n\n  b\n* c\n\n---\n~~no~~ a_b_c 2 * 3 * 4";
        let shown = texts(reply).join("\n");
        for word in ["<b>bold</b>", "<script>x</script>", "- a", "  b", "- c", "no a_b_c 2 * 3 * 4"] {
            assert!(shown.contains(word), "{word:?} is not in {shown:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_reply_stops_it_and_every_span_is_within_its_line(reply in "([a-z]{0,4}|[*_`~>#|\\-\\[\\]()!<>]|\n|\n\n| |1\\. |漢|```|    ){0,60}") {
            for block in render(&reply) {
                match block {
                    Block::Line(line) => for (at, _) in &line.spans {
                        proptest::prop_assert!(line.text.get(at.clone()).is_some());
                    },
                    Block::Table(table) => _ = table.lines(20),
                }
            }
        }
    }
}
