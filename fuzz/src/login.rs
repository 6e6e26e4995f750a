//! Logins of the program `rds-iam-token connect`, between a client and a server whose bytes come from the fuzzer.

#[path = "../../examples/cli/src/connect/mysql.rs"]
mod mysql;
#[path = "../../examples/cli/src/connect/mysql_auth.rs"]
mod mysql_auth;
#[path = "../../examples/cli/src/connect/mysql_greeting.rs"]
mod mysql_greeting;
#[path = "../../examples/cli/src/connect/mysql_packet.rs"]
mod mysql_packet;
#[path = "../../examples/cli/src/connect/mysql_refusal.rs"]
mod mysql_refusal;
#[path = "../../examples/cli/src/connect/postgres.rs"]
mod postgres;
#[path = "../../examples/cli/src/connect/step.rs"]
mod step;

use step::{Event, Login, Settings, Side, Step};

/// Performs a login of MySQL or MariaDB, and checks that only a client with the local password gets in, as a
/// configured user, and that the token is sent for `mysql_clear_password` alone.
pub fn mysql(bytes: &[u8]) {
    let Some((choice, input)) = Input::cut(bytes) else {
        return;
    };
    let settings = settings(choice);
    let has_password = settings.password.is_some();
    let can_prove = PROOFS.iter().any(|proof| contains(&input.client, proof));
    let outcome = input.drive(&mut mysql::MySql::new(settings, RANDOM));
    assert!(outcome.server.is_empty() || outcome.server.len() == 36);
    if let [user] = &outcome.signed[..] {
        assert!(user == "app" || user == "report");
        // The NUL may be missing where the packet ends.
        let is_asked = |request| contains(&outcome.before_token, request);
        assert!(
            is_asked(b"\xfemysql_clear_password\0")
                || is_asked(b"\x15\0\0\x03\xfemysql_clear_password")
        );
        assert_eq!(outcome.server.len(), 36);
        assert!(can_prove || !has_password);
    }
}

fn settings(choice: u8) -> Settings {
    Settings {
        users: vec!["app".to_owned(), "report".to_owned()],
        password: (choice & 1 != 0).then(|| "secret".to_owned().into()),
        local_tls: choice & 2 != 0,
        is_full: choice & 4 != 0,
    }
}

/// Performs a login of PostgreSQL, and checks that only a client with the local password gets in, as a
/// configured user, and that the token is sent for a password in clear alone.
pub fn postgres(bytes: &[u8]) {
    let Some((choice, input)) = Input::cut(bytes) else {
        return;
    };
    let settings = settings(choice);
    let has_password = settings.password.is_some();
    let can_prove = contains(&input.client, b"secret\0");
    let outcome = input.drive(&mut postgres::Postgres::new(settings));
    // Only requests for TLS, on at most two connections.
    assert!([0, 8, 16].contains(&outcome.server.len()));
    for user in &outcome.signed {
        assert!(user == "app" || user == "report");
        let requests = |part: &[u8]| part[0] == b'R' && part[5..] == [0, 0, 0, 3];
        assert!(outcome.before_token.windows(9).any(requests));
        assert!(can_prove || !has_password);
    }
}

/// The random bytes of the scramble.
const RANDOM: [u8; 20] = *b"ours-ours-ours-ours-";

/// The proofs of the local password for it.
const PROOFS: [&[u8]; 2] = [
    b"\x32\x6b\x42\x7b\x27\xd8\x3b\xed\x6a\x18\xb1\x2f\xbd\xe3\xf5\x95\x27\x2a\xb0\x94",
    b"\xe4\x47\x51\x6f\x03\x45\xac\xa9\xb4\xf4\xaa\xfe\x66\xf1\x5f\x88\x70\x49\xa4\x09\xc6\xb2\x01\xa0\x5a\x33\x4d\xac\xae\xfd\x99\xda",
];

/// A token that no side knows.
const TOKEN: &str = "db.c1a2b3.eu-west-1.rds.amazonaws.com:1/?Action=connect&DBUser=app";

/// The length of a read, the steps that fail, and what each side sends.
struct Input {
    size: usize,
    fails: u8,
    client: Vec<u8>,
    server: Vec<u8>,
    server_in_tls: Vec<u8>,
}

/// All that was sent.
#[derive(Default)]
struct Outcome {
    client: Vec<u8>,
    /// To the server, before TLS and in it.
    server: Vec<u8>,
    server_in_tls: Vec<u8>,
    /// By the server in TLS before the token.
    before_token: Vec<u8>,
    /// The users of the tokens.
    signed: Vec<String>,
    relays: bool,
}

