//! Runs recorded searches.

use std::error::Error;

use rds_iam_token::{
    Region, Timestamp,
    chain::{
        Answer, CredentialChain, Error as ChainError, HttpFailure, HttpRequest, HttpResponse, Need,
        Platform, RegionChain, Settings, Source, Step,
        parse::{self, Document, PlanStep, Profiles, Service},
    },
};
use serde_json::{Map, Value, json};

/// The outcome of a case.
pub(crate) struct Replayed {
    /// The name of the case.
    pub(crate) id: String,
    /// As in `expect` of the case.
    pub(crate) outcome: Value,
    /// The report of a search that failed.
    pub(crate) report: Option<String>,
}

/// Runs each case of a file.
///
/// # Errors
///
/// A file that is not of the format.
pub(crate) fn replay(file: &Value) -> Result<Vec<Replayed>, Box<dyn Error>> {
    let kind = file["kind"].as_str().ok_or("the file has no kind")?;
    let source = file["source"].as_str().unwrap_or_default();
    let cases = file["cases"].as_array().ok_or("the file has no cases")?;
    cases
        .iter()
        .map(|case| {
            let case = &expanded(case, &file["shared"]);
            let id = case["id"].as_str().ok_or("a case has no id")?;
            let outcome = match kind {
                "chain" => chain(case),
                "region" => region(case),
                "ini" => ini(case),
                "plan" => plan(case),
                "container-uri" => first_url(case, Source::InstanceMetadata, "url"),
                "imds-endpoint" => first_url(case, Source::Container, "token_url"),
                "location" => location(case),
                "document" => document(case),
                "date" => date(case),
                "endpoint" => endpoint(case, source, id),
                _ => return Err(format!("unknown kind: {kind}").into()),
            };
            let (outcome, report) = match outcome {
                Ok(outcome) => (outcome, None),
                Err(Failed::Chain(error)) => (error_outcome(&error, kind), Some(error.report())),
                Err(Failed::Other(kind)) => (json!({ "error": kind }), None),
            };
            Ok(Replayed {
                id: id.to_owned(),
                outcome,
                report,
            })
        })
        .collect()
}

/// Replaces the names of values that the cases of a file share: texts such as `@1`.
#[must_use]
pub(crate) fn expanded(value: &Value, shared: &Value) -> Value {
    match value {
        Value::String(name) => match shared.get(name) {
            Some(value) => expanded(value, shared),
            None => value.clone(),
        },
        Value::Array(values) => values.iter().map(|value| expanded(value, shared)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|(name, value)| (name.clone(), expanded(value, shared)));
            Value::Object(fields.collect())
        }
        _ => value.clone(),
    }
}

