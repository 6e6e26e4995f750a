//! Credentials that are missing, and come back.

use std::io::{Read as _, Write as _};

use crate::{
    program::{HOST, Home, Program},
    server::{Certificate, Server},
};

#[test]
fn missing_credentials_are_an_error_of_one_connection() {
    let home = Home::new();
    let certificate = Certificate::new(HOST);
    let server = Server::postgres(&certificate, b"S", &[b"R\0\0\0\x08\0\0\0\x03"]);
    let credentials = home.write("credentials", "");
    let keys = [("AWS_SHARED_CREDENTIALS_FILE", &credentials[..])];
    let pem = certificate.pem();
    let program = Program::start_for((&server, &pem), "5432", &["app"], &home, &keys);

    let mut client = program.connect();
    client.write_all(STARTUP).expect("it is read");
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).expect("it ends");
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("C28000\0"), "{text}");
    assert!(text.contains("no source has credentials"), "{text}");
    assert!(!server.received().has_any_of_a_token());

    home.write(
        "credentials",
        "[default]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = not-a-real-secret\n",
    );
    let mut client = program.connect();
    client.write_all(STARTUP).expect("it is read");
    client
        .shutdown(std::net::Shutdown::Write)
        .expect("it is open");
    client.read_to_end(&mut Vec::new()).expect("it ends");
    assert!(server.received().has_any_of_a_token());
}

const STARTUP: &[u8] = b"\0\0\0\x12\0\x03\0\0user\0app\0\0";
