import start, { diagnose, endpoint, otherCauses, policy, sign, sql } from './pkg/rds_iam_token.js';

const $ = (id) => document.getElementById(id);

// Text is only ever set as text, so nothing of a token can become markup.
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Shows characters that cannot be seen, or that turn the line around.
const visible = (text) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu,
  (character) => `\\u{${character.codePointAt(0).toString(16)}}`);

let announcing;
function announce(text) {
  clearTimeout(announcing);
  $('announcement').textContent = '';
  announcing = setTimeout(() => { $('announcement').textContent = text; }, 300);
}

// Tabs

const tabs = [...document.querySelectorAll('[role="tab"]')];

function open(tab) {
  for (const each of tabs) {
    const selected = each === tab;
    each.ariaSelected = selected;
    each.tabIndex = selected ? 0 : -1;
    $(each.getAttribute('aria-controls')).hidden = !selected;
  }
}

function moveTab(event) {
  const at = tabs.indexOf(event.target);
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const tab = tabs.at(to % tabs.length);
  open(tab);
  tab.focus();
}

// Forms

// What is blank is not given; nothing is trimmed.
function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (value !== '') values[name] = value;
  }
  for (const name of ['port', 'lifetime']) {
    if (name in values) values[name] = /^\d+$/.test(values[name]) ? Number(values[name]) : NaN;
  }
  const { accessKeyId, secretAccessKey, sessionToken, ...rest } = values;
  if (accessKeyId ?? secretAccessKey ?? sessionToken) {
    rest.credentials = { accessKeyId, secretAccessKey, sessionToken };
  }
  return rest;
}

function clearErrors(form) {
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    $(`${field.id}-error`).textContent = '';
  }
}

// Says what is wrong beside the field, and gives that field.
function showError(form, error) {
  const name = error.input === 'credentials' ? 'accessKeyId' : error.input;
  const field = form.elements[name];
  if (!field) throw error;
  field.setAttribute('aria-invalid', 'true');
  $(`${field.id}-error`).textContent = MESSAGES[error.message] ?? error.message;
  return field;
}

const MESSAGES = {
  'host is needed': 'The host is needed.',
  'port is needed': 'The port is needed.',
  'user is needed': 'The user is needed.',
  'credentials are needed': 'The access key id is needed.',
  'accessKeyId is needed': 'The access key id is needed.',
  'secretAccessKey is needed': 'The secret access key is needed.',
  'region is needed: the host does not tell it': 'The host does not tell the region, so it is needed.',
};

// How long a token lives

const lives = new Map();

function showLife(name, life) {
  lives.set(name, life);
  tick();
}

