// The tokens of the crate's own tests, read from their tables in Rust.

import { readFileSync } from 'node:fs';

// The strings of the tables have only these escapes.
const ESCAPES = { n: '\n', r: '\r', t: '\t', 0: '\0', '"': '"', "'": "'", '\\': '\\' };

const unescape = (text) => text.replace(/\\(?:u\{(\w+)\}|(.))/g,
  (_, code, letter) => (code ? String.fromCodePoint(parseInt(code, 16)) : ESCAPES[letter]));

export function knownTokens(table) {
  const source = readFileSync(new URL(`../../../tests/known_tokens/${table}.rs`, import.meta.url), 'utf8');
  return source.split('KnownToken {').slice(1).map((row) => {
    const fields = /(\w+):\s*(?:Some\(\s*)?(?:"((?:[^"\\]|\\.)*)"|([\d_]+)|None)/g;
    return Object.fromEntries([...row.matchAll(fields)].map(([, name, text, number]) =>
      [name, text === undefined ? number && Number(number.replaceAll('_', '')) : unescape(text)]));
  });
}
