//! Calendar parts of date strings in one known format.

use serde::{Deserialize, Serialize};

/// Order of the date's parts and its separators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DateFormat {
    /// `2024-01-31`
    Ymd,
    /// `2024-01-31 13:05`
    YmdHm,
    /// `2024-01-31 13:05:59`
    YmdHms,
    /// `2024-01-31T13:05:59`
    YmdTHms,
    /// `2024-01-31T13:05:59Z`
    YmdTHmsZ,
    /// `2024/01/31`
    YmdSlash,
    /// `01/31/2024`
    MdySlash,
    /// `31/01/2024`
    DmySlash,
    /// `31.01.2024`
    DmyDot,
}

/// A calendar part that becomes a numeric feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DatePart {
    /// Days since 1970-01-01, with the time of day as fraction.
    Day,
    /// Year.
    Year,
    /// 1 to 12.
    Month,
    /// 1 to 31.
    DayOfMonth,
    /// 0 (Monday) to 6.
    DayOfWeek,
    /// 1 to 366.
    DayOfYear,
    /// Hour of the day with minutes and seconds as fraction.
    Hour,
}

/// A fitted date step. A string in any other format, or no real date, is missing (NaN in every part).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Date {
    /// The one format accepted.
    pub format: DateFormat,
    /// The features made, in order (parts that are constant in training are left out).
    pub parts: Vec<DatePart>,
}
