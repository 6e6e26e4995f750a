// One case of one Node.js driver: databases.mjs DRIVER CASE. The database is in the environment, as in run.py.
import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(join(process.cwd(), 'index.js'));
const { DB_TRANSPORT, DB_USER: user, DB_NAME: database, DB_PASSWORD, DB_SOCKET, DB_HOST, DB_PORT } = process.env;
const password = DB_PASSWORD || undefined;
const isSocket = DB_TRANSPORT === 'socket';
const ROW = 17_000_000;
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// Each returns { query(sql, values) → first value of the first row, end(), cancel?(), load?(file) }.
const drivers = {
  async pg() {
    const { Client } = require('pg');
    const place = isSocket
      ? { host: dirname(DB_SOCKET), port: Number(DB_SOCKET.split('.').at(-1)) }
      : { host: DB_HOST, port: Number(DB_PORT) };
    const client = new Client({ ...place, user, database, password });
    await client.connect();
    const query = async (sql, values) => Object.values((await client.query(sql, values)).rows[0] ?? {})[0];
    return { query, end: () => client.end() };
  },
  async postgres() {
    const postgres = require('postgres');
    const place = isSocket
      ? { host: dirname(DB_SOCKET), path: DB_SOCKET }
      : { host: DB_HOST, port: Number(DB_PORT) };
    const sql = postgres({ ...place, user, database, password: password ?? '', max: 1, onnotice() {} });
    const query = async (text, values) => Object.values((await sql.unsafe(text, values))[0] ?? {})[0];
    const cancel = async (text) => {
      const running = sql.unsafe(text).execute();
      setTimeout(() => running.cancel(), 1000);
      await assert.rejects(running, /cancel/);
    };
    const { pipeline } = await import('node:stream/promises');
    const load = async (file) => pipeline(createReadStream(file), await sql`COPY loaded FROM STDIN WITH (FORMAT csv)`.writable());
    return { query, end: () => sql.end(), cancel, load };
  },
  async mysql2() {
    const driver = require('mysql2/promise');
    const connection = await driver.createConnection({
      ...place(), user, database, password, infileStreamFactory: (path) => createReadStream(path),
    });
    const query = async (sql, values) => Object.values((await connection.query(sql, values))[0][0] ?? {})[0];
    return { query, end: () => connection.end(), prepared: async (sql, values) => Object.values((await connection.execute(sql, values))[0][0])[0] };
  },
  async mysql() {
    const driver = require('mysql');
    const connection = driver.createConnection({ ...place(), user, database, password });
    const query = (sql, values) =>
      new Promise((resolve, reject) =>
        connection.query(sql, values, (error, rows) => (error ? reject(error) : resolve(Object.values(rows[0] ?? {})[0]))));
    return { query, end: () => connection.end() };
  },
  async mariadb() {
    const driver = require('mariadb');
    const connection = await driver.createConnection({
      ...place(), user, database, password, permitLocalInfile: true, maxAllowedPacket: 64 << 20, bigIntAsNumber: true,
    });
    const query = async (sql, values) => Object.values((await connection.query(sql, values))[0] ?? {})[0];
    return { query, end: () => connection.end(), prepared: async (sql, values) => Object.values((await connection.execute(sql, values))[0])[0] };
  },
};

function place() {
  return isSocket ? { socketPath: DB_SOCKET } : { host: DB_HOST, port: Number(DB_PORT) };
}

const [name, action] = process.argv.slice(2);
const isPostgres = process.env.DB_ENGINE === 'postgres';

async function check(connection) {
  const sql = isPostgres ? 'SELECT current_user' : "SELECT SUBSTRING_INDEX(CURRENT_USER(), '@', 1) AS name";
  assert.equal(await connection.query(sql), user);
}

async function cancel(connection) {
  const started = Date.now();
  if (connection.cancel) {
    await connection.cancel('SELECT pg_sleep(30)');
  } else {
    const number = await connection.query('SELECT CONNECTION_ID() AS number');
    const other = await drivers[name]();
    setTimeout(() => other.query(`KILL QUERY ${number}`).then(() => other.end()), 1000);
    const value = await connection.query('SELECT SLEEP(30) AS value').catch((error) => error.message);
    assert.ok(value === 1 || /interrupted/.test(value), String(value));
  }
  assert.ok(Date.now() - started < 15_000, 'the statement was not ended');
}

async function load(connection) {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  const file = join(folder, 'file.csv');
  const lines = 400_000;
  writeFileSync(file, Array.from({ length: lines }, (_, number) => `${number},${'x'.repeat(40)}\n`).join(''));
  await connection.query(`CREATE TEMPORARY TABLE loaded (number int, text ${isPostgres ? 'text' : 'varchar(40)'})`);
  if (isPostgres) await connection.load(file);
  else {
    const sql = `LOAD DATA LOCAL INFILE '${file}' INTO TABLE loaded FIELDS TERMINATED BY ','`;
    await connection.query(name === 'mysql2' ? { sql, infileStreamFactory: () => createReadStream(file) } : sql);
  }
  assert.equal(Number(await connection.query('SELECT COUNT(*) AS count FROM loaded')), lines);
  rmSync(folder, { recursive: true });
}

const connection = await drivers[name]();
await check(connection);
if (action === 'hold') {
  console.log('open');
  const lines = createInterface({ input: process.stdin });
  await new Promise((resolve) => lines.once('line', resolve));
  lines.close();
  await check(connection);
  const again = await drivers[name]();
  await check(again);
  await again.end();
} else if (action === 'cancel') {
  await cancel(connection);
  await sleep(100);
  await check(connection);
} else if (action === 'row') {
  const text = await connection.query(`SELECT REPEAT('x', ${ROW}) AS text`);
  assert.equal(text.length, ROW);
  const mark = isPostgres ? '$1::text' : '?';
  assert.equal(Number(await connection.query(`SELECT LENGTH(${mark}) AS length`, ['y'.repeat(ROW)])), ROW);
  if (connection.prepared) assert.equal(Number(await connection.prepared('SELECT LENGTH(?) AS length', ['y'.repeat(ROW)])), ROW);
} else if (action === 'load') {
  await load(connection);
}
await connection.end();
console.log('ok');
