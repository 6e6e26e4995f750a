//! Other text around a token and in it.

use alloc::string::String;

use super::{
    BEHIND, IN_FRONT, Repair, bounds,
    foreign::{is_foreign, is_line_break},
    value_of,
};
use crate::{
    diagnose::{cause::Cause, expected::Expected},
    secret::Secret,
    token::parameter::{self, USER},
};

impl Repair {
    /// Drops what is in front of the host.
    pub(super) fn drop_start(&mut self, expected: &Expected) {
        let Some((before, _)) = self.text().split_once('?') else {
            return;
        };
        if parameter::names_secret(before) {
            return;
        }
        let (dropped, token) = self.text().split_at(bounds::start(before, expected));
        let (dropped, token) = (Secret::new(dropped), Secret::new(token));
        self.text = token;
        if dropped.expose_secret().contains("//") {
            let message = "a scheme is in front of the host; expected the host first";
            self.find(Cause::Scheme, message);
        } else {
            self.note(dropped.expose_secret(), IN_FRONT);
        }
    }

    /// Drops what is behind the last parameter.
    pub(super) fn drop_end(&mut self) {
        let (token, dropped) = self.text().split_at(bounds::end(self.text()));
        let (token, dropped) = (Secret::new(token), Secret::new(dropped));
        self.text = token;
        self.note(dropped.expose_secret(), BEHIND);
    }

    /// Concatenates lines, with the marks for a line that goes on and their indentation.
    pub(super) fn join_lines(&mut self) {
        if !self.text().contains(is_line_break) {
            return;
        }
        let mut joined = String::with_capacity(self.text().len());
        for line in self.text().split(is_line_break) {
            let line = line.trim_start_matches([' ', '\t', '>']);
            joined.push_str(line.trim_end_matches([' ', '\t', '\\', '^']));
        }
        self.text = Secret::new(joined);
        self.around.push("line breaks");
    }

    /// Drops characters that no token contains, except in a user that is not encoded.
    pub(super) fn drop_foreign_characters(&mut self) {
        let user = value_of(self.query(), USER).trim_end_matches('\\');
        let user = if user.contains(is_foreign) { user } else { "" };
        let Some((before, after)) = self.text().split_once(user) else {
            return;
        };
        if !before.contains(is_foreign) && !after.contains(is_foreign) {
            return;
        }
        let mut kept = String::with_capacity(self.text().len());
        let mut dropped = String::with_capacity(self.text().len());
        for (part, is_user) in [(before, false), (user, true), (after, false)] {
            for letter in part.chars() {
                if is_user || !is_foreign(letter) {
                    kept.push(letter);
                } else {
                    dropped.push(letter);
                }
            }
        }
        self.text = Secret::new(kept);
        self.note(&dropped, "");
    }
}
