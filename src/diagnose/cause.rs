//! What may be wrong with a token.

use core::fmt;

/// What is wrong with a token, in the order of which is reported first: a cause comes before what
/// follows from it.
///
/// `Display` writes a name with hyphens, `wrong-host`. The names stay as they are; new ones may be
/// added.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Cause {
    /// There is no text.
    Empty,
    /// The text is something else.
    NotAToken,
    /// White space, line breaks, quotes or other text around the token or in it.
    SurroundingText,
    /// `&` is written as HTML or JSON write it.
    EscapedAmpersand,
    /// The service is not `rds-db`: it is a token for something else.
    WrongService,
    /// A scheme stands before the host.
    Scheme,
    /// The token, or what is in it, was percent-encoded once more.
    EncodedTwice,
    /// The token was percent-decoded.
    Decoded,
    /// A plus sign stands where a space or an encoded plus sign should.
    PlusForSpace,
    /// The end is missing.
    Truncated,
    /// There is no slash before the question mark.
    MissingSlash,
    /// There is no port.
    MissingPort,
    /// The host or the port is malformed.
    MalformedHost,
    /// A character is not allowed, or a percent sign does not encode anything.
    MalformedEncoding,
    /// A parameter is there twice.
    DuplicateParameter,
    /// A parameter is not one that a token has.
    UnknownParameter,
    /// A parameter is missing.
    MissingParameter,
    /// A parameter is malformed.
    MalformedParameter,
    /// The signature is not 64 lower-case hexadecimal digits.
    MalformedSignature,
    /// The algorithm is not `AWS4-HMAC-SHA256`.
    WrongAlgorithm,
    /// The action is not `connect`.
    WrongAction,
    /// The signed headers are not `host` alone.
    WrongSignedHeaders,
    /// The day of the credential scope is not the day of signing.
    WrongScopeDate,
    /// It is signed for another host.
    WrongHost,
    /// It is signed for a host of a kind that RDS refuses.
    UnsignableHost,
    /// It is signed for another port.
    WrongPort,
    /// It is signed for another region.
    WrongRegion,
    /// It is for another user.
    WrongUser,
    /// It is for a user who differs in letter case only.
    UserCase,
    /// It is signed with another access key.
    WrongAccessKey,
    /// A temporary key signed, and its session token is not there.
    MissingSessionToken,
    /// A long-lived key signed, and a session token is there.
    UnexpectedSessionToken,
    /// The session token is another.
    WrongSessionToken,
    /// The lifetime is not 1 s to 900 s.
    Lifetime,
    /// The lifetime is over.
    Expired,
    /// The credentials that signed it are no longer valid.
    CredentialsExpired,
    /// The lifetime has not begun.
    NotYetValid,
    /// The signature is not the one that the secret makes.
    WrongSignature,
}

