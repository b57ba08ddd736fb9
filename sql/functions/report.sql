-- Indicators, all derived from the events: one function of facts feeds the figures and the tickets behind them,
-- so that they cannot differ. Definitions and sources: docs/INDICATORS.md.

-- The figures in the order in which they are shown. unit: percent (hit of all), count (all), score (0–100), ms (mean).
create or replace function report_figures() returns table (place integer, figure text, term text, unit text, definition text)
language sql immutable as $$
    values
    (1, 'response', '响应率', 'percent', '本期派出的承办中，按时签收且在先行联系时限内联系了诉求人的比例；没有号码或要求保密的只看签收，时限未到的、未到时限已退单或撤回的不计'),
    (2, 'solved', '解决率', 'percent', '本期计入统计的评价中，诉求人认为已解决的比例'),
    (3, 'satisfied', '满意率', 'percent', '本期计入统计的评价中，基本满意及以上（3–5 级）的比例；未评价不计入'),
    (4, 'three', '三率综合', 'score', '响应率、解决率、满意率按权重合计；权重在“时限”中，初始为 10、45、45'),
    (5, 'accepted', '受理量', 'count', '本期受理的工单'),
    (6, 'direct', '直办率', 'percent', '本期受理的工单中，由热线直接解答的比例'),
    (7, 'repeat', '重复诉求率', 'percent', '本期受理的工单中，再次反映或并单的比例'),
    (8, 'dispatch_in_time', '派单及时率', 'percent', '本期派单中，在派单时限内派出的比例'),
    (9, 'dispatch_right', '派单准确率', 'percent', '本期派单中，没有被同意退单或撤回改派的比例'),
    (10, 'sign_in_time', '按时签收率', 'percent', '本期应签收的承办中，在签收时限内签收的比例'),
    (11, 'contact_in_time', '先行联系率', 'percent', '本期签收的承办中，在先行联系时限内联系了诉求人的比例；没有号码或要求保密的、时限未到的不计'),
    (12, 'sent_back', '退单率', 'percent', '本期派出的承办中，申请退单的比例'),
    (13, 'return_refused', '退单驳回率', 'percent', '本期申请的退单中，被驳回的比例'),
    (14, 'finish_in_time', '按时办结率', 'percent', '本期应办结的承办中，在办理时限（含批准的延期）内提交办结的比例'),
    (15, 'extended', '延期率', 'percent', '本期签收的承办中，经批准延期的比例'),
    (16, 'once', '一次办结率', 'percent', '本期办结的工单中，第一轮即好评办结的比例'),
    (17, 'redone', '重办率', 'percent', '本期办结的工单中，经过差评重办的比例'),
    (18, 'visited', '回访率', 'percent', '本期结束评价的工单中，有评价或有回访记录的比例'),
    (19, 'rated', '参评率', 'percent', '本期结束评价的工单中，诉求人作出评价的比例'),
    (20, 'bad', '差评率', 'percent', '本期全部评价中，不满意和非常不满意的比例'),
    (21, 'mended', '差评整改率', 'percent', '本期提交办结的差评重办中，在时限内提交的比例'),
    (22, 'order_in_time', '督办按时回复率', 'percent', '本期回复或到期的督办中，按时回复的比例'),
    (23, 'quality', '质检合格率', 'percent', '本期评分的质检中，达到合格分的比例')
$$;

-- One row a ticket and leg: the time with one unit, from its entry into 待签收 to the next one. reachable: the unit
-- can speak to the citizen, as 提交办结 asks (finish_fault). ended: when its clocks stop, at the latest now.
drop function if exists report_legs(bigint, bigint);
create or replace function report_legs(from_ms bigint, to_ms bigint, now_ms bigint)
returns table (ticket bigint, leg bigint, action text, round smallint, dept integer, sent bigint, sign_due bigint,
    signed bigint, contact_by bigint, contacted bigint, sent_back bigint, accepted_return boolean, recalled boolean,
    refused_return boolean, finished bigint, handle_due bigint, ended bigint, extended boolean, reachable boolean)
