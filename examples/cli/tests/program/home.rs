//! A home directory for one test.

use std::{
    fs,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// A folder that is removed in the end.
pub(crate) struct Home(PathBuf);

impl Home {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let folder = folder.join(format!("home-{}-{count}", process::id()));
        fs::create_dir_all(folder.join(".aws")).expect("it can be made");
        Self(folder)
    }

    /// Writes a file, whose folders are made.
    pub(crate) fn with(self, file: &str, text: &str) -> Self {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
        self
    }

    pub(crate) fn text(&self) -> &str {
        self.0.to_str().expect("it is UTF-8")
    }

    /// What every test of it sets: no test asks an instance.
    pub(crate) fn variables(&self) -> [(&str, &str); 2] {
        [("HOME", self.text()), ("AWS_EC2_METADATA_DISABLED", "true")]
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A developer's profiles: IAM Identity Center, a role, a role with MFA, a process, keys.
pub(crate) const CONFIG: &str = "\
[profile sso]
region = us-east-1
sso_session = corp
sso_account_id = 012345678901
sso_role_name = Dev
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://x.awsapps.com/start
[profile role]
region = eu-west-2
role_arn = arn:aws:iam::123456789012:role/r
source_profile = src
[profile mfa]
region = eu-west-2
role_arn = arn:aws:iam::123456789012:role/r
source_profile = src
mfa_serial = arn:aws:iam::123456789012:mfa/jane
[profile process]
credential_process = sh -c 'echo \"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"AKIAPROC\\\", \\\"SecretAccessKey\\\": \\\"secretproc\\\"}\"'
[profile failing]
credential_process = sh -c 'echo a reason >&2; exit 3'
[profile src]
aws_access_key_id = AKIASRC
aws_secret_access_key = secretsrc
[profile half]
aws_access_key_id = AKIAHALF
";

/// Where the token of `[sso-session corp]` is kept: the SHA-1 of `corp`.
pub(crate) const SSO_TOKEN: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";

/// The token, until a time.
pub(crate) fn sso_token(expiry: &str) -> String {
    format!(
        r#"{{"startUrl": "https://x.awsapps.com/start", "region": "eu-west-1", "accessToken": "access", "expiresAt": "{expiry}"}}"#
    )
}
