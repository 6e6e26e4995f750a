//! Any text is a host, an endpoint or a region as the rules say, or is rejected at the byte that
//! breaks them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use rds_iam_token::{Endpoint, Error, Flaw, HostKind, Region};

fuzz_target!(|text: &str| {
    let endpoint = Endpoint::new(text, 5432);
    assert_eq!(endpoint.is_ok(), is_host(text), "{text:?}");
    match endpoint {
        Ok(endpoint) => check(text, &endpoint),
        Err(Error::Host(Flaw { offset, .. })) => {
            assert!(text.is_char_boundary(offset) && offset <= text.len());
        }
        Err(error) => panic!("{error}"),
    }

    let expected = text.rsplit_once(':').and_then(|(host, port)| {
        let number: u16 = port.parse().ok().filter(|number| *number > 0)?;
        (is_host(host) && number.to_string() == port).then_some((host, number))
    });
    let read: Result<Endpoint, _> = text.parse();
    assert_eq!(read.is_ok(), expected.is_some(), "{text:?}");
    if let (Ok(read), Some((host, port))) = (read, expected) {
        assert_eq!(Ok(&read), Endpoint::new(host, port).as_ref());
        assert_eq!(read.to_string().parse(), Ok(read));
    }

    let is_region = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    let fits = !text.is_empty() && text.bytes().all(is_region);
    match Region::new(text) {
        Ok(region) => assert!(fits && region.partition().starts_with("aws")),
        Err(error) => assert!(!fits && matches!(error, Error::Region { .. })),
    }
});

/// RFC 1035, section 2.3.4, with underscores, and with or without the dot of the root.
fn is_host(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn check(text: &str, endpoint: &Endpoint) {
    let name = text.strip_suffix('.').unwrap_or(text);
    assert_eq!(endpoint.host().as_str(), name.to_ascii_lowercase());
    assert_eq!(
        Endpoint::new(endpoint.host().as_str(), 5432).as_ref(),
        Ok(endpoint)
    );
    let kind = endpoint.kind();
    if let Some(region) = endpoint.inferred_region() {
        let labels = || endpoint.host().as_str().split('.');
        assert!(labels().any(|label| label == region.as_str()));
        assert!(labels().any(|label| label == "rds" || label == "rds-fips"));
        assert!(!matches!(
            kind,
            HostKind::GlobalWriter | HostKind::Ip | HostKind::Other
        ));
    }
}