language sql stable as $$
    with touched as (select distinct ticket from ticket_history where at >= from_ms and at < to_ms),
    steps as (
        select e.*, lag(due) over w as was_due,
            count(*) filter (where to_state = 35 and from_state <> 35) over w as leg
        from ticket_history e join touched using (ticket)
        window w as (partition by e.ticket order by e.seq)),
    legs as (
        select ticket, leg, (array_agg(action order by seq))[1] as action, (array_agg(round order by seq))[1] as round,
            (array_agg(dept order by seq))[1] as dept, min(at) as sent, (array_agg(due order by seq))[1] as sign_due,
            min(at) filter (where action = 'sign') as signed,
            min((detail->>'contact_by')::bigint) filter (where action = 'sign') as contact_by,
            min(at) filter (where action = 'contact') as contacted,
            min(at) filter (where action = 'send_back') as sent_back,
            bool_or(action = 'accept_return') as accepted_return, bool_or(action = 'recall') as recalled,
            max(at) filter (where action = 'finish') as finished,
            coalesce((array_agg(was_due order by seq desc) filter (where action = 'finish'))[1],
                (array_agg(due order by seq desc) filter (where to_state = 40))[1]) as handle_due,
            min(at) filter (where to_state in (29, 30, 38, 39, 60, 82, 85) and action <> 'notify') as left_at,
            bool_or(action = 'extend') as extended
        from steps where leg > 0 group by ticket, leg)
    select l.ticket, l.leg, l.action, l.round, l.dept, l.sent, l.sign_due, l.signed, l.contact_by, l.contacted, l.sent_back,
        l.accepted_return, l.recalled,
        coalesce(lead(l.action) over (partition by l.ticket order by l.leg) = 'reject_return', false),
        l.finished, l.handle_due, least(now_ms, l.left_at), l.extended, t.secrecy = 0 and (c.phone is not null or coalesce(c.had_phone, false))
    from legs l join ticket t using (ticket) left join contact c using (ticket)
$$;

