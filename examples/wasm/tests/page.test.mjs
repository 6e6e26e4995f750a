// The page in headless Chromium, as a person uses it. With SCREENSHOTS, pictures are put into that folder.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { request as ask } from 'node:http';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, serve } from './browser.mjs';
import { knownTokens } from './known-tokens.mjs';

const KNOWN = knownTokens('agreed').find(({ session_token: token, host, user }) => token?.length > 600 && host.includes('.eu-') && user.length < 20);
const SECRETS = [KNOWN.secret_access_key, KNOWN.session_token.slice(0, 40), encodeURIComponent(KNOWN.session_token).slice(0, 40)];

let page;
let browser;
let server;
let requested;
let complaints;

before(async () => {
  [server, browser] = await Promise.all([serve(), launch()]);
  browser.listen((method, params) => {
    if (method === 'Network.requestWillBeSent') requested.push(params.request.url);
    if (method === 'Network.webSocketCreated') requested.push(params.url);
    if (method === 'Runtime.exceptionThrown') complaints.push(params.exceptionDetails.exception?.description);
    if (method === 'Log.entryAdded') complaints.push(params.entry.text);
    if (method === 'Page.loadEventFired') page?.();
  });
  // The clock of the page stands at the time of the token until a test moves it.
  await browser.send('Page.addScriptToEvaluateOnNewDocument', { source: `globalThis.NOW = ${KNOWN.at * 1000 + 60_000}; Date.now = () => NOW;` });
});

after(async () => {
  await browser?.close();
  server?.close();
});

beforeEach(async () => {
  requested = [];
  complaints = [];
  server.asked.length = 0;
  const loaded = new Promise((resolve) => { page = resolve; });
  await browser.send('Page.navigate', { url: `${server.origin}/` });
  await loaded;
  await until("document.getElementById('clock').textContent !== ''");
});

afterEach(async () => {
  assert.deepEqual(complaints, []);
  const files = ['', 'icon.svg', 'page.css', 'page.js', 'pkg/rds_iam_token.js', 'pkg/rds_iam_token_bg.wasm'];
  assert.deepEqual([...new Set(requested)].sort(), files.map((file) => `${server.origin}/${file}`));
  assert.deepEqual([...new Set(server.asked)].sort(), files.map((file) => `GET /${file}`));
  const kept = await browser.evaluate(`(async () => [location.href, document.cookie, localStorage.length, sessionStorage.length,
    history.length && JSON.stringify(history.state), (await indexedDB.databases()).length, (await caches.keys()).length])()`);
  assert.deepEqual(kept, [`${server.origin}/`, '', 0, 0, 'null', 0, 0]);
});

async function until(condition) {
  for (let times = 0; times < 100; times += 1) {
    if (await browser.evaluate(condition)) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  assert.fail(`never: ${condition}`);
}

const $ = (id) => `document.getElementById(${JSON.stringify(id)})`;
const text = (id) => browser.evaluate(`${$(id)}.innerText`);
const click = (id) => browser.evaluate(`${$(id)}.click()`);
const moveClock = (seconds) => browser.evaluate(`NOW = ${(KNOWN.at + seconds) * 1000}`);
const causes = (id = 'findings') => browser.evaluate(`[...${$(id)}.children].map((item) => item.dataset.cause)`);

// Pastes as the clipboard does: into the element with the focus.
async function paste(id, value) {
  await browser.evaluate(`${$(id)}.focus(); ${$(id)}.select?.()`);
  await browser.send('Input.insertText', { text: value });
}

async function fill(form, values) {
  for (const [name, value] of Object.entries(values)) await paste(`${form}-${name}`, value);
}

const MADE_FROM = {
  host: KNOWN.host, port: String(KNOWN.port), user: KNOWN.user, accessKeyId: KNOWN.access_key_id,
  secretAccessKey: KNOWN.secret_access_key, sessionToken: KNOWN.session_token,
};

async function shoot(name, { width = 1280, dark = false } = {}) {
  if (!process.env.SCREENSHOTS) return;
  await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
  await browser.send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: width < 600 });
  const { data } = await browser.send('Page.captureScreenshot', { captureBeyondViewport: true });
  await mkdir(process.env.SCREENSHOTS, { recursive: true });
  await writeFile(join(process.env.SCREENSHOTS, `${name}.png`), Buffer.from(data, 'base64'));
  await browser.send('Emulation.clearDeviceMetricsOverride');
}

