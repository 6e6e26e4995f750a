//! `--check`: one login, layer by layer.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex},
    net::lookup_host,
};

use crate::{engine::Engine, output::Output};

use super::{
    database::Database,
    exec::database_name,
    local::Local,
    mysql::MySql,
    postgres::Postgres,
    serve::{denied, plain, scramble},
    session::{Layer, Session},
    step::{Failure, Settings},
};

/// Logs in to each database, and returns what was found. The status is 1 if a login failed.
pub(crate) async fn check(
    databases: &[Database],
    local: &Local,
    dbname: Option<&str>,
) -> Result<Output, String> {
    let mut lines = Vec::new();
    let mut status = 0;
    for database in databases {
        if databases.len() > 1 {
            lines.push(format!("{}:", database.name));
        }
        let mut report = Report(&mut lines);
        if !report.layers(database, local, dbname).await {
            status = 1;
        }
    }
    Ok(Output {
        stdout: lines.join("\n"),
        status,
        is_verdict: true,
        ..Output::default()
    })
}

/// Lines, one for each layer.
struct Report<'a>(&'a mut Vec<String>);

impl Report<'_> {
    /// Resolves the name and logs in, and returns `true` if all is well. The first layer that fails is the cause.
    async fn layers(&mut self, database: &Database, local: &Local, dbname: Option<&str>) -> bool {
        let place = database.address();
        let started = Instant::now();
        let found = lookup_host(&place).await.map(|found| {
            let found: Vec<_> = found.map(|address| address.ip().to_string()).collect();
            found.join(", ")
        });
        let result = match found {
            Ok(found) if found.is_empty() => Err(format!("{place} has no address")),
            Ok(found) => Ok(format!("{place} is {found}")),
            Err(error) => Err(format!("{place}: {error}")),
        };
        if !self.line("name", started.elapsed(), &result) {
            return false;
        }
        let started = Instant::now();
        let (layers, outcome) = log_in(database, local, dbname).await;
        let mut spent = Duration::ZERO;
        for layer in layers {
            spent += layer.took;
            let result = match (layer.name, layer.result) {
                ("token", Ok(text)) => {
                    let source = database.identity.source().await.unwrap_or_default();
                    Ok(format!("{text}, region {}; {source}", database.region))
                }
                (_, result) => result,
            };
            if !self.line(layer.name, layer.took, &result) {
                return false;
            }
        }
        let took = started.elapsed().saturating_sub(spent);
        let result = outcome
            .as_ref()
            .map(|version| format!("user {}, {version}", database.user()))
            .map_err(ToString::to_string);
        let is_well = self.line("login", took, &result);
        if let Some(asked) = outcome.err().as_ref().and_then(denied) {
            let causes = database.causes(asked).await;
            self.0
                .extend(causes.into_iter().map(|line| format!("  {line}")));
        }
        is_well
    }

    /// Adds the line of a layer, and what to do if it failed. Returns `true` if it did not.
    fn line(&mut self, layer: &str, took: Duration, result: &Result<String, String>) -> bool {
        let (outcome, text) = match result {
            Ok(text) => ("ok", text),
            Err(text) => ("failed", text),
        };
        // A failed search for credentials names what to do itself.
        let (text, remedy) = match text.split_once("; try: ") {
            Some((text, remedy)) if layer == "token" => (text, Some(remedy)),
            _ => (text.as_str(), None),
        };
        self.0.push(format!(
            "{layer:<6} {outcome:<7} {:>5} ms  {}",
            took.as_millis(),
            plain(text)
        ));
        if let (Err(_), Some(remedy)) = (result, remedy.or_else(|| self::remedy(layer, text))) {
            self.0.push(format!("  {}", plain(remedy)));
        }
        result.is_ok()
    }
}

/// Returns what to do about a layer that failed.
fn remedy(layer: &str, error: &str) -> Option<&'static str> {
    match layer {
        "name" => Some(NO_NAME),
        "tcp" => Some(NO_TCP),
        "tls" if error.contains("UnknownIssuer") => Some(NO_CA),
        "tls" if error.contains("not valid for name") => Some(NO_NAME_IN_CERTIFICATE),
        "tls" => Some(NO_TLS),
        "login"
            if error.contains("closed the connection during")
                || error.starts_with("the login took") =>
        {
            Some(NO_ANSWER)
        }
        _ => None,
    }
}

/// Logs in as a client does, and returns the layers and the server's version.
async fn log_in(
    database: &Database,
    local: &Local,
    dbname: Option<&str>,
) -> (Vec<Layer>, Result<String, Failure>) {
    let (client, server) = duplex(64 * 1024);
    let mut session = Session::new(database, local, Box::new(server));
    let user = database.user();
    let settings = Settings {
        users: database.users.clone(),
        password: None,
        local_tls: false,
        is_full: false,
    };
    let (outcome, version) = match database.engine {
        Engine::Postgres => {
            let name = database_name(dbname);
            tokio::join!(
                session.run(Postgres::new(settings)),
                postgres_client(client, user, &name)
            )
        }
        Engine::Mysql | Engine::Mariadb => match scramble() {
            Ok(random) => tokio::join!(
                session.run(MySql::new(settings, random)),
                mysql_client(client, user, dbname)
            ),
            Err(failure) => (Err(failure), None),
        },
    };
    let closed = || Failure::Server("the server closed the connection".to_owned());
    let outcome = outcome.and_then(|_| version.ok_or_else(closed));
    (session.layers, outcome)
}

