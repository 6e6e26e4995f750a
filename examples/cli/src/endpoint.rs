//! The host and the port on the command line.

use std::num::NonZero;

use rds_iam_token::Host;

use crate::value::number;

/// Returns the host and the port. Without `--port`, the host may be `HOST:PORT`.
pub(crate) fn host_and_port(
    hostname: &str,
    port: Option<&str>,
) -> Result<(Host, Option<u16>), String> {
    let (name, port) = match (hostname.rsplit_once(':'), port) {
        (Some((name, own)), None) if is_number(own) => {
            (name, Some(parse(own, "--hostname: port")?))
        }
        (_, port) => (hostname, port.map(self::port).transpose()?),
    };
    let host = Host::new(name).map_err(|error| format!("--hostname: {error}"))?;
    Ok((host, port))
}

/// Returns the host of `--hostname`, if there is one.
pub(crate) fn optional_host(hostname: Option<&str>) -> Result<Option<Host>, String> {
    let host = hostname.map(Host::new).transpose();
    host.map_err(|error| format!("--hostname: {error}"))
}

/// The error for a port that no flag gives.
pub(crate) const NO_PORT: &str =
    "--port is required, or --hostname HOST:PORT, or --engine for its usual port";

/// Parses `--port`.
pub(crate) fn port(value: &str) -> Result<u16, String> {
    parse(value, "--port")
}

fn parse(port: &str, flag: &str) -> Result<u16, String> {
    number::<NonZero<u16>>(flag, port, "1 to 65535").map(NonZero::get)
}

/// Returns `true` for what can be a port; `//db` of `postgres://db` is a part of the host that is rejected.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
