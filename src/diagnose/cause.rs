//! The causes, in one table.

use core::fmt;

/// Defines the causes from a table: for each its docs, its name and its remedy.
macro_rules! causes {
    ($($(#[$doc:meta])* $cause:ident, $name:literal, $remedy:literal;)*) => {
        /// A reason why a token is rejected, in the order in which they are reported: a cause comes
        /// before its consequences.
        ///
        /// `Display` writes a name with hyphens, `wrong-host`. The names stay as they are; new ones
        /// may be added.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Cause {
            $($(#[$doc])* $cause,)*
        }

        impl Cause {
            /// Every cause, in the order in which they are reported.
            pub const ALL: &'static [Self] = &[$(Self::$cause,)*];

            /// Returns what to do, on one line.
            #[must_use]
            pub fn remedy(self) -> &'static str {
                match self {
                    $(Self::$cause => $remedy,)*
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$cause => $name,)*
                }
            }
        }
    };
}

causes! {
    /// There is no text.
    Empty, "empty",
    "Set the variable or file that the client reads the password from.";
    /// The text is something else.
    NotAToken, "not-a-token",
    "Pass what `aws rds generate-db-auth-token` prints. To log in with a password again, run REVOKE \
     rds_iam FROM the user, and FROM each role that the user inherits from.";
    /// The text is a token in base64.
    Base64, "base64",
    "Decode it first: `kubectl get secret NAME -o jsonpath='{.data.KEY}' | base64 -d`. A mounted \
     secret and secretKeyRef are decoded already.";
    /// There is other text around the token or in it: white space, line breaks, quotes.
    SurroundingText, "surrounding-text",
    "Pass the token from program to program, as in PGPASSWORD=\"$(aws rds generate-db-auth-token …)\".";
    /// Ampersands are written as in HTML or JSON.
    EscapedAmpersand, "escaped-ampersand",
    "Take the token before it is written as HTML, XML or JSON, or parse that format, as `jq -r` does.";
    /// The letter case was changed.
    LetterCase, "letter-case",
    "Pass the token in the letter case in which it was printed: remove the lower(), toLowerCase() or \
     `tr` that it goes through.";
    /// The service is not `rds-db`: the token is for something else.
    WrongService, "wrong-service",
    "Sign for the service rds-db, as `aws rds generate-db-auth-token` does. The service rds is the \
     management API; dsql, elasticache and redshift have tokens of their own.";
    /// A scheme is in front of the host.
    Scheme, "scheme",
    "Remove what is in front of the host: a token has no scheme.";
    /// The token, or a part of it, was percent-encoded once more.
    EncodedTwice, "encoded-twice",
    "Pass the token as it was printed. Percent-encode it inside a URL only, and only once.";
    /// The token was percent-decoded, or is in a URL that drivers decode.
    Decoded, "decoded",
    "Pass the token as a password, as in PGPASSWORD. In a URL, percent-encode all of it once more, \
     with %2F for each slash.";
    /// The percent signs are missing.
    LostPercentSigns, "lost-percent-signs",
    "Keep the token out of formats: `printf '%s' \"$TOKEN\"` in a shell, %% for each % in a batch file.";
    /// A plus sign is in the place of a space or of an encoded plus sign.
    PlusForSpace, "plus-for-space",
    "Encode a space as %20 and a plus sign as %2B, as `urllib.parse.quote` does and `quote_plus` does \
     not.";
    /// The end is missing.
    Truncated, "truncated",
    "Pass the token in PGPASSWORD or MYSQL_PWD, which keep it whole. Quote it in a shell, encode it in \
     a URL, and write \\: for each : in .pgpass.";
    /// There is no slash before the question mark.
    MissingSlash, "missing-slash",
    "Update the SDK: old ones for Go and the one for Kotlin omit the slash, which some Aurora endpoints \
     require.";
    /// There is no port.
    MissingPort, "missing-port",
    "Sign for host:port, as `aws rds generate-db-auth-token --port PORT` does: RDS compares both.";
    /// The host or the port is malformed.
    MalformedHost, "malformed-host",
    "Sign for the endpoint shown in the RDS console, with the host and the port once each.";
    /// A character is not allowed, or a percent sign does not encode anything.
    MalformedEncoding, "malformed-encoding",
    "Encode each parameter once, as %XX of its UTF-8 bytes. Where %% stands for %, as in an ini file, \
     read the value with the tool that the file is for.";
    /// A parameter is present twice.
    DuplicateParameter, "duplicate-parameter",
    "Percent-encode the user: an & in it starts a parameter. If it is encoded, create a new token.";
    /// A parameter is not one of a token's.
    UnknownParameter, "unknown-parameter",
    "Percent-encode the user: an & in it starts a parameter. If it is encoded, create a new token.";
    /// A parameter is missing.
    MissingParameter, "missing-parameter",
    "Create a new token with `aws rds generate-db-auth-token`: each of its parameters is required.";
    /// A parameter is malformed.
    MalformedParameter, "malformed-parameter",
    "Create a new token with `aws rds generate-db-auth-token`. Unset AWS_SESSION_TOKEN if it is empty.";
    /// The signature is not 64 lowercase hexadecimal digits.
    MalformedSignature, "malformed-signature",
    "Pass the signature as it was printed, 64 lowercase hexadecimal digits.";
    /// The algorithm is not `AWS4-HMAC-SHA256`.
    WrongAlgorithm, "wrong-algorithm",
    "Set the algorithm of the signer to AWS4-HMAC-SHA256.";
    /// The action is not `connect`.
    WrongAction, "wrong-action",
    "Set the action of the signer to connect.";
    /// The signed headers are not `host` alone.
    WrongSignedHeaders, "wrong-signed-headers",
    "Sign the header host and no other.";
    /// The day of the credential scope is not the day of signing.
    WrongScopeDate, "wrong-scope-date",
    "Use one clock, in UTC, for both dates.";
    /// The token is signed for a different host, or for a different spelling of it.
    WrongHost, "wrong-host",
    "Sign for the endpoint shown in the RDS console, in lowercase, and connect through whatever leads \
     there.";
    /// The token is signed for a host of a kind that RDS rejects.
    UnsignableHost, "unsignable-host",
    "Sign for the endpoint shown in the RDS console, and connect through whatever leads there.";
    /// The token is signed for a different port, or the port is not signed.
    WrongPort, "wrong-port",
    "Sign for host:port with the port shown in the RDS console, not with a tunnel's.";
    /// The token is signed for a different region.
    WrongRegion, "wrong-region",
    "Sign for the region of the database: pass --region, or set AWS_REGION.";
    /// The token is for a different user.
    WrongUser, "wrong-user",
    "Sign for the user who logs in: pass --username.";
    /// The token is for a user who differs in letter case only.
    UserCase, "user-case",
    "Write the user as the database does, in both places: run \\du in psql, or SELECT user FROM \
     mysql.user.";
    /// The token is signed with a different access key.
    WrongAccessKey, "wrong-access-key",
    "Run `aws sts get-caller-identity` and `aws configure list`, which show the credentials that a \
     signer finds first.";
    /// A temporary key signed, and its session token is missing.
    MissingSessionToken, "missing-session-token",
    "Set AWS_SESSION_TOKEN to the session token that came with the key.";
    /// A long-lived key signed, and a session token is present.
    UnexpectedSessionToken, "unexpected-session-token",
    "Unset AWS_SESSION_TOKEN: the session token is left over from other credentials.";
    /// The session token does not match the access key.
    WrongSessionToken, "wrong-session-token",
    "Set key, secret and session token from one answer of AWS.";
    /// The lifetime is not from 1 s to 900 s.
    Lifetime, "lifetime",
    "Set a lifetime of 900 s at most.";
    /// The lifetime is over.
    Expired, "expired",
    "Create a new token for each new connection; open connections stay open.";
    /// The credentials that signed have expired.
    CredentialsExpired, "credentials-expired",
    "Get new credentials, as `aws sso login` does, and then create a new token.";
    /// The lifetime has not begun.
    NotYetValid, "not-yet-valid",
    "Set the clock of the machine that signs: compare `date -u` with a clock that is right.";
    /// The signature does not match the secret access key.
    WrongSignature, "wrong-signature",
    "Check the secret access key, and whether the token was edited after it was signed.";
}

impl Cause {
    /// Returns the causes that follow from this one.
    pub(super) fn consequences(self) -> &'static [Self] {
        match self {
            Self::LetterCase => &[
                Self::WrongService,
                Self::MalformedParameter,
                Self::MalformedSignature,
                Self::WrongAlgorithm,
                Self::WrongAction,
                Self::WrongSignedHeaders,
                Self::WrongRegion,
                Self::UserCase,
                Self::WrongAccessKey,
                Self::MissingSessionToken,
                Self::WrongSessionToken,
                Self::WrongSignature,
            ],
            Self::LostPercentSigns => &[
                Self::MalformedParameter,
                Self::MissingParameter,
                Self::WrongUser,
            ],
            // bucket.s3.amazonaws.com/key?… has no port, and no parameter for a user.
            Self::WrongService => &[
                Self::Scheme,
                Self::MissingSlash,
                Self::MissingPort,
                Self::MalformedHost,
                Self::UnknownParameter,
                Self::MissingParameter,
                Self::WrongAction,
                Self::UnsignableHost,
                Self::Lifetime,
            ],
            _ => &[],
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
