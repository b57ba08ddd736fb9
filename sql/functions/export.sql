-- Exports of a search as CSV or XLSX: asked for by a desk, made in the background by a process with the role timers,
-- fetched by whoever asked (or an administrator), gone after a while. The row stays: who took which list away, when,
-- and who fetched it. docs/EXPORT.md.
--
-- Nothing that is masked on the screen leaves in the clear: contact data as masks, numbers within texts starred, of
-- confidential requests no text at all.

-- Numbers that name a person within free text: mobile and fixed telephones, identity cards.
create or replace function export_masked(words text) returns text language sql immutable as $$
    select regexp_replace(regexp_replace(regexp_replace(words,
        '(?<![0-9０-９])([1-9][0-9]{5})(?:19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}([0-9Xx])(?![0-9０-９])', '\1***********\2', 'g'),
        '(?<![0-9０-９])([1１][3-9３-９][0-9０-９])[ -]?[0-9０-９]{4}[ -]?([0-9０-９]{4})(?![0-9０-９])', '\1****\2', 'g'),
        '(?<![0-9])(0[0-9]{2,3}[ -]?)[0-9]{5,6}([0-9]{2})(?![0-9])', '\1*****\2', 'g')
$$;

create or replace function export_columns() returns jsonb language sql immutable as $$
    select sheet_columns('工单编号|text|22', '受理时间|moment|20', '渠道|text|10', '诉求类型|text|10', '紧急程度|text|10',
        '保密|text|14', '事项编码|text|10', '事项|text|22', '县市区|text|14', '乡镇街道|text|16', '地点|text|30', '标题|text|36',
        '内容|text|60', '诉求人|text|12', '联系电话|text|16', '状态|text|12', '办理轮次|number|10', '承办单位|text|30',
        '经办人|text|12', '受理坐席|text|12', '派单时间|moment|20', '承诺答复时间|moment|20', '当前期限|moment|20',
        '办结时间|moment|20', '评价|text|12', '答复|text|60', '催办次数|number|10', '退单次数|number|10', '在办督办|number|10',
        '最近变化|moment|20')
$$;

-- terms: {"kind": {number: term}, "urgency", "secrecy", "channel", "grade"}, from routing/terms.def.
create or replace function export_row(x record, terms jsonb) returns jsonb language plpgsql stable as $$
declare
    secret boolean := x.secrecy > 0;
    c contact;
begin
    select * into c from contact where ticket = x.ticket;
    return jsonb_build_array(x.number, x.accepted, terms->'channel'->>(x.channel::text), terms->'kind'->>(x.kind::text),
        terms->'urgency'->>(x.urgency::text), terms->'secrecy'->>(x.secrecy::text), x.matter, x.matter_name, x.region_name, x.town_name,
        case when secret then '保密' else export_masked(x.place) end, case when secret then '保密' else export_masked(x.title) end,
        case when secret then '保密' else export_masked(x.body) end,
        case when secret then '保密' else c.name_mask end, case when secret then '保密' else c.phone_mask end,
        (select term from flow_state where state = x.state), x.round, x.dept_name, x.handler_name, x.agent_name,
        x.dispatched, x.promised, x.due, x.closed, terms->'grade'->>(x.grade::text),
        case when secret then '保密' else export_masked(x.reply) end, x.urged, x.returns, x.number_of_orders, x.changed);
end $$;

-- One member of a filter in words; the names of what it lists.
create or replace function export_word(member text, list jsonb, terms jsonb) returns text language sql stable as $$
    select string_agg(coalesce(case member
        when 'state' then (select term from flow_state where state::text = v)
        when 'region' then (select name from region where region = v) when 'town' then (select name from region where region = v)
        when 'matter' then coalesce((select name from matter where matter = v), (select min(grp) from matter where left(matter, 2) = v))
        when 'dept' then (select name from department where dept::text = v)
        when 'agent' then (select name from account where account::text = v)
        when 'grade' then case v when '0' then '未评价' else terms->'grade'->>v end
        when 'open' then case v when 'true' then '在办' else '已结束' end
        when 'due' then case v when 'overdue' then '已超期' when 'soon' then '即将到期' else '今日到期' end
        when 'accepted_in' then case v when 'today' then '今日' when 'week' then '本周' when 'month' then '本月' when 'days30' then '近30天' else '今年' end
        when 'closed_in' then case v when 'today' then '今日' when 'week' then '本周' when 'month' then '本月' when 'days30' then '近30天' else '今年' end
        else terms->member->>v end, v), '、' order by n)
    from jsonb_array_elements_text(case jsonb_typeof(list) when 'array' then list else jsonb_build_array(list) end) with ordinality x (v, n)
