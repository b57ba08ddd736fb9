// ./hotline bench duplicate: how fast and how surely near-same requests are found among a million open ones.
//
// The tickets are made in the database, read by the server behind the commit like any other, and asked for over
// the WebSocket. Beside it, in the same run: the same likeness over every ticket, and a plain LIKE.
import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '../support/client.mjs';

const TICKETS = Number(process.env.BENCH_TICKETS ?? 1_000_000);
const PLANTED = 300;
const SCANNED = 30;
const NAIVE = 3;
const TYPED = 50;
const TYPED_MS = 200;

const REGIONS = ['232761', '232762', '232763', '232764', '232701', '232721', '232722', '232700'];
const NAMES = ['朝阳', '育才', '曙光', '胜利', '和平', '团结', '光明', '红旗', '长青', '向阳', '永安', '新华', '建设', '人民', '文化', '林海',
  '兴安', '北山', '东山', '西林', '南苑', '丽水', '锦绣', '祥和', '阳光', '松涛', '白桦', '映山', '铁东', '站前', '河畔', '幸福'];
const ENDINGS = ['小区', '家园', '花园', '路', '街', '社区', '新村', '家属楼'];
const MATTERS = ['暖气不热室温太低', '半夜施工机器轰鸣', '路灯不亮看不见路', '井盖丢失容易踩空', '垃圾堆积没人清运', '自来水发黄有异味', '物业乱收停车费',
  '电梯经常停在半层', '下水道返水到一楼', '烧烤摊油烟呛人', '流浪狗追咬孩子', '楼顶漏水墙皮脱落', '车辆堵住消防通道', '网络信号时断时续',
  '快递被放错驿站', '健身器材断裂', '树枝压住电线', '工地拖欠工钱', '早市占道过不去车', '歌厅音响吵到天亮'];
const DETAILS = ['老人摔了一跤', '孩子连着咳嗽好几天', '找过维修队说没零件', '邻居凑钱也修不起', '门口贴的通知被撕掉', '值班电话打不通', '上个月才换过又坏', '夜里结冰更滑',
  '救护车进不来', '一下雨就积到脚面', '监控拍到是外来货车', '墙上裂缝能伸进手指', '楼下饭馆还在营业', '开发商互相推托', '整层都闻得到臭味', '合同上写得清楚',
  '施工围挡倒在路中间', '锅炉房烟囱冒黑烟', '水表自己在转', '有人往窗户扔石子', '扶手锈断一截', '玻璃碎片没有扫', '快递车碾过花坛', '收据上没有盖章'];
const TIMES = ['从上周末开始', '入冬到现在', '国庆节以后', '这三天', '昨天夜里起', '大约两个星期', '下雪那天以来', '搬来之后'];

const array = (words) => `array[${words.map((word) => `'${word}'`)}]`;
/** A word of the list, by the ticket's number and a prime of its own. */
const pick = (words, prime) => `(${array(words)})[1 + (i * ${prime} % 1000003 / 7 % ${words.length})]`;
const MAKE = `insert into ticket (number, ver, state, kind, urgency, secrecy, channel, region, place, title, body, dept, agent, accepted, changed, chain)
  select 'B' || i, 1, 40, 3, 0, 0, 1, ${pick(REGIONS, 7919)}, x.place, x.place || x.matter,
    ${pick(TIMES, 104729)} || '，' || x.place || x.matter || '，' || ${pick(DETAILS, 15485863)} || '，' || ${pick(DETAILS, 32452843)} || '。',
    2402, 1, 1790000000000 + i, 1790000000000 + i, ''
  from generate_series(1::bigint, ${TICKETS}) i cross join lateral (select ${pick(NAMES, 49979687)} || ${pick(ENDINGS, 67867967)} || (1 + i * 86028121 % 1000003 % 30)
    || case when i % 3 = 0 then '号' else '号楼' end as place, ${pick(MATTERS, 122949823)} as matter) x`;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const row = (name, ...cells) => console.log(`  ${name.padEnd(46)} ${cells.join('  ')}`);
const DIGITS = '〇一二三四五六七八九';
const chinese = (n) => (n >= 20 ? DIGITS[Math.floor(n / 10)] : '') + (n >= 10 ? '十' : '') + (n % 10 || n < 10 ? DIGITS[n % 10] : '');

/** The same told by another citizen: politely, in another order, half of it, the number in words. */
function retold(ticket) {
  const place = ticket.place.replace(/\d+/, (digits) => chinese(Number(digits)));
  const [time, what, first] = ticket.body.replace(/。$/, '').split('，');
  return { region: ticket.region, place, title: what.replace(ticket.place, ''),
    body: `您好，我是${place}的居民，想反映一下，${first}，${what.replace(ticket.place, '这里')}，${time}就没人管，希望相关部门尽快处理，谢谢。` };
}

