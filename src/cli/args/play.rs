//! What can be typed behind `play`.

use std::path::PathBuf;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::cli::args::Filling;
use crate::cli::usage::words;

/// `play`
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the command line that stands for itself")]
pub struct Play {
    /// Which prompt
    #[arg(value_name = "REF")]
    pub reference: String,
    /// What is said
    #[command(flatten)]
    pub messages: Messages,
    /// PROVIDER:MODEL, or offline
    #[arg(long, value_name = "MODEL")]
    pub model: Option<String>,
    /// What the variables hold
    #[command(flatten)]
    pub filling: Filling,
    /// As temperature=0.2, in place of config.json's
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Ask N times, and count the replies that differ
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub n: Option<u16>,
    /// Ask another version too, and show what differs
    #[arg(long, value_name = "REF", conflicts_with = "n")]
    pub compare: Option<String>,
    /// Print the reply when it is complete
    #[arg(long)]
    pub no_stream: bool,
    /// Print the server's answer as it came, without keys
    #[arg(long, conflicts_with_all = ["json", "json_lines", "compare", "n", "replay"])]
    pub raw: bool,
    /// Print events as JSON lines, the document at the end
    #[arg(long, conflicts_with_all = ["json", "compare", "n"])]
    pub json_lines: bool,
    /// Send personal values to a remote host
    #[arg(long)]
    pub real_values: bool,
    /// Write the replies on this cassette, for --replay
    #[arg(long, value_name = "FILE", conflicts_with = "replay")]
    pub record: Option<PathBuf>,
    /// Answer from this cassette alone: no key, no network
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,
}

/// The messages of a conversation, in the order in which they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages(pub Vec<Message>);

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// These words; `-` is standard input.
    Words(String),
    /// What stands in this file; `-` is standard input.
    File(PathBuf),
}

impl Args for Messages {
    fn augment_args(command: Command) -> Command {
        let message = Arg::new("message").short('m').long("message").value_name("MESSAGE");
        let message = message.action(ArgAction::Append).required_unless_present("file");
        let message = message.allow_hyphen_values(true).value_parser(words);
        let file = Arg::new("file").short('f').long("file").value_name("FILE").action(ArgAction::Append);
        command.arg(message.help("A message; several are turns; `-` is standard input")).arg(
            file.value_parser(clap::value_parser!(PathBuf))
                .help("A message from a file; the order of -m and -f counts"),
        )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Messages {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let indices = |id| matches.indices_of(id).into_iter().flatten();
        let words = matches.get_many::<String>("message").into_iter().flatten().cloned().map(Message::Words);
        let files = matches.get_many::<PathBuf>("file").into_iter().flatten().cloned().map(Message::File);
        let mut all: Vec<(usize, Message)> = indices("message").zip(words).chain(indices("file").zip(files)).collect();
        all.sort_by_key(|(index, _)| *index);
        Ok(Self(all.into_iter().map(|(_, message)| message).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command as Known};

    #[test]
    fn messages_and_files_are_turns_in_the_order_in_which_they_were_typed() {
        let cli =
            Cli::try_parse_from(["greenroom", "play", "x", "-m", "one", "-f", "two.txt", "-m", "-", "-f", "four"]);
        let Ok(Some(Known::Play(play))) = cli.map(|cli| cli.command) else { panic!("not understood") };
        let words = |words: &str| Message::Words(words.into());
        let file = |file: &str| Message::File(file.into());
        assert_eq!(play.messages.0, [words("one"), file("two.txt"), words("-"), file("four")]);
    }

    #[test]
    fn what_makes_no_sense_together_is_refused() {
        for wrong in [
            &["--n", "0"][..],
            &["--n", "x"],
            &["--compare", "x@1.0.0", "--n", "2"],
            &["--raw", "--json"],
            &["--raw", "--compare", "x@1.0.0"],
            &["--raw", "--n", "2"],
            &["--raw", "--replay", "a"],
            &["--json-lines", "--json"],
            &["--json-lines", "--compare", "x@1.0.0"],
            &["--record", "a", "--replay", "b"],
        ] {
            let all = ["greenroom", "play", "x", "-m", "hi"].iter().chain(wrong);
            assert!(Cli::try_parse_from(all).is_err(), "{wrong:?}");
        }
    }
}