$$;

-- The filter in words: [[term, value], …]; of a telephone number only its mask.
create or replace function export_words(filter jsonb, sort text, terms jsonb) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(jsonb_build_array(term, export_word(member, filter->member, terms)) order by n), '[]')
        || jsonb_build_array(jsonb_build_array('排序', case sort when 'oldest' then '受理时间，先受理的在前' when 'due' then '期限，先到期的在前'
            when 'changed' then '最近变化在前' when 'closed' then '最近办结在前' when 'grade' then '评价，差的在前' else '受理时间，新的在前' end))
    from (values (1, 'text', '包含'), (2, 'number', '编号'), (3, 'phone_mask', '电话'), (4, 'state', '状态'), (5, 'open', '是否在办'),
        (6, 'due', '期限'), (7, 'kind', '诉求类型'), (8, 'urgency', '紧急程度'), (9, 'channel', '渠道'), (10, 'matter', '事项'),
        (11, 'region', '县市区'), (12, 'town', '乡镇街道'), (13, 'dept', '承办单位'), (14, 'grade', '评价'), (15, 'agent', '受理坐席'),
        (16, 'accepted_in', '受理时间'), (17, 'accepted_from', '受理时间自'), (18, 'accepted_to', '受理时间至'),
        (19, 'closed_in', '办结时间'), (20, 'closed_from', '办结时间自'), (21, 'closed_to', '办结时间至')) v (n, member, term)
    where filter ? member
$$;

create or replace function export_card(e export) returns json language plpgsql stable as $$
begin
    return json_build_object('export', e.export, 'who', (select name from account where account = e.account), 'format', e.format,
        'words', e.words, 'state', e.state, 'asked', e.asked, 'begun', e.begun, 'ended', e.ended, 'expires', e.expires, 'done', e.done,
        'total', e.total, 'exact', e.exact, 'size', e.size, 'sha256', e.sha256, 'fault', e.fault,
        'ahead', case when e.state = 'waiting' then (select count(*) from export x where x.state in ('waiting', 'running') and x.export < e.export) end,
        'fetched', (select count(*) from export_fetch f where f.export = e.export));
end $$;

