// TLS by configuration: a second process with a certificate, beside the plain one, on the same services.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:https';
import path from 'node:path';
import test from 'node:test';
import WebSocket from 'ws';
import { PASSWORD } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { freePort, runBinary } from '../support/server.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();

function makeCertificate(dir) {
  const [cert, key] = [path.join(dir, 'tls.crt'), path.join(dir, 'tls.key')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
    '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
  { stdio: 'ignore' });
  return { cert, key };
}

function https(port, ca, where, { method = 'GET', body = '' } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path: where, method, ca, headers: body
      ? { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) } : {} }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function hello(port, ca, cookie) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws`, 'jsonrpc.12345.v1', { ca, headers: { Cookie: cookie } });
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"jsonrpc":"2.0","id":1,"method":"session.hello","params":{}}'));
    socket.on('message', (text) => {
      resolve(JSON.parse(text));
      socket.terminate();
    });
  });
}

test('with tls_cert and tls_key the same door is HTTPS and wss, and the cookie is Secure', async () => {
  const { cert, key } = makeCertificate(house.server.dir);
  const ca = execFileSync('cat', [cert]);
  const port = await freePort();
  let child;
  const ended = runBinary(['serve', '--config', house.server.config, '--set', `port=${port}`, '--set', 'roles=console',
    '--set', `tls_cert=${cert}`, '--set', `tls_key=${key}`], { started: (one) => (child = one) });
  try {
    await until('the TLS door answers', () => https(port, ca, '/healthz').then((reply) => reply.status === 200, () => false));
    const login = await https(port, ca, '/api/login',
      { method: 'POST', body: JSON.stringify({ login: '1001', password: PASSWORD }) });
    assert.equal(login.status, 200);
    assert.match(login.headers['set-cookie'][0], /; *Secure/i);
    assert.match(login.headers['strict-transport-security'], /max-age=\d+/);
    const greeting = await hello(port, ca, login.headers['set-cookie'][0].split(';')[0]);
    assert.equal(greeting.result.login, '1001');
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`), 'plain HTTP is answered on the TLS port');
  } finally {
    child.kill('SIGTERM');
    assert.equal((await ended).code, 0);
  }
});

test('a key that does not fit the certificate is said so, and the server does not start', async () => {
  const { cert } = makeCertificate(house.server.dir);
  const wrong = path.join(house.server.dir, 'wrong.key');
  execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', wrong], { stdio: 'ignore' });
  const { code, err } = await runBinary(['serve', '--config', house.server.config, '--set', `port=${await freePort()}`,
    '--set', `tls_cert=${cert}`, '--set', `tls_key=${wrong}`],
  { env: { ASAN_OPTIONS: 'detect_leaks=0:exitcode=86' } });
  assert.notEqual(code, 0);
  assert.match(err, /level=error at=front/);
});