test('a good token is shown with its remaining lifetime', async () => {
  await paste('password', KNOWN.token);
  assert.equal(await text('verdict'), 'Nothing is wrong with the token itself');
  assert.deepEqual(await causes(), []);
  assert.equal(await text('life-text'), '14 min 00 s left');
  assert.equal(await browser.evaluate(`${$('life-bar')}.position.toFixed(3)`), (14 / 15).toFixed(3));
  const parts = await text('parts-card');
  for (const part of [KNOWN.host, KNOWN.user, KNOWN.region, KNOWN.access_key_id, `${KNOWN.session_token.length} characters`]) {
    assert.ok(parts.includes(part), part);
  }
  assert.match(await text('unchecked'), /host, port, user, region, the key/);
  assert.ok(await browser.evaluate(`${$('other-causes')}.children.length`) > 4);
  await until(`${$('announcement')}.textContent.startsWith('Nothing is wrong')`);
  await shoot('check-light');
  await shoot('check-dark', { dark: true });
  await shoot('check-phone', { width: 375, dark: true });

  // The bar runs down by itself, and the end is announced.
  await moveClock(900 - 59);
  await until(`${$('life-text')}.textContent === '59 s left'`);
  await until(`${$('announcement')}.textContent === 'The token expires in 1 minute.'`);
  await moveClock(900);
  await until(`${$('verdict')}.textContent === '1 finding'`);
  assert.deepEqual(await causes(), ['expired']);
  assert.equal(await browser.evaluate(`${$('life-bar')}.position`), 0);
});

test('an expired token has a finding and a remedy', async () => {
  await moveClock(900 + 3 * 60);
  await paste('password', KNOWN.token);
  assert.equal(await text('verdict'), '1 finding');
  assert.deepEqual(await causes(), ['expired']);
  assert.equal(await text('life-text'), 'expired 3 min 00 s ago');
  assert.match(await text('findings'), /expired 3 min ago[^]*new token/);
  await until(`${$('announcement')}.textContent.includes('expired 3 min ago')`);
  await shoot('expired-light');
});

test('a truncated token has a finding, and its parts are shown', async () => {
  await paste('password', KNOWN.token.slice(0, 511));
  assert.deepEqual(await causes(), ['truncated']);
  assert.ok((await text('parts')).includes(`${KNOWN.host} (instance)`));
  assert.equal(await text('parts-title'), 'Readable parts');
  assert.equal(await browser.evaluate(`${$('life')}.hidden`), true);
  await shoot('truncated-dark', { dark: true });
});

test('no part of the signature or session token is shown', async () => {
  const signature = KNOWN.token.split('&X-Amz-Signature=')[1];
  for (const damaged of [KNOWN.token, KNOWN.token.slice(0, -8), `"${KNOWN.token}`, KNOWN.token.replaceAll('%', '%25'), KNOWN.token.replace('&X-Amz-Sig', 'X-Amz-Sig')]) {
    await paste('password', damaged);
    const shown = await browser.evaluate(`${$('checked')}.textContent + ${$('announcement')}.textContent`);
    for (const secret of [signature.slice(0, 16), KNOWN.session_token.slice(0, 16)]) {
      assert.ok(!shown.includes(secret), damaged.slice(-100));
    }
  }
});

test('expected values are compared, and invalid ones are marked', async () => {
  await paste('password', KNOWN.token);
  await browser.evaluate("document.querySelector('summary').click()");
  await fill('known', { ...MADE_FROM, port: '1', secretAccessKey: 'another-secret' });
  assert.deepEqual(await causes(), ['wrong-port', 'wrong-signature']);
  await fill('known', { port: 'x', host: 'a b', secretAccessKey: KNOWN.secret_access_key });
  assert.deepEqual(await causes(), []);
  assert.match(await text('known-host-error'), /^invalid host: white space at byte 1/);
  assert.match(await text('known-port-error'), /^invalid port: expected a whole number/);
  assert.equal(await browser.evaluate(`${$('known-host')}.getAttribute('aria-invalid')`), 'true');
});