-- p: format, filter, sort, terms, at. Three at once for an account. Writes: export, answered.
create or replace function export_start(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    e export;
    q search_asked;
    x record;
    now_ms bigint := (p->>'at')::bigint;
    sort text := coalesce(p->>'sort', 'newest');
    filter jsonb := coalesce(p->'filter', '{}');
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor for update;
    q := search_read(a, filter, now_ms);
    if q.faults is not null then return next refusal_outcome('bad_params', jsonb_build_object('fields', q.faults)); return; end if;
    x := search_found(q, sort, null, 1, 20);
    if x.ret_faults is not null then return next refusal_outcome('bad_params', jsonb_build_object('fields', x.ret_faults)); return; end if;
    if (select count(*) from export where account = actor and state in ('waiting', 'running')) >= 3 then
        return next refusal_outcome('rule', '{"sentence": "您已有三个导出在进行，请等其中一个完成或取消后再导出"}');
        return;
    end if;
    insert into export (account, format, filter, sort, words, asked)
        values (actor, p->>'format', filter, sort, export_words(filter, sort, p->'terms'), now_ms) returning * into e;
    reply := export_card(e)::text;
    insert into answered values (req, actor, now_ms, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- One's own, newest first; an administrator's: everybody's. p: before, limit. Reply: {"rows", "next"}.
create or replace function export_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    page integer := coalesce((p->>'limit')::int, 50);
begin
    select * into a from account where account = actor;
    return next reply_outcome((with found as (
            select e, row_number() over (order by export desc) as n from export e
            where (a.role = 8 or account = actor) and (not p ? 'before' or export < (p->>'before')::bigint)
            order by export desc limit page + 1)
        select json_build_object('rows', coalesce(json_agg(export_card(e) order by n) filter (where n <= page), '[]'),
            'next', max((e).export) filter (where n = page and exists (select from found f where f.n > page))) from found)::text);
end $$;

-- Ends one that runs or waits (cancel), or takes its file away (drop). Writes: export, answered.
create or replace function export_leave(actor integer, req uuid, p jsonb, was text[], becomes text, sentence text) returns setof outcome
language plpgsql as $$
declare
    a account;
    e export;
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    select * into e from export where export = (p->>'export')::bigint and (account = actor or a.role = 8) for update;
    if not found then return next refusal_outcome('not_found'); return; end if;
    if e.state <> all(was) then return next refusal_outcome('rule', jsonb_build_object('sentence', sentence)); return; end if;
    update export set state = becomes, tickets = null, ended = coalesce(ended, (p->>'at')::bigint) where export = e.export returning * into e;
    reply := export_card(e)::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

create or replace function export_cancel(actor integer, req uuid, p jsonb) returns setof outcome
language sql security definer set search_path = public, pg_temp as $$
    select * from export_leave(actor, req, p, array['waiting', 'running'], 'cancelled', '这个导出已经结束')
$$;

create or replace function export_drop(actor integer, req uuid, p jsonb) returns setof outcome
language sql security definer set search_path = public, pg_temp as $$
    select * from export_leave(actor, req, p, array['done'], 'dropped', '这个导出没有可删除的文件')
$$;

-- ---- the worker ------------------------------------------------------------------------------------------------

-- The next one, or one whose process died: it is begun anew. p: holder, lease_ms, at. Writes: export. Reply: {} for none.
create or replace function export_take(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    e export;
    now_ms bigint := (p->>'at')::bigint;
begin
    update export set state = 'running', run = run + 1, holder = p->>'holder', lease = now_ms + (p->>'lease_ms')::bigint, begun = now_ms,
            done = 0, total = null, exact = null, tickets = null
        where export = (select export from export where state in ('waiting', 'running') and lease < now_ms
            order by export limit 1 for update skip locked)
        returning * into e;
    if not found then return next reply_outcome('{}'); return; end if;
    return next reply_outcome(json_build_object('export', e.export, 'run', e.run, 'format', e.format)::text);
end $$;

create or replace function export_running(p jsonb) returns export language plpgsql stable as $$
declare e export;
begin
    select * into e from export where export = (p->>'export')::bigint and run = (p->>'run')::int and state = 'running';
    return e;
end $$;

-- The second page of an XLSX: what this list is.
create or replace function export_about(e export, rows_in_all bigint, now_ms bigint) returns jsonb language sql stable as $$
    select jsonb_build_array(
        jsonb_build_array('导出人', (select name || '（' || login || '）' from account where account = e.account)),
        jsonb_build_array('导出编号', e.export::text),
        jsonb_build_array('开始时间', to_char(to_timestamp(e.begun / 1000.0) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')),
        jsonb_build_array('结束时间', to_char(to_timestamp(now_ms / 1000.0) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')),
        jsonb_build_array('行数', rows_in_all))
        || coalesce((select jsonb_agg(jsonb_build_array('条件·' || (w->>0), w->>1) order by n) from jsonb_array_elements(e.words) with ordinality x (w, n)), '[]')
        || jsonb_build_array(
        jsonb_build_array('范围', '导出人有权查看的工单；导出期间变化的工单以读到时为准，每张工单一行'),
        jsonb_build_array('个人信息', '姓名、电话为掩码，正文中的号码已隐去；要求保密的工单不含地点、标题、内容和答复'),
        jsonb_build_array('时间', '北京时间'),
        jsonb_build_array('当前期限', '工单当前环节的期限；已结束的工单为空'),
        jsonb_build_array('评价', '最近一轮好差评；空为未评价'),
        jsonb_build_array('行数上限', 'XLSX 每张表最多 1048576 行（含表头），超出的续在“工单 (2)”等表；CSV 不限'))
$$;

-- One page. p: export, run, after, done (rows before), limit, terms, at. Reply: {"columns" and "total" with the first
-- page, "rows", "next": null at the end, and then "about"}; {"wait": true} while so much waits to be read that a search
-- may miss some. Refused as stale when it is cancelled or another's. Writes: export.
create or replace function export_page(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    e export := export_running(p);
    page integer := (p->>'limit')::int;
    first boolean := not p ? 'after';
    -- When a ticket moves its acceptance stays; in any other order its place does not, so that list is fixed at first.
    fixed boolean := e.sort not in ('newest', 'oldest');
    start integer := case when fixed and not first then (p->>'after')::int else 0 end;
    behind boolean := false;
    found_tickets bigint[] := e.tickets;
    counted jsonb;
    rows jsonb;
    next text;
begin
    if e.export is null then return next refusal_outcome('stale'); return; end if;
    perform from account where account = e.account and active;
    if not found then return next refusal_outcome('not_allowed'); return; end if;
    if first or not fixed then
        -- In one statement, so that both speak of the same moment.
        select search_tickets(e.account, e.filter, e.sort, p->>'after', case when fixed then 100000000 else page end, e.begun), search_behind()
            into found_tickets, behind;
    end if;
    if behind then return next reply_outcome('{"wait": true}'); return; end if;
    if first then
        counted := (select body::jsonb from ticket_count_all(e.account, null, jsonb_build_object('filter', e.filter, 'at', e.begun)));
        update export set total = (counted->>'count')::bigint, exact = (counted->>'exact')::boolean,
            tickets = case when fixed then found_tickets end where export = e.export;
    end if;
    found_tickets := found_tickets[start + 1:start + page];
    rows := (select coalesce(jsonb_agg(export_row(x, p->'terms') order by x.n), '[]') from search_rows(found_tickets) x);
    next := (select case when fixed then (start + page)::text else accepted || '.' || ticket end from ticket where ticket = found_tickets[page]);
    return next reply_outcome((jsonb_build_object('rows', rows, 'next', next)
        || case when first then jsonb_build_object('columns', export_columns()) else '{}' end
        || case when next is null then jsonb_build_object('about', export_about(e, (p->>'done')::bigint + jsonb_array_length(rows), (p->>'at')::bigint))
            else '{}' end)::text);
end $$;

-- It lives, and so many rows are written. p: export, run, done, lease_ms, at. Writes: export. Reply: {"go": false when it is
-- cancelled or another's}.
create or replace function export_step(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update export set lease = (p->>'at')::bigint + (p->>'lease_ms')::bigint, done = (p->>'done')::bigint
        where export = (p->>'export')::bigint and run = (p->>'run')::int and state = 'running';
    return next reply_outcome(json_build_object('export', (p->>'export')::bigint, 'run', (p->>'run')::int, 'go', found)::text);
end $$;

-- Its file is in its place. p: export, run, done, size, sha256, keep_ms, at. Writes: export. Reply: {"kept": false when it
-- is cancelled or another's}.
create or replace function export_end(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update export set state = 'done', tickets = null, done = (p->>'done')::bigint, total = (p->>'done')::bigint, exact = true, size = (p->>'size')::bigint,
            sha256 = p->>'sha256', ended = (p->>'at')::bigint, expires = (p->>'at')::bigint + (p->>'keep_ms')::bigint
        where export = (p->>'export')::bigint and run = (p->>'run')::int and state = 'running';
    return next reply_outcome(json_build_object('kept', found)::text);
end $$;

-- It cannot be made (fault), or not now (no fault: another process, or this one later, begins it anew after wait_ms).
-- p: export, run, fault, wait_ms, at. Writes: export.
create or replace function export_give_up(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update export set state = case when p ? 'fault' then 'failed' else 'waiting' end, fault = p->>'fault', done = 0, tickets = null,
            ended = case when p ? 'fault' then (p->>'at')::bigint end,
            lease = (p->>'at')::bigint + coalesce((p->>'wait_ms')::bigint, -1)
        where export = (p->>'export')::bigint and run = (p->>'run')::int and state = 'running';
    return next reply_outcome('{}');
end $$;

-- What is too old expires; which of these files nobody needs any more. p: names ("12-1.csv", "12-1.part"), at. Writes: export.
create or replace function export_sweep(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    update export set state = 'expired' where state = 'done' and expires <= (p->>'at')::bigint;
    return next reply_outcome((select json_build_object('drop', coalesce(json_agg(name), '[]'))
        from jsonb_array_elements_text(p->'names') name, regexp_match(name, '^([0-9]{1,15})-([0-9]{1,9})[.](part|csv|xlsx)$') m
        where m is not null and not exists (select from export where export = m[1]::bigint and run = m[2]::int
            and (state = 'running' or state = 'done' and m[3] = format)))::text);
end $$;

-- The file for its owner or an administrator. p: digest, export, at. Writes: export_fetch.
-- Reply: {"file", "name", "format", "size"}.
create or replace function export_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account := session_account(p->>'digest', (p->>'at')::bigint);
    e export;
begin
    if a.account is null then return next refusal_outcome('not_logged_in'); return; end if;
    select * into e from export where export = (p->>'export')::bigint and (account = a.account or a.role = 8);
    if not found then return next refusal_outcome('not_found'); return; end if;
    if e.state <> 'done' or e.expires <= (p->>'at')::bigint then
        return next refusal_outcome('rule', jsonb_build_object('sentence', case when e.state in ('waiting', 'running') then '导出还没有完成'
            when e.state in ('done', 'expired') then '导出文件已过期删除，请重新导出' else '这个导出没有文件' end));
        return;
    end if;
    insert into export_fetch values (e.export, a.account, (p->>'at')::bigint);
    return next reply_outcome(json_build_object('file', e.export || '-' || e.run || '.' || e.format, 'format', e.format, 'size', e.size,
        'name', '工单导出_' || to_char(to_timestamp(e.asked / 1000.0) at time zone 'Asia/Shanghai', 'YYYYMMDD_HH24MI') || '_' || e.export
            || '.' || e.format)::text);
end $$;
