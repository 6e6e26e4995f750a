//! The Gregorian calendar, in days since 1970-01-01.
//!
//! Both functions are Howard Hinnant's, for days that are not negative
//! (<https://howardhinnant.github.io/date_algorithms.html>). A year starts in March, so that a leap day is
//! its last; days are counted from the first of March of the year 0, or 400 years before that.

/// Returns year, month and day of the month of a day from 1970 to 9999.
pub(crate) fn civil_from_days(days_since_1970: u32) -> (u32, u32, u32) {
    let days = days_since_1970 + DAYS_TO_1970;
    let (era, day_of_era) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let (month, year_after) = match month_from_march {
        0..=9 => (month_from_march + 3, 0),
        _ => (month_from_march - 9, 1),
    };
    (400 * era + year_of_era + year_after, month, day)
}

/// Returns the days since 1970 of a day from the year 0 to 9999. A day after the end of its month, or a
/// month after the end of its year, is one of the next.
pub(crate) fn days_from_civil(year: u16, month: u8, day: u8) -> i64 {
    let (year, month, day) = (u32::from(year), u32::from(month), u32::from(day));
    let (year, month_from_march) = match month {
        0..=2 => (year + 399, month + 9),
        _ => (year + 400, month - 3),
    };
    let day_of_year = (153 * month_from_march + 2) / 5 + day;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 1;
    i64::from(days) - i64::from(DAYS_IN_400_YEARS + DAYS_TO_1970)
}

/// From 0000-03-01.
const DAYS_TO_1970: u32 = 719_468;

/// The calendar repeats itself after as many.
const DAYS_IN_400_YEARS: u32 = 146_097;

#[cfg(test)]
mod tests {
    use time::{Date, Month};

    use super::*;

    /// Against the calendar of `time`, one day after the other.
    #[test]
    fn every_day_from_1970_to_9999_is_that_of_the_crate_time() {
        let mut date = Date::from_ordinal_date(1970, 1).ok();
        let mut days = 0;
        while let Some((year, month, day)) = date.map(Date::to_calendar_date) {
            let (month, year) = (u8::from(month), u16::try_from(year).unwrap_or_default());
            let civil = (u32::from(year), u32::from(month), u32::from(day));
            assert_eq!(civil_from_days(days), civil, "{days}");
            assert_eq!(days_from_civil(year, month, day), i64::from(days));
            date = date.and_then(Date::next_day);
            days += 1;
        }
        assert_eq!(days, 2_932_897);
    }

    #[test]
    fn days_before_1970_are_negative() {
        let epoch = Date::from_ordinal_date(1970, 1).map(Date::to_julian_day);
        let mut date = Date::from_ordinal_date(0, 1).ok();
        while let Some((year @ ..1970, month, day)) = date.map(Date::to_calendar_date) {
            let days = date.map(Date::to_julian_day).zip(epoch.ok());
            let days = days.map(|(day, epoch)| i64::from(day - epoch));
            let (month, year) = (u8::from(month), u16::try_from(year).unwrap_or_default());
            assert_eq!(Some(days_from_civil(year, month, day)), days);
            date = date.and_then(Date::next_day);
        }
        assert_eq!(date, Date::from_calendar_date(1970, Month::January, 1).ok());
    }

    #[test]
    fn no_date_of_two_digit_months_and_days_overflows() {
        for year in [0, 1, 9_999, u16::MAX] {
            for (month, day) in [(0, 0), (3, 0), (u8::MAX, u8::MAX)] {
                days_from_civil(year, month, day);
            }
        }
    }
}
