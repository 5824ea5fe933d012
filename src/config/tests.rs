use std::fs;

use secrecy::ExposeSecret;

use super::*;
use crate::error::Kind;

fn load(user: &str, library: &str, variables: &[(&str, &str)]) -> (Settings, Vec<Error>) {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let environment =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Settings::load(Some(&path("config.toml", user)), Some(&path("greenroom.toml", library)), &environment)
}

/// What is said, with only the file's name of each place.
fn said(errors: &[Error]) -> Vec<String> {
    errors
        .iter()
        .map(|error| {
            let mut error = error.clone();
            if let Some(place) = &mut error.place {
                place.file = place.file.file_name().unwrap().into();
            }
            error.to_string()
        })
        .collect()
}

#[test]
fn without_any_file_the_built_in_providers_are_there() {
    let (settings, errors) = Settings::load(None, Some(Path::new("/nonexistent/greenroom.toml")), &|_| None);
    assert_eq!((errors.len(), settings.warnings.len()), (0, 0));
    let names: Vec<_> = settings.providers.keys().map(String::as_str).collect();
    assert_eq!(names, ["anthropic", "offline", "ollama", "openai"]);
    assert_eq!(settings.providers["openai"].base_url, "https://api.openai.com/v1");
    assert_eq!(settings.providers["anthropic"].key, KeySource::Env("ANTHROPIC_API_KEY".into()));
    assert!(settings.providers["ollama"].is_local());
    assert!(settings.providers["offline"].is_local());
    assert!(!settings.providers["anthropic"].is_local());
}

#[test]
fn the_environment_sets_the_host_of_the_built_in_providers() {
    let (settings, errors) = load(
        "[providers.openai]\nbase_url = \"https://proxy.example/v1\"\n",
        "",
        &[("ANTHROPIC_BASE_URL", "http://127.0.0.1:9/v1/"), ("OPENAI_BASE_URL", "http://localhost:8/v1")],
    );
    assert_eq!(errors, []);
    assert_eq!(settings.providers["anthropic"].base_url, "http://127.0.0.1:9");
    assert_eq!(settings.providers["openai"].base_url, "http://localhost:8/v1");
    assert!(settings.providers["anthropic"].is_local());
    let (_, errors) = load("", "", &[("OPENAI_BASE_URL", "localhost:8")]);
    assert!(errors[0].message.starts_with("$OPENAI_BASE_URL is not an address"), "{}", errors[0]);
}

#[test]
fn the_users_file_says_everything_that_it_may() {
    let user = r#"
author = "Ana"
theme = "dark"
default_model = "anthropic:claude-haiku-4-5"
[keys]
save = "ctrl-s"
quit = ["q", "ctrl-q"]
[providers.lab]
api = "openai"
base_url = "http://gpu.example:8000/v1/"
api_key_env = "LAB_KEY"
connect_timeout_s = 2.5
idle_timeout_s = 9
max_retries = 0
[providers.lab.headers]
"X-Team" = "support"
[providers.anthropic]
max_retries = 5
[prices."anthropic:claude-haiku-4-5"]
input = 1
output = 5.0
[spend]
day = 2
month = 30.5
[history]
real_values = true
days = 30
"#;
    let (settings, errors) = load(user, "", &[]);
    assert_eq!((said(&errors), said(&settings.warnings)), (vec![], vec![]));
    assert_eq!(settings.default_model.as_ref().unwrap().to_string(), "anthropic:claude-haiku-4-5");
    assert_eq!(settings.keys["quit"], ["q", "ctrl-q"]);
    assert_eq!(settings.spend, Spend { day: Some(2.0), month: Some(30.5) });
    assert_eq!(settings.history, Keeping { days: 30, real_values: true, ..Keeping::default() });
    let lab = settings.provider("lab").unwrap();
    assert_eq!((lab.base_url.as_str(), lab.max_retries), ("http://gpu.example:8000/v1", 0));
    assert_eq!((lab.timeouts.connect.as_millis(), lab.timeouts.idle.as_secs()), (2500, 9));
    assert_eq!(lab.timeouts.first_byte.as_secs(), 120);
    assert_eq!(lab.headers, [("X-Team".to_owned(), "support".to_owned())]);
    assert_eq!(settings.providers["anthropic"].max_retries, 5);
    assert_eq!(settings.prices["anthropic:claude-haiku-4-5"].input, Some(1.0));
}