/// The reason why a case has no result.
enum Failed {
    Chain(Box<ChainError>),
    /// What the chain itself does not know, such as a request that was not recorded.
    Other(&'static str),
}

impl From<ChainError> for Failed {
    fn from(error: ChainError) -> Self {
        Self::Chain(Box::new(error))
    }
}

type Outcome = Result<Value, Failed>;

fn error_outcome(error: &ChainError, kind: &str) -> Value {
    let mut outcome = json!({ "error": error.kind().as_str() });
    if error.kind().as_str() == "service-refused" {
        outcome["code"] = json!(error.code());
        if kind == "document" {
            outcome["message"] = json!(error.service_message());
        }
    }
    outcome
}

fn chain(case: &Value) -> Outcome {
    let mut settings = settings(case).with_plain_http_endpoints();
    if let Some(name) = case["profile_argument"].as_str() {
        settings = settings.with_profile(name);
    }
    // A profile alone: what the SDK for Rust calls its profile provider.
    if case["entry"] == "profile" {
        settings = settings
            .without(Source::Environment)
            .without(Source::Container)
            .without(Source::InstanceMetadata);
    }
    let mut world = World::new(case);
    let mut chain = CredentialChain::new(settings);
    let resolved = loop {
        let answer = match chain.step(now(case)) {
            Step::Need(need) => world.perform(&need)?,
            Step::Done(resolved) => break resolved,
            Step::Failed(error) => return Err(error.into()),
        };
        chain
            .answer(answer)
            .map_err(|_| Failed::Other("unexpected-answer"))?;
    };
    let credentials = resolved.credentials();
    let mut outcome = credentials_outcome(credentials, resolved.account_id());
    if !world.writes.is_empty() {
        outcome["writes"] = Value::Object(world.writes);
    }
    Ok(outcome)
}

fn credentials_outcome(credentials: &rds_iam_token::Credentials, account: Option<&str>) -> Value {
    let mut shown = json!({
        "access_key_id": credentials.access_key_id(),
        "secret_access_key": credentials.expose_secret_access_key(),
    });
    if let Some(token) = credentials.expose_session_token() {
        shown["session_token"] = json!(token);
    }
    if let Some(account) = account {
        shown["account_id"] = json!(account);
    }
    if let Some(expiry) = credentials.expiry() {
        shown["expiry"] = json!(expiry.unix_seconds());
    }
    json!({ "credentials": shown })
}

fn region(case: &Value) -> Outcome {
    let mut settings = settings(case);
    if let Some(code) = case["region_argument"].as_str() {
        settings =
            settings.with_region(Region::new(code).map_err(|_| Failed::Other("invalid-value"))?);
    }
    let mut world = World::new(case);
    let mut chain = RegionChain::new(settings);
    loop {
        let answer = match chain.step(now(case)) {
            // Without a recording this machine is no instance.
            Step::Need(Need::Http(_)) if case["http"].is_null() => {
                no_response(HttpFailure::ConnectTimeout)
            }
            Step::Need(need) => world.perform(&need)?,
            Step::Done(region) => {
                return Ok(json!({ "region": region.map(|region| region.to_string()) }));
            }
            Step::Failed(error) => return Err(error.into()),
        };
        chain
            .answer(answer)
            .map_err(|_| Failed::Other("unexpected-answer"))?;
    }
}

fn ini(case: &Value) -> Outcome {
    let text = |name: &str| case[name].as_str().unwrap_or_default().as_bytes();
    let profiles = Profiles::parse(text("config"), text("credentials"))?;
    Ok(json!({
        "profiles": profiles.to_exposed_profiles(),
        "sso_sessions": profiles.to_sso_sessions(),
    }))
}

fn plan(case: &Value) -> Outcome {
    let text = |name: &str| case[name].as_str().unwrap_or_default();
    let profiles = Profiles::parse(text("config").as_bytes(), text("credentials").as_bytes())?;
    let steps = profiles
        .plan(text("profile"))?
        .ok_or(Failed::Other("no-credentials"))?;
    Ok(json!({ "plan": steps.iter().map(step).collect::<Vec<_>>() }))
}

/// Writes a step of a plan, without what is not set.
fn step(step: &PlanStep) -> Value {
    let mut shown = match step {
        PlanStep::Keys(credentials) => json!({
            "step": "keys",
            "access_key_id": credentials.access_key_id(),
            "secret_access_key": credentials.expose_secret_access_key(),
            "session_token": credentials.expose_session_token(),
        }),
        PlanStep::Source(Source::Environment) => json!({ "step": "source", "name": "Environment" }),
        PlanStep::Source(Source::Container) => json!({ "step": "source", "name": "EcsContainer" }),
        PlanStep::Source(_) => json!({ "step": "source", "name": "Ec2InstanceMetadata" }),
        PlanStep::Process { command } => {
            json!({ "step": "process", "credential_process": command.expose_secret() })
        }
        PlanStep::Login { login_session } => {
            json!({ "step": "login", "login_session": login_session })
        }
        PlanStep::Sso {
            sso_session,
            sso_start_url,
            sso_region,
            sso_account_id,
            sso_role_name,
        } => {
            json!({
                "step": "sso",
                "sso_session": sso_session,
                "sso_start_url": sso_start_url,
                "sso_region": sso_region,
                "sso_account_id": sso_account_id,
                "sso_role_name": sso_role_name,
            })
        }
        PlanStep::WebIdentity {
            role_arn,
            web_identity_token_file,
            role_session_name,
        } => json!({
            "step": "web-identity",
            "role_arn": role_arn,
            "web_identity_token_file": web_identity_token_file,
            "role_session_name": role_session_name,
        }),
        PlanStep::AssumeRole {
            role_arn,
            role_session_name,
            external_id,
            duration_seconds,
            mfa_serial,
        } => json!({
            "step": "assume-role",
            "role_arn": role_arn,
            "role_session_name": role_session_name,
            "external_id": external_id,
            "duration_seconds": duration_seconds,
            "mfa_serial": mfa_serial,
        }),
        _ => json!({ "step": "unknown" }),
    };
    if let Some(fields) = shown.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    shown
}

/// Returns the URL of the first request, if only one source is left.
fn first_url(case: &Value, without: Source, name: &str) -> Outcome {
    let mut settings = settings(case).without(Source::Environment).without(without);
    if let Some(endpoint) = case["endpoint_override"].as_str() {
        settings = settings.with_metadata_endpoint(endpoint);
    }
    if let Some(mode) = case["mode_override"].as_str() {
        settings = settings.with_metadata_mode(mode);
    }
    let mut world = World::new(case);
    let mut chain = CredentialChain::new(settings);
    loop {
        let answer = match chain.step(Timestamp::MIN) {
            Step::Need(Need::Http(request)) => return Ok(json!({ name: request.expose_url() })),
            Step::Need(need) => world.perform(&need)?,
            Step::Done(_) => return Err(Failed::Other("found-credentials")),
            Step::Failed(error) => return Err(error.into()),
        };
        chain
            .answer(answer)
            .map_err(|_| Failed::Other("unexpected-answer"))?;
    }
}

/// Returns the files that are read, and the profile that is called.
fn location(case: &Value) -> Outcome {
    let settings = settings(case)
        .without(Source::Environment)
        .without(Source::Container)
        .without(Source::InstanceMetadata);
    let mut world = World::new(case);
    let mut chain = CredentialChain::new(settings);
    let mut paths = Vec::new();
    loop {
        let answer = match chain.step(Timestamp::MIN) {
            Step::Need(Need::File(path)) => {
                paths.push(path.to_owned());
                Answer::Missing
            }
            Step::Need(need) => world.perform(&need)?,
            Step::Failed(error) => {
                let [config, credentials] = [paths.first(), paths.get(1)];
                return Ok(json!({
                    "config": config,
                    "credentials": credentials,
                    "profile": error.profile(),
                }));
            }
            Step::Done(_) => return Err(Failed::Other("found-credentials")),
        };
        chain
            .answer(answer)
            .map_err(|_| Failed::Other("unexpected-answer"))?;
    }
}

fn document(case: &Value) -> Outcome {
    let text = case["document"].as_str().unwrap_or_default();
    let kind = match case["reader"].as_str() {
        Some("imds") => Document::InstanceMetadata,
        Some("container") => Document::Container,
        Some("process") => Document::Process,
        Some("sts") => Document::Sts,
        Some("sso-role") => Document::SsoRole,
        Some("login") => Document::Login,
        Some("sso-cache-name") => return Ok(json!({ "file": parse::sso_cache_name(text) })),
        Some("login-cache-name") => return Ok(json!({ "file": parse::login_cache_name(text) })),
        Some("sso-token") => {
            let token = parse::sso_token(text.as_bytes())?;
            let mut outcome = json!({
                "token": token.access_token.expose_secret(),
                "expires": token.expires.unix_seconds(),
                "refreshable": token.is_refreshable,
            });
            if let Some(expires) = token.registration_expires {
                outcome["registration_expires"] = json!(expires.unix_seconds());
            }
            return Ok(outcome);
        }
        _ => return Err(Failed::Other("unknown-reader")),
    };
    let (credentials, account) = kind.parse(text.as_bytes())?;
    Ok(credentials_outcome(&credentials, account.as_deref()))
}

fn date(case: &Value) -> Outcome {
    let date = parse::date(case["text"].as_str().unwrap_or_default());
    let date = date.ok_or(Failed::Other("document"))?;
    Ok(json!({ "unix_seconds": date.unix_seconds() }))
}

fn endpoint(case: &Value, source: &str, id: &str) -> Outcome {
    let input = &case["input"];
    let service = match id {
        _ if id.starts_with("oidc") || source.contains("sso-oidc") => Service::SsoOidc,
        _ if id.starts_with("sso") || source.contains("/sso/") => Service::Sso,
        _ => Service::Sts,
    };
    let region = input["region"].as_str().map(Region::new).transpose();
    let region = region.map_err(|_| Failed::Other("invalid-value"))?;
    let configured = input["endpoint"].as_str();
    let switches = [input["fips"] == true, input["dual_stack"] == true];
    if input["legacy_global"] == true && configured.is_none() && switches == [false; 2] {
        // `AWS_STS_REGIONAL_ENDPOINTS=legacy`, which the chain does not look at.
        let code = region.as_ref().map_or("aws-global", Region::as_str);
        let global = Region::new(if LEGACY.contains(&code) {
            "aws-global"
        } else {
            code
        });
        let global = global.map_err(|_| Failed::Other("invalid-value"))?;
        let url = parse::endpoint(service, Some(&global), None, switches)?;
        let signing_region = if LEGACY.contains(&code) {
            "us-east-1"
        } else {
            code
        };
        return Ok(json!({ "url": url, "signing_region": signing_region }));
    }
    let url = parse::endpoint(service, region.as_ref(), configured, switches)?;
    Ok(json!({ "url": url }))
}

/// The regions that one global endpoint of STS used to serve.
const LEGACY: &[&str] = &[
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

fn settings(case: &Value) -> Settings {
    let windows = case["platform"] == "windows";
    Settings::default().with_platform(if windows {
        Platform::Windows
    } else {
        Platform::Unix
    })
}

fn now(case: &Value) -> Timestamp {
    let seconds = case["now"].as_i64().unwrap_or_default();
    Timestamp::from_unix_seconds(seconds).unwrap_or(Timestamp::MIN)
}

/// The recording of a case: it answers instead of the machine, its files and the network.
struct World<'c> {
    case: &'c Value,
    /// Which exchanges were used.
    used: Vec<bool>,
    writes: Map<String, Value>,
}

impl<'c> World<'c> {
    fn new(case: &'c Value) -> Self {
        let exchanges = case["http"].as_array().map_or(0, Vec::len);
        Self {
            case,
            used: vec![false; exchanges],
            writes: Map::new(),
        }
    }

