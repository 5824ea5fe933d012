//! The offline stand-in: no language model, no network, the same answer every time, and it says so.
//!
//! It finds the lines of the filled prompt that bear on the message, escalation triggers first, quotes them by section
//! and line, and names the sections that are silent. Samples, tests and tours work with it anywhere. It must never
//! pretend: its first line says that no model answered.

mod answer;
mod lines;
mod rank;
mod words;

use std::time::Duration;

use serde_json::json;

use super::event::{Event, Finish, Model, Reply, Usage};
use super::produce::produce;
use super::request::{Request, Role};
use super::tokens::Vocabulary;

/// What a reader sees words come at, about as fast as a quick model.
const PAUSE: Duration = Duration::from_millis(15);

/// The vocabulary the stand-in counts with.
const COUNTED_WITH: Vocabulary = Vocabulary::O200k;

/// The built-in model that is none.
#[derive(Debug, Clone, Copy)]
pub struct Offline {
    pause: Duration,
}

impl Offline {
    /// Answers word by word at a pace that can be watched; needs a tokio runtime with a clock.
    pub fn paced() -> Self {
        Self { pause: PAUSE }
    }

    /// Answers word by word without a pause, for pipes and tests.
    pub fn instant() -> Self {
        Self { pause: Duration::ZERO }
    }
}

impl Model for Offline {
    fn run(&self, request: Request) -> Reply {
        let pause = if request.stream { self.pause } else { Duration::ZERO };
        produce(move |sink| async move {
            sink.send(Event::Sent(described(&request)));
            sink.send(Event::Started);
            let message = request.turns.iter().rev().find(|turn| turn.role == Role::User).map_or("", |turn| &turn.text);
            let mut reply = answer::answer(&lines::parts(&request.system), message);
            reply.truncate(reply.trim_end().len());
            for word in reply.split_inclusive(char::is_whitespace) {
                sink.send(Event::Text(word.to_owned()));
                if pause.is_zero() {
                    tokio::task::yield_now().await;
                } else {
                    tokio::time::sleep(pause).await;
                }
            }
            let input = COUNTED_WITH.count(&request.system)
                + request.turns.iter().map(|turn| COUNTED_WITH.count(&turn.text)).sum::<usize>();
            let footer =
                format!("\n\n({} counts {input} tokens in the prompt and the conversation.)\n", COUNTED_WITH.name());
            reply.push_str(&footer);
            let output = COUNTED_WITH.count(&reply);
            sink.send(Event::Text(footer));
            sink.send(Event::Usage(Usage {
                input: Some(input as u64),
                output: Some(output as u64),
                cache_read: Some(0),
                cache_write: Some(0),
            }));
            sink.send(Event::Done { finish: Finish::End, failure: None });
        })
    }
}

/// The request in the form that a server would get, so that what goes out can be seen without one.
fn described(request: &Request) -> serde_json::Value {
    let turns = request.turns.iter().map(|turn| json!({"role": turn.role.id(), "content": turn.text}));
    json!({"model": "offline", "system": request.system, "messages": turns.collect::<Vec<_>>(), "stream": request.stream})
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;

    use super::*;
    use crate::model::{ModelName, Params, Turn};

    const PROMPT: &str = "# Identity & Role\nYou help people of Acme.\n\n# Capabilities & Limitations\nYou can:\n- Explain how to export a board\n- Explain refunds, without promising one\n\n# Safety Rails\nHand over when:\n- The user mentions legal action\n- Data was lost\n\n# Output Format\n";

    async fn reply(system: &str, messages: &[&str]) -> (String, Vec<Event>) {
        let turns = messages
            .iter()
            .enumerate()
            .map(|(index, text)| Turn {
                role: if index % 2 == 0 { Role::User } else { Role::Assistant },
                text: (*text).to_owned(),
            })
            .collect();
        let request = Request {
            model: ModelName::offline(),
            system: system.to_owned(),
            turns,
            params: Params::default(),
            stream: true,
        };
        let events: Vec<_> = Offline::instant().run(request).collect().await;
        let text =
            events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None });
        (text.collect(), events)
    }

    #[tokio::test]
    async fn its_first_line_says_that_no_model_answered() {
        let (text, _) = reply(PROMPT, &["refund"]).await;
        assert!(text.lines().next().is_some_and(|line| line.starts_with("No language model answered.")), "{text}");
    }

    #[tokio::test]
    async fn a_threat_to_sue_finds_the_line_on_legal_action_before_all_others() {
        let (text, _) = reply(PROMPT, &["Refund me or I will sue you!"]).await;
        let legal = text.find("Safety Rails, line 11 (sue → legal): “- The user mentions legal action”");
        let refund =
            text.find("Capabilities & Limitations, line 7 (refund): “- Explain refunds, without promising one”");
        assert!(legal.is_some() && legal < refund, "{text}");
        assert!(text.contains("Nothing on the subject in: Identity & Role."), "{text}");
        assert!(text.contains("Output Format"), "{text}");
    }

    #[tokio::test]
    async fn what_nothing_bears_on_is_said_to_have_nothing() {
        let (text, _) = reply(PROMPT, &["zebra"]).await;
        assert!(text.contains("No line of the prompt shares a word"), "{text}");
        let (text, _) = reply("", &["zebra"]).await;
        assert!(text.contains("holds no instructions"), "{text}");
        let (text, _) = reply(PROMPT, &["how are you?"]).await;
        assert!(text.contains("no word to look for"), "{text}");
    }

    #[tokio::test]
    async fn the_last_message_is_answered_and_the_answer_is_always_the_same() {
        let turns = ["refund", "…", "export"];
        let (text, events) = reply(PROMPT, &turns).await;
        assert!(text.contains("export a board") && !text.contains("promising"), "{text}");
        assert_eq!(reply(PROMPT, &turns).await.1, events);
    }

    #[tokio::test]
    async fn tokens_are_counted_and_the_end_is_the_end() {
        let (text, events) = reply("hello world", &["hi"]).await;
        assert!(text.contains("o200k_base counts 3 tokens"), "{text}");
        let [.., Event::Usage(usage), Event::Done { finish: Finish::End, failure: None }] = &events[..] else {
            panic!("{events:?}")
        };
        assert_eq!(usage.input, Some(3));
        assert!(usage.output.is_some_and(|output| output > 10));
    }
}