function words(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const [days, hours, minutes] = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min ${String(seconds % 60).padStart(2, '0')} s` : `${seconds} s`;
}

const utc = (at) => new Date(at).toISOString().replace('.000Z', 'Z');

function tick() {
  const now = Date.now();
  $('clock').textContent = utc(Math.floor(now / 1000) * 1000);
  for (const [name, life] of lives) {
    const [bar, left] = [$(`${name}-bar`), life.end - now];
    const state = now < life.start ? 'early' : left > 0 ? 'alive' : 'over';
    bar.max = Math.max(1, life.end - life.start);
    bar.value = Math.min(bar.max, Math.max(0, left));
    bar.className = { early: 'short', alive: left > 120_000 ? '' : 'short', over: 'over' }[state];
    const text = {
      early: `begins in ${words(life.start - now)}`,
      alive: `${words(left)} left`,
      over: `expired ${words(Math.floor(-left / 1000) * 1000)} ago`,
    }[state];
    $(`${name}-text`).textContent = text;
    $(`${name}-until`).textContent = `${state === 'over' ? 'since' : 'until'} ${utc(life.end)}`;
    bar.setAttribute('aria-valuetext', text);
    const minutes = Math.ceil(left / 60_000);
    if (life.minutes !== undefined && minutes !== life.minutes && [5, 1].includes(minutes) && state === 'alive') {
      announce(`The token lives for ${minutes} more minute${minutes === 1 ? '' : 's'}.`);
    }
    life.minutes = minutes;
    if (life.state !== undefined && life.state !== state) life.changed();
    life.state = state;
  }
}

// Checking

function showFindings(list, findings) {
  list.replaceChildren(...findings.map(({ cause, message, remedy }) => {
    const item = element('li');
    item.dataset.cause = cause;
    const line = element('p', undefined, 'cause');
    line.append(element('code', cause), ` ${visible(message)}`);
    item.append(line, element('p', remedy, 'remedy'));
    return item;
  }));
}

function diagnosed(password, known) {
  for (;;) {
    try {
      return diagnose(password, known, Date.now());
    } catch (error) {
      // What is known wrongly is said so, and not compared.
      showError($('check-form'), error);
      delete known[error.input in known ? error.input : 'credentials'];
    }
  }
}

function check() {
  clearErrors($('check-form'));
  const password = $('password').value;
  const known = read($('check-form'));
  $('check-empty').hidden = password !== '';
  $('check-result').hidden = password === '';
  lives.delete('life');
  if (password === '') {
    checked = undefined;
    return;
  }
  const { findings, parts, readable } = diagnosed(password, known);
  checked = parts;
  const clean = findings.length === 0;
  const verdict = clean ? 'Nothing is wrong with the token itself'
    : findings.length === 1 ? 'One thing is wrong' : `${findings.length} things are wrong, the worst first`;
  $('verdict').textContent = verdict;
  $('verdict').classList.toggle('good', clean);
  const unchecked = ['host', 'port', 'user', 'region', 'credentials'].filter((name) => !(name in known));
  $('unchecked').textContent = clean && unchecked.length
    ? `Not compared, because you did not say what it should be: ${unchecked.join(', ').replace('credentials', 'the key, and so the signature')}.` : '';
  showFindings($('findings'), findings);
  $('elsewhere').hidden = !clean;
  $('life').hidden = !parts;
  if (parts) showLife('life', { start: parts.signedAt, end: parts.expiresAt, changed: check });
  showParts(parts, readable);
  announce(clean ? verdict : `${verdict}: ${findings.map(({ message }) => message).join('; ')}`);
}

let checked;

function showParts(parts, readable) {
  const rows = parts ? rowsOf(parts) : readable.map(({ name, value }) => [name, value, GROUPS[name]]);
  $('parts-card').hidden = rows.length === 0;
  $('parts-title').textContent = parts ? 'Parts' : 'What can be read of it';
  $('parts').replaceChildren(...rows.map(([name, value, group, note]) => {
    const row = element('tr');
    const head = element('th', name, group);
    head.scope = 'row';
    const cell = element('td', visible(value));
    if (note) cell.append(element('small', note));
    row.append(head, cell);
    return row;
  }));
  $('anatomy').replaceChildren(...(parts ? anatomy(parts) : []));
}

const HIDDEN = '•••';

function rowsOf(parts) {
  const session = parts.sessionTokenLength;
  const { kind, takesTokens } = parts.endpoint ?? { kind: 'other', takesTokens: false };
  return [
    ['Host', parts.host, 'endpoint', takesTokens ? kind : `${kind}: RDS takes no token for such a name`],
    ['Port', String(parts.port), 'endpoint'],
    ['User', parts.user, 'user'],
    ['Region', parts.region, 'key'],
    ['Access key id', parts.accessKeyId, 'key', parts.accessKeyId.startsWith('ASIA') ? 'of a temporary key' : undefined],
    ['Session token', session === undefined ? 'none' : HIDDEN, 'redacted', session === undefined ? undefined : `${session} characters, not shown`],
    ['Signed at', utc(parts.signedAt), 'time', new Date(parts.signedAt).toLocaleString()],
    ['Lifetime', `${parts.lifetime} s`, 'time'],
    ['Expires at', utc(parts.expiresAt), 'time', new Date(parts.expiresAt).toLocaleString()],
    ['Service', `${parts.service}, ${parts.action}`],
    ['Algorithm', parts.algorithm],
    ['Signed headers', parts.signedHeaders],
    ['Signature', HIDDEN, 'redacted', '64 digits, not shown'],
  ];
}

const GROUPS = {
  'host and port': 'endpoint', DBUser: 'user', 'X-Amz-Credential': 'key', 'X-Amz-Date': 'time', 'X-Amz-Expires': 'time',
};

// The token in the order of the `aws` command, in the colours of the table, without its secrets.
function anatomy(parts) {
  const date = utc(parts.signedAt).replace(/[-:]/g, '');
  const pieces = [
    [`${parts.host}:${parts.port}`, 'endpoint'], [`/?Action=${parts.action}&DBUser=`],
    [encodeURIComponent(parts.user.toWellFormed?.() ?? parts.user), 'user'], [`&X-Amz-Algorithm=${parts.algorithm}&X-Amz-Credential=`],
    [[parts.accessKeyId, parts.scopeDate, parts.region, parts.service, 'aws4_request'].join('%2F'), 'key'],
    ['&X-Amz-Date='], [date, 'time'], ['&X-Amz-Expires='], [String(parts.lifetime), 'time'],
    [`&X-Amz-SignedHeaders=${parts.signedHeaders}`],
    ...(parts.sessionTokenLength === undefined ? [] : [['&X-Amz-Security-Token='], [HIDDEN, 'redacted']]),
    ['&X-Amz-Signature='], [HIDDEN, 'redacted'],
  ];
  return pieces.map(([text, group]) => element('span', visible(text), group));
}

function listOtherCauses() {
  $('other-causes').replaceChildren(...otherCauses($('server').value).map(({ message, remedy }) => {
    const item = element('li', message);
    item.append(element('small', remedy.replace(/rds_iam_token::\w+/, 'the tab “Let a user in”')));
    return item;
  }));
}

// Making

function make(event) {
  event.preventDefault();
  const form = $('make-form');
  clearErrors(form);
  hideMade();
  const now = Date.now();
  const request = read(form);
  let made;
  try {
    made = sign(request, now);
  } catch (error) {
    const field = showError(form, error);
    field.focus();
    return;
  }
  $('token').value = made.token;
  $('make-empty').hidden = true;
  $('make-result').hidden = false;
  showMade(made, request, now);
  $('made').scrollIntoView({ block: 'nearest' });
}

function showMade({ token, expiresAt }, { host, port, user, credentials }, start) {
  const review = () => {
    const { findings } = diagnose(token, { host, port, user, credentials }, Date.now());
    showFindings($('made-findings'), findings);
    announce(findings.length === 0 ? 'The token is made.' : `The token will be refused: ${findings.map(({ message }) => message).join('; ')}`);
  };
  review();
  showLife('made', { start: Math.floor(start / 1000) * 1000, end: expiresAt, changed: review });
}

function hideMade() {
  lives.delete('made');
  $('token').value = '';
  $('made-findings').replaceChildren();
  $('make-result').hidden = true;
  $('make-empty').hidden = false;
}

// Says of the region what the host tells.
function hintRegion() {
  let region;
  try {
    ({ region } = endpoint($('make-host').value));
  } catch {
    // What is wrong with the host is said when the token is made.
  }
  $('make-region-help').textContent = region ? `${region}, as the host tells; leave it blank.` : 'Needed where the host does not tell it.';
}

// Letting in

const NAMES = { user: 'the database user', account: 'the AWS account', resourceId: 'the resource id' };

function allow() {
  const form = $('allow-form');
  clearErrors(form);
  const values = read(form);
  const { engine, change, ...user } = values;
  const missing = Object.keys(NAMES).filter((name) => !(name in user));
  write('policy', missing, () => policy(user));
  write('sql', missing.filter((name) => name === 'user'), () => sql(engine, user.user, change));
}

function write(id, missing, run) {
  const form = $('allow-form');
  $(id).textContent = '';
  $(`${id}-missing`).textContent = missing.length ? `Still needed: ${missing.map((name) => NAMES[name]).join(', ')}.` : '';
  if (missing.length) return;
  try {
    $(id).textContent = run();
  } catch (error) {
    showError(form, error);
  }
}

function allowThis() {
  const { host, user } = checked ?? {};
  $('allow-host').value = host ?? '';
  $('allow-user').value = user ?? '';
  $('allow-engine').value = $('server').value === 'mysql' ? 'mysql' : 'postgres';
  allow();
  open($('allow-tab'));
  $('allow-tab').focus();
}

// Copying and forgetting

async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied.');
    const label = button.firstChild;
    label.textContent = 'Copied';
    setTimeout(() => { label.textContent = 'Copy'; }, 2000);
  } catch {
    announce('The browser did not allow it: select the text and copy it by hand.');
  }
}

function forget() {
  for (const form of document.forms) {
    form.reset();
    clearErrors(form);
  }
  hideMade();
  for (const id of ['findings', 'parts', 'anatomy', 'other-causes']) $(id).replaceChildren();
  for (const id of ['verdict', 'announcement', 'life-text', 'life-until']) $(id).textContent = '';
  check();
  allow();
  hintRegion();
  listOtherCauses();
}

try {
  await start();
  forget();
  for (const tab of tabs) {
    tab.addEventListener('click', () => open(tab));
    tab.addEventListener('keydown', moveTab);
  }
  for (const form of document.forms) form.addEventListener('submit', (event) => event.preventDefault());
  $('check-form').addEventListener('input', check);
  $('server').addEventListener('change', listOtherCauses);
  $('allow-this').addEventListener('click', allowThis);
  $('make-form').addEventListener('submit', make);
  $('make-form').addEventListener('input', hideMade);
  $('make-host').addEventListener('input', hintRegion);
  $('copy').addEventListener('click', () => copy($('copy'), $('token').value));
  $('check-made').addEventListener('click', () => {
    $('password').value = $('token').value;
    check();
    open($('check-tab'));
    $('check-tab').focus();
  });
  $('allow-form').addEventListener('input', allow);
  for (const button of document.querySelectorAll('[data-copies]')) {
    button.addEventListener('click', () => copy(button, $(button.dataset.copies).textContent));
  }
  $('forget').addEventListener('click', () => { forget(); announce('Everything is forgotten.'); });
  // A page that is left is kept for a way back; what was in it is not.
  addEventListener('pagehide', forget);
  setInterval(tick, 1000);
  tick();
} catch (error) {
  $('broken').textContent = `The page cannot work here: ${error.message}. It needs WebAssembly, and the files of its folder from a web server.`;
  $('broken').hidden = false;
}
