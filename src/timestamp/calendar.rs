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
/// month after the end of its year, is one of the next. Numbers of up to four digits do not overflow.
pub(crate) fn days_from_civil(year: u32, month: u32, day: u32) -> i64 {
    let (year, month_from_march) = match month {
        0..=2 => (year + 399, month + 9),
        _ => (year + 400, month - 3),
    };
    let day_of_year = (153 * month_from_march + 2) / 5 + day;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year - 1;
    i64::from(days) - i64::from(DAYS_IN_400_YEARS + DAYS_TO_1970)
}

/// Returns the last day of a month.
pub(crate) fn last_day(year: u32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// From 0000-03-01.
const DAYS_TO_1970: u32 = 719_468;

/// The calendar repeats itself after as many.
const DAYS_IN_400_YEARS: u32 = 146_097;

#[cfg(all(test, feature = "time"))]
mod tests {
    use time::{Date, Month};

    use super::*;

    fn civil(date: Option<Date>) -> Option<(i32, (u32, u32, u32))> {
        let (year, month, day) = date?.to_calendar_date();
        let civil = (
            u32::try_from(year).ok()?,
            u8::from(month).into(),
            day.into(),
        );
        Some((year, civil))
    }

    /// Against the calendar of `time`, one day after the other.
    #[test]
    fn every_day_from_1970_to_9999_is_that_of_the_crate_time() {
        let mut date = Date::from_ordinal_date(1970, 1).ok();
        let mut days = 0;
        while let Some((_, civil @ (year, month, day))) = civil(date) {
            assert_eq!(civil_from_days(days), civil, "{days}");
            assert_eq!(days_from_civil(year, month, day), i64::from(days));
            date = date.and_then(Date::next_day);
            days += 1;
        }
        assert_eq!(days, 2_932_897);
    }

    #[test]
    fn days_before_1970_are_negative() {
        let mut date = Date::from_ordinal_date(0, 1).ok();
        let mut days = -719_528;
        while let Some((..1970, (year, month, day))) = civil(date) {
            assert_eq!(days_from_civil(year, month, day), days);
            date = date.and_then(Date::next_day);
            days += 1;
        }
        assert_eq!(days, 0);
    }

    #[test]
    fn every_month_ends_when_that_of_the_crate_time_does() {
        for year in 0..=9_999_u16 {
            for month in 1..=12_u8 {
                let last = Month::try_from(month).map(|month| month.length(year.into()));
                assert_eq!(last.map(u32::from), Ok(last_day(year.into(), month.into())));
            }
        }
    }

    #[test]
    fn no_number_of_up_to_four_digits_overflows() {
        for numbers in [0, 1, 2, 3, 12, 13, 99, 9_999] {
            for others in [0, 9_999] {
                days_from_civil(numbers, others, others);
                days_from_civil(others, numbers, others);
                days_from_civil(others, others, numbers);
            }
        }
    }
}