test('markup in a token stays text', async () => {
  const user = encodeURIComponent('<img src=x onerror=alert(1)>\u202e');
  await browser.evaluate("document.querySelector('summary').click()");
  await fill('known', { user: '<img src=x onerror=alert(1)>\u202e' });
  await paste('password', KNOWN.token.replace(/DBUser=[^&]*/, `DBUser=${user}`));
  assert.equal(await browser.evaluate(`${$('checked')}.querySelectorAll('img').length`), 0);
  assert.ok((await text('parts')).includes('<img src=x onerror=alert(1)>\\u{202e}'));
});

test('a token is signed byte for byte', async () => {
  await moveClock(0);
  await click('make-tab');
  await fill('make', MADE_FROM);
  assert.equal(await text('make-region-help'), `${KNOWN.region}, from the host name, if empty.`);
  await browser.press('Enter');
  assert.equal(await browser.evaluate(`${$('token')}.value`), KNOWN.token);
  assert.deepEqual(await causes('made-findings'), []);
  assert.equal(await text('made-text'), '15 min 00 s left');
  await until(`${$('announcement')}.textContent === 'The token is signed.'`);
  await shoot('make-light');
  await shoot('make-phone', { width: 375 });

  await click('check-made');
  assert.equal(await text('verdict'), 'Nothing is wrong with the token itself');
  await click('allow-this');
  assert.equal(await browser.evaluate(`${$('allow-user')}.value`), KNOWN.user);
});

test('an error is shown beside its field, which gets the focus', async () => {
  await click('make-tab');
  await fill('make', { ...MADE_FROM, port: '', secretAccessKey: 'not-a-real-secret ' });
  await browser.press('Enter');
  assert.equal(await browser.evaluate('document.activeElement.id'), 'make-port');
  await fill('make', { port: '5432' });
  await browser.press('Enter');
  assert.equal(await browser.evaluate('document.activeElement.id'), 'make-secretAccessKey');
  assert.match(await text('make-secretAccessKey-error'), /^invalid secret access key: white space/);
  assert.equal(await browser.evaluate(`${$('make-result')}.hidden`), true);

  await fill('make', { ...MADE_FROM, sessionToken: '', accessKeyId: 'ASIAIOSFODNN7EXAMPLE' });
  await browser.press('Enter');
  assert.deepEqual(await causes('made-findings'), ['missing-session-token']);
  // A token of other values is not left beside these.
  await fill('make', { user: 'other' });
  assert.equal(await browser.evaluate(`${$('token')}.value`), '');
});

test('the policy and the SQL for a user are written', async () => {
  await click('allow-tab');
  assert.match(await text('policy-missing'), /the database user, the AWS account, the resource id/);
  await fill('allow', { user: 'app', host: KNOWN.host, account: '111122223333', resourceId: 'mydb' });
  assert.match(await text('allow-resourceId-error'), /resource ID/);
  await fill('allow', { resourceId: 'db-ABCDEFGHIJKL01234' });
  const { Statement: [{ Resource }] } = JSON.parse(await text('policy'));
  assert.deepEqual(Resource, [`arn:aws:rds-db:${KNOWN.region}:111122223333:dbuser:db-ABCDEFGHIJKL01234/app`]);
  assert.equal(await text('sql'), 'CREATE USER "app" IN ROLE rds_iam;\n');
  await browser.evaluate(`${$('allow-engine')}.value = 'mysql'; ${$('allow-engine')}.dispatchEvent(new Event('input', { bubbles: true }))`);
  assert.match(await text('sql'), /^CREATE USER .?app.?.* IDENTIFIED WITH AWSAuthenticationPlugin/);
  await fill('allow', { user: 'Zo\u00eb' });
  assert.match(await text('allow-user-error'), /UTF-8/);
  await click('allow-utf8Session');
  assert.match(await text('sql'), /Zo\u00eb/);
  await fill('allow', { user: '*' });
  assert.equal(await text('policy'), '');
  assert.notEqual(await text('allow-user-error'), '');
  await fill('allow', { user: 'app' });
  const document = (resource) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'rds-db:connect', Resource: resource }] });
  assert.equal(await browser.evaluate(`${$('existing')}.hidden`), true);
  await fill('allow', { document: document(Resource[0]) });
  assert.match(await text('existing'), /existing policy allows the login[^]*allowed: statement 1/);
  await fill('allow', { document: document(Resource[0].replace('rds-db', 'rds')) });
  assert.match(await text('existing'), /does not allow the login[^]*denied: [^]*statement 1/);
  await fill('allow', { document: document(Resource[0].replace('/app', '/${aws:username}')) });
  assert.match(await text('existing'), /does not decide[^]*undecided: /);
  await shoot('allow-light');
  await fill('allow', { document: '{' });
  assert.match(await text('allow-document-error'), /JSON/);
  assert.equal(await browser.evaluate(`${$('existing')}.hidden`), true);
  await fill('allow', { document: document(Resource[0].replace('/app', '/App')) });
  await shoot('allow-phone', { width: 375, dark: true });
});

