use super::*;

fn all() -> impl Iterator<Item = Theme> {
    Theme::names().map(|name| Theme::built_in(name).expect(name))
}

/// The contrast of a role's text on its own background, else on `behind`.
fn readability(theme: &Theme, role: Role, behind: Rgb) -> Option<f64> {
    let style = theme.style(role);
    let text = style.fg.or(theme.style(Role::Text).fg).and_then(Rgb::of)?;
    Some(contrast(text, style.bg.and_then(Rgb::of).unwrap_or(behind)))
}

fn unreadable(theme: &Theme) -> Vec<String> {
    let mut found = Vec::new();
    let surfaces = [Role::CursorLine, Role::Overlay].map(|role| theme.style(role).bg.and_then(Rgb::of));
    for behind in [Some(theme.background())].into_iter().chain(surfaces).flatten() {
        for &role in Role::ALL {
            // A border is a shape, for which WCAG asks 3.
            let least = if role == Role::Border { 3.0 } else { 4.5 };
            if let Some(ratio) = readability(theme, role, behind).filter(|&ratio| ratio < least) {
                found.push(format!("{} {} on {behind:?}: {ratio:.2}", theme.name(), role.id()));
            }
        }
    }
    found
}

#[test]
fn every_theme_can_be_read() {
    for theme in all() {
        assert_eq!(unreadable(&theme), [""; 0]);
    }
}

#[test]
fn fewer_colours_can_be_read_as_well() {
    for theme in all() {
        for depth in [Depth::Indexed, Depth::Sixteen] {
            let adapted = theme.clone().adapt(depth);
            assert_eq!(unreadable(&adapted), [""; 0], "{depth:?}");
        }
    }
}

#[test]
fn contrast_is_that_of_the_standard() {
    assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
    assert!((contrast(Rgb(0x77, 0x77, 0x77), Rgb(255, 255, 255)) - 4.48).abs() < 0.005);
}

#[test]
fn what_a_colour_means_is_also_in_the_shape() {
    let pairs = [
        (Role::VariableKnown, Role::VariableMissing),
        (Role::InsertEmphasis, Role::DeleteEmphasis),
        (Role::Match, Role::CurrentMatch),
        (Role::Tab, Role::TabActive),
        (Role::Border, Role::BorderFocus),
        (Role::Error, Role::Warning),
        (Role::Error, Role::Ok),
    ];
    for theme in all() {
        for (one, other) in pairs {
            let shape = |role| theme.style(role).add_modifier;
            assert_ne!(shape(one), shape(other), "{}: {} and {}", theme.name(), one.id(), other.id());
        }
    }
}

#[test]
fn the_colour_blind_themes_are_blue_against_orange_on_dark_and_on_light() {
    let pairs = [
        (Role::Insert, Role::Delete),
        (Role::Ok, Role::Error),
        (Role::Ok, Role::Warning),
        (Role::VariableKnown, Role::VariableMissing),
    ];
    for (name, behind) in [("colour-blind", Rgb::BLACK), ("colour-blind-light", Rgb(255, 255, 255))] {
        let theme = Theme::built_in(name).expect("built in");
        assert!(contrast(theme.background(), behind) < 1.5, "{name}");
        for (good, bad) in pairs {
            let colour = |role: Role| theme.style(role).fg.and_then(Rgb::of).expect("a colour of its own");
            let (Rgb(red, _, blue), Rgb(other_red, _, other_blue)) = (colour(good), colour(bad));
            assert!(blue > red && other_red > other_blue, "{name}: {} and {}", good.id(), bad.id());
        }
    }
}

#[test]
fn the_theme_without_colour_has_none_and_tells_states_apart() {
    let none = Theme::built_in("none").expect("built in");
    for &role in Role::ALL {
        let style = none.style(role);
        assert_eq!((style.fg, style.bg), (None, None), "{}", role.id());
    }
    let text = none.style(Role::Text);
    for role in
        [Role::Selection, Role::Match, Role::VariableKnown, Role::VariableMissing, Role::Hidden, Role::OverlaySelected]
    {
        assert_ne!(none.style(role), text, "{}", role.id());
    }
    assert_ne!(none.style(Role::Insert), none.style(Role::Delete));
}