impl Input {
    /// Cuts an input into a number that chooses settings, and what each side sends.
    fn cut(bytes: &[u8]) -> Option<(u8, Self)> {
        let ([choice, fails, size, a, b, c, d], rest) = bytes.split_first_chunk()?;
        let (client, rest) = rest.split_at_checked(u16::from_be_bytes([*a, *b]).into())?;
        let (server, server_in_tls) = rest.split_at_checked(u16::from_be_bytes([*c, *d]).into())?;
        let input = Self {
            size: if *size == 0 {
                usize::MAX
            } else {
                usize::from(*size)
            },
            fails: *fails,
            client: client.to_vec(),
            server: server.to_vec(),
            server_in_tls: server_in_tls.to_vec(),
        };
        (!contains(bytes, TOKEN.as_bytes())).then_some((*choice, input))
    }

    /// Performs a login, and checks that it ends, and that the token goes to the server alone, in TLS and once.
    fn drive(mut self, login: &mut dyn Login) -> Outcome {
        let mut outcome = Outcome::default();
        let (mut sent, mut has_tls) = (0, false);
        let length = self.client.len() + self.server.len() + self.server_in_tls.len();
        let (mut steps, mut connections) = (0, 0);
        loop {
            steps += 1;
            assert!(steps < length + 100, "the login does not end");
            match login.step() {
                Step::Read(side) => self.read(side, has_tls, login, &mut outcome),
                Step::Write(side, bytes) => {
                    sent += bytes.expose().len();
                    let got = match side {
                        Side::Client => &mut outcome.client,
                        Side::Server if has_tls => &mut outcome.server_in_tls,
                        Side::Server => &mut outcome.server,
                    };
                    got.extend_from_slice(bytes.expose());
                }
                Step::Dial | Step::DialAgain(_) => {
                    connections += 1;
                    has_tls = false;
                    login.answer(self.done(1));
                }
                Step::StartTls => {
                    assert!(!has_tls);
                    has_tls = self.fails & 2 == 0;
                    login.answer(self.done(2));
                }
                // What had arrived is the client's TLS, which is the rest of its bytes here.
                Step::AcceptTls(early) => {
                    self.client = [early.expose(), &self.client].concat();
                    login.answer(self.done(4));
                }
                Step::Sign(user) => {
                    assert!(has_tls, "a token before TLS");
                    outcome.signed.push(user);
                    assert!(outcome.signed.len() <= connections, "a token twice");
                    login.answer(match self.done(8) {
                        Event::Done => Event::Token(TOKEN),
                        failed => failed,
                    });
                }
                Step::Renew => login.answer(self.done(16)),
                Step::Relay => {
                    outcome.relays = true;
                    break;
                }
                Step::Close(failure) => {
                    assert!(!format!("{failure:?}").contains(TOKEN));
                    break;
                }
            }
        }
        // No side gets much more than the other has sent.
        assert!(sent <= 2 * length + 4 * TOKEN.len() + 2000);
        assert_eq!(count(&outcome.client) + count(&outcome.server), 0);
        assert!(connections <= 2);
        assert!(count(&outcome.server_in_tls) <= outcome.signed.len());
        assert!(!outcome.relays || count(&outcome.server_in_tls) == connections);
        outcome
    }

    fn read(&mut self, side: Side, has_tls: bool, login: &mut dyn Login, outcome: &mut Outcome) {
        let bytes = match side {
            Side::Client => &mut self.client,
            Side::Server if has_tls => &mut self.server_in_tls,
            Side::Server => &mut self.server,
        };
        let rest = bytes.split_off(self.size.min(bytes.len()));
        let piece = std::mem::replace(bytes, rest);
        if side == Side::Server && has_tls && outcome.signed.is_empty() {
            outcome.before_token.extend_from_slice(&piece);
        }
        login.answer(if piece.is_empty() {
            Event::Ended
        } else {
            Event::Received(&piece)
        });
    }

    /// Returns the end of a step.
    fn done(&self, step: u8) -> Event<'static> {
        if self.fails & step == 0 {
            Event::Done
        } else {
            Event::Failed("it fails".to_owned())
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Returns how often the token is in bytes.
fn count(bytes: &[u8]) -> usize {
    bytes
        .windows(TOKEN.len())
        .filter(|window| *window == TOKEN.as_bytes())
        .count()
}
