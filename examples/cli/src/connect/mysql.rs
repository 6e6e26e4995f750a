//! The login of MySQL and MariaDB: what to do next, from the bytes that have arrived, without I/O.
//!
//! The database speaks first, so it is dialed first: the client gets its version, the id of its connection and its
//! capabilities, but a scramble of our own, with which it proves the local password. The same login, without a
//! proof, then goes to the database in TLS, and the database asks for the token in clear. Packets are renumbered
//! until the client is let in. From then on nothing is read or changed: `LOAD DATA LOCAL` needs nothing, and for
//! `COM_CHANGE_USER` the database asks the client itself for a token, which fails.

use std::collections::VecDeque;

use zeroize::Zeroizing;

use super::{
    mysql_auth::{self, Plugin},
    mysql_greeting::{self as greeting, Greeting, Response},
    mysql_packet::{self as packet, Leg},
    mysql_refusal::{ErrorForClient, Refusal},
    step::{Bytes, Event, Failure, Login, Settings, Side, Step},
};

/// A login.
pub(crate) struct MySql {
    settings: Settings,
    scramble: [u8; 20],
    state: State,
    writes: VecDeque<(Side, Bytes)>,
    client: Leg,
    server: Leg,
    /// What the database can do.
    offered: u64,
    /// Whether the client has TLS.
    has_tls: bool,
    /// Whether the client has said that it knows SQLSTATEs.
    has_states: bool,
    /// Whether the client expects to hear that its proof is right before it is let in.
    expects_success: bool,
    user: Vec<u8>,
    /// What the database gets before TLS and in it.
    request: [u8; greeting::FIXED],
    response: Vec<u8>,
    /// The rejection by the database, until there are new credentials for the next login.
    rejection: Option<Refusal>,
    failure: Option<Failure>,
}

/// What has to happen next.
#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    Dialing,
    Greeting,
    Response,
    AcceptingTls,
    Proof(Plugin),
    StartingTls,
    Switch,
    Signing,
    Verdict,
    Renewing,
    Relaying,
    Closed,
}

impl MySql {
    /// Creates a login. The scramble is made of `random`.
    pub(crate) fn new(settings: Settings, random: [u8; 20]) -> Self {
        let is_full = settings.is_full;
        let mut login = Self {
            settings,
            scramble: mysql_auth::scramble(random),
            state: State::Dialing,
            writes: VecDeque::new(),
            client: Leg::new(Side::Client),
            server: Leg::new(Side::Server),
            offered: 0,
            has_tls: false,
            has_states: false,
            expects_success: false,
            user: Vec::new(),
            request: [0; greeting::FIXED],
            response: Vec::new(),
            rejection: None,
            failure: None,
        };
        if is_full {
            login.refuse(Refusal::full());
        }
        login
    }

    /// Returns the side whose packet comes next, if one does.
    fn reads(&self) -> Option<Side> {
        match self.state {
            State::Greeting | State::Switch | State::Verdict => Some(Side::Server),
            State::Response | State::Proof(_) => Some(Side::Client),
            _ => None,
        }
    }

