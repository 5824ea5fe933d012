//! What time and which day it is where the user is.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The time zone by `TZ`, or else the system's; UTC where neither is known.
///
/// The system's is read from the one file that holds it: to look it up by its name, all the hundreds of zones are looked
/// through first, which takes as long as drawing the first screen.
static ZONE: LazyLock<TimeZone> = LazyLock::new(|| {
    let system = || TimeZone::tzif("Local", &std::fs::read("/etc/localtime").ok()?).ok();
    let zone = if std::env::var_os("TZ").is_none() { system() } else { None };
    zone.unwrap_or_else(TimeZone::system)
});

/// A moment as the user's clock shows it.
pub fn at(moment: Timestamp) -> Zoned {
    moment.to_zoned(ZONE.clone())
}

/// Today.
pub fn today() -> Date {
    at(Timestamp::now()).date()
}