    fn perform(&mut self, need: &Need<'_>) -> Result<Answer, Failed> {
        Ok(match need {
            Need::Variables(names) => {
                let value = |name: &String| self.case["env"][name].as_str().map(String::from);
                Answer::Variables(names.iter().map(value).collect())
            }
            Need::File(path) => self.file(path),
            Need::WriteFile { path, contents, .. } => {
                let written = serde_json::from_slice(contents);
                let written = written.map_err(|_| Failed::Other("malformed-write"))?;
                self.writes.insert((*path).to_owned(), written);
                Answer::Written
            }
            Need::Http(request) => self.exchange(request)?,
            Need::Process { argv, .. } => self.process(argv)?,
            Need::MfaCode { .. } => match self.case["mfa_code"].as_str() {
                Some(code) => Answer::MfaCode(code.to_owned()),
                None => Answer::Unsupported("nobody is there to ask".into()),
            },
            _ => Answer::Unsupported("not recorded".into()),
        })
    }

    fn file(&self, path: &str) -> Answer {
        match self.case["files"].get(path) {
            None => Answer::Missing,
            Some(Value::String(text)) => Answer::File(text.clone().into_bytes()),
            Some(Value::Object(bytes)) => {
                let digits = bytes["hex"].as_str().unwrap_or_default();
                let pairs = digits.as_bytes().chunks(2).map(|pair| {
                    let pair = std::str::from_utf8(pair).unwrap_or_default();
                    u8::from_str_radix(pair, 16).unwrap_or_default()
                });
                Answer::File(pairs.collect())
            }
            Some(_) => Answer::Unreadable("permission denied".into()),
        }
    }

