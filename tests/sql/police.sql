-- 12345 ↔ 110 in the database alone: what crosses, how often, and what the messages do to it.
begin;

create temp table told (step text, kind text, body jsonb);

create function pg_temp.at(n int) returns bigint language sql as $$ select 1795600000000 + n * 1000 $$;

-- The edge `taken` as the server fills it.
create function pg_temp.taken(n int) returns jsonb language sql as $$
    select jsonb_build_object('action', 'taken', 'to', 60, 'round', 0, 'loud', true, 'at', pg_temp.at(n), 'due', pg_temp.at(n + 100000),
        'warn', pg_temp.at(n + 90000), 'rule', 'eval_window:5nd', 'since', pg_temp.at(n), 'alarms', false)
$$;

create function pg_temp.first(step text, o outcome) returns jsonb language plpgsql as $$
begin
    insert into told values (step, o.kind, o.body::jsonb);
    return o.body::jsonb || jsonb_build_object('outcome', o.kind);
end $$;

-- A message of the platform; the first row of its answer.
create function pg_temp.hear(kind text, n int, more jsonb) returns jsonb language plpgsql as $$
declare o outcome;
begin
    select * into o from police_receive(0, null, jsonb_build_object('message_kind', kind, 'msg_id', coalesce(more->>'msg_id', gen_random_uuid()::text),
        'nonce', gen_random_uuid(), 'window_ms', 300000, 'body_digest', md5(more::text), 'version', n, 'time', pg_temp.at(n), 'at', pg_temp.at(n),
        'key', 'k', 'taken', pg_temp.taken(n)) || more) limit 1;
    return o.body::jsonb || jsonb_build_object('outcome', o.kind);
end $$;

create function pg_temp.push(n int, more jsonb) returns jsonb language sql as $$
    select pg_temp.hear('push', n, '{"kind": 2, "urgency": 0, "channel": 5, "region": "232761", "title": "井盖", "body": "井盖缺失", "facts": {},
        "action": "submit", "to": 20}' || jsonb_build_object('due', pg_temp.at(n + 900), 'warn', pg_temp.at(n + 800)) || more)
$$;

-- One click by agent 1001; the ticket's id.
create function pg_temp.click(n int, number text, platform boolean) returns bigint language plpgsql as $$
declare o outcome;
begin
    select * into o from intake_hand_over((select account from account where login = '1001'), gen_random_uuid(), jsonb_build_object(
        'kind', 2, 'urgency', 2, 'region', '232761', 'title', '有人打架', 'body', '隔壁正在打架', 'action', 'submit', 'to', 20,
        'at', pg_temp.at(n), 'due', pg_temp.at(n + 300), 'warn', pg_temp.at(n + 200), 'number', number, 'way', 1, 'reason', '正在发生',
        'platform', platform, 'detail', '{"danger": {"term": "正在发生的暴力", "words": ["打架"]}}'::jsonb,
        'pool', jsonb_build_object('action', 'pool', 'to', 30, 'round', 0, 'loud', true, 'at', pg_temp.at(n), 'note', '转接',
            'due', pg_temp.at(n + 300), 'warn', pg_temp.at(n + 200), 'alarms', true))) where kind = 'reply';
    return (o.body::jsonb->>'id')::bigint;
end $$;

create function pg_temp.take(n int) returns jsonb language sql as $$
    select body::jsonb->'rows' from police_take(0, null, jsonb_build_object('at', pg_temp.at(n), 'limit', 100, 'lease_ms', 5000))
$$;

create function pg_temp.tell(n int, message bigint, ok boolean, more jsonb default '{}') returns void language sql as $$
    select from police_told(0, null, jsonb_build_object('message', message, 'at', pg_temp.at(n), 'ok', ok, 'status', case when ok then 200 else 503 end,
        'fault', case when not ok then 'HTTP 503' end, 'next_at', pg_temp.at(n + 1), 'dead', false, 'taken', pg_temp.taken(n)) || more)
$$;

create function pg_temp.move(who text, act text, t bigint, n int, more jsonb) returns jsonb language plpgsql as $$
declare
    x ticket;
    o outcome;
begin
    select * into x from ticket where ticket = t;
    select * into o from ticket_move((select account from account where login = who), gen_random_uuid(), jsonb_build_object('id', t,
        'action', act, 'to', x.state, 'round', 0, 'loud', false, 'at', pg_temp.at(n), 'seen', jsonb_build_object('ver', x.ver, 'state', x.state,
        'kind', x.kind, 'urgency', x.urgency, 'matter', x.matter)) || more) limit 1;
    return o.body::jsonb || jsonb_build_object('outcome', o.kind);
end $$;

do $$
declare
    t bigint;
    h handoff;
    rows jsonb;
    answer jsonb;
