//! A role in IAM Identity Center.

use alloc::{format, string::String};

use crate::{
    chain::{
        context::{Context, parse_region},
        document,
        endpoint::Service,
        error::{ErrorKind, Failure},
        format::profiles::{Profile, Profiles},
        http::{self, Reply, Verdict, Wait},
        keys::Keys,
        need::{HttpRequest, Method},
        run::{Outcome, Run},
        source::sso_token,
    },
    secret::Secret,
    sigv4::uri_encode,
};

/// The settings of a profile and its session.
#[derive(Clone, Copy)]
pub(crate) struct SsoRole<'a> {
    /// Without it the profile is of the older form, which is never refreshed.
    pub(crate) session: Option<&'a str>,
    pub(crate) start_url: &'a str,
    /// It has nothing to do with the region of the database.
    pub(crate) region: &'a str,
    pub(crate) account_id: &'a str,
    pub(crate) role_name: &'a str,
}

impl<'a> SsoRole<'a> {
    /// Parses a profile; `None` if it names neither account nor role. A profile with a session alone
    /// is for bearer tokens, and no source of keys.
    pub(crate) fn of(
        profiles: &Profiles<'a>,
        profile: &Profile<'_, 'a>,
    ) -> Result<Option<Self>, Failure> {
        let name = profile.name;
        let session = profile.get("sso_session");
        let section = match session {
            None => None,
            Some(session) => Some(profiles.sso_session(session).ok_or_else(|| {
                let reason =
                    format!("profile {name} has sso_session {session}, which does not exist");
                Failure::new(ErrorKind::InvalidConfig, reason).remedy(format!(
                    "write [sso-session {session}] into the config file, with \
                                     sso_region and sso_start_url"
                ))
            })?),
        };
        let (account_id, role_name) = (profile.get("sso_account_id"), profile.get("sso_role_name"));
        if account_id.is_none() && role_name.is_none() {
            return Ok(None);
        }
        let missing = |key: &str, place: &str| {
            Failure::new(ErrorKind::InvalidConfig, format!("{place} has no {key}")).remedy(format!(
                "write {key} into {place}, or run aws configure sso"
            ))
        };
        let setting = |key: &str| {
            let own = profile.get(key);
            let (Some(session), Some(section)) = (session, section) else {
                return own.ok_or_else(|| missing(key, &format!("profile {name}")));
            };
            let place = format!("sso-session {session}");
            let value = section.get(key).filter(|value| !value.is_empty());
            let value = value.ok_or_else(|| missing(key, &place))?;
            if own.is_some_and(|own| own != value) {
                let reason = format!("profile {name} and {place} have different values of {key}");
                return Err(Failure::new(ErrorKind::InvalidConfig, reason)
                    .remedy(format!("remove {key} from profile {name}")));
            }
            Ok(value)
        };
        Ok(Some(Self {
            session,
            start_url: setting("sso_start_url")?,
            region: setting("sso_region")?,
            account_id: account_id
                .ok_or_else(|| missing("sso_account_id", &format!("profile {name}")))?,
            role_name: role_name
                .ok_or_else(|| missing("sso_role_name", &format!("profile {name}")))?,
        }))
    }

    /// Requests the keys of the role, with the cached access token.
    pub(crate) fn keys(&self, run: &mut Run<'a>, context: &Context<'a>) -> Outcome<Keys> {
        let region = parse_region(self.region, "sso_region")?;
        let token = sso_token::access_token(run, context, self, &region)?;
        let endpoint = context.endpoint(run, Service::Sso, Some(&region))?;
        let url = format!(
            "{}/federation/credentials?role_name={}&account_id={}",
            endpoint.url,
            uri_encode(self.role_name),
            uri_encode(self.account_id),
        );
        let request = |_: &Run<'a>| {
            Ok(HttpRequest::new(Method::Get, Secret::new(url.as_str()))
                .with_header("x-amz-sso_bearer_token", token.clone())
                .with_header("accept", Secret::new("application/json"))
                .with_ca_bundle(context.ca_bundle()))
        };
        let whom = http::host(&endpoint.url);
        let login = self.login(context);
        let mut keys = http::exchange(run, Wait::Backoff, request, |_, reply| {
            self.judge(reply, whom, &login)
        })?;
        keys.account_id = Some(self.account_id.into());
        Ok(keys)
    }

    /// Returns the command that logs in.
    pub(crate) fn login(&self, context: &Context<'_>) -> String {
        match self.session {
            Some(session) => format!("run aws sso login --sso-session {session}"),
            None => format!("run aws sso login --profile {}", context.name),
        }
    }

    fn judge(&self, reply: Reply<'_>, whom: &str, login: &str) -> Verdict<Keys> {
        let response = match http::response(reply, whom) {
            Ok(response) => response,
            Err(verdict) => return verdict,
        };
        if response.status() == 200 {
            return match document::sso_role(response.body()) {
                Ok(keys) => Verdict::Done(keys),
                Err(failure) => Verdict::Fail(failure.within(whom)),
            };
        }
        // `ForbiddenException:http://internal.amazon.com/…`
        let code = response
            .header("x-amzn-errortype")
            .map(|code| code.split(':').next());
        let message = document::object(response.body()).ok();
        let message = message.and_then(|object| document::text(&object, "message").ok().flatten());
        let failure = match code.flatten() {
            Some(code) => document::rejected(&Secret::new(code), message.as_ref()).within(whom),
            None => http::status(whom, response.status()),
        };
        match response.status() {
            401 => {
                let reason = format!("{whom} no longer accepts the access token");
                Verdict::Fail(Failure::new(ErrorKind::SsoTokenExpired, reason).remedy(login))
            }
            429 => Verdict::Retry(failure),
            500.. => Verdict::Retry(http::status(whom, response.status())),
            403 | 404 => Verdict::Fail(failure.remedy(format!(
                "ask for the assignment of {} in account {}: aws sso list-account-roles shows \
                 what is assigned",
                self.role_name, self.account_id,
            ))),
            _ => Verdict::Fail(failure),
        }
    }
}
