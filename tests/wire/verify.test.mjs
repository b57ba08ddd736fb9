// hotlined verify: silent about an honest database, and it finds every kind of tampering.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { pothole, ticketIn } from '../support/tickets.mjs';
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
  cards.bad = await desks.agent.move('rate', await ticketIn(60, desks, pothole()), { grade: 1, solved: false, reason: '没修好' });
  await until('the outbox is empty', async () => (await house.server.services.value('select count(*) from outbox')) === 0);
});

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
  ['a move is ascribed to a role that may not', ['law'],
    () => `update ticket_event set account = (select account from account where login = '1001')
           where ticket = ${cards[40].id} and action = 'sign'`],
];

const TABLES = ['ticket', 'ticket_event', 'evaluation', 'contact'];

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
