// Open311 GeoReport v2 against the tables and examples of its specification, in JSON and in XML.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openHouse } from '../support/house.mjs';
import { unseenOperations, validDocument } from '../support/openapi.mjs';
import { CHANNELS, Open311, newKey } from '../support/partner.mjs';
import { CALLER_NAME, newPhone } from '../support/tickets.mjs';
import { until } from '../support/until.mjs';

const house = openHouse();
const W3 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;
const SERVICE = ['service_code', 'service_name', 'description', 'metadata', 'type', 'keywords', 'group'];
const ATTRIBUTE = ['variable', 'code', 'datatype', 'required', 'datatype_description', 'order', 'description', 'values'];
const REQUEST = ['service_request_id', 'status', 'status_notes', 'service_name', 'service_code', 'description',
  'agency_responsible', 'service_notice', 'requested_datetime', 'updated_datetime', 'expected_datetime', 'address',
  'address_id', 'zipcode', 'lat', 'long', 'media_url'];
const lamp = (more = {}) => ({ service_code: '0305', address_string: '加格达奇区朝阳路12号',
  description: '路灯不亮 <b>&"\'</b>\n已经一周', phone: newPhone(), first_name: '修竹', last_name: '欧阳', ...more });
let city, admin, supervisor, handler, agent;

before(async () => {
  await house.opened;
  [admin, supervisor, handler, agent] = await Promise.all([house.sit('admin'), house.sit('duban', ['all']),
    house.sit('zhujian1', ['dept']), house.sit('1001', ['callback'])]);
  city = await Open311.make(house.server, admin);
});

/** Posted, and its number. */
async function posted(more, options) {
  const { status, body } = await city.post(lamp(more), options);
  assert.equal(status, 201, JSON.stringify(body));
  return body[0].service_request_id;
}

const count = (table) => house.server.services.value(`select count(*) from ${table}`);

/** A test whose requests store nothing. */
function storesNothing(name, work) {
  test(name, async () => {
    const before = await count('ticket');
    await work();
    assert.equal(await count('ticket'), before, 'nothing was stored');
  });
}

/** Refused in both formats alike, with the error that the specification describes. */
async function refusedAs(ask, status, pattern) {
  const json = await ask('json');
  const xml = await ask('xml');
  assert.equal(json.status, status, json.text);
  assert.equal(xml.status, status, xml.text);
  assert.equal(xml.root, 'errors');
  assert.match(json.headers.get('content-type'), /^application\/json; charset=utf-8$/);
  assert.match(xml.headers.get('content-type'), /^text\/xml; charset=utf-8$/);
  for (const { code, description } of json.body) {
    assert.equal(typeof code, 'number');
    assert.ok(description.length > 0);
  }
  assert.deepEqual(xml.body, json.body.map(({ code, description }) => ({ code: String(code), description })));
  assert.match(json.body.map((error) => error.description).join('\n'), pattern);
  return json.body;
}

test('the discovery document has every required field, alike in both formats', async () => {
  for (const format of ['json', 'xml']) {
    const path = `/open311/discovery.${format}`;
    const reply = city.read(await city.citizen.send('GET', path), format, 'GET', path);
    assert.equal(reply.status, 200);
    const { body } = reply;
    assert.deepEqual(Object.keys(body), ['changeset', 'contact', 'key_service', 'endpoints']);
    const [endpoint] = body.endpoints;
    assert.deepEqual(Object.keys(endpoint), ['specification', 'url', 'changeset', 'type', 'formats']);
    assert.equal(endpoint.specification, 'http://wiki.open311.org/GeoReport_v2');
    assert.equal(endpoint.url, `${house.server.url}/open311/v2`);
    assert.equal(endpoint.type, 'production');
    assert.deepEqual(endpoint.formats, ['text/xml', 'application/json']);
    if (format === 'xml') {
      assert.equal(reply.root, 'discovery');
      assert.ok(reply.text.startsWith('<?xml version="1.0" encoding="utf-8"?>'));
    }
  }
});