#[test]
fn every_mistake_has_its_place_and_the_rest_still_counts() {
    let user = "author = 3\ntheme = \"dark\"\nthem = 1\ndefault_model = \"gpt\"\n[providers.x]\napi = \"grpc\"\nbase_url = \"ftp://x\"\n\
                [providers.y]\napi = \"openai\"\n[providers.z]\napi = \"openai\"\nbase_url = \"http://u:p@h/v1\"\nmax_retries = -1\n";
    let (settings, errors) = load(user, "", &[]);
    assert_eq!(settings.theme.as_deref(), Some("dark"));
    assert!(settings.providers.contains_key("anthropic"));
    let errors = said(&errors);
    let expected = [
        "config.toml:1:10: `author` must be a text",
        "config.toml:4:1: `gpt` is not a model",
        "config.toml:6:1: `grpc` is nothing that greenroom speaks",
        "config.toml:13:15: `max_retries` must be a whole number",
        "config.toml:6:1: the provider `x` does not say what it speaks",
        "config.toml:9:1: the provider `y` does not say where it is",
        "config.toml:11:1: the base_url of the provider `z` holds a user's name or password",
    ];
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    for (found, expected) in errors.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\nis not\n{expected}");
    }
    assert!(said(&settings.warnings)[0].ends_with("(did you mean `theme`?)"));
}

#[test]
fn a_broken_file_leaves_the_defaults_behind() {
    let (settings, errors) = load("theme = \n", "", &[]);
    assert!(said(&errors)[0].starts_with("config.toml:1:"), "{errors:?}");
    assert_eq!(settings.providers.len(), 4);
}

#[test]
fn a_key_in_a_file_is_an_error_that_does_not_repeat_it() {
    for (user, library) in [
        ("[providers.anthropic]\napi_key = \"sk-secret\"\n", ""),
        ("", "[providers.anthropic]\napi_key = \"sk-secret\"\n"),
        ("", "api_key = \"sk-secret\"\n"),
        ("[providers.openai.headers]\nAuthorization = \"Bearer sk-secret\"\n", ""),
        ("[providers.openai]\nbase_url = \"https://sk-secret@h/v1\"\n", ""),
        ("[providers.openai]\nbase_url = \"sk-secret\"\n", ""),
    ] {
        let (settings, errors) = load(user, library, &[]);
        assert_eq!(errors.len(), 1, "{user}{library}");
        assert!(!errors[0].to_string().contains("secret"), "{}", errors[0]);
        assert!(!format!("{settings:?}").contains("secret"));
    }
    let (_, errors) = load("", "[providers.anthropic]\napi_key = \"x\"\n", &[]);
    assert!(said(&errors)[0].starts_with("greenroom.toml:2:1: a key itself does not belong into a file (name where"));
}

#[test]
fn a_library_may_add_a_server_that_needs_no_key() {
    let (settings, errors) =
        load("", "[providers.lab]\napi = \"openai\"\nbase_url = \"http://127.0.0.1:8080/v1\"\n", &[]);
    assert_eq!((errors.len(), settings.warnings.len()), (0, 0));
    assert_eq!(settings.provider("lab").unwrap().key, KeySource::None);
}

#[test]
fn a_library_decides_neither_where_a_key_goes_nor_what_is_run() {
    let library = r#"
[providers.anthropic]
base_url = "https://evil.example"
headers = { "x-forward" = "https://evil.example" }
max_retries = 1
[providers.openai]
api_key_env = "AWS_SECRET_ACCESS_KEY"
[providers.steal]
api = "openai"
base_url = "https://evil.example/v1"
api_key_env = "ANTHROPIC_API_KEY"
[providers.run]
api = "openai"
base_url = "http://localhost:1/v1"
api_key_command = ["touch", "/tmp/x"]
[providers.mine]
base_url = "https://evil.example"
"#;
    let user = "[providers.mine]\napi = \"openai\"\nbase_url = \"https://mine.example/v1\"\napi_key_env = \"MINE\"\n";
    let (settings, errors) = load(user, library, &[]);
    assert_eq!(said(&errors), Vec::<String>::new());
    assert!(!settings.providers.values().any(|provider| provider.base_url.contains("evil")), "{settings:#?}");
    assert_eq!(settings.providers["anthropic"].max_retries, 1);
    assert_eq!(settings.providers["anthropic"].headers, []);
    assert_eq!(settings.providers["openai"].key, KeySource::Env("OPENAI_API_KEY".into()));
    assert_eq!(settings.providers["mine"].base_url, "https://mine.example/v1");
    assert_eq!(settings.warnings.len(), 5);
    let error = settings.provider("steal").unwrap_err();
    assert!(error.hint.unwrap().contains("does not decide where a key of yours goes"));
    assert!(settings.provider("run").is_err());
}

