"""One case of one program: programs.py PROGRAM CASE. The database is in the environment, as in run.py."""

import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

ENGINE, IS_SOCKET = os.environ["DB_ENGINE"], os.environ["DB_TRANSPORT"] == "socket"
USER, NAME, PASSWORD = os.environ["DB_USER"], os.environ["DB_NAME"], os.environ.get("DB_PASSWORD", "")
SOCKET, HOST, PORT = pathlib.Path(os.environ["DB_SOCKET"]), os.environ["DB_HOST"], os.environ["DB_PORT"]
PROGRAM, CASE = sys.argv[1:]
ROW = 17 * 1000 * 1000
LINES = 400_000

environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MYSQL"))}
if ENGINE == "postgres":
    environment |= {"PGUSER": USER, "PGDATABASE": NAME, "PGCONNECT_TIMEOUT": "20"}
    if IS_SOCKET:
        environment |= {"PGHOST": str(SOCKET.parent), "PGPORT": SOCKET.suffix[1:]}
    else:
        environment |= {"PGHOST": HOST, "PGPORT": PORT, "PGPASSWORD": PASSWORD}
else:
    environment |= {"MYSQL_PWD": PASSWORD}
# Of the libpq that a newer psql brings.
folder = os.environ.get("POSTGRES_18", "")


def run(*arguments, text=None, status=0):
    done = subprocess.run(arguments, env=environment, input=text, capture_output=True, text=True, timeout=120)
    output = done.stdout + done.stderr
    assert done.returncode == status, f"status {done.returncode}: {output[:2000]}"
    return output


def mariadb(*arguments):
    place = [f"--socket={SOCKET}"] if IS_SOCKET else ["--protocol=tcp", "-h", HOST, "-P", PORT]
    return ["mariadb", "--no-defaults", *place, "-u", USER, "--local-infile=1", "-N", *arguments, NAME]


def interrupted(arguments, expected):
    """Presses Ctrl-C while a statement runs."""
    child = subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    time.sleep(2)
    child.send_signal(signal.SIGINT)
    started = time.monotonic()
    output = child.communicate(timeout=60)[0]
    assert time.monotonic() - started < 15, "the statement was not ended"
    assert re.search(expected, output), output


def hold(arguments, again):
    """Uses an open connection, and then a new one, after the clock has been changed."""
    with subprocess.Popen(
        arguments, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, bufsize=1,
    ) as child:
        child.stdin.write("SELECT 'opened';\n")
        child.stdin.flush()
        line = child.stdout.readline()
        assert "opened" in line, line + child.stdout.readline()
        print("open", flush=True)
        sys.stdin.readline()
        child.stdin.write(f"SELECT 'still';\n{again}\nSELECT 'again';\n")
        child.stdin.close()
        output = child.stdout.read()
        assert "still" in output and "again" in output, output
        assert child.wait() == 0, output


def file_of_lines(folder):
    path = pathlib.Path(folder) / "lines.csv"
    with path.open("w") as file:
        file.writelines(f"{number},{'x' * 40}\n" for number in range(LINES))
    return path


def psql(name="psql"):
    command = [name, "-XAtq", "-v", "ON_ERROR_STOP=1"]
    if CASE == "hold":
        hold(command, r"\c")
    elif CASE == "cancel":
        interrupted([*command, "-c", "SELECT pg_sleep(30)"], "canceling statement due to user request")
    elif CASE == "row":
        assert len(run(*command, "-c", f"SELECT repeat('x', {ROW})")) == ROW + 1
        text = f"SELECT length('{'y' * ROW}')"
        assert run(*command, text=text) == f"{ROW}\n"
    elif CASE == "load":
        with tempfile.TemporaryDirectory() as folder:
            path = file_of_lines(folder)
            copy = pathlib.Path(folder) / "copy.csv"
            run(*command, text=f"CREATE TEMPORARY TABLE loaded (number int, text text);\n"
                f"\\copy loaded FROM '{path}' WITH (FORMAT csv)\n\\copy loaded TO '{copy}' WITH (FORMAT csv)\n")
            assert path.read_bytes() == copy.read_bytes()
    elif CASE == "replication":
        assert "|" in run(*command[:2], "dbname=" + NAME + " replication=database", "-c", "IDENTIFY_SYSTEM")
    else:
        assert run(*command, "-c", "SELECT current_user") == f"{USER}\n"
        assert run(*command, text="\\c\nSELECT current_user;\n") == f"{USER}\n"


def psql_18():
    environment["LD_LIBRARY_PATH"] = f"{folder}/lib"
    psql(f"{folder}/bin/psql")


def pg_dump():
    run("psql", "-Xqc", "CREATE TABLE IF NOT EXISTS dumped AS SELECT generate_series(1, 100000) AS number")
    with tempfile.TemporaryDirectory() as folder:
        run("pg_dump", "-j", "4", "-Fd", "-f", f"{folder}/dump", "-t", "dumped")
        assert (pathlib.Path(folder) / "dump" / "toc.dat").exists()