test('services are the catalogue, with the fields of the table', async () => {
  const { body, headers } = await city.get('services', { jurisdiction_id: '232700' });
  assert.equal(headers.get('access-control-allow-origin'), '*');
  assert.equal(body.length, Number(await count('matter where active')));
  for (const service of body) {
    assert.deepEqual(Object.keys(service), SERVICE);
    assert.equal(typeof service.metadata, 'boolean');
    assert.equal(service.type, 'realtime');
  }
  assert.equal(body.find((service) => service.service_code === '0305').group, '城市管理');
  const xml = await city.get('services', { jurisdiction_id: '' }, 'xml');
  assert.equal(xml.root, 'services');
  assert.deepEqual(xml.body, body.map((service) => ({ ...service, metadata: String(service.metadata) })));
});

test('a definition has the fields of the table, and every datatype occurs', async () => {
  const types = new Set();
  for (const code of ['0101', '0102', '0305', '0901']) {
    const { body } = await city.get(`services/${code}`);
    assert.deepEqual(Object.keys(body), ['service_code', 'attributes']);
    assert.equal(body.service_code, code);
    const orders = body.attributes.map((attribute) => attribute.order);
    assert.equal(new Set(orders).size, orders.length, 'an order is used once');
    for (const attribute of body.attributes) {
      assert.deepEqual(Object.keys(attribute).sort(), [...ATTRIBUTE].sort());
      types.add(attribute.datatype);
      if (attribute.datatype.endsWith('list')) assert.ok(attribute.values.length > 0);
      for (const value of attribute.values) assert.deepEqual(Object.keys(value), ['key', 'name']);
    }
    const xml = await city.get(`services/${code}`, {}, 'xml');
    assert.equal(xml.root, 'service_definition');
    assert.deepEqual(xml.body.attributes.map((a) => a.code), body.attributes.map((a) => a.code));
    assert.deepEqual(xml.body.attributes.map((a) => a.values), body.attributes.map((a) => a.values));
  }
  assert.deepEqual([...types].sort(), ['datetime', 'multivaluelist', 'number', 'singlevaluelist', 'string', 'text']);
  await refusedAs((format) => city.get('services/9999', {}, format), 404, /service_code/);
});

test('the example request of the specification, but for service, key and attributes of its own', async () => {
  const form = `api_key=${city.apiKey}&jurisdiction_id=232700&service_code=0305&lat=37.76524078&long=-122.4212043&` +
    'address_string=1234+5th+street&email=smit333%40sfgov.edu&device_id=tt222111&account_id=123456&first_name=john&' +
    'last_name=smith&phone=111111111&description=A+large+sinkhole+is+destroying+the+street&' +
    'media_url=http%3A%2F%2Ffarm3.static.flickr.com%2F2002%2F2212426634_5ed477a060.jpg&attribute[FACILITY][]=road&attribute[FACILITY][]=rail';
  const { status, body, text, root } = await city.post({}, { body: form, format: 'xml' });
  assert.equal(status, 201, text);
  assert.equal(root, 'service_requests');
  assert.deepEqual(Object.keys(body[0]), ['service_request_id', 'service_notice', 'account_id']);
  assert.equal(body[0].account_id, '123456');
  const number = body[0].service_request_id;
  assert.match(number, /^2327\d{14}$/);
  const { body: [shown] } = await city.get(`requests/${number}`);
  assert.deepEqual(Object.keys(shown), REQUEST);
  assert.equal(shown.description, 'A large sinkhole is destroying the street');
  assert.equal(shown.lat, 37.76524078);
  assert.equal(shown.long, -122.4212043);
  assert.equal(shown.address, '1234 5th street');
  const full = await supervisor.ask('ticket.get', { id: (await supervisor.event('ticket', (b) => b.number === number)).id });
  assert.equal(full.channel, CHANNELS.open311);
  assert.equal(full.body, 'A large sinkhole is destroying the street\n损坏的设施：路面、护栏\n附图：http://farm3.static.flickr.com/2002/2212426634_5ed477a060.jpg');
  assert.equal(full.region, '232700', 'no place of ours is named');
});