begin
    -- One click: a ticket at the desk, its record, one message, leased once.
    t := pg_temp.click(1, '110', true);
    select * into h from handoff where ticket = t;
    assert (select state from ticket where ticket = t) = 30, 'it waits at the desk';
    assert h.state = 10 and h.words = '{打架}' and h.due = pg_temp.at(61), 'the record';
    rows := pg_temp.take(2);
    assert jsonb_array_length(rows) = 1 and rows#>>'{0,kind}' = 'push' and rows#>>'{0,facts,BJNR}' = '隔壁正在打架', rows::text;
    assert pg_temp.take(3) = '[]', 'leased';
    assert jsonb_array_length(pg_temp.take(8)) = 1, 'the lease is over';

    -- Later messages wait behind it.
    answer := pg_temp.move('1001', 'supplement', t, 9, '{"note": "又来了两个人", "loud": true}');
    assert answer->>'outcome' = 'reply', answer::text;
    perform pg_temp.tell(10, (rows#>>'{0,message}')::bigint, false);
    assert pg_temp.take(10) = '[]', 'not due yet, and nothing overtakes it';
    rows := pg_temp.take(12);
    assert jsonb_array_length(rows) = 1 and rows#>>'{0,tries}' = '1', rows::text;
    perform pg_temp.tell(13, (rows#>>'{0,message}')::bigint, true, '{"answered": {"police_no": "JQ9"}, "answer": "{}"}');
    perform pg_temp.tell(13, (rows#>>'{0,message}')::bigint, false);
    select * into h from handoff where ticket = t;
    assert h.state = 20 and h.police_no = 'JQ9' and h.due = pg_temp.at(613), 'arrived; a late fault changes nothing';
    rows := pg_temp.take(14);
    assert rows#>>'{0,kind}' = 'supplement' and rows#>>'{0,version}' = '2', rows::text;
    perform pg_temp.tell(14, (rows#>>'{0,message}')::bigint, true, '{"answered": {}, "answer": "{}"}');

    -- Asked twice, once it goes; a second crossing is refused.
    assert pg_temp.move('1001', 'hand_over', t, 15, '{"note": "再转", "number": "110", "way": 1}')->>'code' = 'rule', 'it is under way';
    -- The result overtakes the acceptance: both are taken in, the ticket ends once.
    answer := pg_temp.hear('result', 3, jsonb_build_object('police_no', 'JQ9', 'text', '已调解'));
    assert answer->>'outcome' = 'reply', answer::text;
    assert (select state from ticket where ticket = t) = 60 and (select reply from ticket where ticket = t) like '%已调解%', 'told';
    answer := pg_temp.hear('accept', 2, jsonb_build_object('police_no', 'JQ9'));
    assert answer->>'newer' = 'false', answer::text;
    assert (select state from handoff where ticket = t) = 80, 'the older word changes nothing';
    assert (select count(*) from ticket_event where ticket = t and action = 'taken') = 1, 'once';

    -- Refused by the police: it stays at the desk, is ruled on, and a third return is told to those above.
    t := pg_temp.click(20, '110', true);
    rows := pg_temp.take(21);
    perform pg_temp.tell(21, (rows#>>'{0,message}')::bigint, true, '{"answered": {}, "answer": "{}"}');
    answer := pg_temp.hear('refuse', 1, jsonb_build_object('ticket_no', (select number from ticket where ticket = t), 'code', 1, 'text', '属邻里纠纷', 'person', '李警官'));
    assert answer->>'outcome' = 'reply', answer::text;
    select * into h from handoff where ticket = t;
    assert h.state = 40 and h.returns = 1 and (select state from ticket where ticket = t) = 30, 'who holds it keeps handling';
    assert pg_temp.move('1001', 'hand_over', t, 22, '{"note": "再转", "number": "110", "way": 1}')->>'code' = 'rule', 'once each way';
    assert (select state from handoff where handoff = h.handoff) = 50, 'to be ruled';
    assert (select body from police_rule((select account from account where login = 'duban'), gen_random_uuid(),
        jsonb_build_object('handoff', h.handoff, 'owner', 'police', 'reason', '属治安', 'at', pg_temp.at(23))) limit 1) is not null;
    rows := pg_temp.take(24);
    assert rows#>>'{0,kind}' = 'push' and rows#>>'{0,data,ruling}' = '属治安', rows::text;
    perform pg_temp.tell(24, (rows#>>'{0,message}')::bigint, true, '{"answered": {}, "answer": "{}"}');
    update handoff set returns = 2 where handoff = h.handoff;
    answer := pg_temp.hear('refuse', 4, jsonb_build_object('ticket_no', (select number from ticket where ticket = t), 'code', 1, 'text', '不接', 'person', '李警官'));
    assert exists (select from alert where kind = 'police' and tickets = array[t] and text like '%3 次%'), 'three times';

    -- Dead: listed, sent again by a person, or given up.
    t := pg_temp.click(30, '110', true);
    rows := pg_temp.take(31);
    perform pg_temp.tell(31, (rows#>>'{0,message}')::bigint, false, '{"dead": true}');
    assert pg_temp.take(100) = '[]', 'the dead do not walk';
    assert (select jsonb_array_length(body::jsonb->'dead') from police_list((select account from account where login = 'duban'), null, '{"view": "out"}')) = 1;
    assert (select kind from police_again((select account from account where login = 'duban'), gen_random_uuid(), jsonb_build_object(
        'message', rows#>'{0,message}', 'reason', '平台已恢复', 'at', pg_temp.at(101))) limit 1) = 'reply';
    assert pg_temp.take(102)#>>'{0,tries}' = '0', 'counted anew';
    perform pg_temp.tell(103, (rows#>>'{0,message}')::bigint, false, '{"dead": true}');
    assert (select kind from police_again((select account from account where login = 'duban'), gen_random_uuid(), jsonb_build_object(
        'message', rows#>'{0,message}', 'reason', '已电话转接', 'drop', true, 'at', pg_temp.at(104))) limit 1) = 'reply';
    assert (select state from handoff where ticket = t) = 70;

    -- Nobody answered: late, once, with an alert. By telephone a person says who took it.
    t := pg_temp.click(110, '120', true);
    assert not exists (select from police_message m join handoff x using (handoff) where x.ticket = t), '120 has no platform here';
    assert (select count(*) from police_due(0, null, jsonb_build_object('at', pg_temp.at(800), 'recon', false)) where kind = 'alert') = 1;
    assert (select count(*) from police_due(0, null, jsonb_build_object('at', pg_temp.at(801), 'recon', false)) where kind = 'alert') = 0;
    answer := pg_temp.move('1001', 'taken', t, 802, pg_temp.taken(802) || '{"note": "120已派车"}');
    assert answer->>'state' = '60', answer::text;
    assert (select state from handoff where ticket = t) = 30;

    -- To us: once a msg_id, once a 警情编号, once each way.
    answer := pg_temp.push(900, '{"police_no": "A1", "msg_id": "00000000-0000-4000-8000-000000000001"}');
    assert answer->>'accepted' = 'true', answer::text;
    assert pg_temp.push(900, '{"police_no": "A1", "msg_id": "00000000-0000-4000-8000-000000000001"}') = answer, 'the very same';
    assert pg_temp.push(901, '{"police_no": "A1"}')->>'known' = 'true';
    assert pg_temp.push(902, '{"police_no": "A2", "region": "110101"}')#>>'{fields,ZDF_GXDWDM}' is not null;
    assert pg_temp.push(903, jsonb_build_object('police_no', 'A3', 'ticket_no', (select number from ticket where ticket = t)))->>'accepted' = 'true', 'back once';
    assert pg_temp.push(904, jsonb_build_object('police_no', 'A4', 'ticket_no', (select number from ticket where ticket = t)))->>'code' = 'crossed', 'and not twice';
    assert pg_temp.hear('supplement', 905, '{"text": "x"}')#>>'{fields,ticket_no}' is not null;
    assert pg_temp.hear('supplement', 905, '{"text": "x", "police_no": "A9"}')#>>'{fields,police_no}' is not null;

    -- 对账: a day of ours goes out once, ten minutes after midnight.
    assert (select count(*) from police_recon_begin(day_start(pg_temp.at(1)), pg_temp.at(90000)) ) = 1;
    assert (select count(*) from police_recon_begin(day_start(pg_temp.at(1)), pg_temp.at(90001)) ) = 0;
    assert (select data->'count' from police_message where kind = 'recon') = (select to_jsonb(count(*)) from police_message
        where dir = 1 and state = 'acked'), 'acknowledged ones are counted';

    -- Words are added, never taken from the base.
    assert (select kind from police_word_set(0, gen_random_uuid(), '{"situation": "theft", "word": "顺走", "at": 1}') limit 1) = 'reply';
    assert (select kind from police_word_set(0, gen_random_uuid(), '{"situation": "theft", "word": "被盗", "drop": true, "at": 1}') limit 1) = 'refused';
    assert (select bool_and(faults = 0) from verify_all() where check_name like 'I10%'), (select string_agg(check_name || ' ' || example, '; ')
        from verify_all() where check_name like 'I10%' and faults > 0);
    assert (select bool_and(faults = 0) from verify_all() where check_name not like 'I8%' and check_name not like 'I10%' and check_name not like 'numbers%'
        and check_name not like 'chain%'), (select string_agg(check_name || ' ' || example, '; ') from verify_all() where faults > 0);

    -- Each check can fail.
    update police_message set tries = tries + 1 where message = (select min(message) from police_message where dir = 1);
    assert (select sum(faults) from verify_all() where check_name like 'I10 110%') = 1;
    update handoff set version = version + 1 where handoff = (select min(handoff) from handoff where dir = 1);
    assert (select sum(faults) from verify_all() where check_name like 'I10 handoffs%') = 1;
end $$;
rollback;
