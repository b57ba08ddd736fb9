// Years of tickets for the bench, made in SQL: places, units and matters as the reference data has them, some far more
// often than others; heating in winter only; texts put together from phrases, so that words have known frequencies.
const MONTHS = 60;
const BEGAN = Date.UTC(2021, 9, 31, 16); // 2021-11-01 in Beijing
export const ENDED = Date.UTC(2026, 9, 31, 16); // sixty months later
export const CHUNK = 200_000;
const DAY = 86_400_000;

// Fills as a person would load years of tickets: no constraint of one table to another is asked again for each row.
export const SETTINGS = `set synchronous_commit = off; set session_replication_role = replica; set maintenance_work_mem = '1GB';
  set work_mem = '64MB'; set max_parallel_maintenance_workers = 0;\n`;

const NAMES = ['朝阳', '育才', '曙光', '胜利', '和平', '团结', '光明', '红旗', '长青', '向阳', '永安', '新华', '建设', '人民', '文化', '林海',
  '兴安', '北山', '东山', '西林', '南苑', '丽水', '锦绣', '祥和', '阳光', '松涛', '白桦', '映山', '铁东', '站前', '河畔', '幸福'];
const ENDINGS = ['小区', '家园', '花园', '路', '街', '社区', '新村', '家属楼'];
const TROUBLES = ['路灯不亮看不见路', '垃圾堆积没人清运', '半夜施工机器轰鸣', '自来水发黄有异味', '物业乱收停车费', '电梯经常停在半层', '下水道返水到一楼',
  '烧烤摊油烟呛人', '流浪狗追咬孩子', '楼顶漏水墙皮脱落', '车辆堵住消防通道', '网络信号时断时续', '井盖丢失容易踩空', '早市占道过不去车', '工地拖欠工钱',
  '快递被放错驿站', '健身器材断裂', '树枝压住电线', '歌厅音响吵到天亮', '公交车长时间不来'];
const DETAILS = ['老人摔了一跤', '孩子连着咳嗽好几天', '找过维修队说没零件', '邻居凑钱也修不起', '门口贴的通知被撕掉', '值班电话打不通', '上个月才换过又坏', '夜里结冰更滑',
  '救护车进不来', '一下雨就积到脚面', '监控拍到是外来货车', '墙上裂缝能伸进手指', '楼下饭馆还在营业', '开发商互相推托', '整层都闻得到臭味', '合同上写得清楚',
  '施工围挡倒在路中间', '锅炉房烟囱冒黑烟', '水表自己在转', '有人往窗户扔石子', '扶手锈断一截', '玻璃碎片没有扫', '快递车碾过花坛', '收据上没有盖章'];
const TIMES = ['从上周末开始', '这三天', '昨天夜里起', '大约两个星期', '搬来之后', '上个月以来', '节后', '最近'];
const WISHES = ['希望尽快处理', '请有关部门现场查看', '要求给个说法', '希望得到答复', '请协调解决', '望督促整改'];

const array = (words) => `array[${words.map((word) => `'${word}'`)}]`;
/** A word of the list; the first ones far more often where skew is above 1. */
const pick = (words, skew = 1) => `(${array(words)})[1 + floor(${words.length} * random() ^ ${skew})::int]`;

