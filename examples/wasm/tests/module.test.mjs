// The module with its JavaScript, as the page has it, in Node.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import start, { checkPolicy, diagnose, endpoint, inspect, otherCauses, policy, sign, sql, verify } from '../page/pkg/rds_iam_token.js';
import { knownTokens } from './known-tokens.mjs';

const { memory } = await start({ module_or_path: await readFile(new URL('../page/pkg/rds_iam_token_bg.wasm', import.meta.url)) });

const HOST = 'mydb.c1a2b3c4d5e6.us-east-1.rds.amazonaws.com';
const AT = 1440938160_000;
const REQUEST = {
  host: HOST, port: 5432, user: 'app',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' },
};
// What botocore 1.44 prints for it.
const TOKEN = `${HOST}:5432/?Action=connect&DBUser=app&X-Amz-Algorithm=AWS4-HMAC-SHA256`
  + '&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Frds-db%2Faws4_request'
  + '&X-Amz-Date=20150830T123600Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host'
  + '&X-Amz-Signature=1f5779ddf64f71de19871ab0cd6c15cb79e8f05537aac4860d78bf6e2f9ff037';

const request = (known) => ({
  host: known.host, port: known.port, region: known.region, user: known.user,
  credentials: { accessKeyId: known.access_key_id, secretAccessKey: known.secret_access_key, sessionToken: known.session_token },
});

const causes = ({ findings }) => findings.map(({ cause }) => cause);

test('every public token is signed byte for byte, read and verified', () => {
  assert.equal(knownTokens('agreed').length, 112);
  for (const known of [...knownTokens('agreed'), ...knownTokens('disputed')]) {
    const at = known.at * 1000;
    const made = sign(request(known), at + 999);
    assert.deepEqual(made, { token: known.token, expiresAt: at + 900_000 }, known.source);
    const parts = inspect(known.token);
    // A text that may hold more than its own parameter is not shown.
    assert.ok([known.user, undefined].includes(parts.user), known.source);
    assert.ok([known.access_key_id, undefined].includes(parts.accessKeyId), known.source);
    assert.deepEqual(
      [parts.host, parts.port, parts.region, parts.signedAt, parts.lifetime, parts.sessionTokenLength],
      [known.host.toLowerCase(), known.port, known.region, at, 900, known.session_token?.length],
      known.source,
    );
    const login = verify(known.token, request(known), at);
    assert.deepEqual([login.user, login.expiresAt], [known.user, at + 900_000], known.source);
  }
});

test('the region is that in the host name, or the given one, or required', () => {
  assert.equal(sign(REQUEST, AT).token, TOKEN);
  assert.match(sign({ ...REQUEST, region: 'eu-west-1' }, AT).token, /%2Feu-west-1%2F/);
  assert.throws(() => sign({ ...REQUEST, host: 'localhost' }, AT), { input: 'region', message: /no region in the host name/ });
});

test('a token ends with its credentials', () => {
  const credentials = { ...REQUEST.credentials, sessionToken: 'token', expiresAt: AT + 60_000 };
  assert.equal(sign({ ...REQUEST, credentials }, AT).expiresAt, AT + 60_000);
});

test('a rejected value throws an Error with the message of the library and the name of the input', () => {
  const credentials = (more) => ({ credentials: { ...REQUEST.credentials, ...more } });
  for (const [change, input, message] of [
    [{ host: 'a b' }, 'host', 'invalid host: white space at byte 1'],
    [{ host: undefined }, 'host', 'host is required'],
    [{ host: 5 }, 'host', 'invalid host: expected a string'],
    [{ port: 0 }, 'port', 'invalid port: expected a number from 1 to 65535'],
    [{ port: 65536 }, 'port', 'invalid port: expected a whole number from 0 to 65535'],
    [{ port: 1.5 }, 'port', 'invalid port: expected a whole number'],
    [{ port: NaN }, 'port', 'invalid port: expected a whole number'],
    [{ port: '5432' }, 'port', 'invalid port: expected a whole number'],
    [{ region: '' }, 'region', 'invalid region: empty'],
    [{ user: '' }, 'user', 'invalid user: empty'],
    [{ user: '\ud800' }, 'user', 'invalid user: half of a surrogate pair'],
    [{ lifetime: 0 }, 'lifetime', /^invalid lifetime: 0 s/],
    [{ lifetime: 901 }, 'lifetime', /^invalid lifetime: 901 s/],
    [{ credentials: undefined }, 'credentials', 'credentials are required'],
    [credentials({ accessKeyId: 'A/B' }), 'accessKeyId', /^invalid access key ID: /],
    [credentials({ secretAccessKey: 'not-a-real-secret\n' }), 'secretAccessKey', /^invalid secret access key: line break/],
    [credentials({ sessionToken: '' }), 'sessionToken', 'invalid session token: empty'],
    [credentials({ expiresAt: 'soon' }), 'expiresAt', 'invalid expiresAt: expected milliseconds since 1970'],
  ]) {
    assert.throws(() => sign({ ...REQUEST, ...change }, AT), (error) => {
      assert.ok(error instanceof Error);
      assert.equal(error.input, input);
      if (typeof message === 'string') assert.ok(error.message.startsWith(message), error.message);
      else assert.match(error.message, message);
      assert.ok(!error.message.includes('real'));
      return true;
    });
  }
  for (const now of [NaN, Infinity, undefined, -1, 253402300800_000]) {
    assert.throws(() => sign(REQUEST, now), { input: 'now' }, String(now));
  }
  assert.throws(() => sign(undefined, AT), Error);
});