def pgbench():
    run("pgbench", "-i", "-q", "-s", "1")
    for arguments in [["-c", "4", "-t", "200"], ["-c", "2", "-t", "20", "-C"]]:
        output = run("pgbench", "-n", "-S", *arguments)
        assert "number of failed transactions: 0" in output, output


def pg_basebackup():
    with tempfile.TemporaryDirectory() as folder:
        output = run("pg_basebackup", "-D", f"{folder}/copy", "-X", "none", "-c", "fast")
        assert (pathlib.Path(folder) / "copy" / "PG_VERSION").exists(), output


def mariadb_client():
    if CASE == "hold":
        hold(mariadb("-n", "-B"), r"\r")
    elif CASE == "cancel":
        interrupted(mariadb("-e", "SELECT SLEEP(30)"), "query killed|interrupted|^1$")
    elif CASE == "row":
        large = "--max-allowed-packet=64M"
        assert len(run(*mariadb(large, "-e", f"SELECT REPEAT('x', {ROW})"))) == ROW + 1
        assert run(*mariadb(large), text=f"SELECT LENGTH('{'y' * ROW}');") == f"{ROW}\n"
    elif CASE == "load":
        with tempfile.TemporaryDirectory() as folder:
            path = file_of_lines(folder)
            output = run(*mariadb(), text="CREATE TEMPORARY TABLE loaded (number int, text varchar(40));"
                f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE loaded FIELDS TERMINATED BY ',';"
                "SELECT COUNT(*) FROM loaded;")
            assert output == f"{LINES}\n", output
    elif CASE == "compression":
        assert "1" in run(*mariadb("-C", "-e", "SELECT 1"))
    else:
        assert run(*mariadb("-e", "SELECT CURRENT_USER()")) == f"{USER}@%\n"


def mariadb_dump():
    run(*mariadb("-e", "CREATE TABLE IF NOT EXISTS dumped (number int); INSERT INTO dumped VALUES (1), (2)"))
    place = [f"--socket={SOCKET}"] if IS_SOCKET else ["--protocol=tcp", "-h", HOST, "-P", PORT]
    output = run("mariadb-dump", "--no-defaults", *place, "-u", USER, "--no-tablespaces", NAME, "dumped")
    assert "INSERT INTO `dumped`" in output, output


def odbc():
    if ENGINE == "postgres":
        driver = "/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so"
        place = f"Servername={SOCKET.parent};Port={SOCKET.suffix[1:]}" if IS_SOCKET else f"Servername={HOST};Port={PORT}"
        text = "UID={};PWD={};Database={}".format(USER, PASSWORD or "x", NAME)
    else:
        driver = "/usr/lib/x86_64-linux-gnu/odbc/libmaodbc.so"
        place = f"SOCKET={SOCKET}" if IS_SOCKET else f"SERVER={HOST};PORT={PORT};TCPIP=1"
        text = "UID={};PWD={};Database={}".format(USER, PASSWORD, NAME)
    output = run("isql", "-b", "-v", "-k", f"Driver={driver};{place};{text}", text="SELECT 40 + 2 AS answer;\n")
    assert "42" in output, output


def perl():
    if ENGINE == "postgres":
        place = f"host={SOCKET.parent};port={SOCKET.suffix[1:]}" if IS_SOCKET else f"host={HOST};port={PORT}"
        source = f"dbi:Pg:dbname={NAME};{place}"
    else:
        place = f"mariadb_socket={SOCKET}" if IS_SOCKET else f"host={HOST};port={PORT}"
        source = f"dbi:MariaDB:database={NAME};{place}"
    environment["PERL_PASSWORD"] = PASSWORD
    script = "use DBI; my $db = DBI->connect(@ARGV, $ENV{PERL_PASSWORD}, {RaiseError => 1}); print $db->selectrow_array('SELECT 40 + 2');"
    assert run("perl", "-e", script, source, USER) == "42"


def php():
    environment["PHP_PASSWORD"] = PASSWORD
    if ENGINE == "postgres":
        place = f"host={SOCKET.parent} port={SOCKET.suffix[1:]}" if IS_SOCKET else f"host={HOST} port={PORT}"
        password = "' . (getenv('PHP_PASSWORD') ? ' password=' . getenv('PHP_PASSWORD') : '') . '"
        script = f"echo pg_fetch_result(pg_query(pg_connect('{place} user={USER} dbname={NAME}{password}'), 'SELECT 40 + 2'), 0);"
    else:
        place = f"null, '{USER}', getenv('PHP_PASSWORD'), '{NAME}', 0, '{SOCKET}'" if IS_SOCKET else (
            f"'{HOST}', '{USER}', getenv('PHP_PASSWORD'), '{NAME}', {PORT}")
        script = f"echo (new mysqli({place}))->query('SELECT 40 + 2')->fetch_row()[0];"
    assert run("php", "-r", script) == "42"


{
    "psql": psql, "psql-18": psql_18, "pg_dump": pg_dump, "pgbench": pgbench, "pg_basebackup": pg_basebackup,
    "mariadb": mariadb_client, "mariadb-dump": mariadb_dump, "odbc": odbc, "perl": perl, "php": php,
}[PROGRAM]()
print("ok", flush=True)