/** Tickets number n × CHUNK + 1 … of `all`, in the order of acceptance. */
export function makeTickets(n, all) {
  const first = n * CHUNK + 1;
  const last = Math.min((n + 1) * CHUNK, all);
  const step = (ENDED - BEGAN) / all;
  return `select setseed(${((n * 0.617) % 1).toFixed(4)});
    create temp table unit as select array_agg(dept order by dept) as depts, array_agg(region order by dept) as regions, count(*)::int as n from department where active;
    create temp table town as select parent, array_agg(region order by region) as towns from region where kind in ('镇', '乡', '街道') group by parent;
    create temp table what as select array_agg(matter order by matter) as matters, count(*)::int as n from matter where active and matter not like '0101';
    insert into ticket (ticket, number, ver, step, state, kind, urgency, secrecy, channel, matter, region, town, place, title, body, dept, agent,
      accepted, promised, due, warn, dispatched, closed, changed, grade, ended, chain)
    select i, '2327' || to_char(to_timestamp(x.accepted / 1000) at time zone 'Asia/Shanghai', 'YYYYMMDD') || lpad((i % 1000000)::text, 6, '0'),
      6, 6, x.state, (array[1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6])[1 + floor(random() * 11)::int], case when random() < 0.03 then 1 else 0 end,
      case when random() < 0.01 then 2 when random() < 0.03 then 1 else 0 end, (array[1, 1, 1, 1, 1, 1, 2, 4, 4, 3])[1 + floor(random() * 10)::int],
      case when x.heats then '0101' else what.matters[1 + floor(what.n * random() ^ 2.5)::int] end, x.region,
      x.town, x.place, x.place || x.trouble,
      ${pick(TIMES)} || '，' || x.place || x.trouble || '，' || ${pick(DETAILS)} || '，' || ${pick(DETAILS)} || '，' || ${pick(WISHES, 2)}
        || case when i % 9973 = 0 then '，已备好防汛沙袋' else '' end || case when i % 499 = 0 then '，编号HT' || i % 1000 else '' end || '。',
      x.dept, (select min(account) from account where role = 1) + i % 2, x.accepted, x.accepted + ${5 * DAY}, case when x.state < 80 then x.accepted + floor(random() * ${7 * DAY})::bigint end,
      case when x.state < 80 then x.accepted + ${DAY} end, x.accepted + 60000,
      case when x.state >= 80 then x.closed end, least(x.closed, ${ENDED}),
      case when x.state in (80, 90) and random() < 0.6 then (array[5, 5, 5, 5, 4, 4, 3, 2, 1, 1])[1 + floor(random() * 10)::int] end,
      case when x.state >= 80 then case x.state when 82 then 'refuse' when 85 then 'withdraw' else 'rate' end end, ''
    from what, unit, generate_series(${first}::bigint, ${last}) i
    cross join lateral (select ${BEGAN} + floor((i - 1) * ${step} )::bigint as accepted) a
    cross join lateral (select a.accepted, unit.depts[u.place] as dept, unit.regions[u.place] as region, u.heats, ${pick(NAMES, 2)} || ${pick(ENDINGS)} || (1 + floor(random() * 30)::int)
        || case when i % 3 = 0 then '号' else '号楼' end as place,
        case when u.heats then (array['暖气不热室温太低', '供暖温度不够', '暖气片冰凉', '供暖中断'])[1 + floor(random() * 4)::int] else ${pick(TROUBLES, 1.6)} end as trouble,
        (select town.towns[1 + i % 4] from town where town.parent = unit.regions[u.place]) as town,
        a.accepted + floor((0.2 + 12 * random() ^ 2) * ${DAY})::bigint as closed,
        case when u.open then (array[20, 35, 35, 40, 40, 40, 40, 45, 60])[1 + floor(random() * 9)::int]
          when random() < 0.02 then 82 when random() < 0.02 then 85 when a.accepted > ${ENDED - 45 * DAY} then 80 else 90 end as state
      from (select 1 + floor(unit.n * random() ^ 2)::int as place,
          extract(month from to_timestamp(a.accepted / 1000)) in (11, 12, 1, 2, 3) and random() < 0.25 as heats,
          random() < case when a.accepted > ${ENDED - DAY} then 0.9 when a.accepted > ${ENDED - 8 * DAY} then 0.5
            when a.accepted > ${ENDED - 30 * DAY} then 0.03 else 0.00005 end as open) u) x;\n`;
}

/** One ticket in four has a caller who is known; a few call again and again. */
export function makeContacts() {
  return `insert into contact (ticket, phone, phone_index, phone_mask)
    select ticket, '1:x', md5((case when ticket % 100 = 0 then ticket % 40000 / 100 else ticket end)::text), '138****0000' from ticket where ticket % 4 = 0;
    vacuum analyze contact;\n`;
}

/** The closed tickets of a month, read as search_fill() reads them, with the month's index built when they are there. */
export function makeMonth(month) {
  const table = `search_closed_${month.slice(0, 4)}${month.slice(5, 7)}`;
  return `insert into ${table} select t.accepted, t.ticket, coalesce(t.closed, t.changed), search_facets(t), search_words(t) from ticket t
      where t.state >= 80 and t.accepted >= (select from_ms from search_month where month = '${month}')
        and t.accepted < (select to_ms from search_month where month = '${month}') order by t.ticket;
    set role hotline_owner;
    create index ${table}_find on ${table} using gin ((facets || search_pairs(words))) with (gin_pending_list_limit = 256);\n`;
}

/** Indexes that stand for no constraint, with what makes them again, as JSON. */
export function indexesOf(...tables) {
  return `select coalesce(json_agg(json_build_object('name', i.relname, 'definition', pg_get_indexdef(i.oid))), '[]') from pg_index x
    join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where c.relname = any('{${tables}}') and not exists (select from pg_constraint where conindid = i.oid)`;
}