test('the arrow keys move between the tabs', async () => {
  await browser.evaluate(`${$('check-tab')}.focus()`);
  for (const [key, tab] of [['ArrowRight', 'make'], ['End', 'allow'], ['ArrowRight', 'check'], ['ArrowLeft', 'allow'], ['Home', 'check']]) {
    await browser.press(key);
    const state = await browser.evaluate(`[document.activeElement.id, ...[...document.querySelectorAll('[role="tabpanel"]:not([hidden])')].map(({ id }) => id),
      ...[...document.querySelectorAll('[role="tab"][aria-selected="true"][tabindex="0"], [role="tab"][aria-selected="true"]:not([tabindex])')].map(({ id }) => id)]`);
    assert.deepEqual(state, [`${tab}-tab`, tab, `${tab}-tab`], key);
  }
  // From the tab into its panel.
  await browser.press('Tab');
  assert.equal(await browser.evaluate('document.activeElement.id'), 'password');
});

test('a screen reader has a name for every control', async () => {
  const nameless = [];
  for (const tab of ['check', 'make', 'allow']) {
    await click(`${tab}-tab`);
    await browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
    const { nodes } = await browser.send('Accessibility.getFullAXTree');
    const controls = nodes.filter(({ ignored, role }) => !ignored && ['button', 'combobox', 'progressbar', 'tab', 'tabpanel', 'textbox'].includes(role?.value));
    assert.ok(controls.length > 8, tab);
    nameless.push(...controls.filter(({ name }) => !name?.value));
  }
  assert.deepEqual(nameless, []);
});

test('text has enough contrast, in light and in dark', async () => {
  for (const value of ['light', 'dark']) {
    await browser.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value }] });
    await paste('password', KNOWN.token.slice(0, 400));
    const faint = await browser.evaluate(`(() => {
      const rgb = (color) => color.match(/[\\d.]+/g).map(Number);
      const light = (color) => rgb(color).slice(0, 3).map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
        .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
      const behind = (element) => {
        const color = getComputedStyle(element).backgroundColor;
        return rgb(color)[3] === 0 ? behind(element.parentElement ?? document.documentElement) : color;
      };
      return [...document.querySelectorAll('body *')]
        .filter((element) => element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .filter((element) => {
          const [one, other] = [getComputedStyle(element).color, behind(element)].map(light).sort((a, b) => b - a);
          return (one + 0.05) / (other + 0.05) < 4.5;
        }).map((element) => element.outerHTML.slice(0, 80));
    })()`);
    assert.deepEqual(faint, [], value);
  }
  await browser.send('Emulation.setEmulatedMedia', { features: [] });
});

test('nothing is wider than a phone', async () => {
  await browser.send('Emulation.setDeviceMetricsOverride', { width: 320, height: 640, deviceScaleFactor: 1, mobile: true });
  for (const tab of ['check', 'make', 'allow']) {
    await click(`${tab}-tab`);
    if (tab === 'check') await paste('password', KNOWN.token);
    const wide = await browser.evaluate(`[...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > 320 && !element.closest('pre')).map((element) => element.outerHTML.slice(0, 80))`);
    assert.deepEqual(wide, [], tab);
    assert.ok(await browser.evaluate('document.documentElement.scrollWidth') <= 320, tab);
  }
  await browser.send('Emulation.clearDeviceMetricsOverride');
});

