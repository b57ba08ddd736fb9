// hotlined verify: silent about an honest database, and it finds every kind of tampering.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { pothole, ticketIn, walked } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const cards = {};

before(async () => {
  const desks = {
    agent: await house.sit('1001', ['mine', 'callback']),
    handler: await house.sit('zhujian1', ['dept']),
    supervisor: await house.sit('duban', ['all']),
  };
  for (const state of [30, 35, 40, 60, 80, 90]) cards[state] = await ticketIn(state, desks, pothole());
  cards.bad = await desks.agent.move('rate', await ticketIn(60, desks, pothole()), { grade: 1, solved: false, blame: 1, reason: '没修好' });
  await special(desks);
  await until('the outbox is empty', async () => (await house.server.services.value('select count(*) from outbox')) === 0);
});

/** One ticket each with what the checks beside the main path look at. */
async function special({ agent, handler, supervisor }) {
  const urged = await ticketIn(40, { agent, handler, supervisor }, pothole());
  cards.urged = await agent.move('urge', urged);
  const asked = await ticketIn(40, { agent, handler, supervisor }, pothole());
  cards.asked = await handler.move('ask_pause', asked, { cause: 1, until: '2026-12-20', reason: '冬季' });
  const helped = await ticketIn(40, { agent, handler, supervisor }, pothole());
  cards.helped = await handler.move('assist', helped, { dept: 2430, text: '请协办' });
  const ordered = await ticketIn(40, { agent, handler, supervisor }, pothole());
  cards.ordered = await supervisor.move('order', ordered, { level: 1, text: '请尽快' });
  const back = await ticketIn(35, { agent, handler, supervisor }, pothole());
  const sent = await handler.move('send_back', back, { reason: '不属本单位', basis: '三定规定' });
  cards.kept = await supervisor.move('reject_return', sent, { reason: '属本单位' });
  const ruled = await handler.move('send_back', await ticketIn(35, { agent, handler, supervisor }, pothole()), { reason: '不属', basis: '三定' });
  cards.ruled = await supervisor.move('rule', await supervisor.move('dispute', ruled, { reason: '不清' }), { dept: 2402, reason: '属住建' });
  cards.child = await agent.do('intake.merge', { ...pothole(), other: cards[40].id });
  const master = await ticketIn(40, { agent, handler, supervisor }, pothole());
  const follower = await agent.do('intake.merge', { ...pothole(), other: master.id });
  await walked({ agent, handler, supervisor }, master, 60);
  cards.follower = await agent.card(follower.id, (b) => b.state === 60);
  await agent.do('seat.set', { state: 'ready' });
  await agent.do('seat.set', { state: 'busy', reason: '小休' });
  const redone = await agent.move('rate', await ticketIn(60, { agent, handler, supervisor }, pothole()), { grade: 1, solved: false, blame: 1, reason: '没修好' });
  cards.redone = await supervisor.move('redo', redone, { reason: '属实' });
}

test('an honest database has no faults', async () => {
  await house.server.verifyClean();
});

