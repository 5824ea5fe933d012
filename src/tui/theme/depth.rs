//! How many colours a terminal has, and a theme made to do with them.

use ratatui::style::{Color, Style};

use super::colour::{NAMED, Rgb, contrast, ratio};
use super::{Role, Theme};

/// The colours that a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None, or the user wants none.
    Monochrome,
    /// The sixteen named ones, which look different everywhere.
    Sixteen,
    /// xterm's 256.
    Indexed,
    /// Any.
    True,
}

/// What the terminal's own background is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Background {
    /// Light text on it.
    Dark,
    /// Dark text on it.
    Light,
}

impl Background {
    /// Whether a colour is light or dark, by the luma of ITU-R BT.601.
    pub fn of(red: u8, green: u8, blue: u8) -> Self {
        let luma = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
        if luma > 127_500 { Self::Light } else { Self::Dark }
    }
}

impl Depth {
    /// What the environment says: `NO_COLOR` (when not empty), then `COLORTERM`, then `TERM`.
    pub fn detect(env: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str| env(name).unwrap_or_default();
        let term = get("TERM");
        if !get("NO_COLOR").is_empty() || term == "dumb" {
            return Self::Monochrome;
        }
        let colours = get("COLORTERM");
        let any = ["xterm-kitty", "xterm-ghostty", "wezterm", "alacritty", "foot"].contains(&term.as_str());
        if colours == "truecolor"
            || colours == "24bit"
            || term.ends_with("-direct")
            || any
            || !get("WT_SESSION").is_empty()
        {
            Self::True
        } else if term.contains("256color") || !colours.is_empty() {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }
}

/// Backgrounds that only set an area off. With sixteen colours they would be too strong, and are left out.
const SURFACES: [Role; 3] = [Role::CursorLine, Role::Overlay, Role::Status];

impl Theme {
    /// The same theme in colours that a terminal of this depth has. Text that could be read before still can: of the
    /// colours that are readable on the background, the nearest is taken.
    #[must_use]
    pub fn adapt(self, depth: Depth) -> Self {
        let palette: Vec<Swatch> = match depth {
            Depth::True => return self,
            Depth::Monochrome => {
                return Self::built_in("none").map_or(self.clone(), |none| none.with_signs(self.signs()));
            }
            // The first sixteen of the 256 are the user's to change, so that what they look like is not known.
            Depth::Indexed => (16..=255).map(|index| Swatch::new(Color::Indexed(index), Rgb::indexed(index))).collect(),
            Depth::Sixteen => (0..).zip(NAMED).map(|(index, name)| Swatch::new(name, Rgb::indexed(index))).collect(),
        };
        let own = nearest(self.background, palette.iter()).colour;
        // many roles have the same colours, and looking for them is what takes time when greenroom starts
        let mut known: Vec<(Style, Style)> = Vec::new();
        let mut adapted = |style: Style| {
            let found = known.iter().find(|(from, _)| (from.fg, from.bg) == (style.fg, style.bg)).map(|(_, to)| *to);
            let Style { fg, bg, .. } = found.unwrap_or_else(|| {
                let to = self.adapt_style(style, own, &palette);
                known.push((style, to));
                to
            });
            Style { fg, bg, ..style }
        };
        let styles = Role::ALL.iter().map(|&role| {
            let mut style = self.style(role);
            if depth == Depth::Sixteen && SURFACES.contains(&role) {
                style.bg = None;
            }
            adapted(style)
        });
        Self { styles: styles.collect(), ..self.clone() }
    }

    /// `own` is what the background of the whole becomes.
    fn adapt_style(&self, style: Style, own: Color, palette: &[Swatch]) -> Style {
        let before = style.bg.and_then(Rgb::of).unwrap_or(self.background);
        // A background that stands out must not become the one it stands out from.
        let bg = style
            .bg
            .and_then(Rgb::of)
            .map(|bg| nearest(bg, palette.iter().filter(|swatch| bg == self.background || swatch.colour != own)));
        let after = bg.map_or_else(|| self.background.luminance(), |swatch| swatch.luminance);
        let fg = style.fg.and_then(Rgb::of).map(|fg| {
            let wanted = contrast(fg, before).min(4.5);
            nearest(fg, palette.iter().filter(|swatch| ratio(swatch.luminance, after) >= wanted)).colour
        });
        Style { fg: fg.or(style.fg), bg: bg.map(|swatch| swatch.colour).or(style.bg), ..style }
    }
}

/// A colour of a palette, measured once.
#[derive(Debug, Clone, Copy)]
struct Swatch {
    colour: Color,
    oklab: [f64; 3],
    luminance: f64,
}

impl Swatch {
    fn new(colour: Color, rgb: Rgb) -> Self {
        Self { colour, oklab: rgb.oklab(), luminance: rgb.luminance() }
    }
}

/// The swatch that looks most like a colour; the colour itself when there is none to choose.
fn nearest<'a>(wanted: Rgb, palette: impl Iterator<Item = &'a Swatch>) -> Swatch {
    let Rgb(r, g, b) = wanted;
    let wanted = Swatch::new(Color::Rgb(r, g, b), wanted);
    let [light, green, blue] = wanted.oklab;
    let mut found = (f64::INFINITY, &wanted);
    for swatch in palette {
        // most are too light or too dark, which is seen before the rest is looked at
        let mut distance = (swatch.oklab[0] - light).powi(2);
        if distance < found.0 {
            distance += (swatch.oklab[1] - green).powi(2) + (swatch.oklab[2] - blue).powi(2);
            if distance < found.0 {
                found = (distance, swatch);
            }
        }
    }
    *found.1
}