/// The smallest client: it names a user and a database, and leaves when the server is ready for queries.
async fn postgres_client(mut stream: DuplexStream, user: &str, name: &str) -> Option<String> {
    let texts = ["user", user, "database", name, "", ""];
    let body = texts.join("\0");
    let length = u32::try_from(body.len() + 8).ok()?;
    let packet = [&length.to_be_bytes()[..], &[0, 3, 0, 0], body.as_bytes()].concat();
    stream.write_all(&packet).await.ok()?;
    let mut version = "PostgreSQL".to_owned();
    loop {
        let kind = stream.read_u8().await.ok()?;
        let length = stream.read_u32().await.ok()?.checked_sub(4)?;
        let mut body = vec![
            0;
            usize::try_from(length)
                .ok()
                .filter(|length| *length <= MOST)?
        ];
        stream.read_exact(&mut body).await.ok()?;
        match kind {
            b'S' => {
                let text = String::from_utf8_lossy(&body);
                if let Some(text) = text.strip_prefix("server_version\0") {
                    version = format!("PostgreSQL {}", text.trim_end_matches('\0'));
                }
            }
            b'Z' => {
                stream.write_all(&[b'X', 0, 0, 0, 4]).await.ok()?;
                stream.shutdown().await.ok()?;
                return Some(version);
            }
            b'E' => return None,
            _ => {}
        }
    }
}

/// The same for MySQL and MariaDB.
async fn mysql_client(mut stream: DuplexStream, user: &str, name: Option<&str>) -> Option<String> {
    const LONG_PASSWORD: u32 = 1;
    const CONNECT_WITH_DB: u32 = 8;
    const PROTOCOL_41: u32 = 0x200;
    const SECURE_CONNECTION: u32 = 0x8000;
    const PLUGIN_AUTH: u32 = 0x8_0000;
    const UTF8MB4: u8 = 45;
    let greeting = mysql_packet(&mut stream).await?;
    let [10, rest @ ..] = &greeting[..] else {
        return None;
    };
    let version = rest.split(|byte| *byte == 0).next()?;
    let version = String::from_utf8_lossy(version).into_owned();
    let mut flags = LONG_PASSWORD | PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;
    flags |= name.map_or(0, |_| CONNECT_WITH_DB);
    let mut body = flags.to_le_bytes().to_vec();
    body.extend((1_u32 << 24).to_le_bytes());
    body.push(UTF8MB4);
    body.extend([0; 23]);
    body.extend(user.as_bytes());
    // The end of the user, and a proof of no bytes.
    body.extend([0, 0]);
    if let Some(name) = name {
        body.extend(name.as_bytes());
        body.push(0);
    }
    body.extend(b"mysql_native_password\0");
    let length = u32::try_from(body.len()).ok()? | 1 << 24;
    let packet = [&length.to_le_bytes()[..], &body].concat();
    stream.write_all(&packet).await.ok()?;
    let answer = mysql_packet(&mut stream).await?;
    if answer.first() != Some(&0) {
        return None;
    }
    // COM_QUIT
    stream.write_all(&[1, 0, 0, 0, 1]).await.ok()?;
    stream.shutdown().await.ok()?;
    Some(version)
}

async fn mysql_packet(stream: &mut DuplexStream) -> Option<Vec<u8>> {
    let length = stream.read_u32_le().await.ok()? & 0xff_ffff;
    let mut body = vec![
        0;
        usize::try_from(length)
            .ok()
            .filter(|length| *length <= MOST)?
    ];
    stream.read_exact(&mut body).await.ok()?;
    Some(body)
}

/// In bytes, of a message.
const MOST: usize = 64 * 1024;

const NO_NAME: &str = "Compare the host with the endpoint in the RDS console. A private endpoint has a name only within \
                       its network: use a tunnel, and --via.";
const NO_TCP: &str = "Compare the port with the endpoint's, and let this machine's address in to the database's security \
                      group; with a tunnel, check that it is open.";
const NO_CA: &str = "Download https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem and give it with --ca: \
                     the certificate is of a CA that the file does not have.";
const NO_NAME_IN_CERTIFICATE: &str = "Give the endpoint of this database with --hostname: the server that answers has a \
                                      different name. A tunnel's address goes into --via.";
const NO_ANSWER: &str = "Check that the port is the database's; with a tunnel, that its far end reaches the endpoint: the \
                         tunnel itself accepts the connection before it knows.";
const NO_TLS: &str =
    "Check that the port is the database's, and that nothing between changes the connection.";