test('a request is followed from open to closed', async () => {
  const number = await posted();
  let card = await supervisor.event('ticket', (b) => b.number === number && (b.state === 30 || b.state === 35));
  assert.equal(card.region, '232761', 'the county stands in the address');
  const before = (await city.get(`requests/${number}`)).body[0];
  assert.equal(before.status, 'open');
  assert.equal(before.service_code, '0305');
  assert.equal(before.description, '路灯不亮 <b>&"\'</b>\n已经一周');
  for (const name of ['requested_datetime', 'updated_datetime', 'expected_datetime']) assert.match(before[name], W3);
  const xml = await city.get(`requests/${number}`, {}, 'xml');
  assert.equal(xml.body[0].description, before.description, 'XML says the same as JSON');
  if (card.state === 35) card = await supervisor.move('recall', card, { reason: '改派' });
  card = await supervisor.move('assign', card, { dept: handler.me.dept, reason: '市政设施' });
  assert.match((await city.get(`requests/${number}`)).body[0].agency_responsible, /住房和城乡建设/);
  card = await handler.move('sign', card);
  card = await handler.move('contact', card, { result: 'reached', text: '已联系' });
  card = await handler.move('finish', card, { text: '已修复，请欧阳修竹查看', solved: true });
  card = await supervisor.move('pass', card);
  card = await agent.move('notify', card, { way: 'phone', text: '已告知' });
  await agent.move('rate', card, { grade: 5, solved: true });
  const closed = (await city.get(`requests/${number}`)).body[0];
  assert.equal(closed.status, 'closed');
  assert.equal(closed.status_notes, '已修复，请***查看', 'nobody is named');
  assert.ok(Date.parse(closed.updated_datetime) >= Date.parse(before.requested_datetime));
  const ids = async (query) => (await city.get('requests', query)).body.map((one) => one.service_request_id);
  assert.ok((await ids({ status: 'closed' })).includes(number));
  assert.ok(!(await ids({ status: 'open' })).includes(number));
  assert.ok((await ids({ status: 'open,closed' })).includes(number));
});

test('filters and pages: ids override all, dates span ninety days at most', async () => {
  const numbers = [];
  for (let i = 0; i < 5; i++) numbers.push(await posted({ description: `第${i}盏` }));
  const other = await posted({ service_code: '0201' });
  const ids = async (query) => (await city.get('requests', query)).body.map((one) => one.service_request_id);
  assert.deepEqual((await ids({ service_request_id: `${numbers[0]},${numbers[3]}`, status: 'closed', start_date: 'x' })).sort(),
    [numbers[0], numbers[3]].sort());
  assert.ok((await ids({ service_code: '0201' })).includes(other));
  assert.ok(!(await ids({ service_code: '0305' })).includes(other));
  assert.ok((await ids({ service_code: '0305,0201' })).includes(other));
  const all = await ids({});
  const first = await ids({ page_size: '2' });
  const second = await ids({ page_size: '2', page: '2' });
  assert.deepEqual([...first, ...second], all.slice(0, 4));
  assert.deepEqual(await ids({ page: '1000' }), []);
  const hour = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+/, '');
  assert.ok((await ids({ start_date: hour(-1) })).includes(other));
  assert.ok((await ids({ end_date: hour(1) })).includes(other));
  assert.deepEqual(await ids({ start_date: hour(1), end_date: hour(2) }), []);
  assert.ok((await ids({ start_date: hour(-1).replace('Z', '+00:00'), end_date: hour(1) })).includes(other));
  const raw = await city.citizen.send('GET', `/open311/v2/requests.json?start_date=${hour(-1).replace('Z', '+00:00')}`);
  assert.equal(raw.status, 200, 'a + that nobody encoded');
  await house.server.services.psql(`update open311_request set requested = requested - 100 * 86400000::bigint
    where ticket = (select ticket from ticket where number = '${other}')`);
  assert.ok(!(await ids({})).includes(other), 'older than ninety days');
  assert.ok((await ids({ end_date: hour(-24 * 50) })).includes(other));
  const xml = await city.get('requests', { service_code: '0305' }, 'xml');
  assert.deepEqual(xml.body.map((one) => one.service_request_id), await ids({ service_code: '0305' }));
});