test('no part of the signature or session token is shown', () => {
  const credentials = { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'not-a-real-secret', sessionToken: 'not/a/real/session' };
  const { token } = sign({ ...REQUEST, credentials }, AT);
  const signature = token.split('&X-Amz-Signature=')[1];
  const swallowed = token.replace('DBUser=app', 'DBUser=app%26X-Amz-Security-Token%3Dnot%2Fa%2Freal%2Fsession');
  const damages = [
    token, token.replaceAll('%', '%25'), token.slice(0, -10), `"${token}`,
    token.replace('&X-Amz-Signature=', '%26X-Amz-Signature%3D'), token.replace('&X-Amz-Sec', 'X-Amz-Sec'),
    token.replace('&X-Amz-Signature', 'X-Amz-Signature'),
    swallowed, swallowed.slice(0, -10),
  ];
  for (const damaged of damages) {
    const text = JSON.stringify(diagnose(damaged, {}, AT));
    for (const secret of [signature.slice(0, 20), 'not/a/real', 'not%2Fa', 'not%252Fa']) {
      assert.ok(!text.includes(secret), text);
    }
  }
  assert.equal(inspect(token).sessionTokenLength, 18);
  assert.deepEqual(inspect(token).endpoint, { kind: 'instance', acceptsTokens: true, region: 'us-east-1' });
});

test('findings are sorted, worst first, and have remedies', () => {
  assert.deepEqual(causes(diagnose(TOKEN, { ...REQUEST, region: 'us-east-1' }, AT)), []);
  const found = diagnose(`'${TOKEN}'`, {
    port: 3306, user: 'App', credentials: { ...REQUEST.credentials, secretAccessKey: 'another-secret' },
  }, AT + 16 * 60_000);
  assert.deepEqual(causes(found), ['surrounding-text', 'wrong-port', 'user-case', 'expired', 'wrong-signature']);
  assert.match(found.findings[3].message, /^expired 1 min ago/);
  assert.ok(found.findings.every(({ remedy }) => remedy.length > 10));
  assert.equal(found.parts.user, 'app');

  const cut = diagnose(TOKEN.slice(0, 250), {}, AT);
  assert.deepEqual(causes(cut), ['truncated']);
  assert.equal(cut.parts, undefined);
  assert.deepEqual(cut.fields.slice(0, 2), [{ name: 'host', value: `${HOST} (instance)` }, { name: 'port', value: '5432' }]);

  assert.deepEqual(causes(diagnose('', {}, AT)), ['empty']);
  assert.deepEqual(diagnose('hunter2', {}, AT).fields, []);
  assert.throws(() => diagnose(TOKEN, { host: 'a b' }, AT), { input: 'host' });
  assert.throws(() => diagnose(TOKEN, {}, NaN), { input: 'now' });
});

