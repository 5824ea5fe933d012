//! Private things as a message may show them: enough to find the place, too little to use it.

/// The first characters of `text`, then an ellipsis: never more than a third of it.
pub fn head(text: &str) -> String {
    let shown = (text.chars().count() / 3).min(6);
    text.chars().take(shown).chain(['…']).collect()
}

/// Only the last two digits of a number.
pub fn digits(text: &str) -> String {
    let all: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let last: String = all[all.len().saturating_sub(2)..].iter().collect();
    format!("…{last}")
}

/// An address with one letter before the @.
pub fn address(text: &str) -> String {
    let (name, host) = text.split_once('@').unwrap_or((text, ""));
    format!("{}…@{host}", name.chars().next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_a_third_is_shown() {
        assert_eq!(head("sk-ant-abcdefghijklmnop"), "sk-ant…");
        assert_eq!(head("abc"), "a…");
        assert_eq!(digits("+1 555 123 45 67"), "…67");
        assert_eq!(address("jane@corp.example"), "j…@corp.example");
    }
}