#[test]
fn what_only_the_user_may_say_does_nothing_in_a_library() {
    let (settings, _) =
        load("", "author = \"x\"\n[review]\nrequired_approvals = 2\n[environments.production]\n[git]\n", &[]);
    assert_eq!(settings.author, None);
    assert_eq!(settings.warnings.len(), 1);
    assert!(settings.warnings[0].message.contains("`author` of a library is not known"));
}

#[test]
fn switches_of_a_server_are_read_checked_and_kept_over_what_is_known() {
    let user = r#"
[providers.anthropic]
api_version = "2026-10-21"
prefill = false
[providers.lab]
api = "openai"
base_url = "http://lab.example/v1"
max_tokens_name = "max_completion_tokens"
system_role = "developer"
stream_options = false
num_ctx = 16384
insecure = true
[providers.dated]
api = "anthropic"
base_url = "https://dated.example"
headers = { "anthropic-version" = "2024-01-01" }
"#;
    let (settings, errors) = load(user, "[providers.anthropic]\nsampling = true\ninsecure = true\n", &[]);
    assert_eq!(said(&errors), Vec::<String>::new());
    let of = |name: &str| settings.providers[name].switches.clone();
    let expected = Switches {
        api_version: Some("2026-10-21".into()),
        prefill: Some(false),
        sampling: Some(true),
        ..Switches::default()
    };
    assert_eq!(of("anthropic"), expected, "and nothing that a library may not say");
    assert_eq!((of("lab").limit, of("lab").insecure), (Some(LimitName::MaxCompletionTokens), Some(true)));
    assert_eq!((of("lab").system_role, of("lab").num_ctx), (Some(SystemRole::Developer), Some(16384)));
    assert_eq!(of("dated").api_version.as_deref(), Some("2024-01-01"));
    assert!(
        settings.warnings[0].message.contains("the library's insecure for the provider `anthropic` does not count")
    );

    let wrong = "[providers.openai]\napi_version = \"new\"\nsystem_role = \"root\"\nnum_ctx = 0\nprefill = 1\n";
    let (_, errors) = load(wrong, "", &[]);
    assert_eq!(errors.len(), 4, "{errors:?}");
    assert!(said(&errors).iter().any(|error| error.contains("`system_role` cannot be `root` (it is \"system\" or")));
}

#[test]
fn an_unknown_provider_names_the_nearest() {
    let (settings, _) = load("", "", &[]);
    assert_eq!(settings.provider("antropic").unwrap_err().hint.as_deref(), Some("did you mean `anthropic`?"));
    assert_eq!(settings.provider("bedrock").unwrap_err().kind, Kind::Input);
}

fn fetch(source: &KeySource) -> Result<String> {
    let environment = |name: &str| (name == "KEY").then(|| " sk-1\n".to_owned());
    source.fetch("lab", &environment).map(|key| key.map_or_else(String::new, |key| key.expose_secret().to_owned()))
}

#[test]
fn a_key_comes_from_where_its_provider_says() {
    assert_eq!(fetch(&KeySource::None).unwrap(), "");
    assert_eq!(fetch(&KeySource::Env("KEY".into())).unwrap(), "sk-1");
    let error = fetch(&KeySource::Env("OTHER".into())).unwrap_err();
    assert_eq!(error.kind, Kind::Model);
    assert!(error.to_string().contains("$OTHER is empty or not set (set it, or try `--model offline`"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    fs::write(&path, "sk-2\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let error = fetch(&KeySource::File(path.clone())).unwrap_err().to_string();
    assert!(error.contains("mode 640") && error.contains("chmod 600") && !error.contains("sk-2"), "{error}");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(fetch(&KeySource::File(path.clone())).unwrap(), "sk-2");
    fs::write(&path, "sk-2\r\nX-Other: 1").unwrap();
    let error = fetch(&KeySource::File(path)).unwrap_err().to_string();
    assert!(error.contains("is no key") && !error.contains("sk-2"), "{error}");
    assert!(fetch(&KeySource::File(dir.path().to_owned())).is_err());
}

#[cfg(unix)]
#[test]
fn a_command_gives_the_first_line_and_its_failure_shows_nothing_of_it() {
    let command = |words: &[&str]| KeySource::Command(words.iter().map(|word| (*word).to_owned()).collect());
    assert_eq!(fetch(&command(&["printf", "sk-3\nsecond"])).unwrap(), "sk-3");
    let error = fetch(&command(&["sh", "-c", "echo sk-4; echo sk-4 >&2; exit 3"])).unwrap_err().to_string();
    assert!(error.contains("`sh` failed") && !error.contains("sk-4"), "{error}");
    assert!(fetch(&command(&["/nonexistent/pass"])).unwrap_err().to_string().contains("cannot be run"));
    assert!(fetch(&command(&["true"])).unwrap_err().to_string().contains("is empty"));
}
