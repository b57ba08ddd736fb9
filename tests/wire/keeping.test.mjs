// The life of data (docs/KEEPING.md): months made ahead, a month put away and still found, a person erased everywhere.
import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { Citizen, Gateway, lamp, png } from '../support/citizen.mjs';
import { refused } from '../support/client.mjs';
import { Clock } from '../support/faketime.mjs';
import { openHouse } from '../support/house.mjs';
import { CHANNELS, Partner } from '../support/partner.mjs';
import { runBinary } from '../support/server.mjs';
import { Switch } from '../support/switch.mjs';
import { pothole, submitted, ticketIn, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const clock = await Clock.make();
const house = openHouse({ session_hours: 8760 }, clock.env);
const desks = {};
const DAY_S = 86_400;
const PHONE = '13976540001';
const NAME = '欧阳若兰';
const ID_NO = '232700198503074321';
const SPOKEN = [PHONE, '139 7654 0001', '+86139-7654-0001', NAME, ID_NO, '139****0001'];

before(async () => {
  desks.agent = await house.sit('1001', ['mine', 'callback']);
  desks.handler = await house.sit('zhujian1', ['dept']);
  desks.supervisor = await house.sit('duban', ['all']);
  desks.admin = await house.sit('admin');
});

const db = () => house.server.services;
/** "2026_11" of an instant, in Beijing. */
const month = (ms, on = 0) => {
  const then = new Date(ms + 8 * 3_600_000);
  return new Date(Date.UTC(then.getUTCFullYear(), then.getUTCMonth() + on, 1)).toISOString().slice(0, 7).replace('-', '_');
};
const months = async () => (await db().rows(`select relname from pg_class where relkind = 'r'
  and relnamespace = 'public'::regnamespace and relname ~ '^ticket_event_[0-9]' order by 1`)).map((row) => row.relname.slice(-7));
const verb = (...words) => runBinary([...words, '--config', house.server.config], { env: clock.env });
const report = (from, to) => desks.supervisor.ask('report.get', { from, to, by: 'dept' });
const day = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

/** A person who came by every door, with all that is his ended; the numbers of his tickets. */
async function person() {
  const { agent, handler, supervisor, admin } = desks;
  const desk = await submitted(agent, pothole({ phone: PHONE, name: NAME, id_no: ID_NO,
    body: `井盖缺失。我是${NAME}，电话 139 7654 0001，身份证 ${ID_NO}。` }));
  const handled = await walked(desks, desk, 40);
  await handler.move('progress', handled, { text: `已与${NAME}（+86139-7654-0001）约定上门` });
  const told = await walked(desks, await supervisor.card(desk.id, (b) => b.ver > handled.ver), 60);
  const revealed = await supervisor.move('reveal', told, { reason: `回访${NAME}` });
  const ended = await agent.move('rate', revealed.card, { grade: 5, solved: true, comment: `谢谢，${NAME}` });

  const citizen = new Citizen(house.server);
  const proof = await citizen.submit(lamp({ phone: PHONE, name: NAME, body: `路灯不亮，请打 ${PHONE} 找${NAME}` }));
  const picture = await citizen.attach(proof, png(7), `${NAME}.png`);
  assert.equal(picture.status, 201);
  const partner = await Partner.make(house.server, admin, { channel: CHANNELS.mailbox });
  const letter = await partner.submit({ ...lamp({ phone: PHONE, name: NAME }), ref: `信-${PHONE}` });
  assert.equal(letter.status, 201);
  const call = new Switch(house.server);
  await call.hungup(await call.ring(PHONE));
  await new Gateway(house.server).all();
  for (const { number } of [proof, letter.body]) {
    const card = await supervisor.event('ticket', (b) => b.number === number && (b.state === 35 || b.state === 30));
    const withdrawn = await agent.move('withdraw', card, { reason: `${NAME}来电撤回` });
    if (withdrawn.state === 60) await agent.move('rate', withdrawn, { grade: 4, solved: true });
  }
  return { desk: ended, proof, numbers: [desk.number, proof.number, letter.body.number].sort() };
}

test('the server makes the months ahead, and more as time goes on', async () => {
  const now = clock.now();
  await until('this month and two more', async () => (await months()).includes(month(now, 2)));
  assert.ok((await months()).includes(month(now)) && !(await months()).includes(month(now, 4)));
});

test('a person is erased everywhere, with history whole and figures as before', async () => {
  const { admin, agent, supervisor } = desks;
  const stranger = await submitted(agent, pothole({ body: `邻居的电话是 ${PHONE}，他也可以作证。${NAME}说的。` }));
  const open = await submitted(agent, pothole({ phone: PHONE, name: NAME }));
  const { desk, proof, numbers } = await person();
  const today = day(clock.now());

  await refused(supervisor.ask('erasure.preview', { by: 'phone', phone: PHONE }), 'not_allowed');
  await refused(admin.ask('erasure.preview', { by: 'phone' }), 'bad_params');
  await refused(admin.ask('erasure.preview', { by: 'ticket', number: '232720200101000001' }), 'bad_params');
  const seen = await admin.ask('erasure.preview', { by: 'phone', phone: PHONE });
  assert.deepEqual(seen.open, [open.number]);
  const why = { basis: 3, document: 'SQ-2026-0001', reason: '本人书面申请' };
  await refused(admin.ask('erasure.confirm', { by: 'phone', phone: PHONE, ...why, confirm: '删除4件' }), 'rule');
  const cancelled = await agent.move('withdraw', open, { reason: '不再需要' });
  if (cancelled.state === 60) await agent.move('rate', cancelled, { grade: 4, solved: true });

  const { tickets, counts } = await admin.ask('erasure.preview', { by: 'phone', phone: `+86 ${PHONE}` });
  assert.deepEqual(tickets.map((one) => one.number).sort(), [...numbers, open.number].sort());
  assert.ok(counts.contact === 4 && counts.call === 1 && counts.file === 1 && counts.ticket_event >= 5, JSON.stringify(counts));
  const sealed = await db().rows(`select phone, name, id_no, phone_index, id_index from contact where phone_index =
    (select phone_index from contact where ticket = ${desk.id}) union all select caller, null, null, caller_index, null from call`);
  const secrets = [...new Set(sealed.flatMap((row) => Object.values(row)).filter(Boolean)), ...SPOKEN];
  const file = (await db().rows('select file, sha256 from file'))[0];
  const stored = path.join(house.server.dir, 'files', file.sha256.slice(0, 2), file.sha256);
  await access(stored);
  const dump = await db().dump();
  assert.deepEqual(secrets.filter((one) => !dump.includes(one)), [], 'all of it is there before');
  const figures = await report(today, today);

  await refused(admin.ask('erasure.confirm', { by: 'phone', phone: PHONE, ...why, confirm: '删除3件' }), 'bad_params');
  await refused(admin.ask('erasure.confirm', { by: 'phone', phone: PHONE, ...why, reason: `${PHONE} 申请`, confirm: '删除4件' }), 'bad_params');
  const done = await admin.ask('erasure.confirm', { by: 'phone', phone: PHONE, ...why, confirm: '删除4件' });
  assert.equal(done.erasure, 1);

  // The name stands in a stranger's own words, where nobody can tell whose it is; the number went from there too.
  await db().psql(`update ticket set body = replace(body, '${NAME}', '') where ticket = ${stranger.id}`);
  const after = await db().dump();
  assert.deepEqual(secrets.filter((one) => after.includes(one)), [], 'nothing of it is there now');
  await assert.rejects(access(stored), 'its content has left the disk');
  assert.deepEqual(await report(today, today), figures);
  await house.server.verifyClean();
  const full = await supervisor.ask('ticket.get', { id: desk.id });
  assert.deepEqual([full.phone_mask, full.name_mask, full.id_mask], ['', '', '']);
  assert.deepEqual([full.events.at(-1).action, full.events.at(-1).note], ['erase', '依法删除个人信息（第1号）']);
  assert.ok(full.events.find((one) => one.action === 'progress').note.startsWith('已与［已依法删除］'), 'the rest of a text stays');
  const seen_again = await supervisor.ask('ticket.get', { id: stranger.id });
  assert.match(seen_again.body, /邻居的电话是 ［已依法删除］/);
  assert.equal((await new Citizen(house.server).look(proof)).number, proof.number);
  assert.equal((await admin.ask('erasure.preview', { by: 'phone', phone: PHONE })).tickets.length, 0, 'found by nothing');
  const { rows } = await admin.ask('erasure.list');
  assert.deepEqual([rows[0].document, rows[0].basis, rows[0].tickets, rows[0].who], ['SQ-2026-0001', 3, 4, desks.admin.me.name]);
  await until('Redis has forgotten as well', async () => {
    const kept = (await Promise.all(['feed', 'dispatch', '110'].map((one) => db().redis('XRANGE', `{2327}:${one}`, '-', '+')))).join();
    return !SPOKEN.some((one) => kept.includes(one));
  });
  assert.ok(!SPOKEN.some((one) => house.server.log.includes(one)), 'the log never knew');
});

test('a month put away is found, counted and verified as before, and refuses to be changed', async () => {
  const { agent, supervisor } = desks;
  const card = await ticketIn(80, desks, pothole());
  const [before, first] = [await supervisor.ask('ticket.get', { id: card.id }), clock.now()];
  const wanted = month(first).replace('_', '-');
  const early = await verb('shelve', wanted);
  assert.ok(early.code === 1 && /还不能归档/.test(early.err), early.out + early.err);
  assert.equal((await verb('shelve', '2026-13')).code, 2);
  clock.jump(Math.ceil(130 * DAY_S));
  await until('new months', async () => (await months()).includes(month(clock.now(), 2)));
  await until('archived', async () => (await supervisor.ask('ticket.get', { id: card.id })).state === 90);
  const figures = await report(day(first), day(first));
  const put = await verb('shelve', wanted);
  assert.equal(put.code, 0, put.err);
  assert.ok(!(await months()).includes(month(first)), 'no longer among the months written to');
  assert.match((await verb('shelf')).out, new RegExp(`${wanted}\t归档\t[1-9]`));
  const now = await supervisor.ask('ticket.get', { id: card.id });
  assert.deepEqual(now.events.slice(0, before.events.length), before.events);
  assert.deepEqual((await report(day(first), day(first))).total, figures.total);
  await agent.move('reveal', now, { reason: '复查' });
  assert.equal((await supervisor.ask('ticket.get', { id: card.id })).events.at(-1).action, 'reveal', 'what happens now goes into this month');
  await assert.rejects(db().psql(`update shelf.ticket_event set note = '改过' where ticket = ${card.id}`), /read-only/);
  await assert.rejects(db().psql(`delete from shelf.ticket_event where ticket = ${card.id}`), /read-only/);
  await house.server.verifyClean();
  assert.equal((await verb('unshelve', wanted)).code, 0);
  assert.ok((await months()).includes(month(first)));
});