export async function benchDuplicate({ environment, serve, login, root, port }) {
  const database = environment.HOTLINE_TEST_SUPERUSER.replace('dbname=postgres', 'dbname=hotline');
  const psql = (text) => execFileSync('psql', ['-qXtA', '-d', database, '-c', text], { encoding: 'utf8', maxBuffer: 1 << 28 }).trim();
  const began = Date.now();
  psql('set synchronous_commit = off; ' + MAKE);
  psql('insert into likeness_due select ticket from ticket on conflict do nothing');
  psql('vacuum analyze ticket');
  const made = Date.now();
  const server = await serve(environment);
  while (psql('select count(*) from (select from likeness_due limit 1) x') !== '0') await pause(1000);
  const readIn = (Date.now() - made) / 1000;
  psql('vacuum analyze likeness');
  psql('vacuum analyze likeness_key');
  console.log(`Duplicates among ${TICKETS} open tickets (made in ${((made - began) / 1000).toFixed(0)} s)`);
  row('read behind the commit', `${Math.round(TICKETS / readIn)} per s`, psql("select pg_size_pretty(pg_total_relation_size('likeness_key') + pg_total_relation_size('likeness'))"));

  const planted = JSON.parse(psql(`select json_agg(x) from (select ticket as id, region, place, title, body from ticket
    where ticket in (select (random() * ${TICKETS})::bigint from generate_series(1, ${PLANTED})) order by ticket) x`));
  const client = await Client.connect({ url: `http://127.0.0.1:${port}` }, `sid=${await login('1001')}`);
  await client.hello();
  const took = [];
  const answers = new Map();
  // The first round warms caches, the second is measured.
  for (const measured of [false, true])
    for (const ticket of planted) {
      const asked = performance.now();
      const { rows } = await client.ask('intake.similar', retold(ticket));
      if (measured) took.push(performance.now() - asked);
      answers.set(ticket.id, rows);
    }
  await typed(client, port, planted);
  await client.close();
  await server.stop();
  const shown = planted.filter((ticket) => answers.get(ticket.id).some((one) => one.id === ticket.id)).length;
  row(`intake.similar, ${planted.length} questions`, `median ${median(took).toFixed(1)} ms`, `p99 ${quantile(took, 0.99).toFixed(1)} ms`, `most ${Math.max(...took).toFixed(1)} ms`);
  row('the planted ticket is among the ten shown', `${shown} of ${planted.length}`, `recall ${(shown / planted.length).toFixed(3)}`);

  await scan({ database, root, planted: planted.slice(0, SCANNED), answers });
  const naive = planted.slice(0, NAIVE).map((ticket) => {
    const asked = performance.now();
    const words = ticket.body.split('，')[2];
    psql(`select ticket from ticket where region = '${ticket.region}' and (place = '${ticket.place}' or body like '%${words}%') order by ticket desc limit 10`);
    return performance.now() - asked;
  });
  row('place = or body LIKE over the ticket table', `median ${median(naive).toFixed(0)} ms`);
}

/** An agent who types for ten seconds: five questions a second to intake.suggest; the server's own clock. */
async function typed(client, port, planted) {
  const began = performance.now();
  for (let i = 0; i < TYPED; i++) {
    const { region, title, body } = planted[i % planted.length];
    await client.ask('intake.suggest', { region, kind: 3, title, body: body.slice(0, 4 + (i * 3) % body.length) });
    await pause(Math.max(0, (i + 1) * TYPED_MS - (performance.now() - began)));
  }
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const of = (what) => Number(new RegExp(`^hotline_command_seconds_${what}\\{command="intake.suggest"[^}]*\\} (\\S+)$`, 'm').exec(metrics)?.[1]);
  const count = of('count');
  const below = [...metrics.matchAll(/^hotline_command_seconds_bucket\{command="intake\.suggest",le="([^"]+)"\} (\d+)$/gm)]
    .find(([, , upTo]) => Number(upTo) >= count * 0.99);
  row(`intake.suggest, ${count} while typing (/metrics)`, `mean ${((of('sum') / count) * 1000).toFixed(2)} ms`, `p99 below ${(Number(below?.[1]) * 1000).toFixed(1)} ms`);
}

/** The best of a comparison with every ticket of the region, and whether the desk was shown as good a one. */
async function scan({ database, root, planted, answers }) {
  const child = spawn(`${root}/build/release/duplicate_scan`, [String(planted.length)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const flat = (text) => text.replace(/\s/g, ' ');
  for (const ticket of planted) {
    const question = retold(ticket);
    child.stdin.write(`${ticket.id}\t${question.region}\t${question.place}\t${flat(question.title)}\t${flat(question.body)}\n`);
  }
  const began = performance.now();
  const rows = spawn('psql', ['-qXtA', '-F', '\t', '-d', database, '-c', "copy (select ticket, region, place, title, body from ticket) to stdout"], { stdio: ['ignore', 'pipe', 'inherit'] });
  rows.stdout.pipe(child.stdin);
  let out = '';
  for await (const piece of child.stdout.setEncoding('utf8')) out += piece;
  const best = new Map();
  for (const line of out.trim().split('\n')) {
    const [question, , score] = line.split(' ');
    if (!best.has(Number(question))) best.set(Number(question), Math.round(Number(score) * 100));
  }
  const asGood = planted.filter((ticket) => (answers.get(ticket.id)[0]?.score ?? 0) >= (best.get(ticket.id) ?? 0)).length;
  row(`against every ticket compared (${planted.length} questions)`, `${((performance.now() - began) / planted.length).toFixed(0)} ms a question`,
    `its best is shown in ${asGood} of ${planted.length}`);
}