    fn leg(&mut self, side: Side) -> &mut Leg {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn write(&mut self, side: Side, payload: &[u8]) {
        let bytes = self.leg(side).frame(payload);
        self.writes.push_back((side, bytes));
    }

    /// Handles the packets that have arrived.
    fn advance(&mut self) -> Result<(), Refusal> {
        while let Some(side) = self.reads() {
            let packet = self.leg(side).packet();
            let Some(payload) = packet.map_err(|flaw| Refusal::flaw(side, flaw))? else {
                break;
            };
            match self.state {
                State::Greeting => self.greet(&payload)?,
                State::Response => self.respond(&payload)?,
                State::Proof(plugin) => self.prove(plugin, &payload)?,
                State::Switch => self.switch(&payload)?,
                _ => self.finish(&payload)?,
            }
        }
        Ok(())
    }

    /// Greets the client as the database greeted.
    fn greet(&mut self, payload: &[u8]) -> Result<(), Refusal> {
        Refusal::by_database(payload, false)?;
        let theirs = Greeting::parse(payload).ok_or_else(|| {
            Refusal::malformed("the database sent no greeting of MySQL or MariaDB")
        })?;
        if theirs.capabilities & greeting::SSL == 0 {
            return Err(Refusal::tls(
                "the database does not offer TLS; a token is sent in TLS only",
            ));
        }
        if !self.server.is_empty() {
            return Err(Refusal::tls(
                "the database sent more than its greeting before TLS",
            ));
        }
        if theirs.capabilities & NEEDED != NEEDED {
            return Err(Refusal::malformed(
                "the database has no authentication plugins, which IAM needs",
            ));
        }
        self.offered = theirs.capabilities & !MASKED;
        let tls = if self.settings.local_tls {
            greeting::SSL
        } else {
            0
        };
        let capabilities = self.offered & !greeting::SSL
            | tls
            | NEEDED
            | greeting::SECURE_CONNECTION
            | greeting::LENENC_PROOF;
        let payload = theirs.payload(capabilities, &self.scramble);
        self.write(Side::Client, &payload);
        self.state = State::Response;
        Ok(())
    }

    /// Accepts a request for TLS, or the client's user, proof and capabilities.
    fn respond(&mut self, payload: &[u8]) -> Result<(), Refusal> {
        if !greeting::speaks_41(payload) {
            return Err(Refusal::handshake("the client does not speak protocol 4.1"));
        }
        self.has_states = true;
        let response = Response::parse(payload).ok_or_else(|| {
            Refusal::handshake("the client's answer to the greeting is malformed")
        })?;
        let has = |flag| response.capabilities & flag != 0;
        if has(greeting::SSL) && !self.has_tls {
            if !self.settings.local_tls {
                return Err(Refusal::handshake(
                    "the client wants TLS on this side; set its SSL mode to disabled, or use --local-tls: the connection to \
                     the database is encrypted and verified",
                ));
            }
            if payload.len() != greeting::FIXED {
                return Err(Refusal::handshake(
                    "the client's request for TLS is malformed",
                ));
            }
            self.state = State::AcceptingTls;
            return Ok(());
        }
        // The first bit says what the reserved bytes mean, so it is the client's.
        let kept = response.capabilities & (self.offered | greeting::LONG_PASSWORD);
        let flags = kept | greeting::SSL | NEEDED | greeting::SECURE_CONNECTION;
        self.request = response.request(flags);
        self.response = response.payload(flags);
        self.user = response.user.to_vec();
        let (plugin, is_proof) = Plugin::of(response.plugin, response.proof);
        if is_proof || !has(greeting::PLUGIN_AUTH) {
            return self.prove(plugin, response.proof);
        }
        let payload = packet::auth_switch(plugin.name(), &self.scramble);
        self.write(Side::Client, &payload);
        self.state = State::Proof(plugin);
        Ok(())
    }

    /// Verifies the local password and the user, and begins the login to the database.
    fn prove(&mut self, plugin: Plugin, proof: &[u8]) -> Result<(), Refusal> {
        let password = self
            .settings
            .password
            .as_ref()
            .map(|password| password.as_str());
        if !plugin.verify(proof, password, &self.scramble) {
            return Err(Refusal::denied(
                "the local password is wrong; expected the one that rds-iam-token printed, or the one in --password-file",
            ));
        }
        if !self
            .settings
            .users
            .iter()
            .any(|user| user.as_bytes() == self.user)
        {
            return Err(Refusal::denied(format!(
                "user {:?} may not log in here; expected {}",
                String::from_utf8_lossy(&self.user),
                self.settings.users.join(", "),
            )));
        }
        self.expects_success = plugin == Plugin::CachingSha2 && proof.len() == 32;
        let request = self.request;
        self.write(Side::Server, &request);
        self.state = State::StartingTls;
        Ok(())
    }

    /// Checks that the database asks for the token in clear.
    fn switch(&mut self, payload: &[u8]) -> Result<(), Refusal> {
        Refusal::by_database(payload, false)?;
        let user = String::from_utf8_lossy(&self.user);
        match payload {
            [packet::OK, ..] => Err(Refusal::without_iam(&format!(
                "the database accepted user {user:?} without a password"
            ))),
            [packet::SWITCH, ..] => {
                let plugin = packet::switched_to(payload).unwrap_or(b"mysql_old_password");
                if plugin == mysql_auth::CLEAR.as_bytes() {
                    self.state = State::Signing;
                    return Ok(());
                }
                let plugin = String::from_utf8_lossy(plugin);
                Err(Refusal::without_iam(&format!(
                    "the database asked user {user:?} for {plugin:?}; expected {:?}",
                    mysql_auth::CLEAR,
                )))
            }
            _ => Err(Refusal::malformed(
                "the database sent an unexpected packet during the login",
            )),
        }
    }

    /// Sends the token.
    fn send(&mut self, token: &str) -> Result<(), Refusal> {
        let payload = Zeroizing::new([token.as_bytes(), &[0]].concat());
        if payload.len() > packet::MAX_PAYLOAD {
            return Err(Refusal::unsigned(format!(
                "the token has {} bytes; expected fewer than {}",
                token.len(),
                packet::MAX_PAYLOAD,
            )));
        }
        self.write(Side::Server, &payload);
        self.state = State::Verdict;
        Ok(())
    }

    /// Lets the client in if the database does.
    fn finish(&mut self, payload: &[u8]) -> Result<(), Refusal> {
        if let Err(refusal) = Refusal::by_database(payload, true) {
            if !refusal.is_denied() {
                return Err(refusal);
            }
            // The client knows the id of this connection, so that the login is not tried again on a new one.
            self.rejection = Some(refusal);
            self.state = State::Renewing;
            return Ok(());
        }
        match payload {
            [packet::OK, ..] => {}
            [packet::SWITCH, ..] => {
                return Err(Refusal::malformed(
                    "the database asked for a password twice",
                ));
            }
            _ => {
                return Err(Refusal::malformed(
                    "the database sent an unexpected packet during the login",
                ));
            }
        }
        if self.expects_success {
            self.write(Side::Client, &FAST_AUTH_SUCCESS);
        }
        self.write(Side::Client, payload);
        // More than the login may have arrived.
        for (from, to) in [(Side::Server, Side::Client), (Side::Client, Side::Server)] {
            let rest = self.leg(from).rest();
            if !rest.expose().is_empty() {
                self.writes.push_back((to, rest));
            }
        }
        self.state = State::Relaying;
        Ok(())
    }

    /// Sends the client the reason for which it is not let in, and closes.
    fn refuse(&mut self, refusal: Refusal) {
        let payload = match refusal.error {
            None => None,
            Some(ErrorForClient::Passed(payload)) => Some(payload),
            Some(ErrorForClient::Own(code, state)) => {
                let state = self.has_states.then_some(state);
                Some(packet::error(code, state, &refusal.failure.to_string()))
            }
        };
        if let Some(payload) = payload {
            self.write(Side::Client, &payload);
        }
        self.failure = Some(refusal.failure);
        self.state = State::Closed;
    }
}

impl Login for MySql {
    fn step(&mut self) -> Step {
        if let Some((side, bytes)) = self.writes.pop_front() {
            return Step::Write(side, bytes);
        }
        match self.state {
            State::Dialing => Step::Dial,
            State::Greeting | State::Switch | State::Verdict => Step::Read(Side::Server),
            State::Response | State::Proof(_) => Step::Read(Side::Client),
            State::AcceptingTls => Step::AcceptTls(self.client.rest()),
            State::StartingTls => Step::StartTls,
            State::Signing => Step::Sign(String::from_utf8_lossy(&self.user).into_owned()),
            State::Renewing => Step::Renew,
            State::Relaying => Step::Relay,
            State::Closed => Step::Close(self.failure.take().unwrap_or(Failure::Left)),
        }
    }

