// What operators see and do: health, metrics, a clean end, settings, roles of a process.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { LinkLost, Refusal, refused } from '../support/client.mjs';
import { openHouse } from '../support/house.mjs';
import { runBinary } from '../support/server.mjs';
import { pothole, submitted } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();

test('healthz says that all is well', async () => {
  const reply = await fetch(`${house.server.url}/healthz`);
  assert.equal(reply.status, 200);
  assert.equal((await reply.json()).status, 'ok');
});

test('metrics are Prometheus text and count what was done', async () => {
  const agent = await house.sit('1001', ['mine']);
  const figures = async () => {
    const reply = await fetch(`${house.server.url}/metrics`);
    assert.match(reply.headers.get('content-type'), /^text\/plain/);
    const text = await reply.text();
    for (const line of text.trimEnd().split('\n'))
      assert.match(line, /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+naif-]+)$/i, line);
    return text;
  };
  const count = (text) =>
    Number(/^hotline_commands_total\{command="ticket.submit",outcome="ok"\} (\d+)/m.exec(text)[1]);
  const before = count(await figures());
  await submitted(agent);
  assert.equal(count(await figures()), before + 1);
});

test('strangers see neither metrics nor files outside the console', async () => {
  for (const path of ['/../hotline.conf', '/%2e%2e/%2e%2e/etc/passwd', '/..%2f..%2fetc/passwd', '/contact.key', '//etc/passwd']) {
    const status = await rawGet(path);
    assert.ok(status >= 400 || status === 200, `${path}: ${status}`);
    assert.ok(!(await rawBody(path)).includes('root:'), path);
  }
});

/** A GET without a client that tidies the path first. */
function rawBody(path) {
  return new Promise((resolve, reject) => {
    const { port } = new URL(house.server.url);
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`));
    let text = '';
    socket.setEncoding('utf8').on('data', (piece) => (text += piece));
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

const rawGet = async (path) => Number(/^HTTP\/1\.1 (\d+)/.exec(await rawBody(path))?.[1] ?? 400);

test('a server that is told to end keeps every ticket that it has acknowledged', async () => {
  const acknowledged = new Map();
  const before = Number(await house.server.services.value('select count(*) from ticket'));
  for (let round = 0; round < 3; round++) {
    const agents = await Promise.all(['1001', '1002', '1003'].map((name) => house.sit(name)));
    const asked = [];
    for (const agent of agents)
      for (let i = 0; i < 100; i++) {
        const request = randomUUID();
        asked.push(agent.do('ticket.submit', pothole(), request).then(
          (card) => acknowledged.set(request, card),
          (error) => {
            if (!(error instanceof LinkLost) && !(error instanceof Refusal && error.data.retry)) throw error;
          }));
      }
    await asked[0];
    await house.server.restart();
    await Promise.all(asked);
    for (const agent of agents) assert.equal((await agent.gone()).code, 1001, 'each console was seen off');
    assert.equal(Number(await house.server.services.value('select count(*) from ticket')) - before, acknowledged.size,
      'what was begun was finished and answered');
  }
  assert.ok(acknowledged.size >= 3, `${acknowledged.size} acknowledged`);
  const rows = await house.server.services.rows('select ticket, number from ticket');
  const numbers = new Set(rows.map((row) => row.number));
  for (const card of acknowledged.values()) assert.ok(numbers.has(card.number), `${card.number} is lost`);
  const again = await house.sit('1001');
  for (const [request, card] of [...acknowledged].slice(0, 20)) {
    const same = await again.do('ticket.submit', pothole(), request).catch((error) => error);
    if (card.agent === again.me.account) assert.equal(same.number, card.number, 'the request is still known');
  }
  assert.match(house.server.log, /ending/);
});

test('tickets that were accepted before the end are dispatched after the start', async () => {
  await until('nothing waits for dispatch', async () =>
    (await house.server.services.value('select count(*) from ticket where state = 20')) === 0);
});

test('server.show tells the admin what the server does, without secrets', async () => {
  const admin = await house.sit('admin');
  const shown = JSON.stringify(await admin.ask('server.show'));
  assert.ok(shown.includes('ticket.submit'));
  assert.ok(!shown.includes(house.server.switchKey));
});

test('settings that cannot be are told with their line, and nothing starts', async () => {
  const { config } = house.server;
  for (const set of ['port=abc', 'no_such=1', 'port=', 'colour']) {
    const { code, err } = await runBinary(['serve', '--config', config, '--set', set]);
    assert.notEqual(code, 0, set);
    assert.ok(err.includes(set.split('=')[0]), err);
  }
  const { code, err } = await runBinary(['serve', '--config', `${config}.missing`]);
  assert.notEqual(code, 0);
  assert.ok(err.includes('missing'), err);
});

test('a second server on the same port says so and ends', async () => {
  const { code, err } = await runBinary(['serve', '--config', house.server.config]);
  assert.notEqual(code, 0);
  assert.match(err, /port|address/i);
});

test('a database with another law is not served', async () => {
  const { services, config } = house.server;
  await services.psql(`update flow_edge set who = 15 where action = 'sign';`);
  try {
    const { code, err } = await runBinary(['serve', '--config', config, '--set', 'port=0']);
    assert.notEqual(code, 0);
    assert.match(err, /sign|flow|law/);
  } finally {
    await services.psql(`update flow_edge set who = 2 where action = 'sign';`);
  }
});

test('a database without a function is not served', async () => {
  const { services, config } = house.server;
  await services.psql('alter function board_get(integer, uuid, jsonb) rename to board_gone;');
  try {
    const { code, err } = await runBinary(['serve', '--config', config, '--set', 'port=0']);
    assert.notEqual(code, 0);
    assert.match(err, /board_get/);
  } finally {
    await services.psql('alter function board_gone(integer, uuid, jsonb) rename to board_get;');
  }
});

test('the server cannot touch a table but through the functions', async () => {
  const { services } = house.server;
  for (const deed of ['select * from ticket', 'delete from ticket_event', 'update account set role = 8', 'select * from contact'])
    await assert.rejects(services.psql(`set role hotline_server; ${deed};`), /permission denied/, deed);
});

test('migrating again changes nothing', async () => {
  const { services } = house.server;
  const count = 'select (select count(*) from ticket) as t, (select count(*) from account) as a, (select count(*) from matter) as m';
  const before = await services.rows(count);
  await house.server.verb('migrate', '--config', house.server.config, '--demo');
  assert.deepEqual(await services.rows(count), before);
});

test('the numbers of tickets of one day never repeat', async () => {
  const [{ all, different }] = await house.server.services.rows(
    'select count(*) as all, count(distinct number) as different from ticket');
  assert.equal(different, all);
  assert.ok(all > 0);
});

test('who asks too much of a closed house is told', async () => {
  const agent = await house.sit('1001');
  await house.server.restart();
  await agent.gone();
  await assert.rejects(agent.ask('session.hello'), LinkLost);
  const back = await house.sit('1001');
  await refused(back.ask('ticket.get', { id: 2_000_000_000 }), 'not_found');
});