storesNothing('bad questions are refused by the name of the argument', async () => {
  for (const [query, field] of [
    [{ start_date: '2010-01-01T00:00:00' }, 'start_date'], [{ end_date: 'yesterday' }, 'end_date'],
    [{ start_date: '2026-02-30T00:00:00Z' }, 'start_date'],
    [{ start_date: '2026-01-01T00:00:00Z', end_date: '2026-05-01T00:00:00Z' }, 'end_date'],
    [{ start_date: '2026-02-01T00:00:00Z', end_date: '2026-01-01T00:00:00Z' }, 'end_date'],
    [{ status: 'done' }, 'status'], [{ page: '0' }, 'page'], [{ page_size: '1001' }, 'page_size'], [{ page_size: '-1' }, 'page_size'],
    [{ page: '9'.repeat(40) }, 'page'], [{ service_code: "0305'; drop table ticket" }, 'service_code'],
    [{ service_request_id: '1,,2' }, 'service_request_id'],
    [{ service_request_id: Array(201).fill('1').join(',') }, 'service_request_id'],
  ])
    await refusedAs((format) => city.get('requests', query, format), 400, new RegExp(field));
  await refusedAs((format) => city.get('requests', { jurisdiction_id: 'city.gov' }, format), 404, /jurisdiction_id/);
  await refusedAs((format) => city.get('services', { jurisdiction_id: 'city.gov' }, format), 404, /jurisdiction_id/);
  await refusedAs((format) => city.get('requests/232720260101999999', {}, format), 404, /service_request_id/);
  await refusedAs((format) => city.get('tokens/123456', {}, format), 404, /token/);
  await refusedAs((format) => city.get('tokens/6ba7b810-9dad-11d1-80b4-00c04fd430c8', {}, format), 404, /token/);
  await refusedAs((format) => city.get('nothing', {}, format), 404, /地址/);
  assert.equal((await city.citizen.send('GET', '/open311/v2/services')).status, 404);
  assert.equal((await city.citizen.send('DELETE', '/open311/v2/services.json')).status, 405);
});

storesNothing('a key is needed to write: 403 for none, a wrong one, one without the scope, one that is off', async () => {
  const { key, secret } = await newKey(admin);
  const off = await Open311.make(house.server, admin);
  await admin.do('channel.set', { key: off.apiKey.split('.')[0], active: false, reason: '停用' });
  const old = await Open311.make(house.server, admin);
  await house.server.services.psql(`update api_key set expires = 1 where key = '${old.apiKey.split('.')[0]}'`);
  for (const wrong of [null, 'xyz', `${city.apiKey.slice(0, -1)}x`, `${key}.${secret}`, off.apiKey, old.apiKey])
    await refusedAs((format) => new Open311(house.server, wrong).post(lamp(), { format }), 403, /api_key/);
});

storesNothing('bad forms are refused field by field, and nothing is stored', async () => {
  const refusals = [
    [{ service_code: '' }, 'service_code', 400], [{ service_code: '9999' }, 'service_code', 404],
    [{ jurisdiction_id: 'city.gov' }, 'jurisdiction_id', 404],
    [{ address_string: '' }, 'address_string'], [{ address_string: '', lat: '50.4' }, 'long'],
    [{ lat: '91', long: '124' }, 'lat'], [{ lat: '50,4', long: '124' }, 'lat'], [{ lat: '5e1', long: '124' }, 'lat'],
    [{ lat: 'nan', long: '124' }, 'lat'], [{ lat: '1', long: '-180.5' }, 'long'],
    [{ address_id: '999999' }, 'address_id'], [{ email: 'nobody' }, 'email'], [{ phone: 'abc' }, 'phone'],
    [{ media_url: 'javascript:alert(1)' }, 'media_url'], [{ description: '长'.repeat(4001) }, 'description'],
    [{ description: 'bell\u0007' }, 'description'], [{ first_name: '名'.repeat(41) }, 'first_name'],
    [{ phone: ['1391234567', '1391234568'] }, 'phone'],
    [{ 'attribute[KIND]': '9' }, 'attribute\\[KIND\\]'], [{ 'attribute[NOPE]': '1' }, 'attribute\\[NOPE\\]'],
    [{ 'attribute[REGION]': ['232701', '232761'] }, 'attribute\\[REGION\\]'],
    [{ service_code: '0901' }, 'attribute\\[EMPLOYER\\]'],
    [{ service_code: '0901', 'attribute[EMPLOYER]': '一\n二' }, 'attribute\\[EMPLOYER\\]'],
    [{ service_code: '0101', 'attribute[TEMPERATURE]': 'cold' }, 'attribute\\[TEMPERATURE\\]'],
    [{ service_code: '0101', 'attribute[SINCE]': '昨天' }, 'attribute\\[SINCE\\]'],
  ];
  for (const [more, field, status = 400] of refusals)
    await refusedAs((format) => city.post(lamp(more), { format }), status, new RegExp(field));
  const many = await refusedAs((format) => city.post(lamp({ lat: 'x', email: 'x', phone: 'x' }), { format }), 400, /lat/);
  assert.equal(many.length, 4, 'every fault is told: lat, long, email, phone');
});