    fn process(&self, argv: &[String]) -> Result<Answer, Failed> {
        let recorded = self.case["processes"].as_array();
        let recorded = recorded.and_then(|all| all.iter().find(|one| one["argv"] == json!(argv)));
        let recorded = recorded.ok_or(Failed::Other("unexpected-process"))?;
        if !recorded["spawn_error"].is_null() && recorded["spawn_error"] != false {
            return Ok(Answer::NotStarted("no such file or directory".into()));
        }
        let text = |name: &str| {
            recorded[name]
                .as_str()
                .unwrap_or_default()
                .as_bytes()
                .to_vec()
        };
        Ok(Answer::Exited {
            status: recorded["exit"]
                .as_i64()
                .and_then(|status| status.try_into().ok()),
            stdout: text("stdout"),
            stderr: text("stderr"),
        })
    }

    /// Finds the first exchange that fits and is not used up.
    fn exchange(&mut self, request: &HttpRequest) -> Result<Answer, Failed> {
        let exchanges = self.case["http"].as_array().map_or(&[][..], Vec::as_slice);
        let found = exchanges
            .iter()
            .zip(&mut self.used)
            .find(|(exchange, used)| !**used && fits(&exchange["request"], request));
        let (exchange, used) = found.ok_or(Failed::Other("unexpected-request"))?;
        *used = exchange["repeat"] != true;
        let response = &exchange["response"];
        Ok(match response["error"].as_str() {
            Some("connect-timeout") => no_response(HttpFailure::ConnectTimeout),
            Some("read-timeout") => no_response(HttpFailure::ReadTimeout),
            Some("refused") => no_response(HttpFailure::Refused),
            Some(_) => no_response(HttpFailure::Other),
            None => {
                let status = response["status"]
                    .as_u64()
                    .and_then(|status| status.try_into().ok());
                let headers = response["headers"].as_object().into_iter().flatten();
                let headers = headers
                    .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()));
                let body = response["body"].as_str().unwrap_or_default();
                Answer::Http(HttpResponse::new(status.unwrap_or_default(), headers, body))
            }
        })
    }
}

