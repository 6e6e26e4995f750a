//! The report in JSON.

use serde_json::{Value, json};

use super::report::Report;

/// Returns the report as one JSON object.
pub(super) fn print(report: &Report) -> String {
    let fields = report.fields.iter();
    let fields = fields.map(|field| json!({"name": field.name(), "value": field.value()}));
    let findings = report.findings.iter().map(|finding| {
        json!({"name": finding.name, "message": finding.message, "remedy": finding.remedy})
    });
    let mut other_causes = Vec::new();
    for group in &report.other_causes {
        let server = group.server;
        other_causes.extend(group.causes.iter().map(
            |cause| json!({"server": server, "message": cause.message(), "remedy": cause.remedy()}),
        ));
    }
    let report = json!({
        "fields": fields.collect::<Value>(),
        "findings": findings.collect::<Value>(),
        "notes": report.notes,
        "other_causes": other_causes,
    });
    format!("{report:#}")
}
