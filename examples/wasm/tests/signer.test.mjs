// The plain module, in the file SIGNER.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { knownTokens } from './known-tokens.mjs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.env.SIGNER), {});
const { exchange, memory, sign } = instance.exports;

const bytes = () => new Uint8Array(memory.buffer, exchange(), 65536);

function signed(inputs, port, at) {
  const input = new TextEncoder().encode(inputs.join('\0'));
  bytes().set(input);
  // Signing may grow the memory, which detaches earlier views.
  const length = sign(input.length, port, at);
  return new TextDecoder().decode(bytes().subarray(0, length));
}

function inputs({ host, region, user, access_key_id, secret_access_key, session_token }) {
  const needed = [host, region, user, access_key_id, secret_access_key];
  return session_token === undefined ? needed : [...needed, session_token];
}

test('the module imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(process.env.SIGNER))), []);
});

test('every public token is signed byte for byte', () => {
  const tokens = [...knownTokens('agreed'), ...knownTokens('disputed')];
  assert.ok(tokens.length > 112);
  for (const known of tokens) {
    assert.equal(signed(inputs(known), known.port, known.at), known.token, known.source);
  }
});

test('only the token is left where the inputs were', () => {
  const [known] = knownTokens('agreed');
  const token = signed(inputs(known), known.port, known.at);
  assert.ok(bytes().subarray(token.length).every((byte) => byte === 0));
});

test('many tokens take no more memory than one', () => {
  const [known] = knownTokens('agreed');
  signed(inputs(known), known.port, known.at);
  const before = memory.buffer.byteLength;
  for (let times = 0; times < 1000; times += 1) signed(inputs(known), known.port, known.at);
  assert.equal(memory.buffer.byteLength, before);
});

test('a rejected input returns no token and leaves nothing behind', () => {
  const [known] = knownTokens('agreed');
  const good = inputs(known);
  for (const [change, port = known.port, at = known.at] of [
    [['a b', ...good.slice(1)]], [good.slice(0, 4)], [[...good.slice(0, 5), '']], [[...good.slice(0, 5), 'x', 'y']],
    [good, 0], [good, 65536], [good, -1], [good, 1, -1], [good, 1, NaN], [good, 1, Infinity], [good, 1, 253402300800],
  ]) {
    assert.equal(signed(change, port, at), '', JSON.stringify([change, port, at]));
    assert.ok(bytes().every((byte) => byte === 0));
  }
  assert.equal(sign(65537, 1, 1), 0);
});