fn no_response(failure: HttpFailure) -> Answer {
    Answer::NoResponse {
        failure,
        detail: String::new(),
    }
}

/// Compares a request with a recorded one. A `GET` fits a recorded form if its query is that form.
fn fits(recorded: &Value, request: &HttpRequest) -> bool {
    let url = request.expose_url();
    let header = |wanted: &str| request.expose_headers().find(|(name, _)| *name == wanted);
    let headers = recorded["headers"].as_object().into_iter().flatten();
    let mut headers = headers.map(|(name, value)| (header(name).map(|(_, value)| value), value));
    if !headers.all(|(given, value)| given == value.as_str()) {
        return false;
    }
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let query = decode(query);
    if let Some(form) = recorded["form"].as_object() {
        let (place, mut pairs) = match request.method() {
            "GET" => (path, query.clone()),
            _ => (url, decode(request.expose_body())),
        };
        pairs.retain(|(name, _)| !name.starts_with("X-Amz-"));
        let same = |(name, value): &(String, String)| {
            form.get(name)
                .is_some_and(|wanted| wanted == value || (wanted == "*" && !value.is_empty()))
        };
        return recorded["url"] == place
            && pairs.len() == form.len()
            && pairs.iter().all(same)
            && is_signed_as(&recorded["signed"], &query);
    }
    let same_json = || {
        let sent: Option<Value> = serde_json::from_str(request.expose_body()).ok();
        recorded["json"].is_null() || sent.as_ref() == Some(&recorded["json"])
    };
    recorded["method"] == request.method() && recorded["url"] == url && same_json()
}

/// Compares what a presigned query says about its signature.
fn is_signed_as(signed: &Value, query: &[(String, String)]) -> bool {
    let parameter = |wanted: &str| {
        query
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.as_str())
    };
    if signed.is_null() {
        return parameter("X-Amz-Signature").is_none();
    }
    let scope: Vec<&str> = parameter("X-Amz-Credential")
        .unwrap_or_default()
        .split('/')
        .collect();
    let &[key_id, _, region, service, "aws4_request"] = scope.as_slice() else {
        return false;
    };
    parameter("X-Amz-Signature").is_some_and(|signature| signature.len() == 64)
        && signed["key_id"] == key_id
        && signed["region"] == region
        && signed["service"] == service
        && signed["session_token"].as_str() == parameter("X-Amz-Security-Token")
}

/// Decodes a query or form.
fn decode(query: &str) -> Vec<(String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (percent_decode(name), percent_decode(value))
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let digits = after
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        match (*first, digits.map(|digits| u8::from_str_radix(digits, 16))) {
            (b'%', Some(Ok(byte))) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (byte, _) => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
