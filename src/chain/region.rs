//! The region, in the order of the `aws` command.

use crate::{
    chain::{
        context::{self, Context},
        environment::Environment,
        error::ErrorKind,
        run::{Outcome, Run, Stop},
        source::{Source, metadata},
    },
    region::Region,
};

/// An empty variable counts as not set. A named profile does not inherit from `default`.
pub(crate) fn region(run: &mut Run<'_>) -> Outcome<Option<Region>> {
    if let Some(region) = &run.settings.region {
        return Ok(Some(region.clone()));
    }
    let environment = Environment::ask(run)?;
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(code) = environment.get(variable) {
            return Ok(Some(context::parse_region(code, variable)?));
        }
    }
    let context = Context::ask(run, environment)?;
    if let Some(region) = context.region(run)? {
        return Ok(Some(region));
    }
    if !run.settings.uses(Source::InstanceMetadata) {
        return Ok(None);
    }
    match metadata::region_code(run, &context) {
        Ok(Some(code)) => Ok(Some(context::parse_region(&code, "availability zone")?)),
        Ok(None) => Ok(None),
        // A service that does not answer says nothing about the region, as in the aws command.
        Err(Stop::Failed(failure)) if failure.kind != ErrorKind::InvalidConfig => Ok(None),
        Err(stop) => Err(stop),
    }
}
