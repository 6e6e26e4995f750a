//! Logins that succeed, and what each side gets.

use super::{
    recorded::{MARIADB, OK, RECORDED, SWITCH},
    *,
};

#[test]
fn each_client_is_logged_in_as_it_was_recorded() {
    for row in RECORDED {
        let script = Script {
            client: row.response,
            server: MARIADB,
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(Some("secret")), row.scramble, script);
        assert_eq!(outcome.failure, None, "{}", row.client);
        assert_eq!(outcome.server, row.request, "{}", row.client);
        let token = framed(4, format!("{TOKEN}\0").as_bytes());
        assert_eq!(
            outcome.server_in_tls,
            [row.forwarded, &token].concat(),
            "{}",
            row.client
        );
        assert_eq!(outcome.signed, ["app"], "{}", row.client);
        assert_eq!(outcome.client[MARIADB.len()..], *row.gets, "{}", row.client);
    }
}

#[test]
fn the_greeting_is_the_servers_with_a_scramble_of_our_own() {
    let outcome = run(
        &settings(None),
        RANDOM,
        Script {
            server: MARIADB,
            ..SCRIPT
        },
    );
    let mut expected = MARIADB.to_vec();
    let first = 4 + 1 + b"5.5.5-10.11.19-MariaDB-0+deb12u1\0".len() + 4;
    expected[first..first + 8].copy_from_slice(b"ours-our");
    let second = first + 8 + 19;
    expected[second..second + 12].copy_from_slice(b"s-ours-ours-");
    // TLS and compression are not offered.
    assert_eq!(expected[first + 9..first + 11], [0xfe, 0xff]);
    expected[first + 9] = 0xde;
    expected[first + 10] = 0xf7;
    assert_eq!(outcome.client, expected);
    assert!(outcome.server.is_empty() && outcome.failure == Some(Failure::Left));
}

/// What a server can do, and what its clients hear of it.
const OFFERS: &[(u32, u32)] = &[
    (0xffff_ffff, 0xebff_f7df),
    // The least that IAM needs; a proof of 255 bytes and more is ours to offer.
    (0x0008_0a00, 0x0028_8200),
];

#[test]
fn a_client_is_offered_what_can_be_relayed() {
    for &(server, client) in OFFERS {
        let script = Script {
            server: &mysql(server),
            ..SCRIPT
        };
        let greeting = run(&settings(None), RANDOM, script).packets().remove(0);
        let [.., low_a, low_b, _, _, _, high_a, high_b] = greeting[..27] else {
            panic!()
        };
        assert_eq!(
            u32::from_le_bytes([low_a, low_b, high_a, high_b]),
            client,
            "{server:x}"
        );
        let with_tls = Settings {
            local_tls: true,
            ..settings(None)
        };
        assert_eq!(
            run(&with_tls, RANDOM, script).packets()[0][21],
            client.to_le_bytes()[1] | 8
        );
    }
}

/// What a client can do, and what the database hears of it.
const FLAGS: &[(&str, u32, u32)] = &[
    ("mysql2", 0x08ba_f3cf, 0x08ba_fbcf),
    ("mariadb for Node", 0x01be_a30a, 0x01be_ab0a),
    ("Connector/C", 0x00be_a28d, 0x00be_aa8d),
    ("mysql for Node, without plugins", 0x0006_f3cf, 0x000e_fbcf),
    ("everything", 0xffff_f7ff, 0xcbff_ffdf),
    ("the least", 0x0000_0200, 0x0008_8a00),
    ("files", 0x0028_8280, 0x0028_8a80),
];