// What somebody with all rights might do, and how it is undone: rows are put back from a copy.
const TAMPERINGS = [
  ['the text of an event is changed', ['chain'],
    () => `update ticket_event set note = '改过的答复' where ticket = ${cards[60].id} and action = 'finish'`],
  ['the time of an event is changed', ['chain'],
    () => `update ticket_event set at = at + 1 where ticket = ${cards[60].id} and seq = 3`],
  ['somebody else is made the one who signed', ['chain'],
    () => `update ticket_event set account = (select account from account where login = 'zhujian2')
           where ticket = ${cards[40].id} and action = 'sign'`],
  ['an event in the middle is deleted', ['chain', 'sequence'],
    () => `delete from ticket_event where ticket = ${cards[80].id} and seq = 3`],
  ['the last event is deleted', ['ticket'],
    () => `delete from ticket_event where ticket = ${cards[80].id} and action = 'rate'`],
  ['all events of a ticket are deleted', ['ticket'],
    () => `delete from ticket_event where ticket = ${cards[35].id}`],
  ['an event is slipped in', ['ticket'],
    () => `insert into ticket_event select ticket, seq + 1, 'progress', 40, 40, account, at, dept, due, round, '补写', null, chain
           from ticket_event where ticket = ${cards[40].id} order by seq desc limit 1`],
  ['two events change places', ['chain'],
    () => [[2, 102], [3, 2], [102, 3]].map(([from, to]) =>
      `update ticket_event set seq = ${to} where ticket = ${cards[90].id} and seq = ${from}`).join('; ')],
  ['a state is changed', ['ticket'], () => `update ticket set state = 80 where ticket = ${cards[40].id}`],
  ['a deadline is moved', ['ticket'], () => `update ticket set due = due + 86400000 where ticket = ${cards[35].id}`],
  ['a department is changed', ['ticket'], () => `update ticket set dept = 2430 where ticket = ${cards[35].id}`],
  ['a bad rating is made a good one', ['rating'],
    () => `update evaluation set grade = 5 where ticket = ${cards.bad.id}`],
  ['a bad rating disappears', ['rating'], () => `delete from evaluation where ticket = ${cards.bad.id}`],
  ['a number is put in the clear', ['contact'],
    () => `update contact set phone = '10086' where ticket = ${cards[30].id}`],
  ['a deadline is taken away', ['owner'], () => `update ticket set due = null where ticket = ${cards[40].id}`],
  ['a number of a ticket is changed', ['numbers'],
    () => `update ticket set number = '232719990101000001' where ticket = ${cards[35].id}`],
  ['an urging disappears from the count', ['counts'], () => `update ticket set urged = 0 where ticket = ${cards.urged.id}`],
  ['a merged ticket loses its master', ['owner', 'counts'], () => `update ticket set master = null where ticket = ${cards.child.id}`],
  ['a 承办单 disappears', ['counts'], () => `delete from part where ticket = ${cards.helped.id}`],
  ['a 督办 is closed without a word', ['counts', 'orders'], () => `update supervision set closed = at where ticket = ${cards.ordered.id}`],
  ['a unit may send back again', ['flags'], () => `update ticket set no_return = false where ticket = ${cards.kept.id}`],
  ['what was asked for is forgotten', ['flags'], () => `update ticket set asked = null where ticket = ${cards.asked.id}`],
  ['a bad rating is closed without a verdict', ['I4'],
    () => `update ticket_event set action = 'rate', to_state = 80 where ticket = ${cards.redone.id} and action = 'redo'`],
  ['a refused unit sends back once more', ['I5'],
    () => `insert into ticket_event select ticket, seq + 1, 'send_back', 35, 38, account, at, dept, due, round, 'x', null, chain
           from ticket_event where ticket = ${cards.kept.id} order by seq desc limit 1`],
  ['there are more rounds than allowed', ['I6'],
    () => `insert into ticket_event select ticket, 900 + i, 'redo', 65, 35, account, at, dept, due, round, 'x', null, chain
           from ticket_event, generate_series(1, 3) i where ticket = ${cards.redone.id} and action = 'redo'`],
  ['a look moves a deadline', ['deadlines'],
    () => `update ticket_event set due = due + 1000 where ticket = ${cards.urged.id} and action = 'urge'`],
  ['a 特急 is left in the pool', ['I9'],
    () => `update ticket set urgency = 2, due = changed - 3600000 where ticket = ${cards[30].id}`],
  ['a merged ticket is told another result', ['I11'],
    () => `update ticket_event set action = 'follow', from_state = 29, to_state = 60 where ticket = ${cards[60].id} and action = 'notify'`],
  ['a merged ticket is given another text', ['I11'],
    () => `update ticket set reply = '改过的答复' where ticket = ${cards.follower.id}`],
  ['a merged caller is told nothing', ['I11'], () => `delete from message where ticket = ${cards.follower.id} and kind = 'told'`],
  ['an agent was at two things at once', ['I12'],
    () => `insert into agent_span select account, 4, '', begun - 1, ended + 1 from agent_span order by begun desc limit 1`],
  ['a ticket was taken down by nobody who may', ['I2'],
    () => `update ticket_event set account = (select account from account where login = 'zhujian1') where ticket = ${cards[30].id} and seq = 1`],
  ['a precedent has no ruling', ['precedents'], () => `update precedent set dept = 2430 where ticket = ${cards.ruled.id}`],
  ['an attachment has no event', ['files'],
    () => `insert into file (ticket, sha256, name, type, size, account, at) values (${cards[40].id}, repeat('a', 64), 'x', 'image/png', 1, 1, 1)`],
  ['a move is ascribed to a role that may not', ['law'],
    () => `update ticket_event set account = (select account from account where login = '1001')
           where ticket = ${cards[40].id} and action = 'sign'`],
];

const TABLES = ['ticket', 'ticket_event', 'evaluation', 'contact', 'part', 'supervision', 'precedent', 'file', 'message', 'agent_span'];

/** Do the deed as superuser with constraints asleep, look, and put every row back. */
async function tampered(deed) {
  const { services } = house.server;
  const quiet = 'set session_replication_role = replica;';
  await services.psql(TABLES.map((table) => `create table honest_${table} as table ${table};`).join(' '));
  try {
    await services.psql(`begin; ${quiet} set constraints all deferred; ${deed}; commit;`);
    return await house.server.verify();
  } finally {
    await services.psql(`${quiet} ${TABLES.map((table) =>
      `delete from ${table}; insert into ${table} select * from honest_${table}; drop table honest_${table};`).join(' ')}`);
  }
}

for (const [what, checks, deed] of TAMPERINGS)
  test(`it is found when ${what}`, async () => {
    const { code, out } = await tampered(deed());
    assert.notEqual(code, 0, `nothing was found\n${out}`);
    const faulty = out.split('\n').filter((line) => line.startsWith('BAD')).join('\n');
    for (const check of checks) assert.match(faulty, new RegExp(`\\b${check}\\b`), out);
    await house.server.verifyClean();
  });
