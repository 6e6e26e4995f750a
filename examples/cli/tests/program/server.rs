//! A server on loopback in place of STS and IAM Identity Center.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};

/// Serves for as long as the tests run, and returns its URL.
pub(crate) fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            drop(answer(stream));
        }
    });
    format!("http://{address}")
}

/// Answers as STS does to the key `AKIASRC`, and as IAM Identity Center does to the token `access`.
fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut headers, mut len) = (String::new(), 0);
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some(value) = header.to_lowercase().strip_prefix("content-length:") {
            len = value.trim().parse().unwrap_or(0);
        }
        headers.push_str(&header);
    }
    let mut body = vec![0; len];
    reader.read_exact(&mut body)?;
    let request = format!("{line}{headers}{}", String::from_utf8_lossy(&body));
    let (status, body) = if request.contains("role_name=Dev") && request.contains("access") {
        (200, SSO)
    } else if request.contains("TokenCode=123456") {
        (200, ROLE_WITH_MFA)
    } else if request.contains("Action=AssumeRole") && request.contains("AKIASRC") {
        (200, ROLE)
    } else {
        (403, DENIED)
    };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

const SSO: &str = r#"{"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"secretsso","sessionToken":"tokensso","expiration":4102444800000}}"#;
const ROLE: &str = "<AssumeRoleResponse><AssumeRoleResult><AssumedRoleUser>\
    <Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser><Credentials>\
    <AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>secretrole</SecretAccessKey>\
    <SessionToken>tokenrole</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>\
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";
const ROLE_WITH_MFA: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
    <AccessKeyId>ASIAMFA</AccessKeyId><SecretAccessKey>secretmfa</SecretAccessKey>\
    <SessionToken>tokenmfa</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration>\
    </Credentials></AssumeRoleResult></AssumeRoleResponse>";
const DENIED: &str = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
    <Message>not authorized</Message></Error></ErrorResponse>";
