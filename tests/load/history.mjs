// ./hotline bench history: searching among years of tickets, next to the plain way, and whether both say the same.
//
// BENCH_TICKETS tickets (a million by default, ten for the proof) of sixty months are made in the database and brought
// into the search tables as server/search.c would, only by the month. Then each question is asked as the server asks
// it, and of the ticket table with LIKE. BENCH_KEEP=1 leaves the cluster in var/bench-history for the next run.
import { execFileSync, spawn } from 'node:child_process';
import { questions } from './history_questions.mjs';
import { CHUNK, indexesOf, makeContacts, makeMonth, makeTickets, SETTINGS } from './history_fill.mjs';

const TICKETS = Number(process.env.BENCH_TICKETS ?? 1_000_000);
const TIMES = Number(process.env.BENCH_TIMES ?? 30);
const NAIVE_MS = Number(process.env.BENCH_NAIVE_MS ?? 60_000);
const SESSIONS = 2;
const BUDGET_MS = 50;
const AS_SERVER = { ...process.env, PGOPTIONS: '-c max_parallel_workers_per_gather=0' };      // server/store_connect.c

const row = (name, ...cells) => console.log(`  ${name.padEnd(34)} ${cells.join('  ')}`);
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const ms = (value) => `${value < 100 ? value.toFixed(1) : Math.round(value)} ms`;

export async function benchHistory({ environment }) {
  const database = environment.HOTLINE_TEST_SUPERUSER.replace('dbname=postgres', 'dbname=hotline');
  const psql = (...texts) => execFileSync('psql', ['-qXtA', '-v', 'ON_ERROR_STOP=1', '-d', database, ...texts.flatMap((text) => ['-c', text])],
    { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'], env: AS_SERVER }).trim();
  const session = (text) => new Promise((resolve, reject) => {
    const child = spawn('psql', ['-qXtA', '-v', 'ON_ERROR_STOP=1', '-d', database], { stdio: ['pipe', 'ignore', 'inherit'] });
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`psql ended with ${code}`))));
    child.stdin.end(text);
  });
  /** Pieces of work, SESSIONS at a time. */
  async function together(texts) {
    const left = [...texts];
    await Promise.all(Array.from({ length: SESSIONS }, async () => {
      for (let text = left.shift(); text !== undefined; text = left.shift()) await session(SETTINGS + text);
    }));
  }

  if (psql('select count(*) from (select from ticket limit 1) x') === '0') await fill({ psql, together });
  console.log(`Searching among ${psql('select count(*) from ticket')} tickets of ${psql('select count(*) from search_month')} months, `
    + `${psql('select count(*) from ticket where state < 80')} open; ${TIMES} times each, budget ${BUDGET_MS} ms`);
  row('database', psql("select pg_size_pretty(pg_database_size('hotline'))"), 'search tables',
    psql("select pg_size_pretty(sum(pg_total_relation_size(oid))) from pg_class where relname like 'search%' and relkind = 'r'"));
  ask({ psql });
}

async function fill({ psql, together }) {
  const began = Date.now();
  const since = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const indexes = JSON.parse(psql(indexesOf('ticket', 'contact')));
  psql(...indexes.map((one) => `drop index ${one.name}`), 'alter table ticket disable trigger user');
  const chunks = Array.from({ length: Math.ceil(TICKETS / CHUNK) }, (_, n) => n);
  await together(chunks.map((n) => makeTickets(n, TICKETS)));
  psql(`select setval('ticket_ticket_seq', ${TICKETS + 1})`);
  row('tickets are made', since());
  await together([...indexes.map((one) => `${one.definition};`), makeContacts(), 'vacuum analyze ticket;'].sort((a) => (a.startsWith('vacuum') ? 1 : -1)));
  psql('alter table ticket enable trigger user', 'analyze ticket');
  row('with their indexes', since());

  // The months' indexes are built when their rows are there; the partitioned one then takes them in.
  const months = JSON.parse(psql('select json_agg(distinct month_of(accepted)) from ticket'));
  psql('set role hotline_owner', 'drop index search_closed_find', ...months.map((month) => `select search_month_ensure('${month}')`));
  await together([`insert into search_open select ticket, search_words(t) from ticket t where state < 80; vacuum analyze search_open;`,
    ...months.map(makeMonth)]);
  psql('set role hotline_owner', 'create index search_closed_find on search_closed using gin ((facets || search_pairs(words))) with (gin_pending_list_limit = 256)',
    'delete from search_due', 'vacuum search_due');
  await together(months.map((month) => `vacuum analyze search_closed_${month.slice(0, 4)}${month.slice(5, 7)};`));
  row('read into the search', since(), 'by month, two sessions');
}

