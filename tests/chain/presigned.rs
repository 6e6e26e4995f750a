//! `AssumeRole` is signed as botocore presigns it.

use rds_iam_token::chain::{Answer, Need, Settings};

use crate::world::World;

struct Row {
    region: &'static str,
    /// The lines of the source profile.
    keys: &'static str,
    /// The lines of the role.
    role: &'static str,
    host: &'static str,
    /// By `generate_presigned_url('assume_role', …, ExpiresIn=900, HttpMethod='GET')` of botocore
    /// 1.43.67, at 2023-11-14T22:13:20Z.
    signature: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        region: "eu-west-1",
        keys: "aws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=not-a-real-secret",
        role: "role_arn=arn:aws:iam::123456789012:role/r\nrole_session_name=app",
        host: "sts.eu-west-1.amazonaws.com",
        signature: "e9b5c04fdc064a1be895e6d469d5f427d0cabeb58c2666f6cd760f64a0dc336f",
    },
    // What must be encoded, in the token and in the parameters.
    Row {
        region: "us-east-1",
        keys: "aws_access_key_id=ASIDEXAMPLE\naws_secret_access_key=not/a+real=secret\n\
               aws_session_token=not/a+real/token==",
        role: "role_arn=arn:aws:iam::123456789012:role/path/r\nrole_session_name=me@example.com\n\
               external_id=ext:1/2=3\nduration_seconds=900",
        host: "sts.us-east-1.amazonaws.com",
        signature: "c6dce4a138c55885db7ef09f4f8cc51f570e57fc72f022e420a06cb9fdfd66e2",
    },
    // Another partition, a long token, and a code of an MFA device.
    Row {
        region: "cn-north-1",
        keys: "aws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=not-a-real-secret\n\
               aws_session_token={600}",
        role: "role_arn=arn:aws-cn:iam::123456789012:role/r\nrole_session_name=a+b=c,d.e\n\
               mfa_serial=arn:aws-cn:iam::123456789012:mfa/u",
        host: "sts.cn-north-1.amazonaws.com.cn",
        signature: "f7215409626b5c3ec7b59407e25d07a954ebb67eaf1013cd1bd642b1f90ecccc",
    },
];

#[test]
fn assume_role_is_signed_as_botocore_presigns_it() {
    for row in ROWS {
        let keys = row.keys.replace("{600}", &"t".repeat(600));
        let config = format!(
            "[default]\nregion={}\n{}\nsource_profile=base\n[profile base]\n{keys}\n",
            row.region, row.role
        );
        let mut url = String::new();
        let error = World::with_config(&config)
            .resolve(Settings::default(), |need| match need {
                Need::MfaCode { .. } => Answer::MfaCode("123456".into()),
                Need::Http(request) => {
                    assert_eq!(request.method(), "GET");
                    request.expose_url().clone_into(&mut url);
                    Answer::Unsupported("only the request is looked at".into())
                }
                need => panic!("{need:?}"),
            })
            .unwrap_err();
        assert_eq!(error.kind().as_str(), "unsupported", "{}", error.report());
        let start = format!("https://{}/?Action=AssumeRole&", row.host);
        assert!(url.starts_with(&start), "{url}");
        let end = format!("&X-Amz-Signature={}", row.signature);
        assert!(url.ends_with(&end), "{url}");
    }
}
