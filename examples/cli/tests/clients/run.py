"""Each client by each case, through `rds-iam-token connect`. .ci/clients starts what this asks for:

run.py FILE, a JSON file with {"tools": folder of Python's and Node's drivers, "clock": [files to write the
seconds to by which the clocks are ahead], "targets": [{"engine", "transport", "user", "name", "socket",
"host", "port", "password"}, …]}. Prints a Markdown table; fails if a cell does.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import threading

HERE = pathlib.Path(__file__).resolve().parent
SETUP = json.loads(pathlib.Path(sys.argv[1]).read_text())
ONLY = sys.argv[2:]
TOOLS = pathlib.Path(SETUP["tools"])
JARS = "/usr/share/java/postgresql.jar:/usr/share/java/mariadb-java-client.jar"

PYTHON = [str(TOOLS / "bin/python"), str(HERE / "databases.py")]
NODE = ["node", str(HERE / "databases.mjs")]
JAVA = ["java", "-cp", JARS, str(HERE / "Databases.java"), "jdbc"]
PROGRAM = [sys.executable, str(HERE / "programs.py")]

CASES = ["login", "wrong password", "20 minutes", "cancel", "17 MB row", "load", "other"]
# What a driver cannot do, or has no API for, is left out.
EVERY = ["login", "hold", "cancel", "row", "load"]
CLIENTS = [
    # Name, engine, command, whether it can use a Unix socket, cases.
    ("psql 15", "postgres", [*PROGRAM, "psql"], True, [*EVERY, "replication"]),
    ("psql 18", "postgres", [*PROGRAM, "psql-18"], True, EVERY),
    ("pg_dump -j 4", "postgres", [*PROGRAM, "pg_dump"], True, ["login"]),
    ("pgbench, also -C", "postgres", [*PROGRAM, "pgbench"], True, ["login"]),
    ("pg_basebackup", "postgres", [*PROGRAM, "pg_basebackup"], True, ["login"]),
    ("psycopg 3", "postgres", [*PYTHON, "psycopg"], True, EVERY),
    ("pg8000", "postgres", [*PYTHON, "pg8000"], True, ["login", "hold", "row", "load"]),
    ("asyncpg", "postgres", [*PYTHON, "asyncpg"], True, EVERY),
    ("node-postgres", "postgres", [*NODE, "pg"], True, ["login", "hold", "row"]),
    ("postgres.js", "postgres", [*NODE, "postgres"], True, EVERY),
    ("pgjdbc", "postgres", JAVA, False, EVERY),
    ("psqlodbc", "postgres", [*PROGRAM, "odbc"], True, ["login"]),
    ("DBD::Pg", "postgres", [*PROGRAM, "perl"], True, ["login"]),
    ("PHP pgsql", "postgres", [*PROGRAM, "php"], True, ["login"]),
    ("mariadb", "mysql", [*PROGRAM, "mariadb"], True, [*EVERY, "compression"]),
    ("mariadb-dump", "mysql", [*PROGRAM, "mariadb-dump"], True, ["login"]),
    ("PyMySQL", "mysql", [*PYTHON, "pymysql"], True, EVERY),
    ("Connector/Python", "mysql", [*PYTHON, "connector"], True, EVERY),
    ("MariaDB Connector/C, from Python", "mysql", [*PYTHON, "mariadb"], True, EVERY),
    ("mysql2", "mysql", [*NODE, "mysql2"], True, EVERY),
    ("mysql (Node.js)", "mysql", [*NODE, "mysql"], True, EVERY),
    ("MariaDB Connector/Node.js", "mysql", [*NODE, "mariadb"], True, EVERY),
    ("MariaDB Connector/J", "mysql", JAVA, False, EVERY),
    ("MariaDB ODBC", "mysql", [*PROGRAM, "odbc"], True, ["login"]),
    ("DBD::MariaDB", "mysql", [*PROGRAM, "perl"], True, ["login"]),
    ("PHP mysqli", "mysql", [*PROGRAM, "php"], True, ["login"]),
]
COLUMNS = {"hold": "20 minutes", "row": "17 MB row", "replication": "other", "compression": "other"}
REFUSED = re.compile("password|28P01|28000|1045|denied", re.IGNORECASE)


def environment(target, password=None):
    names = ["engine", "transport", "user", "name", "socket", "host", "port", "password"]
    values = {f"DB_{name.upper()}": str(target.get(name, "")) for name in names}
    if password is not None:
        values["DB_PASSWORD"] = password
    return {**os.environ, **values, "POSTGRES_18": SETUP.get("postgres_18", "")}


def run(command, case, target, password=None):
    """Returns whether the case went well, and what was printed."""
    try:
        done = subprocess.run(
            [*command, case], env=environment(target, password), cwd=TOOLS, capture_output=True, text=True,
            timeout=180, stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        return False, "timed out"
    return done.returncode == 0 and done.stdout.endswith("ok\n"), done.stdout + done.stderr


def cases(client):
    """Yields each cell that needs no other clock: its column, transport and outcome."""
    name, engine, command, has_socket, names = client
    for target in SETUP["targets"]:
        transport = target["transport"]
        if target["engine"] != engine or (transport == "socket" and not has_socket):
            continue
        for case in names:
            # What follows a login is the same on both ways.
            is_once = case not in ("login", "hold")
            if case != "hold" and not (is_once and transport == "tcp" and has_socket):
                yield COLUMNS.get(case, case), transport, run(command, case, target)
        if transport == "tcp" and target["password"]:
            is_in, output = run(command, "login", target, "wrong")
            yield "wrong password", transport, (not is_in and bool(REFUSED.search(output)), output)


def held(clients):
    """Opens a connection of each client, sets the clocks, and uses it and a new one."""
    children = []
    for name, engine, command, has_socket, names in clients:
        if "hold" not in names:
            continue
        for target in SETUP["targets"]:
            if target["engine"] == engine and (target["transport"] == "tcp") != has_socket:
                child = subprocess.Popen(
                    [*command, "hold"], env=environment(target), cwd=TOOLS, text=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                )
                children.append((name, child, child.stdout.readline()))
    for number, file in enumerate(SETUP["clock"]):
        # A program's own clock is set for faketime, the servers' for the stand-in.
        pathlib.Path(file).write_text("1200\n" if number else "+1200\n")
    for name, child, first in children:
        timer = threading.Timer(60, child.kill)
        timer.start()
        try:
            child.stdin.write("go on\n")
            child.stdin.close()
        except BrokenPipeError:
            pass
        output = first + child.stdout.read()
        timer.cancel()
        yield name, (child.wait() == 0 and output.endswith("ok\n"), output)


def main():
    clients = [client for client in CLIENTS if not ONLY or client[0] in ONLY]
    cells, failures = {}, []

    def enter(name, column, place, outcome):
        is_well, output = outcome
        cells.setdefault((name, column), []).append(is_well)
        if not is_well:
            failures.append(f"{name}, {column}, {place}: {output[-600:]}")

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for client, outcomes in zip(clients, pool.map(lambda client: list(cases(client)), clients)):
            for column, transport, outcome in outcomes:
                enter(client[0], column, transport, outcome)
    for name, outcome in held(clients):
        enter(name, "20 minutes", "", outcome)

    print("| client |", " | ".join(CASES), "|")
    print("|---" * (len(CASES) + 1) + "|")
    for client in clients:
        row = []
        for column in CASES:
            found = cells.get((client[0], column))
            row.append("" if not found else "yes" if all(found) else "**no**")
        print("|", client[0], "|", " | ".join(row), "|")
    print(*failures, sep="\n\n", file=sys.stderr)
    sys.exit(bool(failures))


main()