#[test]
fn built_in_themes_name_every_role_themselves() {
    for (name, text) in BUILT_IN {
        let raw: RawTheme = toml::from_str(text).expect(name);
        assert_eq!(raw.roles.len(), Role::ALL.len(), "{name}");
        assert!(raw.background.is_some(), "{name}");
    }
}

#[test]
fn a_theme_of_ones_own_changes_what_it_names() {
    let text = "base = \"light\"\n[roles]\nheading = { fg = \"red\", is = [\"italic\"] }\n";
    let own = Theme::parse("mine", text, Path::new("themes/mine.toml")).expect("a good theme");
    let light = Theme::built_in("light").expect("built in");
    assert_eq!(own.name(), "mine");
    assert_eq!(own.style(Role::Heading), Style::new().red().italic());
    assert_eq!(own.style(Role::Text), light.style(Role::Text));
    let based_on_nothing = Theme::parse("mine", "", Path::new("mine.toml")).expect("an empty theme");
    assert_eq!(based_on_nothing.style(Role::Code), Theme::built_in("dark").expect("built in").style(Role::Code));
}

#[test]
fn a_mistake_in_a_theme_is_named_with_its_line() {
    let told = |text: &str| Theme::parse("mine", text, Path::new("themes/mine.toml")).expect_err(text).to_string();
    assert!(told("[roles]\n\nheadin = {}\n").starts_with("themes/mine.toml:3:10: there is no role \"headin\""));
    assert!(told("[roles]\ntext = { fg = \"rde\" }\n").starts_with("themes/mine.toml:2:8: \"rde\" is not a colour"));
    assert!(told("[roles]\ntext = { is = [\"loud\"] }\n").contains("\"loud\" is not bold"));
    assert!(told("base = \"darkish\"\n").starts_with("themes/mine.toml:1:8: there is no built-in theme \"darkish\""));
    assert!(told("[roles\n").starts_with("themes/mine.toml:1:"));
    assert!(told("colour = 1\n").starts_with("themes/mine.toml:1:1: unknown field"));
}

#[test]
fn the_environment_decides_how_many_colours_there_are() {
    let depth = |pairs: &[(&str, &str)]| {
        Depth::detect(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    };
    assert_eq!(depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]), Depth::True);
    assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
    assert_eq!(depth(&[("TERM", "linux")]), Depth::Sixteen);
    assert_eq!(depth(&[]), Depth::Sixteen);
    assert_eq!(depth(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]), Depth::Monochrome);
    assert_eq!(depth(&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")]), Depth::Monochrome);
    assert_eq!(depth(&[("TERM", "xterm-kitty"), ("NO_COLOR", "")]), Depth::True);
}

#[test]
fn the_setting_wins_over_the_background_and_no_colour_over_both() {
    let name = |setting, background, depth| Theme::pick(setting, background, depth).expect("a theme").name().to_owned();
    assert_eq!(name(None, None, Depth::True), "dark");
    assert_eq!(name(None, Some(Background::Light), Depth::True), "light");
    assert_eq!(name(Some("auto"), Some(Background::Light), Depth::True), "light");
    assert_eq!(name(Some("colour-blind"), Some(Background::Light), Depth::Indexed), "colour-blind");
    assert_eq!(name(Some("dark"), None, Depth::Monochrome), "none");
    let error = Theme::pick(Some("drak"), None, Depth::True).expect_err("no such theme").to_string();
    assert!(error.contains("no theme \"drak\"") && error.contains("colour-blind"), "{error}");
}

#[test]
fn a_depth_uses_only_its_own_colours() {
    for theme in all() {
        let (indexed, sixteen) = (theme.clone().adapt(Depth::Indexed), theme.adapt(Depth::Sixteen));
        for &role in Role::ALL {
            let colours = |theme: &Theme| [theme.style(role).fg, theme.style(role).bg].into_iter().flatten();
            for colour in colours(&indexed) {
                assert!(matches!(colour, Color::Indexed(16..)), "{colour:?}");
            }
            for colour in colours(&sixteen) {
                assert!(!matches!(colour, Color::Indexed(_) | Color::Rgb(..)), "{colour:?}");
            }
        }
    }
}