storesNothing('bodies that are no form are refused', async () => {
  const start = `api_key=${city.apiKey}&service_code=0305&address_string=a`;
  for (const body of [`${start}&description=%`, `${start}&description=%zz`, `${start}&description=%ff%fe`, `${start}&description=%00`,
    `${start}&=1`, `${start}&${'n'.repeat(101)}=1`, `${start}&${Array.from({ length: 200 }, (_, i) => `a${i}=1`).join('&')}`])
    await refusedAs((format) => city.post({}, { body, format }), 400, /./);
  await refusedAs((format) => city.post({}, { format, body: '{}', headers: { 'Content-Type': 'application/json' } }), 400, /Content-Type/);
  await refusedAs((format) => city.post({}, { format, body: '' }), 403, /api_key/);
  const big = await city.citizen.send('POST', '/open311/v2/requests.json', 'x'.repeat(70_000), { 'Content-Type': 'application/x-www-form-urlencoded' });
  assert.equal(big.status, 413);
});

test('what is optional may be empty, and lat and long, address_id or an address are each a location', async () => {
  await posted({ jurisdiction_id: '', lat: '', long: '', email: '', 'attribute[KIND]': '', description: '' });
  const point = await posted({ address_string: '', lat: '50.424', long: '124.117' });
  assert.equal((await city.get(`requests/${point}`)).body[0].lat, 50.424);
  const coded = await posted({ address_string: '', address_id: '232701100' });
  const card = await supervisor.event('ticket', (b) => b.number === coded);
  assert.deepEqual([card.region, card.town], ['232701', '232701100']);
  const chosen = await posted({ 'attribute[REGION]': '232722', 'attribute[KIND]': '3' });
  const asked = await supervisor.event('ticket', (b) => b.number === chosen);
  assert.deepEqual([asked.region, asked.kind], ['232722', 3]);
  const wages = await posted({ service_code: '0901', 'attribute[EMPLOYER]': '某建筑公司', 'attribute[DETAIL]': '三人\n两个月' });
  assert.match((await supervisor.ask('ticket.get', { id: (await supervisor.event('ticket', (b) => b.number === wages)).id })).body,
    /欠薪单位全称：某建筑公司/);
});