-- Every countable thing of the period: which figure, when, whether it hits. note tells what was counted.
create or replace function report_facts(from_ms bigint, to_ms bigint, now_ms bigint)
returns table (figure text, ticket bigint, dept integer, at bigint, hit boolean, note text)
language sql stable as $$
    select f.* from (
        select f.figure, l.ticket, l.dept, f.at, f.hit, '第' || l.round || '轮' as note
        from report_legs(from_ms, to_ms, now_ms) l, lateral (select
            coalesce(l.signed <= l.sign_due, false) as signs,
            not l.reachable or coalesce(l.contacted <= l.contact_by, false) as speaks,
            coalesce(coalesce(l.signed, l.ended) > l.sign_due, false) as signs_late,
            l.reachable and coalesce(coalesce(l.contacted, l.ended) > l.contact_by, false) as speaks_late
        ) d, lateral (values
            ('response', case when d.signs and d.speaks or d.signs_late or d.speaks_late then l.sent end, d.signs and d.speaks),
            ('dispatch_right', case when l.action in ('dispatch', 'assign') then l.sent end, not (l.accepted_return or l.recalled)),
            ('sign_in_time', coalesce(l.signed, case when l.sign_due < l.ended then l.sign_due end), d.signs),
            ('contact_in_time', case when l.reachable and (d.speaks or d.speaks_late) then l.signed end, d.speaks),
            ('sent_back', l.sent, l.sent_back is not null),
            ('return_refused', l.sent_back, l.refused_return),
            ('finish_in_time', coalesce(l.finished, case when l.handle_due < l.ended then l.handle_due end),
                coalesce(l.finished <= l.handle_due, false)),
            ('extended', l.signed, l.extended),
            ('mended', case when l.action = 'redo' then l.finished end, coalesce(l.finished <= l.handle_due, false))
        ) f (figure, at, hit)
        union all
        select f.figure, e.ticket, t.dept, e.at, f.hit, null
        from ticket_history e join ticket t using (ticket), lateral (values
            ('accepted', true),
            ('direct', exists (select from ticket_history x where x.ticket = e.ticket and x.action = 'answer')),
            ('repeat', exists (select from ticket_link k where k.ticket = e.ticket and k.kind in ('again', 'merged')))
        ) f (figure, hit)
        where e.at >= from_ms and e.at < to_ms and e.seq = 1
        union all
        select 'dispatch_in_time', e.ticket, e.dept, e.at, e.at <= w.due, null
        from ticket_history e join ticket_history w on w.ticket = e.ticket and w.seq = e.seq - 1
        where e.at >= from_ms and e.at < to_ms and e.action in ('dispatch', 'assign')
        union all
        select f.figure, e.ticket, e.dept, e.at, f.hit, '第' || e.round || '轮'
        from ticket_history e, lateral (values
            ('once', e.action = 'rate' and e.round = 1),
            ('redone', exists (select from ticket_history x where x.ticket = e.ticket and x.action = 'redo'))
        ) f (figure, hit)
        where e.at >= from_ms and e.at < to_ms and e.to_state = 80 and e.from_state <> 80
        union all
        select f.figure, e.ticket, e.dept, e.at, f.hit, '第' || e.round || '轮'
        from ticket_history e, lateral (values
            ('visited', e.action <> 'lapse' or exists (select from ticket_history x where x.ticket = e.ticket
                and x.action = 'miss' and x.round = e.round)),
            ('rated', e.action <> 'lapse')
        ) f (figure, hit)
        where e.at >= from_ms and e.at < to_ms and e.from_state = 60 and e.to_state <> 60
        union all
        select f.figure, v.ticket, v.dept, v.at, f.hit, '第' || v.round || '轮'
        from evaluation v, lateral (values
            ('solved', case when v.counted then coalesce(v.solved, false) end),
            ('satisfied', case when v.counted then v.grade >= 3 end),
            ('bad', v.grade < 3)
        ) f (figure, hit)
        where v.at >= from_ms and v.at < to_ms and f.hit is not null
        union all
        select 'order_in_time', o.ticket, o.dept, coalesce(o.replied, o.due), coalesce(o.replied <= o.due, false), o.number
        from supervision o
        where coalesce(o.replied, o.due) >= from_ms and coalesce(o.replied, o.due) < to_ms
            and (o.replied is not null or o.due < now_ms)
        union all
        select 'quality', q.ticket, t.dept, q.checked, q.score >= limit_amount('quality_pass'), q.score || '分'
        from quality_check q join ticket t using (ticket) where q.checked >= from_ms and q.checked < to_ms
    ) f (figure, ticket, dept, at, hit, note)
    where f.at >= from_ms and f.at < to_ms
$$;

-- What has no unit is the hotline's own, and is a row too: the rows add up to the total.
create or replace function report_key(by_what text, t ticket, dept integer) returns text language sql immutable as $$
    select case by_what when 'region' then t.region when 'dept' then coalesce(dept, 0)::text
        when 'matter' then coalesce(t.matter, '0') when 'kind' then t.kind::text else '' end
$$;

-- {figure: [of, hit]} of counted facts, with the three rates put together.
create or replace function report_cells(counted jsonb) returns jsonb language plpgsql stable as $$
declare
    of_rate text[] := array['response', 'solved', 'satisfied'];
    total numeric := 0;
    weights integer := 0;
begin
    if not counted ?& of_rate then return counted; end if;
    for n in 1..3 loop
        total := total + limit_amount('weight_' || of_rate[n])
            * (counted->of_rate[n]->>1)::numeric / (counted->of_rate[n]->>0)::numeric;
        weights := weights + limit_amount('weight_' || of_rate[n]);
    end loop;
    return counted || jsonb_build_object('three', jsonb_build_array(100, round(100 * total / weights, 2)));
end $$;

create or replace function report_calls(from_ms bigint, to_ms bigint) returns jsonb language sql stable as $$
    select jsonb_build_object('offered', count(*), 'answered', count(answered),
        'within15', count(*) filter (where answered - rang <= 15000),
        'abandoned', count(*) filter (where answered is null and ended is not null),
        'wait', coalesce(sum(answered - rang), 0), 'talk', coalesce(sum(ended - answered) filter (where answered is not null), 0))
    from call where rang >= from_ms and rang < to_ms
