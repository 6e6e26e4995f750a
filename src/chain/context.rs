//! What most sources look at: the variables, the files, and the profile that was called.

use alloc::{borrow::Cow, format, string::String, vec::Vec};

use crate::{
    chain::{
        answer::Answer,
        endpoint::{self, Endpoint, Service},
        environment::Environment,
        error::{ErrorKind, Failure},
        format::profiles::{Profile, Profiles},
        need::Ask,
        run::{Outcome, Run},
        shown::shown,
        source::Source,
    },
    region::Region,
};

pub(crate) struct Context<'a> {
    pub(crate) environment: Environment<'a>,
    pub(crate) profiles: Profiles<'a>,
    /// The profile that was called.
    pub(crate) name: &'a str,
}

impl<'a> Context<'a> {
    /// Parses both files, and checks that a profile exists that is named.
    pub(crate) fn ask(run: &mut Run<'a>, environment: Environment<'a>) -> Outcome<Self> {
        let settings = run.settings;
        let named = settings.profile.as_deref();
        let named = named.or_else(|| environment.get("AWS_PROFILE"));
        let named = named.or_else(|| environment.get("AWS_DEFAULT_PROFILE"));
        run.profile = Some(named.unwrap_or("default"));
        let config = path(run, &environment, "AWS_CONFIG_FILE", "config")?;
        let credentials = path(
            run,
            &environment,
            "AWS_SHARED_CREDENTIALS_FILE",
            "credentials",
        )?;
        let config_text = contents(run, config.as_deref(), Source::ConfigFile)?;
        let credentials_text = if credentials == config {
            config_text
        } else {
            contents(run, credentials.as_deref(), Source::CredentialsFile)?
        };
        let profiles = Profiles::parse_files(
            (config.as_deref().unwrap_or_default(), config_text),
            (credentials.as_deref().unwrap_or_default(), credentials_text),
        )?;
        if let Some(name) = named.filter(|name| profiles.profile(name).is_none()) {
            return Err(not_found(&profiles, name, config.as_deref()).into());
        }
        Ok(Self {
            environment,
            profiles,
            name: named.unwrap_or("default"),
        })
    }

    /// Returns the called profile; without a name there need not be one.
    pub(crate) fn profile(&self) -> Option<Profile<'_, 'a>> {
        self.profiles.profile(self.name)
    }

    /// Returns the value of a variable, or else of a property of the called profile.
    pub(crate) fn setting(&self, variable: &str, property: &str) -> Option<&'a str> {
        let value = self.environment.get(variable);
        value.or_else(|| self.profile()?.get(property))
    }

    /// Returns the region for STS, without asking the instance.
    pub(crate) fn region(&self, run: &Run<'_>) -> Result<Option<Region>, Failure> {
        if let Some(region) = &run.settings.region {
            return Ok(Some(region.clone()));
        }
        for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
            if let Some(code) = self.environment.get(variable) {
                return parse_region(code, variable).map(Some);
            }
        }
        let of_profile = self.profile().and_then(|profile| profile.get("region"));
        of_profile
            .map(|code| parse_region(code, &format!("region of profile {}", self.name)))
            .transpose()
    }

    /// Returns the address of a service.
    pub(crate) fn endpoint(
        &self,
        run: &Run<'_>,
        service: Service,
        region: Option<&Region>,
    ) -> Result<Endpoint, Failure> {
        let is_on = |variable, property| {
            self.setting(variable, property)
                .is_some_and(|value| value.eq_ignore_ascii_case("true"))
        };
        let options = endpoint::Options {
            fips: is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            dual_stack: is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            configured: self.configured_endpoint(service),
            plain_http: run.settings.plain_http,
        };
        if region.is_none() && service == Service::Sts {
            // The aws command asks the global endpoint then.
            let global = parse_region("aws-global", "region")?;
            return endpoint::resolve(service, Some(&global), &options);
        }
        endpoint::resolve(service, region, &options)
    }

    fn configured_endpoint(&self, service: Service) -> Option<&'a str> {
        let off = self.setting(
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
            "ignore_configured_endpoint_urls",
        );
        if off.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return None;
        }
        let (variable, block) = service.settings();
        let of_environment = self.environment.get(variable);
        let of_environment = of_environment.or_else(|| self.environment.get("AWS_ENDPOINT_URL"));
        of_environment.or_else(|| {
            let profile = self.profile()?;
            let services = profile.get("services");
            let services = services.and_then(|name| self.profiles.services(name));
            let of_service = services.and_then(|section| section.nested(block, "endpoint_url"));
            of_service.or_else(|| profile.get("endpoint_url"))
        })
    }

    /// Returns the path of the CA bundle that is configured.
    pub(crate) fn ca_bundle(&self) -> Option<String> {
        self.setting("AWS_CA_BUNDLE", "ca_bundle").map(String::from)
    }
}

pub(crate) fn parse_region(code: &str, setting: &str) -> Result<Region, Failure> {
    Region::new(code).map_err(|error| {
        Failure::new(ErrorKind::InvalidValue, format!("{setting}: {error}"))
            .remedy(format!("set {setting} to a code such as eu-west-1"))
    })
}

/// Returns the path of one of the two files. An empty variable means no file.
fn path<'a>(
    run: &mut Run<'a>,
    environment: &Environment<'a>,
    variable: &str,
    name: &str,
) -> Outcome<Option<Cow<'a, str>>> {
    match environment.raw(variable) {
        Some("") => Ok(None),
        Some(path) => environment.expand(run, path).map(Some),
        None => Ok(environment.in_home(&[".aws", name]).map(Cow::Owned)),
    }
}

/// Returns the contents of a file; one that is missing or unreadable is empty.
fn contents<'a>(run: &mut Run<'a>, path: Option<&str>, source: Source) -> Outcome<&'a [u8]> {
    let Some(path) = path else {
        run.pass_over(source, "HOME is not set, so there is no file");
        return Ok(&[]);
    };
    match run.ask(|| Ask::File(path.into()))? {
        Answer::File(contents) => return Ok(contents),
        Answer::Unreadable(reason) => {
            let reason = format!("{path} is unreadable: {}", shown(reason));
            run.suspect(
                source,
                reason,
                format!("make {path} readable for this user"),
            );
        }
        Answer::Unsupported(reason) => {
            run.pass_over(source, format!("{path}: {}", shown(reason)));
        }
        _ => run.pass_over(source, format!("{path} does not exist")),
    }
    Ok(&[])
}

fn not_found(profiles: &Profiles<'_>, name: &str, config: Option<&str>) -> Failure {
    let reason = format!("profile {name} does not exist");
    let mut failure = Failure::new(ErrorKind::ProfileNotFound, reason);
    if profiles.lacks_prefix(name) {
        let config = config.unwrap_or("the config file");
        let more = format!("; {config} has [{name}], which lacks the word profile");
        failure.reason.push_str(&more);
        failure = failure.remedy(format!(
            "in {config}, write [profile {name}] instead of [{name}]"
        ));
    }
    let names: Vec<&str> = profiles.names();
    if names.is_empty() {
        return failure.remedy(format!("run aws configure --profile {name}"));
    }
    failure.remedy(format!("use a profile that exists: {}", names.join(", ")))
}
