-- Some months of tickets as the loop would have left them, for bulletins and exports: set :months_until (Beijing date, the
-- day after the last one), :months_days (how many days before it) and :months_daily (tickets a day) first.
-- Times follow from the serial number alone, so that every run makes the same.
insert into ticket (number, ver, step, state, kind, urgency, secrecy, channel, region, title, body, place, matter, dept, agent,
    accepted, dispatched, due, warn, closed, changed, grade, reply, chain)
select '2327' || to_char(day, 'YYYYMMDD') || lpad((i * 7)::text, 6, '0'), 7, 7, s.state, 1 + i % 6, (i % 9 = 0)::int, case when i % 31 = 0 then 1 else 0 end,
    (array[1, 1, 1, 2, 4, 3, 5])[1 + i % 7], d.region, m.name || '问题反映', '群众反映' || m.name || '一事，编号' || i || '，请尽快处理，回电13812340' || lpad((i % 1000)::text, 3, '0') || '。',
    '第' || i % 40 || '号楼', m.matter, case when s.state > 30 then d.dept end, (select min(account) from account where role = 1), t.at,
    case when s.state > 30 then t.at + 600000 end,
    case when s.state < 80 then t.at + 600000 + s.span end, case when s.state < 80 then t.at + 600000 + s.span * 3 / 4 end,
    case when s.state >= 80 then t.at + s.span end, t.at + s.span, case when s.state >= 80 then 1 + (i * 3) % 5 end, '已处理完毕。', ''
from generate_series(1, :months_days * :months_daily) o, lateral (select :months_days * :months_daily + 1 - o as i) y,
    lateral (select :'months_until'::date - 1 - i / :months_daily as day) x,
    lateral (select date_ms(day::text) + 28800000 + (i % :months_daily) * (36000000 / :months_daily) as at) t,
    lateral (select case when i < 12 * :months_daily and i % 5 = 0 then (array[20, 35, 40, 40, 55])[1 + i / 5 % 5] else 80 end as state,
        (86400000::bigint * (1 + (i * 13) % 9)) as span) s,
    lateral (select matter, name from matter where active order by matter offset (case when i % 3 = 0 then 0 else (i * i) % 23 end) limit 1) m,
    lateral (select dept, region from department where region in ('232701', '232721', '232761', '232722') order by dept
        offset (i * 11) % (select count(*) from department where region in ('232701', '232721', '232761', '232722')) limit 1) d
where day >= :'months_until'::date - :months_days order by day, i % :months_daily;

insert into ticket_event (ticket, seq, action, from_state, to_state, account, at, dept, due, round, detail, chain)
select t.ticket, e.seq, e.action, e.was, e.now, (select min(account) from account where role = e.who), e.at,
    case when e.seq > 1 then t.dept end,
    case when e.now >= 80 then null else e.due end, 1, case when e.action = 'sign' then jsonb_build_object('contact_by', e.at + 86400000) end, ''
from ticket t, lateral (values
    (1, 'submit', 0, 20, 1, t.accepted, t.accepted + 3600000),
    (2, 'dispatch', 20, 35, 16, t.accepted + 600000, t.accepted + 87000000),
    (3, 'sign', 35, 40, 2, t.accepted + 600000 + (t.ticket % 19) * 3600000, t.accepted + 600000 + (1 + t.ticket * 13 % 9) * 86400000),
    (4, 'contact', 40, 40, 2, t.accepted + 4200000 + (t.ticket % 19) * 3600000, t.accepted + 600000 + (1 + t.ticket * 13 % 9) * 86400000),
    (5, 'finish', 40, 50, 2, t.closed - 10800000, t.closed + 86400000),
    (6, 'pass', 50, 55, 4, t.closed - 7200000, t.closed + 86400000),
    (7, 'notify', 55, 60, 1, t.closed - 3600000, t.closed + 259200000),
    (8, 'rate', 60, 80, 1, t.closed, null)) e (seq, action, was, now, who, at, due)
where not exists (select from ticket_event x where x.ticket = t.ticket)
    and (t.state = 80 or e.now <= t.state and e.seq <= 4);
-- What stands now is what the events say.
update ticket t set due = e.due, warn = e.due - 3600000, state = e.to_state, dept = case when e.seq > 1 then t.dept end
from (select distinct on (ticket) * from ticket_event order by ticket, seq desc) e where e.ticket = t.ticket and t.state < 80;

insert into evaluation (ticket, round, grade, solved, account, dept, region, at)
select ticket, 1, grade, grade > 2, (select min(account) from account where role = 1), dept, region, closed
from ticket where state = 80 and grade is not null on conflict do nothing;
insert into contact (ticket, phone, phone_mask, name_mask) select ticket, 'sealed', '138****' || lpad((ticket % 10000)::text, 4, '0'), '张**'
from ticket on conflict do nothing;
insert into call (call, state, caller, caller_index, caller_mask, rang, answered, ended)
select 'm' || ticket, 'ended', '', '', '', accepted - 300000, case when ticket % 12 <> 0 then accepted - 300000 + (ticket % 25) * 1000 end, accepted
from ticket where channel = 1 on conflict do nothing;
-- Tickets that did not come the usual way are read for searching.
insert into search_due select ticket from ticket on conflict do nothing;
