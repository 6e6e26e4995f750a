//! The databases of a run: of the flags, of `--database`, or of the file of `--config`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::ValueEnum as _;
use rds_iam_token::{Endpoint, TokenRequest};
use toml::{Table, Value};

use crate::{
    credentials,
    endpoint::{NO_PORT, host_and_port},
    engine::Engine,
    region::region,
    request::{configured_region, rejected_kind},
};

use super::{Arguments, database::Database, session::Keys, tls::Tls, tokens::Identity};

/// A database as it is written in flags or in a file.
#[derive(Clone, Default)]
struct Settings {
    name: String,
    hostname: String,
    port: Option<String>,
    engine: Option<Engine>,
    users: Vec<String>,
    region: Option<String>,
    via: Option<String>,
    ca: Option<PathBuf>,
}

/// Returns the databases. One of several that is wrong is a note for `--listen`, else an error.
pub(crate) fn databases(
    arguments: &Arguments,
    notes: &mut Vec<String>,
) -> Result<Vec<Database>, String> {
    credentials::check_profile(arguments.profile.as_deref())?;
    let all = all(arguments)?;
    let identity = identity(arguments)?;
    let is_one = all.len() == 1;
    let mut databases = Vec::new();
    for (index, settings) in (0..).zip(all) {
        match settings.check(index, &identity, arguments.profile.as_deref(), notes) {
            Ok(database) => databases.push(database),
            Err(error) if is_one && arguments.hostname.is_some() => return Err(error),
            Err(error) if is_one => return Err(format!("{}: {error}", settings.name)),
            // Without --listen, the status is all that a script has.
            Err(error) if arguments.listen.is_none() => {
                return Err(format!("{}: {error}", settings.name));
            }
            Err(error) => notes.push(format!("warning: {}: {error}", settings.name)),
        }
    }
    if databases.is_empty() {
        return Err("there is no database to connect to".to_owned());
    }
    Ok(databases)
}

fn identity(arguments: &Arguments) -> Result<Arc<Identity>, String> {
    let region = arguments
        .region
        .as_deref()
        .map(rds_iam_token::Region::new)
        .transpose();
    let region = region.map_err(|error| format!("--region: {error}"))?;
    let settings = credentials::settings(arguments.profile.as_deref(), region.as_ref());
    let uses_environment = arguments.profile.is_none();
    Ok(Arc::new(Identity::new(
        settings,
        uses_environment,
        arguments.verbose,
    )))
}

fn all(arguments: &Arguments) -> Result<Vec<Settings>, String> {
    let common = Settings {
        port: arguments.port.clone(),
        engine: arguments.engine,
        users: arguments.username.clone(),
        region: arguments.region.clone(),
        via: arguments.via.clone(),
        ca: arguments.ca.clone(),
        ..Settings::default()
    };
    let mut all = Vec::new();
    if let Some(hostname) = &arguments.hostname {
        if common.users.is_empty() {
            return Err("--username is required".to_owned());
        }
        all.push(Settings {
            name: name_of(hostname),
            hostname: hostname.clone(),
            ..common.clone()
        });
    } else if arguments.port.is_some() || arguments.via.is_some() || !arguments.username.is_empty()
    {
        return Err("--hostname is required with --port, --via and --username".to_owned());
    }
    // The port, the tunnel and the users of --hostname are not those of the others.
    let common = Settings {
        port: None,
        users: Vec::new(),
        via: None,
        ..common
    };
    for text in &arguments.database {
        all.push(common.with(text)?);
    }
    if let Some(path) = &arguments.config {
        all.extend(file(path, &common)?);
    }
    for (index, settings) in all.iter().enumerate() {
        name(&settings.name)?;
        if all
            .iter()
            .take(index)
            .any(|other| other.name == settings.name)
        {
            let own = if arguments.hostname.is_some() {
                "; --hostname is one of them, named after its host"
            } else {
                ""
            };
            return Err(format!(
                "two databases have the name {}{own}",
                settings.name
            ));
        }
    }
    if all.is_empty() {
        return Err(
            "--hostname and --username are required, or --database, or --config".to_owned(),
        );
    }
    Ok(all)
}

impl Settings {
    /// Returns the database of `--database NAME=HOST:PORT/USER`.
    fn with(&self, text: &str) -> Result<Self, String> {
        let parts = text.split_once('=').and_then(|(name, rest)| {
            let (hostname, user) = rest.split_once('/')?;
            Some((name, hostname, user))
        });
        let (name, hostname, user) =
            parts.ok_or("--database: expected NAME=HOST:PORT/USER, as orders=HOST:5432/app")?;
        Ok(Self {
            name: name.to_owned(),
            hostname: hostname.to_owned(),
            users: vec![user.to_owned()],
            ..self.clone()
        })
    }

