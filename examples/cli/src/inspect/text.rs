//! The report as text.

use super::report::Report;

/// Returns the report in lines: fields; findings and their remedies; notes; other causes.
pub(super) fn print(report: &Report) -> String {
    let mut lines = Vec::new();
    for field in &report.fields {
        lines.push(format!("{:<15} {}", field.name(), field.value()));
    }
    if !report.fields.is_empty() {
        lines.push(String::new());
    }
    for finding in &report.findings {
        lines.push(format!("- {}: {}", finding.name, finding.message));
        lines.push(format!("  {}", finding.remedy));
    }
    if report.findings.is_empty() {
        lines.push("Nothing is wrong with the token itself.".to_owned());
    }
    lines.extend(report.notes.iter().cloned());
    if !report.other_causes.is_empty() {
        lines.push("If the server rejects it all the same, the cause is elsewhere:".to_owned());
    }
    for group in &report.other_causes {
        lines.push(String::new());
        lines.push(format!("{}:", group.title));
        for cause in &group.causes {
            lines.push(format!("  * {}", cause.message()));
            lines.push(format!("    {}", cause.remedy()));
        }
    }
    lines.join("\n")
}
