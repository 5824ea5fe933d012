//! Which day it is where the user is.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Today, by `TZ` or else by the system's time zone; in UTC where neither is known.
///
/// The system's zone is read from the one file that holds it: asking for it by its name would first look through all
/// the hundreds of zones, which costs as much as drawing the first screen.
pub fn today() -> Date {
    let system = || TimeZone::tzif("Local", &std::fs::read("/etc/localtime").ok()?).ok();
    let zone = if std::env::var_os("TZ").is_none() { system() } else { None };
    zone.map_or_else(Zoned::now, |zone| Timestamp::now().to_zoned(zone)).date()
}
