import start, { checkPolicy, diagnose, endpoint, otherCauses, policy, sign, sql } from './pkg/rds_iam_token.js';

const $ = (id) => document.getElementById(id);

// Sets text only as text, so that nothing of a token can become markup.
function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

// Escapes characters that are invisible or change the direction of the text.
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

// Reads the fields of a form. An empty one is left out; nothing is trimmed.
function read(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (value !== '') values[name] = value;
  }
  for (const name of ['port', 'lifetime']) {
    if (name in values) values[name] = /^\d+$/.test(values[name]) ? Number(values[name]) : NaN;
  }
  if (values.utf8Session) values.utf8Session = true;
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

// Shows an error beside its field, and returns the field.
function showError(form, error) {
  const name = error.input === 'credentials' ? 'accessKeyId' : error.input;
  const field = form.elements[name];
  if (!field) throw error;
  field.setAttribute('aria-invalid', 'true');
  $(`${field.id}-error`).textContent = MESSAGES[error.message] ?? error.message;
  return field;
}

const MESSAGES = {
  'credentials are required': 'accessKeyId is required',
  'region is required: no region in the host name': 'region is required: it is not in the host name',
};

// Lifetimes

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
      early: `valid in ${words(life.start - now)}`,
      alive: `${words(left)} left`,
      over: `expired ${words(Math.floor(-left / 1000) * 1000)} ago`,
    }[state];
    $(`${name}-text`).textContent = text;
    $(`${name}-until`).textContent = `${state === 'over' ? 'since' : 'until'} ${utc(life.end)}`;
    bar.setAttribute('aria-valuetext', text);
    const minutes = Math.ceil(left / 60_000);
    if (life.minutes !== undefined && minutes !== life.minutes && [5, 1].includes(minutes) && state === 'alive') {
      announce(`The token expires in ${minutes} minute${minutes === 1 ? '' : 's'}.`);
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

function diagnosed(password, expected) {
  for (;;) {
    try {
      return diagnose(password, expected, Date.now());
    } catch (error) {
      // An invalid expected value is marked, and not compared.
      showError($('check-form'), error);
      delete expected[error.input in expected ? error.input : 'credentials'];
    }
  }
}

function check() {
  clearErrors($('check-form'));
  const password = $('password').value;
  const expected = read($('check-form'));
  $('check-empty').hidden = password !== '';
  $('check-result').hidden = password === '';
  lives.delete('life');
  if (password === '') {
    checked = undefined;
    return;
  }
  const { findings, parts, fields } = diagnosed(password, expected);
  checked = parts;
  const clean = findings.length === 0;
  const verdict = clean ? 'Nothing is wrong with the token itself'
    : findings.length === 1 ? '1 finding' : `${findings.length} findings, the worst first`;
  $('verdict').textContent = verdict;
  $('verdict').classList.toggle('good', clean);
  const unchecked = ['host', 'port', 'user', 'region', 'credentials'].filter((name) => !(name in expected));
  $('unchecked').textContent = clean && unchecked.length
    ? `Not checked, because no expected value is set: ${unchecked.join(', ').replace('credentials', 'the key, and so the signature')}.` : '';
  showFindings($('findings'), findings);
  $('elsewhere').hidden = !clean;
  $('life').hidden = !parts;
  if (parts) showLife('life', { start: parts.signedAt, end: parts.expiresAt, changed: check });
  showParts(parts, fields);
  chooseServer(parts);
  announce(clean ? verdict : `${verdict}: ${findings.map(({ message }) => message).join('; ')}`);
}

let checked;

function showParts(parts, fields) {
  $('parts-card').hidden = fields.length === 0;
  $('parts-title').textContent = parts ? 'Parts' : 'Readable parts';
  $('parts').replaceChildren(...fields.map(({ name, value }) => {
    const row = element('tr');
    const head = element('th', name[0].toUpperCase() + name.slice(1), GROUPS[name]);
    head.scope = 'row';
    const cell = element('td', visible(value));
    const note = parts && NOTES[name]?.(parts);
    if (note) cell.append(element('small', note));
    row.append(head, cell);
    return row;
  }));
  $('anatomy').replaceChildren(...(parts ? anatomy(parts) : []));
}

const local = (at) => new Date(at).toLocaleString();

const NOTES = {
  host: ({ endpoint: host }) => (host?.acceptsTokens ? undefined : 'RDS accepts no token for a host of this kind.'),
  'access key id': ({ accessKeyId }) => (accessKeyId?.startsWith('ASIA') ? 'of a temporary key' : undefined),
  'signed at': ({ signedAt }) => local(signedAt),
  'expires at': ({ expiresAt }) => local(expiresAt),
};

const GROUPS = {
  host: 'endpoint', port: 'endpoint', user: 'user', region: 'key', 'access key id': 'key', 'scope date': 'key',
  'signed at': 'time', lifetime: 'time', 'expires at': 'time', 'session token': 'redacted', signature: 'redacted',
};

const HIDDEN = '•••';

// The token in the order of the `aws` command, in the colors of the table, without its secrets.
function anatomy(parts) {
  const date = utc(parts.signedAt).replace(/[-:]/g, '');
  const shown = (text) => text ?? '…';
  const pieces = [
    [`${shown(parts.host)}:${parts.port}`, 'endpoint'], [`/?Action=${shown(parts.action)}&DBUser=`],
    [parts.user === undefined ? '…' : encodeURIComponent(parts.user), 'user'],
    [`&X-Amz-Algorithm=${shown(parts.algorithm)}&X-Amz-Credential=`],
    [[...[parts.accessKeyId, parts.scopeDate, parts.region, parts.service].map(shown), 'aws4_request'].join('%2F'), 'key'],
    ['&X-Amz-Date='], [date, 'time'], ['&X-Amz-Expires='], [String(parts.lifetime), 'time'],
    [`&X-Amz-SignedHeaders=${shown(parts.signedHeaders)}`],
    ...(parts.sessionTokenLength === undefined ? [] : [['&X-Amz-Security-Token='], [HIDDEN, 'redacted']]),
    ['&X-Amz-Signature='], [HIDDEN, 'redacted'],
  ];
  return pieces.map(([text, group]) => element('span', visible(text), group));
}

// The likeliest server, by the kind of host and the port; the person may choose a different one.
function chooseServer({ endpoint: host, port } = {}) {
  const server = host?.kind.startsWith('proxy') ? 'proxy' : { 3306: 'mysql', 5432: 'postgres' }[port];
  if (server === undefined || server === chosen) return;
  chosen = server;
  $('server').value = server;
  listOtherCauses();
}

let chosen;

// The causes of the chosen server, and then those that every server has.
function listOtherCauses() {
  const { special, common } = otherCauses($('server').value);
  $('other-causes').replaceChildren(...[...special, ...common].map(({ message, remedy }) => {
    const item = element('li', message);
    item.append(element('small', remedy.replace(/rds_iam_token::\w+/, 'the tab “Grant access”')));
    return item;
  }));
}

// Signing

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
    announce(findings.length === 0 ? 'The token is signed.' : `The database will reject the token: ${findings.map(({ message }) => message).join('; ')}`);
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

// Shows the region in the host name.
function hintRegion() {
  let region;
  try {
    ({ region } = endpoint($('make-host').value));
  } catch {
    // An invalid host is marked when the token is signed.
  }
  $('make-region-help').textContent = region ? `${region}, from the host name, if empty.` : 'Required if it is not in the host name.';
}

// Granting access

const NAMES = { user: 'the database user', account: 'the AWS account', resourceId: 'the resource id' };

function allow() {
  const form = $('allow-form');
  clearErrors(form);
  const values = read(form);
  const { engine, change, utf8Session, document: existing, ...user } = values;
  const missing = Object.keys(NAMES).filter((name) => !(name in user));
  write('policy', missing, () => policy(user));
  checkExisting(existing, missing, user);
  write('sql', missing.filter((name) => name === 'user'), () => sql({ engine, user: user.user, utf8Session }, change));
}

function write(id, missing, run) {
  const form = $('allow-form');
  $(id).textContent = '';
  $(`${id}-missing`).textContent = missing.length ? `Still required: ${missing.map((name) => NAMES[name]).join(', ')}.` : '';
  if (missing.length) return;
  try {
    $(id).textContent = run();
  } catch (error) {
    showError(form, error);
  }
}

const VERDICTS = {
  allowed: 'The existing policy allows the login', denied: 'The existing policy does not allow the login',
  undecided: 'The existing policy alone does not decide',
};

function checkExisting(existing, missing, user) {
  $('existing').hidden = true;
  $('existing-lines').replaceChildren();
  if (existing === undefined || missing.length) return;
  let report;
  try {
    report = checkPolicy(user, existing);
  } catch (error) {
    showError($('allow-form'), error);
    return;
  }
  $('existing').hidden = false;
  $('existing-verdict').textContent = VERDICTS[report.verdict];
  $('existing-verdict').className = `verdict ${{ allowed: 'good', undecided: 'open' }[report.verdict] ?? ''}`;
  $('existing-lines').replaceChildren(...report.lines.map((line) => element('li', visible(line))));
  announce(VERDICTS[report.verdict]);
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
    announce('The browser did not allow it. Select the text, and copy it by hand.');
  }
}

function forget() {
  for (const form of document.forms) {
    form.reset();
    clearErrors(form);
  }
  hideMade();
  for (const id of ['findings', 'parts', 'anatomy', 'other-causes', 'existing-lines']) $(id).replaceChildren();
  for (const id of ['verdict', 'announcement', 'life-text', 'life-until']) $(id).textContent = '';
  chosen = undefined;
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
  $('forget').addEventListener('click', () => { forget(); announce('Forgot everything.'); });
  // Browsers keep a page for the way back; its fields must not be kept.
  addEventListener('pagehide', forget);
  setInterval(tick, 1000);
  tick();
} catch (error) {
  $('broken').textContent = `The page does not work here: ${error.message}. It needs WebAssembly, and the files of its folder from a web server.`;
  $('broken').hidden = false;
}
