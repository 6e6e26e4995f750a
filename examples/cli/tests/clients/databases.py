"""One case of one Python driver: databases.py DRIVER CASE. The database is in the environment, as in run.py."""

import os
import pathlib
import sys
import tempfile
import threading
import time

ENGINE, TRANSPORT = os.environ["DB_ENGINE"], os.environ["DB_TRANSPORT"]
USER, NAME, PASSWORD = os.environ["DB_USER"], os.environ["DB_NAME"], os.environ.get("DB_PASSWORD", "")
SOCKET, HOST, PORT = os.environ["DB_SOCKET"], os.environ["DB_HOST"], int(os.environ["DB_PORT"])
IS_SOCKET = TRANSPORT == "socket"
MEBIBYTES = 1 << 20
ROW = 17 * 1000 * 1000


def psycopg():
    import psycopg as driver

    # libpq: a folder is a socket's place.
    host = str(pathlib.Path(SOCKET).parent) if IS_SOCKET else HOST
    port = int(SOCKET.rsplit(".", 1)[1]) if IS_SOCKET else PORT
    return driver.connect(host=host, port=port, user=USER, dbname=NAME, password=PASSWORD or None, autocommit=True)


def pg8000():
    import pg8000.dbapi as driver

    place = {"unix_sock": SOCKET} if IS_SOCKET else {"host": HOST, "port": PORT}
    connection = driver.connect(user=USER, database=NAME, password=PASSWORD or None, ssl_context=False, **place)
    connection.autocommit = True
    return connection


def pymysql():
    import pymysql as driver

    place = {"unix_socket": SOCKET} if IS_SOCKET else {"host": HOST, "port": PORT}
    return driver.connect(
        user=USER, database=NAME, password=PASSWORD, autocommit=True, local_infile=True,
        max_allowed_packet=64 * MEBIBYTES, client_flag=driver.constants.CLIENT.MULTI_STATEMENTS, **place,
    )


def connector():
    import mysql.connector as driver

    place = {"unix_socket": SOCKET} if IS_SOCKET else {"host": HOST, "port": PORT, "ssl_disabled": True}
    return driver.connect(
        user=USER, database=NAME, password=PASSWORD, autocommit=True, allow_local_infile=True, use_pure=True, **place
    )


def mariadb():
    import mariadb as driver

    place = {"unix_socket": SOCKET} if IS_SOCKET else {"host": HOST, "port": PORT, "ssl": False}
    return driver.connect(user=USER, database=NAME, password=PASSWORD, autocommit=True, local_infile=True, **place)


def one(connection, sql, arguments=()):
    cursor = connection.cursor()
    cursor.execute(sql, arguments)
    value = cursor.fetchone()[0]
    cursor.close()
    return value


def check(connection):
    user = one(connection, "SELECT current_user" if ENGINE == "postgres" else "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1)")
    assert user == USER, user


def cancel(connection, other):
    """Ends a statement of the connection from a thread, by the protocol or by the connection's number."""
    number = None if ENGINE == "postgres" else one(connection, "SELECT CONNECTION_ID()")

    def act():
        time.sleep(1)
        if number is None:
            connection.cancel()
        else:
            other.cursor().execute(f"KILL QUERY {number}")

    thread = threading.Thread(target=act)
    thread.start()
    started = time.monotonic()
    try:
        # MariaDB answers 1 when a sleep is ended, and other statements fail.
        value = one(connection, "SELECT pg_sleep(30)" if ENGINE == "postgres" else "SELECT SLEEP(30)")
        assert value == 1, value
    except Exception as error:
        assert "cancel" in str(error) or "interrupted" in str(error), error
    thread.join()
    assert time.monotonic() - started < 15, "the statement was not ended"


def load(connection):
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        lines = 400_000
        for number in range(lines):
            file.write(f"{number},{'x' * 40}\n")
        file.flush()
        cursor = connection.cursor()
        if ENGINE == "postgres":
            cursor.execute("CREATE TEMPORARY TABLE loaded (number int, text text)")
            with open(file.name) as source:
                if type(connection).__module__.startswith("psycopg"):
                    with cursor.copy("COPY loaded FROM STDIN WITH (FORMAT csv)") as copy:
                        while block := source.read(MEBIBYTES):
                            copy.write(block)
                    with cursor.copy("COPY loaded TO STDOUT WITH (FORMAT csv)") as copy:
                        size = sum(len(block) for block in copy)
                    assert size == os.path.getsize(file.name), size
                else:
                    cursor.execute("COPY loaded FROM STDIN WITH (FORMAT csv)", stream=source)
        else:
            cursor.execute("CREATE TEMPORARY TABLE loaded (number int, text varchar(40))")
            cursor.execute(f"LOAD DATA LOCAL INFILE '{file.name}' INTO TABLE loaded FIELDS TERMINATED BY ','")
        assert one(connection, "SELECT COUNT(*) FROM loaded") == lines


def run(connect, case):
    connection = connect()
    check(connection)
    if case == "hold":
        print("open", flush=True)
        sys.stdin.readline()
        check(connection)
        check(connect())
    elif case == "cancel":
        cancel(connection, None if ENGINE == "postgres" else connect())
        check(connection)
    elif case == "row":
        mark = "?" if sys.argv[1] == "mariadb" else "%s"
        assert len(one(connection, f"SELECT REPEAT('x', {ROW})")) == ROW
        cast = "::text" if ENGINE == "postgres" else ""
        assert one(connection, f"SELECT LENGTH({mark}{cast})", ("y" * ROW,)) == ROW
        check(connection)
    elif case == "load":
        load(connection)
    connection.close()


async def run_asyncpg(case):
    import asyncio

    import asyncpg

    async def connect():
        place = {"host": str(pathlib.Path(SOCKET).parent), "port": int(SOCKET.rsplit(".", 1)[1])}
        if not IS_SOCKET:
            place = {"host": HOST, "port": PORT, "ssl": False}
        return await asyncpg.connect(user=USER, database=NAME, password=PASSWORD or None, **place)

    async def check(connection):
        assert await connection.fetchval("SELECT current_user::text") == USER

    connection = await connect()
    await check(connection)
    if case == "hold":
        print("open", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        await check(connection)
        await check(await connect())
    elif case == "cancel":
        started = time.monotonic()
        try:
            await connection.fetchval("SELECT pg_sleep(30)", timeout=1)
            raise AssertionError("not canceled")
        except asyncio.TimeoutError:
            pass
        await check(connection)
        assert time.monotonic() - started < 15
    elif case == "row":
        assert len(await connection.fetchval(f"SELECT repeat('x', {ROW})")) == ROW
        assert await connection.fetchval("SELECT length($1::text)", "y" * ROW) == ROW
    elif case == "load":
        await connection.execute("CREATE TEMPORARY TABLE loaded (number int, text text)")
        records = [(number, "x" * 40) for number in range(400_000)]
        await connection.copy_records_to_table("loaded", records=records)
        assert await connection.fetchval("SELECT count(*) FROM loaded") == len(records)
    await connection.close()


if sys.argv[1] == "asyncpg":
    import asyncio

    asyncio.run(run_asyncpg(sys.argv[2]))
else:
    run(globals()[sys.argv[1]], sys.argv[2])
print("ok", flush=True)
