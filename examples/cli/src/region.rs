//! The region of a database.

use rds_iam_token::{Host, Region};

/// Returns the region of `--region`, else the one in the host name. A note says that they differ.
pub(crate) fn region(
    flag: Option<&str>,
    host: Option<&Host>,
    notes: &mut Vec<String>,
) -> Result<Option<Region>, String> {
    let inferred = host.and_then(Host::inferred_region);
    let Some(code) = flag else {
        return Ok(inferred);
    };
    let region = Region::new(code).map_err(|error| format!("--region: {error}"))?;
    // Without the value of the flag, which may be something else than a region.
    if let Some(inferred) = inferred.filter(|inferred| *inferred != region) {
        notes.push(format!(
            "warning: --region differs from the region in the host name, {inferred}; RDS accepts only \
             its own region"
        ));
    }
    Ok(Some(region))
}