#[test]
fn the_database_hears_of_each_flag_of_the_client() {
    for &(name, flags, expected) in FLAGS {
        let client = Client {
            capabilities: flags,
            user: "app",
            proof: &[],
            tail: &[],
        };
        // Without SECURE_CONNECTION an empty proof has no length, so it is a NUL as well.
        let response = framed(1, &client.payload());
        let script = Script {
            client: &response,
            server: &mysql(MYSQL),
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        assert_eq!(outcome.failure, None, "{name}");
        let seen = |bytes: &[u8]| u32::from_le_bytes(bytes[4..8].try_into().unwrap());
        assert_eq!(
            seen(&outcome.server),
            expected,
            "{name}: {:x}",
            seen(&outcome.server)
        );
        assert_eq!(seen(&outcome.server_in_tls), expected, "{name}");
        // The longest packet, the character set and what is reserved.
        assert_eq!(outcome.server[8..36], response[8..36], "{name}");
        assert_eq!(outcome.server_in_tls[8..36], response[8..36], "{name}");
    }
}

#[test]
fn what_a_server_lacks_is_not_asked_of_it() {
    let client = Client {
        capabilities: 0x08ba_f3cf,
        user: "app",
        proof: &[],
        tail: b"\0mysql_native_password\0\x031\x01a",
    };
    let script = Script {
        client: &framed(1, &client.payload()),
        server: &mysql(0x0008_8a00),
        server_in_tls: &[SWITCH, OK].concat(),
        ..SCRIPT
    };
    let outcome = run(&settings(None), RANDOM, script);
    assert_eq!(outcome.server[4..8], 0x0008_8a01_u32.to_le_bytes());
    assert!(packets(&outcome.server_in_tls)[0].ends_with(b"app\0\0mysql_native_password\0"));
}

/// Capabilities of a server and of a client in reserved bytes, and of the client for the server.
const EXTENDED: &[(u32, u32, u32, u32)] = &[
    // Both are MariaDB's: what both can do.
    (0x1d, 0, 0xff, 0x1d),
    (0x1d, 0, 0x04, 0x04),
    // A client of MySQL has no capabilities there; its bytes are passed on.
    (0x1d, 1, 0xff, 0xff),
    (0x1d, 1, 0, 0),
];

#[test]
fn capabilities_of_mariadb_are_in_reserved_bytes() {
    for &(server, first_bit, client, expected) in EXTENDED {
        let mut greeting = MARIADB.to_vec();
        let start = 4 + 1 + b"5.5.5-10.11.19-MariaDB-0+deb12u1\0".len() + 4 + 9 + 8 + 6;
        assert_eq!(greeting[start..start + 4], [0x1d, 0, 0, 0]);
        greeting[start..start + 4].copy_from_slice(&server.to_le_bytes());
        let made = Client {
            capabilities: 0x01be_a28c | first_bit,
            user: "app",
            proof: &[],
            tail: &[],
        };
        let mut payload = made.payload();
        payload[28..32].copy_from_slice(&client.to_le_bytes());
        let script = Script {
            client: &framed(1, &payload),
            server: &greeting,
            server_in_tls: &[SWITCH, OK].concat(),
            ..SCRIPT
        };
        let outcome = run(&settings(None), RANDOM, script);
        assert_eq!(outcome.client[start..start + 4], server.to_le_bytes());
        for sent in [&outcome.server[..36], &outcome.server_in_tls[..36]] {
            assert_eq!(
                sent[32..36],
                expected.to_le_bytes(),
                "{server:x} {first_bit} {client:x}"
            );
            assert_eq!(u32::from(sent[4] & 1), first_bit);
        }
    }
}

/// The end of a client's answer after an empty proof, with a database, a plugin and attributes in its flags; and
/// what the database gets after the user.
const TAILS: &[(&[u8], &[u8])] = &[
    (
        b"orders\0mysql_native_password\0\x06\x02os\x02me",
        b"\0orders\0mysql_native_password\0\x06\x02os\x02me",
    ),
    // More than the attributes, as the level of a compression that was not offered.
    (
        b"orders\0mysql_native_password\0\x06\x02os\x02me\x03",
        b"\0orders\0mysql_native_password\0\x06\x02os\x02me",
    ),
    (
        b"\0mysql_native_password\0\0",
        b"\0\0mysql_native_password\0\0",
    ),
    // Missing ends.
    (
        b"orders\0mysql_native_password\0",
        b"\0orders\0mysql_native_password\0\0",
    ),
    (
        b"orders\0mysql_native_password",
        b"\0orders\0mysql_native_password\0\0",
    ),
    (b"orders\0", b"\0orders\0mysql_native_password\0\0"),
    (b"orders", b"\0orders\0mysql_native_password\0\0"),
    (b"", b"\0\0mysql_native_password\0\0"),
    // Attributes that are cut: passed on as they are.
    (
        b"orders\0mysql_native_password\0\x06\x02os",
        b"\0orders\0mysql_native_password\0\x06\x02os",
    ),
    (
        b"orders\0mysql_native_password\0\xfc",
        b"\0orders\0mysql_native_password\0\xfc",
    ),
    (
        b"orders\0mysql_native_password\0\xff",
        b"\0orders\0mysql_native_password\0\xff",
    ),
    (
        b"orders\0mysql_native_password\0\xfe\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\0orders\0mysql_native_password\0\xfe\xff\xff\xff\xff\xff\xff\xff\xff",
    ),
];

#[test]
fn the_database_gets_the_clients_database_and_attributes() {
    for &(tail, expected) in TAILS {
        for capabilities in [0x003a_8208, 0x001a_8208] {
            let client = Client {
                capabilities,
                user: "app",
                proof: &[],
                tail,
            };
            let script = Script {
                client: &framed(1, &client.payload()),
                server: &mysql(MYSQL),
                server_in_tls: &[SWITCH, OK].concat(),
                ..SCRIPT
            };
            let outcome = run(&settings(None), RANDOM, script);
            let forwarded = packets(&outcome.server_in_tls).remove(0);
            assert_eq!(
                forwarded[32..],
                [b"app\0", expected].concat(),
                "{}",
                tail.escape_ascii()
            );
        }
    }
}

#[test]
fn attributes_of_many_bytes_are_kept() {
    let value = "v".repeat(60_000);
    let attributes = [b"\xfd\x65\xea\0\x01k\xfc\x60\xea", value.as_bytes()].concat();
    let client = Client {
        capabilities: 0x003a_8200,
        user: "app",
        proof: &[],
        tail: &[b"mysql_native_password\0", &attributes[..]].concat(),
    };
    let script = Script {
        client: &framed(1, &client.payload()),
        server: &mysql(MYSQL),
        server_in_tls: &[SWITCH, OK].concat(),
        ..SCRIPT
    };
    let outcome = run(&settings(None), RANDOM, script);
    assert!(packets(&outcome.server_in_tls)[0].ends_with(&attributes));
    assert_eq!(outcome.failure, None);
}

#[test]
fn the_acceptance_keeps_its_body() {
    let client = Client {
        capabilities: CAPABILITIES,
        user: "report",
        proof: &[],
        tail: b"mysql_native_password\0",
    };
    let body = b"\0\0\0\x02@\0\0\0\x15\x01\x13\x12information_schema";
    let script = Script {
        client: &framed(1, &client.payload()),
        server: &mysql(MYSQL),
        server_in_tls: &[SWITCH, &framed(5, body)].concat(),
        ..SCRIPT
    };
    let outcome = run(&settings(None), RANDOM, script);
    assert_eq!(outcome.packets()[1], body);
    assert_eq!(outcome.client[outcome.client.len() - body.len() - 1], 2);
    assert_eq!(outcome.signed, ["report"]);
}

#[test]
fn what_arrives_with_the_login_is_relayed() {
    let client = Client {
        capabilities: CAPABILITIES,
        user: "app",
        proof: &[],
        tail: b"mysql_native_password\0",
    };
    let script = Script {
        client: &[framed(1, &client.payload()), framed(0, b"\x0e")].concat(),
        server: &mysql(MYSQL),
        server_in_tls: &[SWITCH, OK, b"more"].concat(),
        ..SCRIPT
    };
    let outcome = run_in_pieces(&settings(None), RANDOM, script, usize::MAX);
    assert_eq!(outcome.failure, None);
    assert!(
        outcome
            .client
            .ends_with(&[&framed(2, &OK[4..])[..], b"more"].concat())
    );
    assert!(
        outcome
            .server_in_tls
            .ends_with(b"DBUser=app\0\x01\0\0\0\x0e")
    );
}
