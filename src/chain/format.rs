//! The formats that credentials come in, one a file. Each is a pure function over text.

pub(crate) mod command;
pub(crate) mod date;
pub(crate) mod ini;
pub(crate) mod json;
pub(crate) mod profiles;
pub(crate) mod url;
pub(crate) mod xml;
