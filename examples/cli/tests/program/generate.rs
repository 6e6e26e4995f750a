//! `rds-iam-token generate`

use std::{fs, path::Path, process::Command};

use crate::run::run;

#[test]
fn completions_load_in_bash_and_complete_a_command() {
    let script = run(["generate", "completions", "bash"], &[], b"").stdout;
    let test = "COMP_WORDS=(rds-iam-token insp); COMP_CWORD=1; \
                _rds__iam__token rds-iam-token insp rds-iam-token; echo \"${COMPREPLY[@]}\"; \
                complete -p rds-iam-token";
    let output = Command::new("bash")
        .args(["-c", &format!("{script}\n{test}")])
        .output()
        .expect("bash runs");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.starts_with("inspect\ncomplete "), "{stdout}");
    assert!(output.stderr.is_empty(), "{output:?}");
}

#[test]
fn each_command_has_a_man_page() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    let run = run(
        ["generate", "man", folder.to_str().expect("it is UTF-8")],
        &[],
        b"",
    );
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    for page in ["", "-token", "-keep", "-inspect", "-grant", "-check-policy"] {
        let file = folder.join(format!("rds-iam-token{page}.1"));
        let page = fs::read_to_string(&file).expect("it is written");
        assert!(page.contains(".SH SYNOPSIS"), "{}", file.display());
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    run(["generate", "man", "/dev/null/man"], &[], b"").is_rejected_with("man pages: ");
}