test('a token is verified as a server does', () => {
  assert.equal(verify(TOKEN, REQUEST, AT).user, 'app');
  assert.equal(verify(TOKEN, { ...REQUEST, user: undefined }, AT).accessKeyId, 'AKIDEXAMPLE');
  for (const [options, at, message] of [
    [{ user: 'admin' }, AT, /user/],
    [{ port: 3306 }, AT, /port/],
    [{ credentials: { ...REQUEST.credentials, secretAccessKey: 'another-secret' } }, AT, /signature/],
    [{}, AT + 900_000, 'the token expired at 2015-08-30T12:51:00Z'],
    [{ tolerance: 0 }, AT - 1000, 'the token is not valid before 2015-08-30T12:36:00Z'],
  ]) {
    assert.throws(() => verify(TOKEN, { ...REQUEST, ...options }, at), { input: 'token', message });
  }
  assert.throws(() => inspect('hunter2'), { input: 'token' });
});

test('the policy and the SQL are written', () => {
  const user = { host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234', user: 'Jane Doe@CORP' };
  assert.deepEqual(JSON.parse(policy(user)).Statement[0], {
    Effect: 'Allow', Action: ['rds-db:connect'],
    Resource: ['arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/Jane Doe@CORP'],
  });
  assert.throws(() => policy({ ...user, resourceId: 'mydb' }), { input: 'resourceId' });
  assert.throws(() => policy({ ...user, account: '1' }), { input: 'account' });
  assert.throws(() => policy({ ...user, host: 'localhost' }), { input: 'region' });
  for (const change of [{ user: '*' }, { user: 'app_*' }, { user: '${aws:username}' }, { account: '*' }, { resourceId: '*' }]) {
    assert.throws(() => policy({ ...user, ...change }), { input: Object.keys(change)[0] });
  }
  assert.equal(sql({ engine: 'postgres', user: 'a"b' }, 'create'), 'CREATE USER "a""b" IN ROLE rds_iam;\n');
  assert.match(sql({ engine: 'mysql', user: 'app' }, 'enable'), /^ALTER USER '?.?app'?.? IDENTIFIED WITH AWSAuthenticationPlugin/);
  assert.match(sql({ engine: 'mariadb', user: 'app' }, 'disable'), /ACCOUNT LOCK/);
  assert.throws(() => sql({ engine: 'oracle', user: 'app' }, 'create'), { input: 'engine' });
  assert.throws(() => sql({ engine: 'mysql', user: 'app' }, 'drop'), { input: 'change' });
  assert.throws(() => sql({ engine: 'mysql', user: 'app ' }, 'create'), { input: 'user' });
  assert.throws(() => sql({ engine: 'mysql', user: 'Zo\u00eb' }, 'create'), { input: 'user', message: /UTF-8/ });
  assert.match(sql({ engine: 'mysql', user: 'Zo\u00eb', utf8Session: true }, 'create'), /Zo\u00eb/);
  assert.throws(() => sql({ engine: 'mysql', user: 'app', utf8Session: 'yes' }, 'create'), { input: 'utf8Session' });
});

test('an existing policy is checked', () => {
  const user = { host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234', user: 'app' };
  const document = (change) => policy(user).replace(...change);
  for (const [change, verdict, line] of [
    [['', ''], 'allowed', /^allowed: statement 1/],
    [['rds-db:connect', 'rds:connect'], 'denied', /^denied: /],
    [['/app', '/App'], 'denied', /^denied: /],
    [['Allow', 'Deny'], 'denied', /^denied: statement 1/],
    [['/app', '/$' + '{aws:username}'], 'undecided', /^undecided: statement 1/],
  ]) {
    const report = checkPolicy(user, document(change));
    assert.equal(report.verdict, verdict, JSON.stringify(report));
    assert.match(report.lines[0], line);
  }
  assert.throws(() => checkPolicy(user, '{'), { input: 'document' });
  assert.throws(() => checkPolicy({ ...user, user: '*' }, policy(user)), { input: 'user' });
});

test('SQL and policies have no control characters, and none that change the direction of text', () => {
  const user = { host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234' };
  let written = 0;
  for (const character of ['\u0000', '\u0007', '\u001b', '\t', '\r', '\n', '\u007f', '\u0085', '\u200b', '\u200f', '\u202e', '\u2066', '\ufeff', '\u{e0001}']) {
    const name = `a${character}b`;
    for (const engine of ['postgres', 'mysql', 'mariadb']) {
      for (const change of ['create', 'enable', 'disable']) {
        for (const write of [() => sql({ engine, user: name, utf8Session: true }, change), () => policy({ ...user, user: name })]) {
          let text;
          try { text = write(); } catch (error) { text = error.message; }
          assert.ok(!/[\p{C}]/u.test(text.replaceAll('\n', '')), JSON.stringify([character, engine, text]));
          written += 1;
        }
      }
    }
  }
  assert.ok(written > 200);
});

test('a host has a kind, and a server has other causes', () => {
  assert.deepEqual(endpoint('10.0.0.1'), { kind: 'ip', acceptsTokens: false });
  const common = otherCauses('postgres').common;
  for (const server of ['postgres', 'mysql', 'proxy']) {
    assert.deepEqual(otherCauses(server).common, common);
    assert.ok(common.length > 4 && otherCauses(server).special.length > 2);
    for (const cause of otherCauses(server).special) assert.ok(!common.some(({ message }) => message === cause.message));
  }
  assert.throws(() => otherCauses('oracle'), { input: 'server' });
});

// The separators, names, cuts, equals signs and wrappings of damaged tokens.
test('a damaged token shows no 20 characters of a secret', () => {
  const signature = TOKEN.split('&X-Amz-Signature=')[1];
  const session = 'IQoJb3JpZ2luX2VjEJr1234567890abcdefghij';
  const fields = TOKEN.slice(0, TOKEN.indexOf('&X-Amz-Signature=')).split('&');
  let count = 0;
  for (const separator of ['&', '%26', '&amp;', '', ';', '%2526', ' ']) {
    for (const name of ['X-Amz-Signature', 'x-amz-signature', 'X-Am', 'Amz-Signature', 'X%2DAmz%2DSignature', 'X-Amz-Security-Token', 'Token', '']) {
      for (const equals of ['=', '%3D', '']) {
        const secret = /token/i.test(name) ? session : signature;
        for (let at = 1; at <= fields.length; at += 1) {
          const damaged = `${fields.slice(0, at).join('&')}${separator}${name}${equals}${secret}${fields.slice(at).map((field) => `&${field}`).join('')}`;
          for (const text of [damaged, `"${damaged}"`, `export PGPASSWORD=${damaged}`]) {
            const shown = JSON.stringify(diagnose(text, {}, AT));
            for (let start = 0; start + 20 <= secret.length; start += 1) {
              assert.ok(!shown.includes(secret.slice(start, start + 20)), `${text}\n${shown}`);
            }
            count += 1;
          }
        }
      }
    }
  }
  assert.ok(count > 3000);
});

test('nothing of a value is left in the memory of the module', () => {
  const secret = 'c2VjcmV0LWZvci10aGUtaGVhcC1zZWFyY2g';
  const quiet = (call) => { try { call(); } catch { /* Rejected values must not be left either. */ } };
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, sessionToken: secret };
  for (const text of [secret, `${secret}\n`, `${secret}é`, `${secret}\u202e`, `host_${secret}:5432/?${secret}`, secret.repeat(40)]) {
    for (let end = 1; end <= text.length; end += 7) quiet(() => endpoint(text.slice(0, end)));
    quiet(() => endpoint(text));
    quiet(() => inspect(text));
    quiet(() => verify(text, { ...REQUEST, user: text, credentials }, AT));
    quiet(() => diagnose(text, { user: text, host: text, region: text, credentials: { ...credentials, secretAccessKey: text } }, AT));
    quiet(() => diagnose(TOKEN, { user: text, credentials }, AT));
    quiet(() => sign({ ...REQUEST, user: text, credentials }, AT));
    quiet(() => sign({ ...REQUEST, host: text, credentials: { ...credentials, sessionToken: text } }, AT));
    for (const engine of ['postgres', 'mysql', 'mariadb', text]) quiet(() => sql({ engine, user: text, utf8Session: true }, 'create'));
    quiet(() => sql({ engine: 'mysql', user: text }, text));
    quiet(() => policy({ host: HOST, account: text, resourceId: text, user: text }));
    quiet(() => policy({ host: HOST, account: '111122223333', resourceId: text, user: text }));
    quiet(() => policy({ host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234', user: text }));
    quiet(() => checkPolicy({ host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234', user: 'app' }, JSON.stringify({ Statement: text })));
    quiet(() => checkPolicy({ host: HOST, account: '111122223333', resourceId: 'db-ABCDEFGHIJKL01234', user: 'app' }, text));
    quiet(() => otherCauses(text));
    const bytes = Buffer.from(memory.buffer);
    for (let start = 0; start + 16 <= secret.length; start += 1) {
      assert.equal(bytes.indexOf(secret.slice(start, start + 16)), -1, JSON.stringify(text));
    }
  }
});