impl Cause {
    /// Says what to do, in one line.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Empty => "look at how the password gets to the client: its variable is not set",
            Self::NotAToken => {
                "give what `aws rds generate-db-auth-token` prints; it starts with host:port/?"
            }
            Self::SurroundingText => {
                "pass the token on from program to program; it is plain ASCII without spaces, line \
                 breaks and quotes"
            }
            Self::EscapedAmpersand => "take the token before it is put into HTML, XML or JSON",
            Self::Scheme => "leave out what is before the host: a token has no scheme",
            Self::EncodedTwice => {
                "give the token as a password as it is; it needs encoding inside a URL only, and is \
                 decoded there"
            }
            Self::Decoded => {
                "give the token as a password, not in a connection URL; a URL decodes it, so there \
                 it has to be encoded once more"
            }
            Self::PlusForSpace => {
                "encode a space as %20 and a plus sign as %2B: form encoding is another one"
            }
            Self::Truncated => {
                "give the token in another way: variables such as PGPASSWORD and MYSQL_PWD keep it \
                 whole"
            }
            Self::MissingSlash => {
                "print the slash, which some Aurora endpoints insist on; older SDKs for Go and the \
                 one for Kotlin leave it out"
            }
            Self::MissingPort => "sign for host:port; RDS compares both",
            Self::MalformedHost => "sign for the endpoint as RDS shows it, host and port",
            Self::MalformedEncoding => "encode each parameter once, as %XX of its UTF-8 bytes",
            Self::DuplicateParameter | Self::UnknownParameter => {
                "encode the user: an & or = in it has become a parameter, or the token was edited"
            }
            Self::MissingParameter => "make a new token; nothing can be left out of one",
            Self::MalformedParameter => "make a new token with a signer that is known to work",
            Self::MalformedSignature => {
                "write the signature as 64 lower-case hexadecimal digits, as they were printed"
            }
            Self::WrongAlgorithm => "sign with AWS4-HMAC-SHA256",
            Self::WrongService => {
                "sign for the service rds-db: rds is the management API, and dsql and redshift have \
                 tokens of their own"
            }
            Self::WrongAction => "sign the action connect",
            Self::WrongSignedHeaders => "sign the header host and no other",
            Self::WrongScopeDate => "take both dates from one clock, in UTC",
            Self::WrongHost | Self::UnsignableHost => {
                "sign for the endpoint that RDS shows, and connect to whatever leads there"
            }
            Self::WrongPort => "sign for the endpoint's port, not for a tunnel's",
            Self::WrongRegion => "sign for the region that the database is in",
            Self::WrongUser => "sign for the user who logs in",
            Self::UserCase => "write the user as the database has it: case counts",
            Self::WrongAccessKey => "look at which credentials the signer finds first",
            Self::MissingSessionToken => {
                "give the signer the session token that came with the key (AWS_SESSION_TOKEN)"
            }
            Self::UnexpectedSessionToken => {
                "leave out the session token; one is left over from other credentials"
            }
            Self::WrongSessionToken => "take key, secret and session token from one answer of AWS",
            Self::Lifetime => "ask for 900 s at most",
            Self::Expired => {
                "make a new token for each new connection; connections that are open stay open"
            }
            Self::CredentialsExpired => "get new credentials, and then a new token",
            Self::NotYetValid => "set the clock of the machine that signs",
            Self::WrongSignature => {
                "look at the secret, and whether the token was edited after it was signed"
            }
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::NotAToken => "not-a-token",
            Self::SurroundingText => "surrounding-text",
            Self::EscapedAmpersand => "escaped-ampersand",
            Self::Scheme => "scheme",
            Self::EncodedTwice => "encoded-twice",
            Self::Decoded => "decoded",
            Self::PlusForSpace => "plus-for-space",
            Self::Truncated => "truncated",
            Self::MissingSlash => "missing-slash",
            Self::MissingPort => "missing-port",
            Self::MalformedHost => "malformed-host",
            Self::MalformedEncoding => "malformed-encoding",
            Self::DuplicateParameter => "duplicate-parameter",
            Self::UnknownParameter => "unknown-parameter",
            Self::MissingParameter => "missing-parameter",
            Self::MalformedParameter => "malformed-parameter",
            Self::MalformedSignature => "malformed-signature",
            Self::WrongAlgorithm => "wrong-algorithm",
            Self::WrongService => "wrong-service",
            Self::WrongAction => "wrong-action",
            Self::WrongSignedHeaders => "wrong-signed-headers",
            Self::WrongScopeDate => "wrong-scope-date",
            Self::WrongHost => "wrong-host",
            Self::UnsignableHost => "unsignable-host",
            Self::WrongPort => "wrong-port",
            Self::WrongRegion => "wrong-region",
            Self::WrongUser => "wrong-user",
            Self::UserCase => "user-case",
            Self::WrongAccessKey => "wrong-access-key",
            Self::MissingSessionToken => "missing-session-token",
            Self::UnexpectedSessionToken => "unexpected-session-token",
            Self::WrongSessionToken => "wrong-session-token",
            Self::Lifetime => "lifetime",
            Self::Expired => "expired",
            Self::CredentialsExpired => "credentials-expired",
            Self::NotYetValid => "not-yet-valid",
            Self::WrongSignature => "wrong-signature",
        })
    }
}
