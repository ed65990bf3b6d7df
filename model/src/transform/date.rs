//! Calendar parts of date strings in one known format.

mod lower;

use serde::{Deserialize, Serialize};

use super::{Step, WordIndex};
use crate::InputKind;
use crate::onnx::graph::{Edge, Graph};

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

impl Step for Date {
    fn takes(&self) -> InputKind {
        InputKind::Text
    }

    fn width(&self) -> usize {
        self.parts.len()
    }

    fn encode_text(&self, _: &WordIndex, text: Option<&str>, out: &mut [f64]) {
        match text.and_then(|text| self.format.parse(text)) {
            Some(moment) => {
                for (value, part) in out.iter_mut().zip(&self.parts) {
                    *value = moment.part(*part);
                }
            }
            None => out.fill(f64::NAN),
        }
    }

    fn lower(&self, graph: &mut Graph, input: &Edge) -> Edge {
        lower::date(self, graph, input)
    }
}

/// Every format; the order in which a reader tries them.
pub const FORMATS: &[DateFormat] = &[
    DateFormat::Ymd,
    DateFormat::YmdHm,
    DateFormat::YmdHms,
    DateFormat::YmdTHms,
    DateFormat::YmdTHmsZ,
    DateFormat::YmdSlash,
    DateFormat::MdySlash,
    DateFormat::DmySlash,
    DateFormat::DmyDot,
];

/// Every calendar part.
pub const PARTS: &[DatePart] = &[
    DatePart::Day,
    DatePart::Year,
    DatePart::Month,
    DatePart::DayOfMonth,
    DatePart::DayOfWeek,
    DatePart::DayOfYear,
    DatePart::Hour,
];

/// A real moment of the Gregorian calendar, years 1 to 9999, without a time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 9999.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to the month's length.
    pub day: i64,
    /// Seconds since midnight, 0 to 86399.
    pub second: i64,
}

impl DateFormat {
    /// The shape of the text: `Y`, `M`, `D`, `h`, `m`, `s` stand for one digit each; anything else for itself.
    pub fn pattern(self) -> &'static str {
        match self {
            Self::Ymd => "YYYY-MM-DD",
            Self::YmdHm => "YYYY-MM-DD hh:mm",
            Self::YmdHms => "YYYY-MM-DD hh:mm:ss",
            Self::YmdTHms => "YYYY-MM-DDThh:mm:ss",
            Self::YmdTHmsZ => "YYYY-MM-DDThh:mm:ssZ",
            Self::YmdSlash => "YYYY/MM/DD",
            Self::MdySlash => "MM/DD/YYYY",
            Self::DmySlash => "DD/MM/YYYY",
            Self::DmyDot => "DD.MM.YYYY",
        }
    }

    /// The moment that the text says, when it has exactly this format and is a real date.
    pub fn parse(self, text: &str) -> Option<Moment> {
        let pattern = self.pattern().as_bytes();
        if text.len() != pattern.len() {
            return None;
        }
        let (mut year, mut month, mut day, mut hour, mut minute, mut second) = (0, 0, 0, 0, 0, 0);
        for (expected, byte) in pattern.iter().zip(text.bytes()) {
            let field = match expected {
                b'Y' => &mut year,
                b'M' => &mut month,
                b'D' => &mut day,
                b'h' => &mut hour,
                b'm' => &mut minute,
                b's' => &mut second,
                _ if *expected == byte => continue,
                _ => return None,
            };
            if !byte.is_ascii_digit() {
                return None;
            }
            *field = *field * 10 + i64::from(byte - b'0');
        }
        let real_date =
            year >= 1 && (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day);
        let real_time = hour < 24 && minute < 60 && second < 60;
        (real_date && real_time).then_some(Moment {
            year,
            month,
            day,
            second: hour * 3600 + minute * 60 + second,
        })
    }
}

impl Moment {
    /// The numeric value of a calendar part.
    pub fn part(&self, part: DatePart) -> f64 {
        let whole = match part {
            DatePart::Day => return self.days_since_1970() as f64 + self.second as f64 / 86_400.0,
            DatePart::Hour => return self.second as f64 / 3600.0,
            DatePart::Year => self.year,
            DatePart::Month => self.month,
            DatePart::DayOfMonth => self.day,
            // 1970-01-01 was a Thursday.
            DatePart::DayOfWeek => (self.days_since_1970() + 3).rem_euclid(7),
            DatePart::DayOfYear => self.days_since_1970() - days_before_year(self.year) + 1,
        };
        whole as f64
    }

    /// Days between 1970-01-01 and the date.
    pub fn days_since_1970(&self) -> i64 {
        let leap_day = i64::from(self.month > 2 && is_leap(self.year));
        days_before_year(self.year) + DAYS_BEFORE_MONTH[self.month as usize - 1] + leap_day + self.day - 1
    }
}

/// Days of a common year before the first of each month.
const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Length of each month of a common year.
const MONTH_LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Days between 0001-01-01 and 1970-01-01.
const DAYS_TO_1970: i64 = 719_162;

/// Days between 1970-01-01 and the first of January of a year: whole years before it and their leap days.
fn days_before_year(year: i64) -> i64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400 - DAYS_TO_1970
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Length of a month, 1 to 12.
fn days_in_month(year: i64, month: i64) -> i64 {
    MONTH_LENGTHS[month as usize - 1] + i64::from(month == 2 && is_leap(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_exactly_its_format_and_real_dates() {
        let real = |text: &str| DateFormat::Ymd.parse(text).is_some();
        for text in ["2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
            assert!(real(text), "{text}");
        }
        for text in [
            "2023-02-29",
            "1900-02-29",
            "0000-01-01",
            "2024-13-01",
            "2024-00-01",
            "2024-04-31",
            "2024-1-1",
            "2024-01-01 ",
            " 2024-01-01",
            "2024/01/01",
            "2024-01-01T",
            "２024-01-01",
            "+024-01-01",
            "",
        ] {
            assert!(!real(text), "{text}");
        }
        assert!(DateFormat::YmdHms.parse("2024-01-31 24:00:00").is_none());
        assert!(DateFormat::YmdTHmsZ.parse("2024-01-31T13:05:60Z").is_none());
        let expected = Moment {
            year: 2024,
            month: 1,
            day: 31,
            second: 0,
        };
        assert_eq!(DateFormat::MdySlash.parse("01/31/2024"), Some(expected));
        assert_eq!(DateFormat::DmySlash.parse("31/01/2024"), Some(expected));
        assert_eq!(DateFormat::DmyDot.parse("31.01.2024"), Some(expected));
    }

    #[test]
    fn days_count_up_one_by_one_over_all_years() {
        let mut expected = -DAYS_TO_1970;
        for year in 1..=9999 {
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    let moment = Moment {
                        year,
                        month,
                        day,
                        second: 0,
                    };
                    assert_eq!(moment.days_since_1970(), expected);
                    expected += 1;
                }
            }
        }
    }

    #[test]
    fn parts_of_a_known_moment() {
        let moment = DateFormat::YmdHm.parse("2024-03-01 06:00").expect("a real date");
        let parts: Vec<f64> = PARTS.iter().map(|part| moment.part(*part)).collect();
        // 2024-03-01 was a Friday, day 61 of a leap year, 19783 days after the epoch.
        assert_eq!(parts, [19_783.25, 2024.0, 3.0, 1.0, 4.0, 61.0, 6.0]);
    }
}