$$;

-- p: from, to (Beijing dates, both included), by, at. Reply: {"from","to","by","figures","rows":[{key,name,cells}],
-- "total": cells, "calls"}; cells: {figure: [of, hit]}.
create or replace function report_get(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    from_ms bigint := date_ms(p->>'from');
    to_ms bigint := date_ms(p->>'to') + 86400000;
    body jsonb;
begin
    if to_ms <= from_ms then
        return next field_refusal('to', '结束日期应不早于开始日期');
        return;
    end if;
    if to_ms - from_ms > 400 * 86400000::bigint then
        return next field_refusal('to', '一次最多统计 400 天，请缩短时间段');
        return;
    end if;
    select * into a from account where account = actor;
    with facts as materialized (
        select f.figure, f.hit, report_key(p->>'by', t, f.dept) as key
        from report_facts(from_ms, to_ms, (p->>'at')::bigint) f join ticket t using (ticket)
        where region_covers(a.region, t.region)),
    counted as (
        select key, figure, count(*) as of, count(*) filter (where hit) as hit
        from facts group by grouping sets ((key, figure), (figure))
        having grouping(key) = 1 or p->>'by' <> 'all'),
    cells as (
        select key, report_cells(jsonb_object_agg(figure, jsonb_build_array(of, hit))) as cells
        from counted group by key)
    select jsonb_build_object('from', p->>'from', 'to', p->>'to', 'by', p->>'by',
        'figures', (select jsonb_agg(jsonb_build_object('figure', figure, 'term', term, 'definition', definition,
            'unit', unit) order by place) from report_figures()),
        'rows', (select coalesce(jsonb_agg(jsonb_build_object('key', key, 'name', coalesce(
                case p->>'by' when 'region' then (select name from region where region = key)
                    when 'dept' then (select name from department where dept::text = key)
                    when 'matter' then (select name from matter where matter = key) end,
                case when key <> '0' then key when p->>'by' = 'dept' then '热线（未派单位）' else '未定事项' end), 'cells', cells)
                order by key), '[]')
            from cells where key is not null),
        'total', coalesce((select cells from cells where key is null), '{}'),
        'calls', case when a.region = '232700' then report_calls(from_ms, to_ms) end)
        into body;
    return next reply_outcome(body::text);
end $$;

-- The tickets behind one cell. p: from, to, by, key, figure, part (of, hit, miss), after, limit, at.
-- Reply: {"rows": [{card, at, note, hit}], "next", "total"}.
create or replace function report_tickets(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    from_ms bigint := date_ms(p->>'from');
    to_ms bigint := date_ms(p->>'to') + 86400000;
    skipped integer := 0;
    page integer := coalesce((p->>'limit')::int, 50);
    body jsonb;
begin
    if p ? 'after' then
        if p->>'after' !~ '^[0-9]{1,8}$' then
            return next field_refusal('after', '不是列表给出的翻页键，请从第一页重新翻起');
            return;
        end if;
        skipped := (p->>'after')::int;
    end if;
    select * into a from account where account = actor;
    with facts as materialized (
        select f.at, f.hit, f.note, t, row_number() over (order by f.at, f.ticket) as n
        from report_facts(from_ms, to_ms, (p->>'at')::bigint) f join ticket t using (ticket)
        where f.figure = p->>'figure' and region_covers(a.region, t.region)
            and (not p ? 'key' or report_key(p->>'by', t, f.dept) = p->>'key')
            and case p->>'part' when 'hit' then f.hit when 'miss' then not f.hit else true end)
    select jsonb_build_object('total', (select count(*) from facts),
        'rows', coalesce((select jsonb_agg(jsonb_build_object('card', card_of(f.t), 'at', f.at, 'note', f.note, 'hit', f.hit) order by n)
            from facts f where n > skipped and n <= skipped + page), '[]'),
        'next', case when (select count(*) from facts) > skipped + page then (skipped + page)::text end)
        into body;
    return next reply_outcome(body::text);
end $$;
