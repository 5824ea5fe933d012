//! The five headings, spread over a text of many lines.

/// The headings of the five sections.
const HEADINGS: [&str; 5] = [
    "# Identity & Role",
    "# Behavioral Guidelines",
    "# Capabilities & Limitations",
    "# Output Format",
    "# Safety Rails",
];

/// The heading before this line of `count` lines, when one stands there: each section has a fifth of them.
pub fn heading_before(line: usize, count: usize) -> Option<&'static str> {
    line.is_multiple_of(count.div_ceil(5)).then(|| HEADINGS[line / count.div_ceil(5)])
}
