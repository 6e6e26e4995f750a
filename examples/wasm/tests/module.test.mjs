// The module with its JavaScript, as the page has it, in Node.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import start, { diagnose, endpoint, inspect, otherCauses, policy, sign, sql, verify } from '../page/pkg/rds_iam_token.js';
import { knownTokens } from './known-tokens.mjs';

await start({ module_or_path: await readFile(new URL('../page/pkg/rds_iam_token_bg.wasm', import.meta.url)) });

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
    assert.deepEqual(
      [parts.host, parts.port, parts.user, parts.region, parts.accessKeyId, parts.signedAt, parts.lifetime, parts.sessionTokenLength],
      [known.host.toLowerCase(), known.port, known.user, known.region, known.access_key_id, at, 900, known.session_token?.length],
      known.source,
    );
    const login = verify(known.token, request(known), at);
    assert.deepEqual([login.user, login.expiresAt], [known.user, at + 900_000], known.source);
  }
});

test('the region is what the host tells, or is given, or is asked for', () => {
  assert.equal(sign(REQUEST, AT).token, TOKEN);
  assert.match(sign({ ...REQUEST, region: 'eu-west-1' }, AT).token, /%2Feu-west-1%2F/);
  assert.throws(() => sign({ ...REQUEST, host: 'localhost' }, AT), { input: 'region', message: /does not tell it/ });
});

test('a token ends with its credentials', () => {
  const credentials = { ...REQUEST.credentials, sessionToken: 'token', expiresAt: AT + 60_000 };
  assert.equal(sign({ ...REQUEST, credentials }, AT).expiresAt, AT + 60_000);
});

test('a refusal is an Error with the message of the library, and names the input', () => {
  const credentials = (more) => ({ credentials: { ...REQUEST.credentials, ...more } });
  for (const [change, input, message] of [
    [{ host: 'a b' }, 'host', 'host has white space, at byte 1'],
    [{ host: undefined }, 'host', 'host is needed'],
    [{ host: 5 }, 'host', 'host is not a string'],
    [{ port: 0 }, 'port', /^port is missing, or/],
    [{ port: 65536 }, 'port', 'port is not a whole number from 0 to 65535'],
    [{ port: 1.5 }, 'port', 'port is not a whole number from 0 to 65535'],
    [{ port: NaN }, 'port', 'port is not a whole number from 0 to 65535'],
    [{ port: '5432' }, 'port', 'port is not a whole number from 0 to 65535'],
    [{ region: '' }, 'region', 'region is empty'],
    [{ user: '' }, 'user', 'user is empty'],
    [{ user: '\ud800' }, 'user', 'user has half a character'],
    [{ lifetime: 0 }, 'lifetime', /^lifetime is 0 s/],
    [{ lifetime: 901 }, 'lifetime', /^lifetime is 901 s/],
    [{ credentials: undefined }, 'credentials', 'credentials are needed'],
    [credentials({ accessKeyId: 'A/B' }), 'accessKeyId', /^access key id has a character/],
    [credentials({ secretAccessKey: 'not-a-real-secret\n' }), 'secretAccessKey', /^secret access key has a line break/],
    [credentials({ sessionToken: '' }), 'sessionToken', 'session token is empty'],
    [credentials({ expiresAt: 'soon' }), 'expiresAt', /^expiresAt is not a time/],
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

test('what is read of a token has neither its signature nor its session token', () => {
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
  assert.deepEqual(inspect(token).endpoint, { kind: 'instance', takesTokens: true, region: 'us-east-1' });
});

test('what is wrong is found, worst first, with what to do', () => {
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
  assert.deepEqual(cut.readable[0], { name: 'host and port', value: `${HOST}:5432` });

  assert.deepEqual(causes(diagnose('', {}, AT)), ['empty']);
  assert.deepEqual(diagnose('hunter2', {}, AT).readable, []);
  assert.throws(() => diagnose(TOKEN, { host: 'a b' }, AT), { input: 'host' });
  assert.throws(() => diagnose(TOKEN, {}, NaN), { input: 'now' });
});

test('a token is verified as a server does', () => {
  assert.equal(verify(TOKEN, REQUEST, AT).user, 'app');
  assert.equal(verify(TOKEN, { ...REQUEST, user: undefined }, AT).accessKeyId, 'AKIDEXAMPLE');
  for (const [options, at, message] of [
    [{ user: 'admin' }, AT, /user/],
    [{ port: 3306 }, AT, 'port is not that of the endpoint'],
    [{ credentials: { ...REQUEST.credentials, secretAccessKey: 'another-secret' } }, AT, /signature/],
    [{}, AT + 900_000, 'token has expired at 2015-08-30T12:51:00Z'],
    [{ tolerance: 0 }, AT - 1000, 'token is not valid before 2015-08-30T12:36:00Z'],
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
  assert.equal(sql('postgres', 'a"b', 'create'), 'CREATE USER "a""b";\nGRANT rds_iam TO "a""b";\n');
  assert.match(sql('mysql', 'app', 'enable'), /^ALTER USER `app` IDENTIFIED WITH AWSAuthenticationPlugin/);
  assert.match(sql('mariadb', 'app', 'disable'), /ACCOUNT LOCK/);
  assert.throws(() => sql('oracle', 'app', 'create'), { input: 'engine' });
  assert.throws(() => sql('mysql', 'app', 'drop'), { input: 'change' });
  assert.throws(() => sql('mysql', 'app ', 'create'), { input: 'user' });
});

test('a host tells what it is, and a server has other causes', () => {
  assert.deepEqual(endpoint('10.0.0.1'), { kind: 'ip', takesTokens: false });
  for (const server of ['postgres', 'mysql', 'proxy']) assert.ok(otherCauses(server).length > 4);
  assert.throws(() => otherCauses('oracle'), { input: 'server' });
});
