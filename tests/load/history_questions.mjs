// What the bench asks: as a search, and as a condition on the ticket table that says the same in the plain way.
import { ENDED } from './history_fill.mjs';

const has = (word) => `(t.title like '%${word}%' or t.body like '%${word}%' or t.place like '%${word}%')`;

/** Some stand on what is there: the unit and the caller with many tickets, a number. */
export function questions(psql) {
  const [dept, number, index, region, far] = JSON.parse(psql(`select json_build_array(
    (select dept from ticket where state >= 80 group by dept order by count(*) desc offset 3 limit 1), (select number from ticket order by ticket offset 5000 limit 1),
    (select phone_index from contact where ticket % 100 = 0 order by ticket limit 1),
    (select region from (select region from ticket order by ticket desc limit 100000) x group by region order by count(*) desc offset 1 limit 1),
    (select accepted from ticket order by ticket offset (select count(*) / 2 from ticket) limit 1))`));
  const summer = "t.accepted >= extract(epoch from timestamptz '2024-06-01 +08') * 1000 and t.accepted < extract(epoch from timestamptz '2024-09-01 +08') * 1000";
  const search = (name, filter, where, more = {}) => ({ name, at: ENDED, p: { filter, ...more.p }, where, ...more.plain });
  return [
    search('unfiltered, newest', {}, 'true'),
    search('rare word 沙袋', { text: '沙袋' }, has('沙袋')),
    search('frequent word 小区', { text: '小区' }, has('小区')),
    search('four characters 供暖中断', { text: '供暖中断' }, has('供暖中断')),
    search('five characters 健身器材断', { text: '健身器材断' }, has('健身器材断')),
    search('a word that nobody wrote', { text: '火星移民' }, has('火星移民')),
    search('two words 电梯 裂缝', { text: '电梯 裂缝' }, `${has('电梯')} and ${has('裂缝')}`),
    search('word, unit, state', { text: '垃圾', dept: [dept], state: [90] }, `${has('垃圾')} and t.dept = ${dept} and t.state = 90`),
    search('unit, matter group, bad grades', { dept: [dept], matter: ['03'], grade: [1, 2] },
      `t.dept = ${dept} and t.matter like '03%' and t.grade in (1, 2)`),
    search('heating in summer: nothing', { matter: ['0101'], accepted_from: '2024-06-01', accepted_to: '2024-08-31' },
      `t.matter = '0101' and ${summer}`),
    search('two big sets, nothing common', { matter: ['0101'], text: '路灯' }, `t.matter = '0101' and ${has('路灯')}`),
    search('archived, oldest first', { state: [90] }, 't.state = 90', { p: { sort: 'oldest' }, plain: { order: 'accepted, ticket' } }),
    search('a region, half way back', { region: [region] }, `t.region = '${region}'`,
      { p: { after: `${far}.0` }, plain: { skip: `and (accepted, ticket) < (${far}, 0)` } }),
    search('a word, half way back', { text: '井盖' }, has('井盖'), { p: { after: `${far}.0` }, plain: { skip: `and (accepted, ticket) < (${far}, 0)` } }),
    search('a day three years ago, a word', { text: '小区', accepted_from: '2023-05-17', accepted_to: '2023-05-17' },
      `${has('小区')} and t.accepted >= extract(epoch from timestamptz '2023-05-17 +08') * 1000 and t.accepted < extract(epoch from timestamptz '2023-05-18 +08') * 1000`),
    search('a caller of many tickets', { phone_index: index },
      `t.secrecy < 2 and t.ticket in (select c.ticket from contact c where c.phone_index = '${index}')`),
    search('a number by its last six', { number: number.slice(-6) }, `t.number like '%${number.slice(-6)}'`),
    search('open and overdue, by due', { open: true, due: 'overdue' }, `t.state < 80 and t.due < ${ENDED}`,
      { p: { sort: 'due' }, plain: { order: 'due, ticket' } }),
    search('open with a word, by due', { open: true, text: '小区' }, `t.state < 80 and ${has('小区')}`,
      { p: { sort: 'due' }, plain: { order: 'due, ticket' } }),
    search('a unit\'s open ones', { open: true, dept: [dept] }, `t.state < 80 and t.dept = ${dept}`),
  ];
}
