//! Words as the offline stand-in compares them: folded to a stem, common ones left out, related ones known.

use unicode_segmentation::UnicodeSegmentation;

/// Words too common to say what a message is about.
const COMMON: &[&str] = &[
    "a", "about", "after", "again", "all", "also", "am", "an", "and", "any", "are", "as", "ask", "at", "be", "been",
    "but", "by", "call", "can", "could", "did", "do", "does", "for", "from", "get", "give", "go", "got", "had", "has",
    "have", "hello", "help", "hey", "hi", "how", "i", "if", "im", "in", "into", "is", "it", "its", "ive", "just",
    "know", "let", "like", "make", "may", "me", "my", "need", "no", "not", "now", "of", "on", "one", "or", "our",
    "out", "please", "say", "see", "should", "show", "so", "some", "tell", "than", "thank", "thanks", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "to", "too", "try", "up", "us", "use", "via", "want",
    "was", "way", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];

/// Words that are often about the same matter, by matter. A message's word also looks, with less weight, for the others
/// of its groups: "I will sue you" is to find the line on legal action.
const RELATED: &[&[&str]] = &[
    &["legal", "law", "lawyer", "attorney", "sue", "suing", "lawsuit", "court", "litigation", "solicitor"],
    &["loss", "lose", "lost", "losing", "delete", "vanish", "disappear", "missing", "gone", "wiped"],
    &["security", "hack", "breach", "leak", "stolen", "phishing", "compromise", "unauthorized"],
    &["refund", "reimburse", "chargeback", "compensation"],
    &["bill", "invoice", "charge", "payment", "pay", "paid", "price", "subscription", "cost"],
    &["cancel", "cancellation", "leave", "leaving", "quit", "churn", "unsubscribe"],
    &[
        "angry",
        "anger",
        "furious",
        "frustrated",
        "frustration",
        "upset",
        "unacceptable",
        "abuse",
        "abusive",
        "profanity",
    ],
    &["suicide", "suicidal", "harm", "hurt", "kill", "crisis", "emergency"],
    &["password", "login", "locked", "account", "access"],
    &["human", "person", "representative", "manager", "supervisor", "colleague"],
    &["medical", "doctor", "medicine", "medication", "illness", "disease", "diabetes", "diabetic", "pregnant"],
    &["diet", "dietary", "nutrition", "calorie", "weight"],
    &[
        "allergy",
        "allergic",
        "allergen",
        "nut",
        "peanut",
        "gluten",
        "dairy",
        "milk",
        "egg",
        "shellfish",
        "soy",
        "sesame",
    ],
    &["personal", "private", "privacy", "confidential", "gdpr"],
];

/// The stems of `text`, in order, with common words left out.
pub(super) fn stems(text: &str) -> Vec<String> {
    words(text).into_iter().map(|(_, stem)| stem).collect()
}

/// The words of `text` in lower case, each with its stem, in order, with common words left out.
pub(super) fn words(text: &str) -> Vec<(String, String)> {
    let lower = text.to_lowercase().replace('\u{2019}', "'");
    lower
        .unicode_words()
        .map(|word| word.strip_suffix("'s").unwrap_or(word).replace('\'', ""))
        .filter(|word| !word.is_empty() && COMMON.binary_search(&word.as_str()).is_err())
        .map(|word| (word.clone(), stem(&word)))
        .collect()
}

/// The words related to the one with this stem, in the order of the table, that word left out.
pub(super) fn related(to: &str) -> Vec<&'static str> {
    let groups = RELATED.iter().filter(|group| group.iter().any(|member| stem(member) == to));
    groups.flat_map(|group| group.iter().copied()).filter(|member| stem(member) != to).collect()
}

/// A word without the endings that English adds to it. It need not be a word; it must only be the same for the forms
/// of one. Words of other scripts stay as they are.
pub(super) fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 4 {
        return word.to_owned();
    }
    let mut stem = match word {
        _ if word.ends_with("ies") && word.len() > 4 => format!("{}y", &word[..word.len() - 3]),
        _ if word.ends_with("ing") && word.len() > 5 => word[..word.len() - 3].to_owned(),
        _ if word.ends_with("ed") && word.len() > 4 => word[..word.len() - 2].to_owned(),
        _ if word.ends_with("es") && word.len() > 4 => word[..word.len() - 2].to_owned(),
        _ if word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is") => {
            word[..word.len() - 1].to_owned()
        }
        _ => word.to_owned(),
    };
    if stem.len() > 3 && stem.ends_with('e') {
        stem.pop();
    }
    // "cancelled" and "cancel", "billing" and "bill": a doubled last letter counts once, in every word alike.
    if let [.., before, last] = stem.as_bytes()
        && before == last
        && stem.len() > 3
    {
        stem.pop();
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_words_are_sorted_for_the_search() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn the_forms_of_a_word_share_a_stem() {
        for forms in [
            &["export", "exports", "exported", "exporting"][..],
            &["cancel", "cancels", "cancelled", "cancelling"],
            &["bill", "bills", "billed", "billing"],
            &["charge", "charges", "charged", "charging"],
            &["allergy", "allergies"],
        ] {
            let first = stem(forms[0]);
            for form in forms {
                assert_eq!(stem(form), first, "{form}");
            }
        }
    }

    #[test]
    fn words_of_any_script_are_found() {
        assert_eq!(stems("Où est l’export, Größe 日本?"), ["où", "est", "lexport", "größe", "日", "本"]);
        assert_eq!(stems("how do I ...?"), Vec::<String>::new());
    }

    #[test]
    fn suing_is_related_to_legal_action() {
        assert!(related(&stem("sue")).contains(&"legal"));
        assert!(related("unheard").is_empty());
    }
}
