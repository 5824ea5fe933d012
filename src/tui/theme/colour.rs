//! Colours as numbers: how far two are apart for the eye, and whether one can be read on the other.

use ratatui::style::Color;

/// A colour of the screen, red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self(0, 0, 0);

    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// What a colour looks like with the palette that xterm starts with; `None` for the terminal's default.
    pub fn of(colour: Color) -> Option<Self> {
        let index = match colour {
            Color::Reset => return None,
            Color::Rgb(r, g, b) => return Some(Self(r, g, b)),
            Color::Indexed(index) => index,
            named => NAMED.iter().position(|&other| other == named)? as u8,
        };
        Some(Self::indexed(index))
    }

    /// A colour of xterm's 256: 16 named ones, a cube of 216, 24 greys.
    pub(super) fn indexed(index: u8) -> Self {
        match index {
            0..16 => SIXTEEN[usize::from(index)],
            16..232 => {
                let level = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
                let cube = index - 16;
                Self(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
            }
            grey => {
                let level = 8 + (grey - 232) * 10;
                Self(level, level, level)
            }
        }
    }

    /// Coordinates in Oklab, a space made so that equal distances look equal (Ottosson 2020).
    pub(super) fn oklab(self) -> [f64; 3] {
        let light = self.linear();
        let sum = |weights: [f64; 3]| weights.iter().zip(light).map(|(weight, part)| weight * part).sum::<f64>();
        let long = sum([0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9]).cbrt();
        let medium = sum([0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6]).cbrt();
        let short = sum([0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5]).cbrt();
        [
            0.210_454_255_3 * long + 0.793_617_785_0 * medium - 0.004_072_046_8 * short,
            1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short,
            0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short,
        ]
    }

    /// How light it is, 0 to 1 (WCAG 2.2, relative luminance).
    pub(super) fn luminance(self) -> f64 {
        let [r, g, b] = self.linear();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// The parts as amounts of light, 0 to 1 (the sRGB transfer function).
    fn linear(self) -> [f64; 3] {
        [self.0, self.1, self.2].map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// How well one colour can be read on another, 1 to 21 (WCAG 2.2, contrast ratio); 4.5 is the least for text.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    ratio(one.luminance(), other.luminance())
}

/// The contrast of two luminances.
pub(super) fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// The sixteen named colours in the order of their numbers.
pub const NAMED: [Color; 16] = [
    Color::Black,
    Color::Red,
    Color::Green,
    Color::Yellow,
    Color::Blue,
    Color::Magenta,
    Color::Cyan,
    Color::Gray,
    Color::DarkGray,
    Color::LightRed,
    Color::LightGreen,
    Color::LightYellow,
    Color::LightBlue,
    Color::LightMagenta,
    Color::LightCyan,
    Color::White,
];

/// What xterm shows for them unless it is told otherwise.
const SIXTEEN: [Rgb; 16] = [
    Rgb(0, 0, 0),
    Rgb(205, 0, 0),
    Rgb(0, 205, 0),
    Rgb(205, 205, 0),
    Rgb(0, 0, 238),
    Rgb(205, 0, 205),
    Rgb(0, 205, 205),
    Rgb(229, 229, 229),
    Rgb(127, 127, 127),
    Rgb(255, 0, 0),
    Rgb(0, 255, 0),
    Rgb(255, 255, 0),
    Rgb(92, 92, 255),
    Rgb(255, 0, 255),
    Rgb(0, 255, 255),
    Rgb(255, 255, 255),
];
