//! Durations and sizes as people write them on a command line.

use std::time::Duration;

/// `90`, `90s`, `1.5m`, `2h`, `500ms`; a bare number is seconds.
///
/// # Errors
/// What is wrong and what is understood.
pub fn duration(text: &str) -> Result<Duration, String> {
    let help = || format!("\"{text}\" is not a duration; write for example 60s, 5m or 1h");
    let (number, unit) = split(text).ok_or_else(help)?;
    let seconds = match unit {
        "ms" => number / 1000.0,
        "" | "s" | "sec" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return Err(help()),
    };
    if !(1.0..=31_536_000.0).contains(&seconds) {
        return Err(format!("\"{text}\" is out of range: from 1s to 365 days (8760h)"));
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// `2ms`, `500us`, `0.01s`: the time of one answer. A unit is needed: a bare number could be meant in any.
///
/// # Errors
/// What is wrong and what is understood.
pub fn latency(text: &str) -> Result<Duration, String> {
    let help = || format!("\"{text}\" is not the time of an answer; write for example 2ms, 500us or 0.1s");
    let (number, unit) = split(text).ok_or_else(help)?;
    let seconds = match unit {
        "us" | "µs" => number / 1e6,
        "ms" => number / 1e3,
        "s" | "sec" => number,
        _ => return Err(help()),
    };
    let out_of_range = || format!("\"{text}\" is out of range: from 1us to 60s");
    let limit = Duration::try_from_secs_f64(seconds).map_err(|_| out_of_range())?;
    if engine::train::LATENCY_LIMITS.contains(&limit) {
        Ok(limit)
    } else {
        Err(out_of_range())
    }
}

/// `4GiB`, `512MiB`, `2GB`, `1000000`; a bare number is bytes.
///
/// # Errors
/// What is wrong and what is understood.
pub fn size(text: &str) -> Result<u64, String> {
    let help = || format!("\"{text}\" is not a size; write for example 4GiB or 512MiB");
    let (number, unit) = split(text).ok_or_else(help)?;
    let factor: f64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "kb" => 1e3,
        "mb" => 1e6,
        "gb" | "g" => 1e9,
        "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        "tib" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(help()),
    };
    let bytes = number * factor;
    if !(134_217_728.0..=1e15).contains(&bytes) {
        return Err(format!("\"{text}\" is out of range: at least 128MiB are needed"));
    }
    Ok(bytes as u64)
}

/// A plain non-negative decimal number and the unit behind it.
fn split(text: &str) -> Option<(f64, &str)> {
    let text = text.trim();
    let end = text
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    Some((number, text[end..].trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("60s"), Ok(Duration::from_secs(60)));
        assert_eq!(duration("90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration(" 1.5 m "), Ok(Duration::from_secs(90)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for bad in ["", "s", "60x", "-5s", "0s", "1e9h", "1..5s", "nan"] {
            assert!(duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn latencies() {
        assert_eq!(latency("2ms"), Ok(Duration::from_millis(2)));
        assert_eq!(latency("500us"), Ok(Duration::from_micros(500)));
        assert_eq!(latency("0.1 s"), Ok(Duration::from_millis(100)));
        for bad in [
            "",
            "2",
            "0ms",
            "0.5us",
            "61s",
            "1m",
            "-1ms",
            "fast",
            "nan",
            "9999999999999999999999s",
        ] {
            assert!(latency(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(size("4GiB"), Ok(4 << 30));
        assert_eq!(size("512mib"), Ok(512 << 20));
        assert_eq!(size("1000000000"), Ok(1_000_000_000));
        for bad in ["", "GiB", "4 apples", "1KiB", "-4GiB"] {
            assert!(size(bad).is_err(), "{bad}");
        }
    }
}
