//! Bytes of real clients and servers, recorded on loopback; and of MySQL, written after its documentation.

/// A client that logs in as `app` with the password `secret`.
pub(super) struct Recorded {
    pub(super) client: &'static str,
    /// The scramble that it was sent.
    pub(super) scramble: [u8; 20],
    /// Its answer to the greeting, and to a request to prove the password again.
    pub(super) response: &'static [u8],
    /// What the database gets for it, before TLS and in it.
    pub(super) request: &'static [u8],
    pub(super) forwarded: &'static [u8],
    /// What the client gets after the greeting.
    pub(super) gets: &'static [u8],
}

pub(super) const RECORDED: &[Recorded] = &[
    Recorded {
        client: "mariadb 10.11.19, which asked for compression and named a database",
        scramble: *b"U3G\x04%ZTH~X2d\x0b!9\x07\x03h.\x02",
        response:
            b"\xcb\0\0\x01\x8c\xa2\xbf\0\0\0\x10\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\
            \0\0app\0\x14D~f\x19J9\xef\xe5\xf5\xcf|O\xb7P\xfd\x19x50Rinformation_schema\0mysql_n\
            ative_password\0h\x03_os\x05Linux\x0c_client_name\x0alibmariadb\x04_pid\x0514420\x0f\
            _client_version\x063.3.20\x09_platform\x06x86_64\x0cprogram_name\x05mysql",
        request:
            b" \0\0\x01\x8c\xaa\xbf\0\0\0\x10\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\0\0",
        forwarded:
            b"\xb7\0\0\x02\x8c\xaa\xbf\0\0\0\x10\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\
            \0\0app\0\0information_schema\0mysql_native_password\0h\x03_os\x05Linux\x0c_client_n\
            ame\x0alibmariadb\x04_pid\x0514420\x0f_client_version\x063.3.20\x09_platform\x06x86_\
            64\x0cprogram_name\x05mysql",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "mariadb for Python 2.0.0rc2 with Connector/C 3.4.8, over TCP",
        scramble: *b"\x0a\x09N\x16%n\x10Z`*WH\x10^\x0aH39<6",
        response:
            b"\xbb\0\0\x01\x84\xa2\xbe\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\0\0\
            app\0\x14\xba\x02b\x14\xf5\xa4\xe4\xb6c\xd3\xdb\xdd\xe49\xe2\x1e\xf4\xef\xaf\xe3mysq\
            l_native_password\0k\x03_os\x05Linux\x0c_client_name\x0alibmariadb\x04_pid\x0514428\
            \x0f_client_version\x053.4.8\x09_platform\x06x86_64\x0c_server_host\x09127.0.0.1",
        request: b" \0\0\x01\x84\xaa\xbe\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\0\0",
        forwarded:
            b"\xa7\0\0\x02\x84\xaa\xbe\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1d\0\0\0\
            app\0\0mysql_native_password\0k\x03_os\x05Linux\x0c_client_name\x0alibmariadb\x04_pi\
            d\x0514428\x0f_client_version\x053.4.8\x09_platform\x06x86_64\x0c_server_host\x09127\
            .0.0.1",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "PyMySQL 1.2.4",
        scramble: *b"s\x01L0H\x03\x0b!,\x1fq}J(A!m\x1cc\x12",
        response:
            b"\x99\0\0\x01\x0d\xa2:\0\xff\xff\xff\0-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0app\0\x14z_3\xc3\xa9\x1e)&\xf6\x8f\x9b\xce\xd4\xa1\xb8\xf9\xaf\xed\xd7\xceinformat\
            ion_schema\0mysql_native_password\x006\x0c_client_name\x07pymysql\x0f_client_version\
            \x051.2.4\x04_pid\x0514428",
        request:
            b" \0\0\x01\x0d\xaa:\0\xff\xff\xff\0-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        forwarded:
            b"\x85\0\0\x02\x0d\xaa:\0\xff\xff\xff\0-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0app\0\0information_schema\0mysql_native_password\x006\x0c_client_name\x07pymysql\x0f\
            _client_version\x051.2.4\x04_pid\x0514428",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "mysql-connector-python 26.10.0",
        scramble: *b"\x7fv7\x0b\x01sv\x05\x18\x06v\x13YR(r}lUa",
        response:
            b"\xdf\0\0\x01\x0d\xa2;\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0app\0\
            \x14\xd7\x07\xc6\xb1M95\xaf\x07\xab\xab\xb0\xf5\xb0\xf1\x9d\xd8\x9a\x1eI\0mysql_nati\
            ve_password\0\x8e\x04_pid\x0514428\x09_platform\x06x86_64\x0c_source_host\x02pc\x0c_\
            client_name\x16mysql-connector-python\x0f_client_license\x07GPL-2.0\x0f_client_versi\
            on\x0726.10.0\x03_os\x09Debian-12",
        request: b" \0\0\x01\x0d\xaa;\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        forwarded:
            b"\xcb\0\0\x02\x0d\xaa;\0\0\0\0@-\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0app\0\
            \0\0mysql_native_password\0\x8e\x04_pid\x0514428\x09_platform\x06x86_64\x0c_source_h\
            ost\x02pc\x0c_client_name\x16mysql-connector-python\x0f_client_license\x07GPL-2.0\
            \x0f_client_version\x0726.10.0\x03_os\x09Debian-12",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "mysql2 3.24.6",
        scramble: *b"TgR>\x07%\x03\x1c\x7ff\x19\x14!q?6mf1#",
        response:
            b"\x82\0\0\x01\xce\xf3\xba\x08\0\0\0\0\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\
            \0\0\0app\0\x140`\xc01\xd9\x16J\x0d\x10WW\xf9\x98\xec\xe2\x88\x9e\xd7\xd7\xac\0mysql\
            _native_password\x001\x0c_client_name\x0cNode-MySQL-2\x0f_client_version\x063.24.6",
        request:
            b" \0\0\x01\xce\xfb\xba\0\0\0\0\0\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\
            \0",
        forwarded:
            b"n\0\0\x02\xce\xfb\xba\0\0\0\0\0\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\
            \0app\0\0\0mysql_native_password\x001\x0c_client_name\x0cNode-MySQL-2\x0f_client_versi\
            on\x063.24.6",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "mariadb for Node 3.5.4",
        scramble: *b"'!\x15\x01\x1fv/G\"\x04#qDq&q]\x04'U",
        response:
            b"\xbc\0\0\x01\x02\xa3\xbe\x01\0\0\0@\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1c\
            \0\0\0app\0\x14R2U\xa3\xc6&1\x0f\xa0\x81\x08\xf4\xa0\x1c\xf4\xc2\x83\xadK`mysql_nati\
            ve_password\0\xfcj\0\x0c_client_name\x16MariaDB connector/Node\x0f_client_version\
            \x053.5.4\x03_os\x05linux\x0c_client_host\x02pc\x0d_node_version\x0720.20.2",
        request:
            b" \0\0\x01\x02\xab\xbe\x01\0\0\0@\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1c\0\0\
            \0",
        forwarded:
            b"\xa8\0\0\x02\x02\xab\xbe\x01\0\0\0@\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1c\
            \0\0\0app\0\0mysql_native_password\0\xfcj\0\x0c_client_name\x16MariaDB connector/Nod\
            e\x0f_client_version\x053.5.4\x03_os\x05linux\x0c_client_host\x02pc\x0d_node_version\
            \x0720.20.2",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "mysql for Node 2.18.1, without plugins",
        scramble: *b"W\x15\x11al\x0a{Lz,\x1e\x1a\x17~h&7\x06~C",
        response:
            b":\0\0\x01\xcf\xf3\x06\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0app\
            \0\x14\x1bw(5\x12\x16\x906i\xe5\xd4\x9f\xb7r\xe7\xbd\xbdV:V\0",
        request: b" \0\0\x01\xcf\xfb\x0e\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        forwarded:
            b"<\0\0\x02\xcf\xfb\x0e\0\0\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0app\
            \0\0\0mysql_native_password\0",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "libmysqlclient 26.10.0, in mysql-connector-python",
        scramble: *b"\x1bE?3LQ|\x06*\x0f:\x1cKS>\x1cb\x0dpE",
        response:
            b"\x17\x01\0\x01\x8c\xa2\xbf\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0\0\0app\0\x14\x07Yq\xc3X\xb9\xcf\x81c\x9csUK\xa9\x18dH\x89\xeb\x10orders\0mysql_na\
            tive_password\0\xc0\x04_pid\x041439\x09_platform\x06x86_64\x0f_client_version\x0726.\
            10.0\x03_os\x05Linux\x0c_client_name\x08libmysql\x0c_source_host\x02pc\x12_connector\
            _version\x0726.10.0\x12_connector_license\x07GPL-2.0\x0f_connector_name\x16mysql-con\
            nector-python",
        request:
            b" \0\0\x01\x8c\xaa\xbf\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        forwarded:
            b"\x03\x01\0\x02\x8c\xaa\xbf\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0\0\0app\0\0orders\0mysql_native_password\0\xc0\x04_pid\x041439\x09_platform\x06x86\
            _64\x0f_client_version\x0726.10.0\x03_os\x05Linux\x0c_client_name\x08libmysql\x0c_so\
            urce_host\x02pc\x12_connector_version\x0726.10.0\x12_connector_license\x07GPL-2.0\
            \x0f_connector_name\x16mysql-connector-python",
        gets: OK_AT_ONCE,
    },
    Recorded {
        client: "libmysqlclient 26.10.0 without its plugin mysql_native_password",
        scramble: *b"\x05s\x10^W9\x03Q)/\x159\x05~l\x01S=rX",
        response:
            b"\x96\0\0\x01\x8c\xa2\xbe\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0\0app\0\0orders\0caching_sha2_password\0S\x04_pid\x045864\x09_platform\x06x86_64\
            \x0f_client_version\x0726.10.0\x03_os\x05Linux\x0c_client_name\x08libmysql \0\0\x03+\
            4\xda\"\xa9>\xe2+\xba\x98\x0fw\xe0\xf8\xa0h\xf8\xebM\xab\xe4u\x87\xf7\x10\xea\x15\
            \xc4\x82\xab{\xb6",
        request:
            b" \0\0\x01\x8c\xaa\xbe\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        forwarded:
            b"\x96\0\0\x02\x8c\xaa\xbe\x01\0\0\0@\xff\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
            \0\0app\0\0orders\0mysql_native_password\0S\x04_pid\x045864\x09_platform\x06x86_64\
            \x0f_client_version\x0726.10.0\x03_os\x05Linux\x0c_client_name\x08libmysql",
        gets: b",\0\0\x02\xfecaching_sha2_password\0\x05s\x10^W9\x03Q)/\x159\x05~l\x01S=rX\0\x02\0\
            \0\x04\x01\x03\x07\0\0\x05\0\0\0\x02\0\0\0",
    },
];

const OK_AT_ONCE: &[u8] = b"\x07\0\0\x02\0\0\0\x02\0\0\0";

/// The greeting of MariaDB 10.11.19.
pub(super) const MARIADB: &[u8] =
    b"d\0\0\0\x0a5.5.5-10.11.19-MariaDB-0+deb12u1\0T\0\0\0$<Aq6Y;]\0\xfe\xff\x08\x02\0\xff\x81\
    \x15\0\0\0\0\0\0\x1d\0\0\0An(v>n4U0-0K\0mysql_native_password\0";

/// Its request for the token.
pub(super) const SWITCH: &[u8] = b"\x16\0\0\x03\xfemysql_clear_password\0";

/// Its acceptance of the token.
pub(super) const OK: &[u8] = b"\x07\0\0\x05\0\0\0\x02\0\0\0";
