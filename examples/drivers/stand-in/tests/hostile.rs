//! Hostile clients of MariaDB: whatever they send, it answers with a refusal and goes on. They use no TLS,
//! which the server asks for only after the password.

use std::{
    env,
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    process::Command,
    thread::sleep,
    time::Duration,
};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A client that has sent its name, and what the server answered.
struct Client {
    stream: TcpStream,
    sequence: u8,
}

impl Client {
    /// Connects as a user, and returns the server's answer: the request for a password, if all is well.
    fn connect(user: &[u8]) -> io::Result<(Self, Vec<u8>)> {
        let port = env::var("RDS_MARIADB_PORT").expect("use stand-in/run");
        let stream = TcpStream::connect(format!("127.0.0.1:{port}"))?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut client = Self {
            stream,
            sequence: 0,
        };
        client.read()?;
        // CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION and CLIENT_PLUGIN_AUTH.
        let mut login = 0x0008_8200_u32.to_le_bytes().to_vec();
        login.extend((1_u32 << 24).to_le_bytes());
        login.push(45);
        login.extend([0; 23]);
        login.extend(user);
        login.extend(b"\0\0mysql_native_password\0");
        client.write(&login)?;
        let answer = client.read()?;
        Ok((client, answer))
    }

    fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut header = [0; 4];
        self.stream.read_exact(&mut header)?;
        self.sequence = header[3].wrapping_add(1);
        let mut payload =
            vec![0; u32::from_le_bytes([header[0], header[1], header[2], 0]) as usize];
        self.stream.read_exact(&mut payload)?;
        Ok(payload)
    }

    fn write(&mut self, payload: &[u8]) -> io::Result<()> {
        let length = u32::try_from(payload.len())
            .expect("a packet")
            .to_le_bytes();
        let mut packet = vec![length[0], length[1], length[2], self.sequence];
        packet.extend(payload);
        self.stream.write_all(&packet)
    }
}

/// Returns what the server answers to a password.
fn answer(password: &[u8]) -> io::Result<String> {
    let (mut client, request) = Client::connect(user().as_bytes())?;
    assert!(request.starts_with(b"\xfemysql_clear_password\0"));
    client.write(password)?;
    Ok(String::from_utf8_lossy(&client.read()?).into_owned())
}

fn user() -> String {
    env::var("RDS_USER").expect("use stand-in/run")
}

/// Returns the id of the server's process: a crash changes it, or leaves none.
fn server() -> String {
    let path = format!(
        "{}/mariadb/pid",
        env::var("RDS_STAND_IN").expect("use stand-in/run")
    );
    let id = std::fs::read_to_string(path).expect("the server runs");
    assert!(
        Command::new("kill")
            .args(["-0", id.trim()])
            .status()
            .is_ok_and(|status| status.success())
    );
    id
}

#[test]
#[ignore = "needs the running stand-in"]
fn a_password_of_any_bytes_is_refused() -> Outcome {
    let id = server();
    let long = |length: usize| [vec![b'x'; length], vec![0]].concat();
    for (password, used) in [
        (b"".to_vec(), "NO"),
        (b"\0".to_vec(), "NO"),
        (b"\0\0".to_vec(), "YES"),
        (b"a\0b\0".to_vec(), "YES"),
        (b"no zero".to_vec(), "YES"),
        (b"\xff\xfe\0".to_vec(), "YES"),
        (long(12_000), "YES"),
        (long(65_534), "YES"),
        (long(65_535), "YES"),
        (long(65_536), "YES"),
        (long(1_000_000), "YES"),
    ] {
        let answer = answer(&password)?;
        let end = format!("(using password: {used})");
        assert!(
            answer.contains("Access denied for user") && answer.ends_with(&end),
            "{answer}"
        );
    }
    assert_eq!(server(), id);
    Ok(())
}

#[test]
#[ignore = "needs the running stand-in"]
fn a_user_of_any_bytes_is_refused() -> Outcome {
    let id = server();
    for user in [
        &b""[..],
        b"\xff\xfe",
        b"a'b\"c\\",
        &[b'x'; 500],
        &[b'x'; 100_000],
    ] {
        // An error, or a request for a password, or the end: only the server has to go on.
        match Client::connect(user) {
            Ok((mut client, answer)) if answer.starts_with(b"\xfe") => {
                client.write(b"x\0")?;
                let answer = client.read()?;
                assert!(answer.starts_with(b"\xff"), "{answer:?}");
            }
            Ok((_, answer)) => assert!(answer.starts_with(b"\xff"), "{answer:?}"),
            Err(error) => assert_ne!(error.kind(), ErrorKind::ConnectionRefused),
        }
    }
    assert_eq!(server(), id);
    Ok(())
}

#[test]
#[ignore = "needs the running stand-in"]
fn a_client_that_leaves_during_the_login_is_forgotten() -> Outcome {
    let id = server();
    for _ in 0..50 {
        let (client, _) = Client::connect(user().as_bytes())?;
        client.stream.shutdown(Shutdown::Both)?;
        let (mut client, _) = Client::connect(user().as_bytes())?;
        client.stream.write_all(b"\xff\xff\0")?;
        client.stream.shutdown(Shutdown::Both)?;
        let (mut client, _) = Client::connect(user().as_bytes())?;
        client.write(b"not-a-token\0")?;
    }
    assert!(answer(b"not-a-token\0")?.contains("Access denied"));
    assert_eq!(server(), id);
    for _ in 0..100 {
        let left = Command::new("pgrep")
            .args(["-x", "-P", id.trim(), "rds-stand-in"])
            .output()?;
        if left.stdout.is_empty() {
            return Ok(());
        }
        sleep(Duration::from_millis(100));
    }
    Err("a process of the plugin is left".into())
}
