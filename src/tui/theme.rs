//! How everything looks: the roles that a view names, and the themes that give each role a style.
//!
//! A view never names a colour. Themes are TOML files, built in or the user's own; what a terminal cannot show is
//! replaced by the nearest that it can ([`Theme::adapt`]). Nothing here reads a file or the environment.

mod colour;
mod depth;
mod signs;

use std::collections::BTreeMap;
use std::path::Path;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::source::{error_at, nearest};

pub use colour::{NAMED, Rgb, contrast};
pub use depth::{Background, Depth};
pub use signs::Signs;

macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $role:ident = $id:literal,)+) => {
        /// What a piece of the screen is, as far as its look goes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[doc = $doc])+ $role,)+ }

        impl Role {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$role,)+];

            /// Its name in theme files.
            pub fn id(self) -> &'static str {
                match self { $(Self::$role => $id,)+ }
            }
        }
    };
}

roles! {
    /// Ordinary text, and the look of every cell that nothing else claims.
    Text = "text",
    /// Text that matters less.
    Dim = "dim",
    /// The border of a pane.
    Border = "border",
    /// The border of the focused pane.
    BorderFocus = "border_focus",
    /// The title of a pane.
    Title = "title",
    /// A screen's tab.
    Tab = "tab",
    /// The tab of the screen that is shown.
    TabActive = "tab_active",
    /// What should be seen first.
    Accent = "accent",
    /// A heading in text.
    Heading = "heading",
    /// A placeholder whose variable has a value.
    VariableKnown = "variable_known",
    /// A placeholder whose variable has none.
    VariableMissing = "variable_missing",
    /// A value in the place of its placeholder.
    Value = "value",
    /// A personal value that is masked.
    Personal = "personal",
    /// A character that would be invisible or harmful, shown as a mark.
    Hidden = "hidden",
    /// Selected text.
    Selection = "selection",
    /// Text that was searched for.
    Match = "match",
    /// The match that the cursor is on.
    CurrentMatch = "current_match",
    /// An added line.
    Insert = "insert",
    /// A removed line.
    Delete = "delete",
    /// A changed line.
    Change = "change",
    /// A line that stands somewhere else.
    Move = "move",
    /// The added words of a line.
    InsertEmphasis = "insert_emphasis",
    /// The removed words of a line.
    DeleteEmphasis = "delete_emphasis",
    /// Something failed.
    Error = "error",
    /// Something is doubtful.
    Warning = "warning",
    /// Something went well.
    Ok = "ok",
    /// A key in the row of hints.
    HintKey = "hint_key",
    /// What that key does.
    HintText = "hint_text",
    /// The message line.
    Status = "status",
    /// A box over the screen.
    Overlay = "overlay",
    /// The chosen row of such a box, or of a list.
    OverlaySelected = "overlay_selected",
    /// The line that the cursor is on.
    CursorLine = "cursor_line",
    /// What the user said.
    UserMessage = "user_message",
    /// What the model said.
    ModelReply = "model_reply",
    /// What the model thought before it said it.
    Thinking = "thinking",
    /// Code in a reply.
    Code = "code",
}

impl Role {
    /// The role of this name, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.id() == id)
    }
}

/// A style for every role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    signs: Signs,
    background: Rgb,
    styles: Vec<Style>,
}

/// The built-in themes: name and file.
const BUILT_IN: [(&str, &str); 6] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high_contrast.toml")),
    ("colour-blind", include_str!("../../themes/colour_blind.toml")),
    ("colour-blind-light", include_str!("../../themes/colour_blind_light.toml")),
    ("none", include_str!("../../themes/none.toml")),
];