/** Asked as the server does: in the function's own time, over the pages that one answer of a person needs. */
const TIMED = `create or replace function pg_temp.timed(p jsonb, times integer) returns table (took double precision) language plpgsql as $$
declare began timestamptz;
begin
  for i in 0..times loop
    began := clock_timestamp();
    perform * from ticket_search((select account from account where login = p->>'who'), null, p);
    if i > 0 then took := extract(epoch from clock_timestamp() - began) * 1000; return next; end if;
  end loop;
end $$;
create or replace function pg_temp.whole(p jsonb) returns json language plpgsql as $$
declare page json; ids bigint[] := '{}'; turns integer := 0; began timestamptz := clock_timestamp(); goes text;
begin
  loop
    page := (select body from ticket_search((select account from account where login = p->>'who'), null, p));
    turns := turns + 1;
    ids := ids || array(select (value->>'id')::bigint from json_array_elements(page->'rows'));
    goes := page->>'next';
    exit when goes is null or cardinality(ids) >= 50;
    p := p || jsonb_build_object('after', goes);
  end loop;
  return json_build_object('ids', ids[1:50], 'turns', turns, 'took', extract(epoch from clock_timestamp() - began) * 1000, 'next', goes);
end $$;
create or replace function pg_temp.counted(p jsonb) returns json language plpgsql as $$
declare began timestamptz; short json; took double precision;
begin
  perform * from ticket_count((select account from account where login = p->>'who'), null, p);      -- a new session compiles
  began := clock_timestamp();
  short := (select body from ticket_count((select account from account where login = p->>'who'), null, p));
  took := extract(epoch from clock_timestamp() - began) * 1000;
  return json_build_object('short', short, 'took', took,
    'whole', (select body::json from ticket_count_all((select account from account where login = p->>'who'), null, p)));
end $$;
`;

function ask({ psql }) {
  const found = [];
  row('', '  first answer', 'a page', '  rows', '  count', ' LIKE on ticket', 'same');
  for (const question of questions(psql)) {
    const p = `$p$${JSON.stringify({ who: 'duban', at: question.at, ...question.p })}$p$::jsonb`;
    const [took, whole, counted] = JSON.parse(psql(TIMED + `select json_build_array((select json_agg(took) from pg_temp.timed(${p}, ${TIMES})),
      pg_temp.whole(${p}), pg_temp.counted(${p}))`));
    const naive = plain(psql, question);
    const same = naive === null ? 'not compared: it took too long'
      : (naive.count === counted.whole.count || !counted.whole.exact) && JSON.stringify(naive.ids) === JSON.stringify(whole.ids) ? 'yes' : 'NO';
    found.push({ p50: quantile(took, 0.5), p95: quantile(took, 0.95), same });
    row(question.name, `p50 ${ms(quantile(took, 0.5))} p95 ${ms(quantile(took, 0.95))}`, `${ms(whole.took)} in ${whole.turns}`, `${whole.ids.length}`,
      `${counted.short.exact ? '' : '>'}${counted.short.count} ${ms(counted.took)}, all ${counted.whole.exact ? '' : '>'}${counted.whole.count}`,
      naive === null ? `> ${ms(NAIVE_MS)}` : ms(naive.took), same);
  }
  row('slowest first answer', `p50 ${ms(Math.max(...found.map((one) => one.p50)))} p95 ${ms(Math.max(...found.map((one) => one.p95)))}`);
  if (found.some((one) => one.same === 'NO')) throw new Error('a search and the plain way differ');
}

/** The plain way: one scan of the ticket table. */
function plain(psql, { where, order = 'accepted desc, ticket desc', skip = '' }) {
  const began = performance.now();
  try {
    const answer = JSON.parse(psql(`set statement_timeout = ${NAIVE_MS}`, `with m as materialized (select t.ticket, t.accepted, t.due from ticket t where ${where})
      select json_build_object('count', (select count(*) from m), 'ids', (select coalesce(json_agg(ticket), '[]') from
        (select ticket from m where true ${skip} order by ${order} limit 50) x))`));
    return { ...answer, took: performance.now() - began };
  } catch (fault) {
    if (/statement timeout/.test(String(fault.stderr))) return null;
    throw fault;
  }
}
