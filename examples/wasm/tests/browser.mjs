// A headless Chromium, controlled by its DevTools protocol over two pipes, and the server of the page.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../page', import.meta.url));

const TYPES = {
  '.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.wasm': 'application/wasm',
};

// Serves the files of the page on the loopback, and no others, and keeps the list of requests.
export async function serve() {
  const asked = [];
  const entries = await readdir(FOLDER, { recursive: true, withFileTypes: true });
  const files = new Map(entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => [`/${relative(FOLDER, file)}`, file]));
  const server = createServer(async (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const file = files.get(request.url === '/' ? '/index.html' : request.url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    const body = await readFile(file);
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { asked, origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export async function launch() {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const flags = [
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank',
  ];
  const chromium = spawn(process.env.CHROMIUM ?? 'chromium', flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  const exited = new Promise((resolve) => { chromium.on('exit', resolve).on('error', resolve); });
  const [, , , to, from] = chromium.stdio;
  const waiting = new Map();
  const listeners = [];
  const end = () => {
    for (const { reject } of waiting.values()) reject(new Error('Chromium has ended'));
    waiting.clear();
  };
  exited.then(end);
  to.on('error', end);

  let text = '';
  from.setEncoding('utf8').on('data', (more) => {
    const messages = (text + more).split('\0');
    text = messages.pop();
    for (const { id, method, params, result, error } of messages.map(JSON.parse)) {
      if (id === undefined) {
        for (const listener of listeners) listener(method, params);
        continue;
      }
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(error.message));
      else resolve(result);
    }
  });

  let sent = 0;
  let sessionId;
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    sent += 1;
    waiting.set(sent, { resolve, reject });
    to.write(`${JSON.stringify({ id: sent, method, params, sessionId })}\0`);
  });

  const { targetInfos } = await send('Target.getTargets');
  const { targetId } = targetInfos.find(({ type }) => type === 'page');
  ({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }));
  for (const domain of ['Accessibility', 'Log', 'Network', 'Page', 'Runtime']) await send(`${domain}.enable`);

  return {
    send,
    listen: (listener) => listeners.push(listener),

    // Returns the value of an expression in the page, once its promise is fulfilled.
    async evaluate(expression) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    },

    async press(key, code = key) {
      const enter = key === 'Enter' ? { text: '\r' } : {};
      const windowsVirtualKeyCode = { Enter: 13, Tab: 9, End: 35, Home: 36, ArrowLeft: 37, ArrowRight: 39 }[key];
      await send('Input.dispatchKeyEvent', { type: 'keyDown', key, code, windowsVirtualKeyCode, ...enter });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode });
    },

    async close() {
      await send('Browser.close').catch(() => {});
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