    fn check(
        &self,
        index: u16,
        identity: &Arc<Identity>,
        profile: Option<&str>,
        notes: &mut Vec<String>,
    ) -> Result<Database, String> {
        let (host, port) = host_and_port(&self.hostname, self.port.as_deref())?;
        let port = port.or(self.engine.map(Engine::port)).ok_or(NO_PORT)?;
        let engine = match (self.engine, port) {
            (Some(engine), _) => engine,
            (None, 5432) => Engine::Postgres,
            (None, 3306) => Engine::Mysql,
            _ => return Err("--engine is required: the port is neither 5432 nor 3306".to_owned()),
        };
        let code = self.region.as_deref();
        let region = match region(code, Some(&host), notes)? {
            Some(region) => region,
            None => configured_region(&credentials::settings(profile, None))?,
        };
        if let Some(via) = &self.via {
            let port = via
                .rsplit_once(':')
                .and_then(|(_, port)| port.parse::<u16>().ok());
            port.ok_or("--via: expected HOST:PORT")?;
        }
        notes.extend(rejected_kind(host.kind()));
        let is_postgres = matches!(engine, Engine::Postgres);
        let tls = Tls::new(self.ca.as_deref(), &host, is_postgres)?;
        let endpoint =
            Endpoint::from_host(host, port).map_err(|error| format!("--port: {error}"))?;
        for user in &self.users {
            TokenRequest::new(endpoint.clone(), region.clone(), user)
                .map_err(|error| format!("--username: {error}"))?;
        }
        Ok(Database {
            name: self.name.clone(),
            index,
            engine,
            endpoint,
            region,
            users: self.users.clone(),
            via: self.via.clone(),
            tls,
            identity: Arc::clone(identity),
            keys: Keys::default(),
        })
    }
}

/// Returns the databases of a file in TOML: a table for each, whose name is the database's.
fn file(path: &Path, common: &Settings) -> Result<Vec<Settings>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("--config: {error}"))?;
    let tables: Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| {
            text.get(..span.start)
                .unwrap_or_default()
                .lines()
                .count()
                .max(1)
        });
        format!("--config: line {line}: {}", error.message())
    })?;
    let mut all = Vec::new();
    for (name, table) in tables {
        let fail = |text: &str| format!("--config: {}: {text}", name.escape_debug());
        let Value::Table(table) = table else {
            return Err(fail("expected a table, as [orders]"));
        };
        let mut settings = Settings {
            name: name.clone(),
            ..common.clone()
        };
        for (key, value) in table {
            settings.set(&key, value).ok_or_else(|| {
                fail(&format!(
                    "{}: unknown key, or a value of a different type; expected hostname, port, engine, username, \
                     region, via and ca",
                    key.escape_debug()
                ))
            })?;
        }
        if settings.hostname.is_empty() || settings.users.is_empty() {
            return Err(fail("hostname and username are required"));
        }
        all.push(settings);
    }
    Ok(all)
}

impl Settings {
    /// Sets one value of a file. Each has the name of a flag.
    fn set(&mut self, key: &str, value: Value) -> Option<()> {
        match (key, value) {
            ("hostname", Value::String(text)) => self.hostname = text,
            ("port", Value::Integer(port)) => self.port = Some(port.to_string()),
            ("engine", Value::String(text)) => {
                self.engine = Some(Engine::from_str(&text, false).ok()?);
            }
            ("username", Value::String(text)) => self.users = vec![text],
            ("username", Value::Array(users)) => {
                let users = users
                    .into_iter()
                    .map(|user| user.as_str().map(str::to_owned));
                self.users = users.collect::<Option<_>>()?;
            }
            ("region", Value::String(text)) => self.region = Some(text),
            ("via", Value::String(text)) => self.via = Some(text),
            ("ca", Value::String(text)) => self.ca = Some(text.into()),
            _ => return None,
        }
        Some(())
    }
}

/// Returns a name for the database of `--hostname`: the first label. A host that is wrong is rejected later.
fn name_of(hostname: &str) -> String {
    let label = hostname.split(['.', ':']).next().unwrap_or_default();
    if name(label).is_ok() {
        label.to_owned()
    } else {
        "database".to_owned()
    }
}

/// Checks a name, which is the name of a folder as well.
fn name(name: &str) -> Result<(), String> {
    let is_name = (1..=63).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        && !name.starts_with(['-', '_'])
        // It would be taken for the local password in the output of --listen.
        && name != "password";
    is_name.then_some(()).ok_or_else(|| {
        "the name of a database has 1 to 63 letters, digits, hyphens and underscores, starts with a letter or \
         digit, and is not password"
            .to_owned()
    })
}
