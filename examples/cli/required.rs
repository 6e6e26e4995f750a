//! What a call cannot do without.

use rds_iam_token::{Endpoint, Region};

use crate::command_line::Flags;

pub(crate) fn require<'a>(flags: &'a Flags, flag: &str) -> Result<&'a str, String> {
    flags.get(flag).ok_or_else(|| format!("--{flag} is needed"))
}

/// Reads the region: the flag, else what the endpoint's name tells. Where they differ, a note says
/// so.
pub(crate) fn region(
    flags: &Flags,
    endpoint: Option<&Endpoint>,
    notes: &mut Vec<String>,
) -> Result<Option<Region>, String> {
    let inferred = endpoint.and_then(Endpoint::inferred_region);
    let Some(code) = flags.get("region") else {
        return Ok(inferred);
    };
    let region = Region::new(code).map_err(|error| format!("--region: {error}"))?;
    if let Some(inferred) = inferred.filter(|inferred| *inferred != region) {
        notes.push(format!(
            "warning: --region is {region}, but the endpoint is in {inferred}: RDS takes only its \
             own region"
        ));
    }
    Ok(Some(region))
}