impl Theme {
    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.into_iter().map(|(name, _)| name)
    }

    /// The built-in theme of this name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (name, text) = BUILT_IN.into_iter().find(|&(built_in, _)| built_in == name)?;
        let theme = Self::parse(name, text, Path::new(name)).ok()?;
        Some(theme)
    }

    /// The theme to use: the one in the settings, else the one for the terminal's background, in the colours that the
    /// terminal has. A terminal without colours gets `none`, whatever was set.
    ///
    /// # Errors
    /// When no built-in theme has the name. A theme of the user's own is read with [`Theme::parse`].
    pub fn pick(setting: Option<&str>, background: Option<Background>, depth: Depth) -> Result<Self> {
        let name = match (depth, setting.filter(|&name| name != "auto"), background) {
            (Depth::Monochrome, ..) => "none",
            (_, Some(name), _) => name,
            (_, None, Some(Background::Light)) => "light",
            (_, None, _) => "dark",
        };
        let theme = Self::built_in(name).ok_or_else(|| {
            let all: Vec<_> = Self::names().collect();
            Error::input(format!("there is no theme {name:?}")).hint(format!("choose one of {}", all.join(", ")))
        })?;
        Ok(theme.adapt(depth))
    }

    /// Reads a theme file. Roles that it does not name look as in the theme it is `base`d on, `dark` when it names none.
    ///
    /// # Errors
    /// When it is not TOML or names a role, colour or modifier that does not exist; with line and column in `file`.
    pub fn parse(name: &str, text: &str, file: &Path) -> Result<Self> {
        let at = |span: Option<std::ops::Range<usize>>, message: String| {
            error_at(file, text, span.map_or(0, |span| span.start), message)
        };
        let raw: RawTheme = toml::from_str(text).map_err(|error| at(error.span(), error.message().to_owned()))?;
        let mut theme = match &raw.base {
            Some(base) => Self::built_in(base.get_ref()).ok_or_else(|| {
                let message = format!("there is no built-in theme {:?} to base this one on", base.get_ref());
                at(Some(base.span()), message)
            })?,
            None if raw.roles.len() == Role::ALL.len() => Self::plain(name),
            None => Self::built_in("dark").unwrap_or_else(|| Self::plain(name)),
        };
        name.clone_into(&mut theme.name);
        if let Some(background) = &raw.background {
            theme.background = Rgb::parse(background.get_ref())
                .ok_or_else(|| at(Some(background.span()), not_a_colour(background.get_ref())))?;
        }
        for (id, style) in &raw.roles {
            let span = || Some(style.span());
            let role = Role::from_id(id).ok_or_else(|| at(span(), format!("there is no role {id:?}")))?;
            let style = style.get_ref().style().map_err(|message| at(span(), message))?;
            theme.styles[role as usize] = style;
        }
        Ok(theme)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The background that it is made for, which is drawn only where a style sets it, or with [`Theme::with_ground`].
    pub fn background(&self) -> Rgb {
        self.background
    }

    /// What frames and marks are drawn with.
    pub fn signs(&self) -> Signs {
        self.signs
    }

    /// The same theme, drawn with these signs.
    #[must_use]
    pub fn with_signs(self, signs: Signs) -> Self {
        Self { signs, ..self }
    }

    /// The same theme on the background that it is made for, whatever the terminal's own is. A theme without colours
    /// stays on the terminal's.
    #[must_use]
    pub fn with_ground(mut self) -> Self {
        let text = &mut self.styles[Role::Text as usize];
        if text.fg.is_some() && text.bg.is_none() {
            let Rgb(red, green, blue) = self.background;
            text.bg = Some(Color::Rgb(red, green, blue));
        }
        self
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// A theme in which everything looks the same.
    fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            signs: Signs::Unicode,
            background: Rgb::BLACK,
            styles: vec![Style::new(); Role::ALL.len()],
        }
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::built_in("none").unwrap_or_else(|| Self::plain("none"))
    }
}

/// The themes that can be chosen: names, and of a user's own ones also the text of the file.
pub type ThemeList = Vec<(String, Option<String>)>;

/// The theme of this name in the colours of `depth`: one of the user's own (name and text), else a built-in one. It
/// brings its ground, because it was chosen by somebody whose terminal may have another.
///
/// # Errors
/// When there is none of that name, or the user's own cannot be read.
pub fn by_name(own: &ThemeList, name: &str, depth: Depth) -> Result<Theme> {
    match own.iter().rev().find(|(known, text)| known == name && text.is_some()) {
        Some((name, Some(text))) => {
            let file = format!("themes/{name}.toml");
            Theme::parse(name, text, Path::new(&file)).map(|theme| theme.with_ground().adapt(depth))
        }
        _ => Theme::built_in(name).map(|theme| theme.with_ground().adapt(depth)).ok_or_else(|| {
            let all: Vec<&str> = own.iter().map(|(name, _)| name.as_str()).collect();
            let hint = match nearest(name, all.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("`theme` is one of {}", all.join(", ")),
            };
            Error::input(format!("there is no theme `{name}`")).hint(hint)
        }),
    }
}

/// A theme file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTheme {
    base: Option<toml::Spanned<String>>,
    background: Option<toml::Spanned<String>>,
    #[serde(default)]
    roles: BTreeMap<String, toml::Spanned<RawStyle>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStyle {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    is: Vec<String>,
}

impl RawStyle {
    fn style(&self) -> std::result::Result<Style, String> {
        let colour = |text: &Option<String>| match text {
            Some(text) => text.parse::<Color>().map(Some).map_err(|_| not_a_colour(text)),
            None => Ok(None),
        };
        let mut style = Style { fg: colour(&self.fg)?, bg: colour(&self.bg)?, ..Style::new() };
        for word in &self.is {
            style = style.add_modifier(match word.as_str() {
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "italic" => Modifier::ITALIC,
                "underlined" => Modifier::UNDERLINED,
                "reversed" => Modifier::REVERSED,
                "crossed_out" => Modifier::CROSSED_OUT,
                _ => return Err(format!("{word:?} is not bold, dim, italic, underlined, reversed or crossed_out")),
            });
        }
        Ok(style)
    }
}

fn not_a_colour(text: &str) -> String {
    format!("{text:?} is not a colour; write #rrggbb, a name such as light-blue, or a number from 0 to 255")
}

#[cfg(test)]
mod tests;