test('everything is forgotten at once, and when the page is left', async () => {
  const filled = () => browser.evaluate(`[...document.querySelectorAll('input, textarea')].map(({ value }) => value).join('')
    + document.querySelector('main').textContent + ${$('announcement')}.textContent`);
  for (const leave of [() => click('forget'), () => browser.evaluate("dispatchEvent(new Event('pagehide'))")]) {
    await paste('password', KNOWN.token);
    await click('make-tab');
    await fill('make', MADE_FROM);
    await browser.press('Enter');
    assert.ok((await filled()).includes(SECRETS[0]));
    await leave();
    const left = await filled();
    for (const secret of [...SECRETS, KNOWN.host, KNOWN.access_key_id]) assert.ok(!left.includes(secret), secret);
    await click('check-tab');
  }
});

test('no field is filled in by the browser, checked for spelling, or sent', async () => {
  const open = await browser.evaluate(`[...document.querySelectorAll('input, textarea')]
    .filter((field) => field.type === 'password' || field.form && field.form.autocomplete !== 'off' || !field.form && field.autocomplete !== 'off' || field.spellcheck)
    .map(({ id }) => id)`);
  assert.deepEqual(open, []);
  assert.deepEqual(await browser.evaluate("[...document.querySelectorAll('[src], [href]')].map((element) => element.getAttribute('src') ?? element.getAttribute('href'))"
    + ".filter((url) => !/^[a-z.]+$/.test(url))"), []);
});

test('the policy of the page lets no request leave it', async () => {
  const blocked = await browser.evaluate(`(async () => {
    const seen = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => seen.push(effectiveDirective));
    await fetch('http://127.0.0.1:1/').catch(() => {});
    navigator.sendBeacon('http://127.0.0.1:1/', 'x');
    await new Promise((resolve) => { const image = new Image(); image.onerror = resolve; image.src = 'http://127.0.0.1:1/x.png'; });
    const form = document.body.appendChild(document.createElement('form'));
    form.action = 'http://127.0.0.1:1/';
    form.submit();
    try { document.body.innerHTML = '<b>'; } catch { seen.push('trusted types'); }
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    return [...new Set(seen)].sort();
  })()`);
  for (const directive of ['connect-src', 'form-action', 'img-src', 'trusted types']) assert.ok(blocked.includes(directive), `${directive}: ${blocked}`);
  // Chromium logs the requests that it blocked; none reached the network.
  complaints.length = 0;
  requested = requested.filter((url) => !url.startsWith('http://127.0.0.1:1/'));
});

test('a form is never sent, also before the module has loaded', async () => {
  const methods = await browser.evaluate('[...document.forms].map(({ method }) => method)');
  assert.deepEqual(methods, ['dialog', 'dialog', 'dialog']);
  await fill('known', { secretAccessKey: 'not-a-real-secret' });
  // As the page is without its script: nothing listens.
  await browser.evaluate("const form = document.forms[0].cloneNode(true); document.body.append(form); form.requestSubmit(); form.remove()");
  assert.equal(await browser.evaluate('location.search'), '');
});

test('the likeliest server is chosen, and no cause is listed twice', async () => {
  for (const [token, server] of [
    [KNOWN.token.replace(`:${KNOWN.port}/`, ':3306/'), 'mysql'], [KNOWN.token.replace(`:${KNOWN.port}/`, ':5432/'), 'postgres'],
    [KNOWN.token.replace(KNOWN.host, 'p.proxy-c1a2b3.eu-west-1.rds.amazonaws.com'), 'proxy'],
  ]) {
    await paste('password', token);
    assert.equal(await browser.evaluate(`${$('server')}.value`), server);
    const listed = await browser.evaluate(`[...${$('other-causes')}.children].map((item) => item.textContent)`);
    assert.equal(new Set(listed).size, listed.length);
  }
});

test('the server of these tests serves the files of the page only', async () => {
  for (const [path, status] of [
    ['/page.js', 200], ['/../tests/browser.mjs', 404], ['/..%2ftests/browser.mjs', 404], ['//etc/passwd', 404], ['/pkg/../../package.json', 404],
    ['/pkg', 404], ['/page.js/', 404], ['/page.js%00', 404],
  ]) {
    const response = await new Promise((resolve, reject) => {
      ask(server.origin, { path }, (answer) => { answer.resume(); resolve(answer); }).on('error', reject).end();
    });
    assert.equal(response.statusCode, status, path);
  }
  server.asked.length = 0;
  server.asked.push(...requested.map((url) => `GET ${new URL(url).pathname}`));
});