    fn user(&self) -> String {
        String::from_utf8_lossy(&self.user).into_owned()
    }

    fn answer(&mut self, event: Event<'_>) {
        let result = match (self.state, self.reads(), event) {
            (_, Some(side), Event::Received(bytes)) => {
                self.leg(side).push(bytes);
                Ok(())
            }
            (_, Some(Side::Client), Event::Ended) => Err(Refusal::silent(Failure::Left)),
            (_, Some(Side::Server), Event::Ended) => Err(Refusal::lost(
                "the database closed the connection during the login",
            )),
            (_, Some(_), Event::Failed(text)) => Err(Refusal::lost(text)),
            (State::Dialing, _, Event::Done) => {
                self.state = State::Greeting;
                Ok(())
            }
            (State::Dialing, _, Event::Failed(text)) => Err(Refusal::unreachable(text)),
            (State::AcceptingTls, _, Event::Done) => {
                self.has_tls = true;
                self.state = State::Response;
                Ok(())
            }
            (State::AcceptingTls, _, Event::Failed(text)) => {
                Err(Refusal::silent(Failure::Client(text)))
            }
            (State::StartingTls, _, Event::Done) => {
                let response = std::mem::take(&mut self.response);
                self.write(Side::Server, &response);
                self.state = State::Switch;
                Ok(())
            }
            (State::StartingTls, _, Event::Failed(text)) => Err(Refusal::tls(text)),
            (State::Signing, _, Event::Token(token)) => self.send(token),
            (State::Signing, _, Event::Failed(text)) => Err(Refusal::unsigned(text)),
            (State::Renewing, ..) if self.rejection.is_some() => {
                self.rejection.take().map_or(Ok(()), Err)
            }
            _ => Err(Refusal::silent(Failure::Left)),
        };
        // More than one packet may have arrived.
        if let Err(refusal) = result.and_then(|()| self.advance()) {
            self.refuse(refusal);
        }
    }
}

/// Nothing that is relayed may be in a form that one side does not know, and there is no second factor.
const MASKED: u64 = greeting::COMPRESS | greeting::ZSTD | greeting::MULTI_FACTOR;

/// A login with a token needs these.
const NEEDED: u64 = greeting::PROTOCOL_41 | greeting::PLUGIN_AUTH;

/// The client's proof is right, and the database's verdict follows.
const FAST_AUTH_SUCCESS: [u8; 2] = [1, 3];