test('nobody reads what is not for everybody', async () => {
  const hidden = await posted({ 'attribute[PUBLIC]': 'no', media_url: 'https://example.org/a.jpg' });
  const one = (await city.get(`requests/${hidden}`)).body[0];
  assert.deepEqual([one.description, one.address, one.media_url], [null, null, null]);
  assert.equal(one.status, 'open');

  const phone = '13900112233';
  const told = await posted({ phone, email: 'a.b@example.org', description: `我是欧阳修竹，电话${phone}，身份证232700199001011234，邮箱a.b@example.org` });
  assert.equal((await city.get(`requests/${told}`)).body[0].description, '我是***，电话***，身份证***，邮箱***');

  const report = await posted({ 'attribute[KIND]': '4', description: '举报某单位' });
  await refusedAs((format) => city.get(`requests/${report}`, {}, format), 404, /service_request_id/);
  const guarded = await posted({});
  await house.server.services.psql(`update ticket set secrecy = 1 where number = '${guarded}'`);
  await refusedAs((format) => city.get(`requests/${guarded}`, {}, format), 404, /service_request_id/);
  await house.server.services.psql(`update ticket set secrecy = 0 where number = '${guarded}'`);
  const { body: own } = await city.citizen.send('POST', '/api/public/tickets', { request: crypto.randomUUID(), kind: 3, region: '232761',
    title: '另一渠道的诉求', body: '只给承办单位看的内容', phone: newPhone(), name: CALLER_NAME });
  await refusedAs((format) => city.get(`requests/${own.number}`, {}, format), 404, /service_request_id/);
  const list = (await city.get('requests', {})).text;
  for (const text of ['举报某单位', '只给承办单位看的内容', phone, '欧阳', report, own.number, 'a.b@']) assert.ok(!list.includes(text), text);
});

test('a service of type batch answers with a token, which leads to the number', async () => {
  await house.server.services.psql(`insert into service_type values ('1406', 'batch')`);
  assert.equal((await city.get('services')).body.find((service) => service.service_code === '1406').type, 'batch');
  const { status, body } = await city.post(lamp({ service_code: '1406' }));
  assert.equal(status, 201);
  assert.equal(body[0].service_request_id, undefined);
  const { token } = body[0];
  const found = (await city.get(`tokens/${token}`)).body[0];
  assert.equal(found.token, token);
  assert.match(found.service_request_id, /^2327\d{14}$/);
  const xml = await city.get(`tokens/${token}`, {}, 'xml');
  assert.deepEqual(xml.body, [found]);
});

test('an idempotency key makes a repeated post harmless; quotas are kept', async () => {
  const headers = { 'Idempotency-Key': 'a-1' };
  const form = lamp();
  const first = await city.post(form, { headers });
  const again = await city.post(form, { headers });
  assert.deepEqual(again.body, first.body);
  const other = await city.post(lamp(), { headers });
  assert.equal(other.status, 400);
  assert.match(other.body[0].description, /Idempotency-Key/);
  const slow = await Open311.make(house.server, admin, { per_minute: 3 });
  const codes = [];
  await until('a minute that holds all four', async () => {
    codes.length = 0;
    for (let i = 0; i < 4; i++) codes.push((await slow.post(lamp())).status);
    return codes.includes(400);
  });
  const last = await slow.post(lamp());
  if (last.status === 400) assert.equal(last.body[0].code, 429);
  const daily = await Open311.make(house.server, admin, { per_day: 2 });
  const days = [];
  for (let i = 0; i < 3; i++) days.push((await daily.post(lamp())).status);
  assert.deepEqual(days, [201, 201, 400]);
});

test('pages of other sites may read and write: the key in the form is what counts', async () => {
  const options = await city.citizen.send('OPTIONS', '/open311/v2/requests.json', undefined, { Origin: 'https://app.example' });
  assert.equal(options.status, 204);
  assert.match(options.headers.get('access-control-allow-methods'), /POST/);
  const head = await fetch(`${house.server.url}/open311/v2/services.json`, { method: 'HEAD' });
  assert.equal(head.status, 200);
});

test('while PostgreSQL is away everybody is told so in the format of the specification', async () => {
  await house.server.services.psql(`alter role hotline_server nologin; select pg_terminate_backend(pid) from pg_stat_activity
    where usename = 'hotline_server';`);
  const answers = await until('the database is away', async () => {
    const all = [await city.get('services'), await city.get('requests'), await city.post(lamp())];
    return all.every((answer) => answer.status === 400) && all;
  });
  for (const answer of answers) assert.equal(answer.body[0].code, 503);
  await house.server.services.psql('alter role hotline_server login');
  await until('it is back', async () => (await city.get('services')).status === 200);
  await until('writes are back', async () => (await city.post(lamp())).status === 201);
});

test('every operation of the document was asked and answered as it says', async () => {
  await validDocument();
  assert.deepEqual(unseenOperations('open311'), []);
});
