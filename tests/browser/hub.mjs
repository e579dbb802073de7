// A hub for the browser tests, and what is known about it.
//   LUY_BIN       folder with luy-hub and luy-agent: a real hub in a temporary folder, this machine enrolled by a real agent
//   LUY_BASE_URL  a hub that already runs (LUY_USERNAME, LUY_PASSWORD)
//   neither       the console's own stand-in, console/mock/
// Everything that is started here is ended here, by its process, also when a test fails.
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const startSeconds = 60;

export const newPassword = 'Lúa chín vàng đồng 2026';

export async function until(condition, seconds, what) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for ${what}`);
    await sleep(100);
  }
}

// The doors for senders without an agent, each on a port of the system's choice.
const inputPorts = ['--syslog-udp', '--syslog-tcp', '--syslog-tls', '--inputs-port'].flatMap((option) => [option, '0']);

function start(program, args, log, options = {}) {
  const out = openSync(log, 'a');
  const child = spawn(program, args, { stdio: ['ignore', out, out], ...options });
  closeSync(out);
  return child;
}

async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(late);
}

async function startReal(bin, { logs = false, probes = false, inputs = false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'luy-browser-'));
  const data = join(folder, 'hub');
  const run = (program, ...args) => {
    const done = spawnSync(join(bin, program), args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`${program} ${args[0]}: ${done.stderr}`);
    return done.stdout;
  };
  const secrets = JSON.parse(
    run('luy-hub', 'setup', '--data', data, '--agency-code', 'UBND-BS', '--agency-name', 'Ủy ban nhân dân thị xã Bỉm Sơn', '--admin-username', 'quantri', '--json'),
  );
  const hub = start(
    join(bin, 'luy-hub'),
    ['serve', '--data', data, '--listen', '127.0.0.1', '--port', '0', '--agent-port', '0', '--admin-port', '0', '--pack', join(root, 'regulation', '4448-2017'), '--openapi', join(root, 'api', 'openapi.yaml'), '--rules', join(root, 'rules'), '--console', join(root, 'console', 'dist'), ...(probes ? ['--probe-loopback'] : []), ...(inputs ? inputPorts : [])],
    join(folder, 'hub.log'),
  );
  let agent;
  const stop = async () => {
    await end(agent);
    await end(hub);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const ready = join(data, 'run', 'hub.json');
    await until(
      () => {
        if (hub.exitCode !== null) throw new Error(`luy-hub ended: ${readFileSync(join(folder, 'hub.log'), 'utf8').slice(-2000)}`);
        return existsSync(ready);
      },
      startSeconds,
      'luy-hub',
    );
    const info = JSON.parse(readFileSync(ready, 'utf8'));
    const agentData = join(folder, 'agent');
    run('luy-agent', 'enrol', '--hub', info.console_url, '--token', secrets.token, '--fingerprint', info.fingerprint, '--data', agentData);
    // With `logs` the agent follows a folder that the test writes to, and nothing else of this machine.
    const logFolder = join(folder, 'log');
    if (logs) mkdirSync(logFolder);
    const followed = logs ? ['--logs', logFolder, '--no-journal'] : [];
    agent = start(join(bin, 'luy-agent'), ['run', '--data', agentData, ...followed], join(folder, 'agent.log'));
    return { kind: 'real', bin, folder, data, logs: logFolder, base: info.console_url.replace(/\/$/, ''), username: secrets.username, password: secrets.password, stop, stopAgent: () => end(agent) };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMock() {
  const folder = mkdtempSync(join(tmpdir(), 'luy-browser-'));
  const log = join(folder, 'mock.log');
  const home = join(root, 'console');
  const child = start(process.execPath, [join(home, 'node_modules', '.bin', 'vite-node'), 'mock/server.ts', '--', '--port', '0', '--agencies', process.env.LUY_MOCK_AGENCIES ?? '1'], log, { cwd: home });
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const line = await until(
      () => {
        if (child.exitCode !== null) throw new Error(`the mock ended: ${readFileSync(log, 'utf8').slice(-2000)}`);
        return /^(http:\S+) (\S+) (\S+)$/m.exec(readFileSync(log, 'utf8'));
      },
      startSeconds,
      'the mock',
    );
    return { kind: 'mock', base: line[1], username: line[2], password: line[3], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export async function startHub(options) {
  if (process.env.LUY_BIN) return startReal(process.env.LUY_BIN, options);
  if (process.env.LUY_BASE_URL) {
    return {
      kind: 'given',
      base: process.env.LUY_BASE_URL.replace(/\/$/, ''),
      username: process.env.LUY_USERNAME ?? 'quantri',
      password: process.env.LUY_PASSWORD ?? 'mot-lan-4448-dung',
      stop: async () => undefined,
    };
  }
  return startMock();
}

// The six digits that an authenticator app shows for a secret (RFC 6238).
export function totp(secret, now = Date.now()) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// A session that still has its issued password; null where the hub has changed it already.
export async function forcedSession(browser, hub) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: hub.base });
  context.setDefaultTimeout(90_000);
  const headers = { 'X-Luy-Request': '1' };
  const answer = await context.request.post('/api/v1/session', { headers, data: { username: hub.username, password: hub.password } });
  const forced = answer.ok() && (await answer.json()).must_change_password;
  const state = forced ? await context.storageState() : null;
  await context.close();
  return state;
}

// Signs in without a page, changes a one-time password and adds a second factor where that is asked; gives what a browser
// needs to go on. Recovery codes stay with `who` for the next time. `begun` is the session of an issued password, which
// signs in once only.
export async function signIn(browser, hub, who = hub, begun = undefined) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL: hub.base, ...(begun ? { storageState: begun } : {}) });
  context.setDefaultTimeout(90_000);
  const headers = { 'X-Luy-Request': '1' };
  const post = (path, data) => context.request.post(path, { headers, data });
  let answer = begun
    ? await context.request.get('/api/v1/session')
    : await post('/api/v1/session', { username: who.username, password: who.password });
  if (answer.status() === 401) {
    const code = who.codes?.pop();
    answer = await post('/api/v1/session', { username: who.username, password: newPassword, ...(code ? { code } : {}) });
  }
  if (!answer.ok()) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
  let session = await answer.json();
  if (session.must_change_password) {
    const changed = await post('/api/v1/session/password', { current: who.password, new: newPassword });
    if (!changed.ok()) throw new Error(`changing the password: ${await changed.text()}`);
    session = await changed.json();
  }
  if (session.must_enrol_factor) {
    const offer = await (await post('/api/v1/factors/totp', { password: newPassword })).json();
    const made = await post('/api/v1/factors/totp/confirm', { code: totp(offer.secret) });
    if (!made.ok()) throw new Error(`adding a second factor: ${await made.text()}`);
    who.codes = (await made.json()).recovery_codes;
  }
  const state = await context.storageState();
  const api = {
    get: async (path) => {
      const got = await context.request.get(path);
      if (!got.ok()) throw new Error(`${path}: ${got.status()} ${await got.text()}`);
      return got.json();
    },
    post: async (path, data) => {
      const got = await post(path, data);
      if (!got.ok()) throw new Error(`${path}: ${got.status()} ${await got.text()}`);
      return got.json();
    },
  };
  return { state, api };
}

// Until the first machine has been judged.
export async function untilJudged(api) {
  return until(
    async () => {
      const page = await api.get('/api/v1/verdicts?obligation=5.1-software-approval');
      return page.verdicts.find((verdict) => verdict.proof.some((entry) => entry.seq !== null));
    },
    90,
    'the first verdict with a proof',
  );
}
