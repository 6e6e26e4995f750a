//! Chains of profiles, against a naive resolver.

use std::{collections::BTreeSet, fmt::Write as _};

use proptest::prelude::*;
use rds_iam_token::chain::parse::{PlanStep, Profiles};

/// What a profile has; sources are numbers of profiles.
#[derive(Clone, Debug)]
struct Profile {
    keys: Keys,
    source: Option<usize>,
    process: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Keys {
    None,
    Whole,
    /// An id without a secret.
    Half,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    /// Which profile the base belongs to, and the roles from there.
    Plan(String, Vec<usize>),
    Nothing,
    Error(&'static str),
}

/// Resolves recursively: from the called profile to its source, and back through the roles.
fn resolve(
    profiles: &[Profile],
    at: usize,
    called_by: Option<usize>,
    seen: &BTreeSet<usize>,
) -> Outcome {
    let profile = &profiles[at];
    let own = || match (profile.keys, profile.process) {
        (Keys::Half, false) => Outcome::Error("partial"),
        // A process comes before keys of the config file.
        (_, true) => Outcome::Plan(format!("process {at}"), Vec::new()),
        (Keys::Whole, _) => Outcome::Plan(format!("keys {at}"), Vec::new()),
        (Keys::None, _) => Outcome::Nothing,
    };
    let role = called_by.is_none() || profile.keys == Keys::None;
    let Some(source) = profile.source.filter(|_| role) else {
        return own();
    };
    let mut seen = seen.clone();
    seen.insert(at);
    let found = if source == at {
        match own() {
            Outcome::Nothing => Outcome::Error("loop"),
            found => found,
        }
    } else if seen.contains(&source) {
        Outcome::Error("loop")
    } else if source >= profiles.len() {
        Outcome::Error("invalid-config")
    } else {
        match resolve(profiles, source, Some(at), &seen) {
            Outcome::Nothing => Outcome::Error("invalid-config"),
            found => found,
        }
    };
    match found {
        Outcome::Plan(base, mut roles) => {
            roles.push(at);
            Outcome::Plan(base, roles)
        }
        found => found,
    }
}

fn config(profiles: &[Profile]) -> String {
    let mut text = String::new();
    for (number, profile) in profiles.iter().enumerate() {
        writeln!(text, "[profile p{number}]").unwrap();
        if profile.keys != Keys::None {
            writeln!(text, "aws_access_key_id=k{number}").unwrap();
        }
        if profile.keys == Keys::Whole {
            writeln!(text, "aws_secret_access_key=s").unwrap();
        }
        if profile.process {
            writeln!(text, "credential_process=p{number}").unwrap();
        }
        if let Some(source) = profile.source {
            writeln!(text, "role_arn=arn:aws:iam::123456789012:role/{number}").unwrap();
            writeln!(text, "source_profile=p{source}").unwrap();
        }
    }
    text
}

/// Reads the plan in the words of the model.
fn plan(profiles: &[Profile]) -> Outcome {
    let config = config(profiles);
    let parsed = Profiles::parse(config.as_bytes(), b"").unwrap();
    let steps = match parsed.plan("p0") {
        Ok(Some(steps)) => steps,
        Ok(None) => return Outcome::Nothing,
        Err(error) => return Outcome::Error(error.kind().as_str()),
    };
    let base = match &steps[0] {
        PlanStep::Keys(credentials) => credentials.access_key_id().replace('k', "keys "),
        PlanStep::Process { command } => command.expose_secret().replace('p', "process "),
        step => panic!("{step:?}"),
    };
    let roles = steps[1..].iter().map(|step| match step {
        PlanStep::AssumeRole { role_arn, .. } => {
            role_arn.rsplit_once('/').unwrap().1.parse().unwrap()
        }
        step => panic!("{step:?}"),
    });
    Outcome::Plan(base, roles.collect())
}

fn profile() -> impl Strategy<Value = Profile> {
    let keys = prop_oneof![4 => Just(Keys::None), 2 => Just(Keys::Whole), 1 => Just(Keys::Half)];
    let source = prop_oneof![1 => Just(None), 4 => (0..7_usize).prop_map(Some)];
    (keys, source, prop::bool::weighted(0.2)).prop_map(|(keys, source, process)| Profile {
        keys,
        source,
        process,
    })
}

proptest! {
    #[test]
    fn every_graph_of_profiles_is_resolved_as_the_model_does(
        profiles in proptest::collection::vec(profile(), 1..6)
    ) {
        let model = resolve(&profiles, 0, None, &BTreeSet::new());
        prop_assert_eq!(plan(&profiles), model, "{}", config(&profiles));
    }
}

#[test]
fn a_loop_is_reported_with_its_path() {
    let profile = |source| Profile {
        keys: Keys::None,
        source: Some(source),
        process: false,
    };
    let config = config(&[profile(1), profile(2), profile(1)]);
    let profiles = Profiles::parse(config.as_bytes(), b"").unwrap();
    let error = profiles.plan("p0").unwrap_err();
    assert!(error.to_string().ends_with("p0 → p1 → p2 → p1"), "{error}");
}
