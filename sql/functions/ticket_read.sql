-- Reading tickets: one with its timeline, by number, in lists. Scope is decided here.

-- What stands beside a ticket: 承办单, 督办, attachments, linked and merged tickets, messages, 质检. Of a linked
-- ticket that the account may not see, it learns the number but no title.
create or replace function ticket_beside(a account, t ticket) returns jsonb language plpgsql stable as $$
begin
    return jsonb_build_object(
        'parts', (select coalesce(jsonb_agg(part_card(x)::jsonb - 'ticket_card' order by x.part), '[]') from part x where ticket = t.ticket),
        'supervisions', (select coalesce(jsonb_agg(order_card(x)::jsonb - 'ticket_card' order by x.id), '[]')
            from supervision x where ticket = t.ticket),
        'files', (select coalesce(jsonb_agg(jsonb_build_object('file', f.file, 'name', f.name, 'type', f.type,
            'size', f.size, 'sha256', f.sha256, 'at', f.at, 'who', w.name, 'dept', f.dept) order by f.file), '[]')
            from file f join account w using (account) where f.ticket = t.ticket),
        'links', (select coalesce(jsonb_agg(jsonb_build_object('id', o.ticket, 'number', o.number,
            'title', case when scope_refusal(a, o) is null then o.title else '' end,
            'state', o.state, 'kind', l.kind, 'dir', l.dir, 'at', l.at) order by l.at, l.id), '[]')
            from (select id, kind, min(dir) as dir, min(at) as at from (
                      select other as id, kind, 'to' as dir, at from ticket_link where ticket = t.ticket
                      union all select ticket, kind, 'from', at from ticket_link where other = t.ticket) both_ways
                  group by id, kind) l join ticket o on o.ticket = l.id),
        'handoffs', (select coalesce(jsonb_agg(handoff_card(h)::jsonb order by h.handoff), '[]') from handoff h where ticket = t.ticket),
        'messages', (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'round', round, 'at', at, 'sent', sent,
            'fault', fault) order by message), '[]') from message where ticket = t.ticket),
        'warning', task_evidence(t),
        'check', (select jsonb_build_object('drawn', drawn, 'checked', checked, 'score', score, 'text', text,
            'checker', (select name from account where account = checker)) from quality_check where ticket = t.ticket));
end $$;

-- One ticket in full. p: id. Reply: card fields and body, reply, points, masks, events, evaluations, and what
-- stands beside it.
create or replace function ticket_get(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    a account;
    hidden boolean;
begin
    select * into t from ticket where ticket = (p->>'id')::bigint;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    if scope_refusal(a, t) is not null then
        return next refusal_outcome(scope_refusal(a, t));
        return;
    end if;
    hidden := not may_reveal(a, t);
    return next reply_outcome((select (card_of(t)::jsonb || jsonb_build_object(
        'body', t.body, 'reply', t.reply, 'call', t.call, 'points', t.points, 'answers', t.answers,
        'asked_detail', t.asked_detail, 'contacted', t.contacted, 'contact_by', t.contact_by,
        'return_by', t.return_by, 'no_return', t.no_return, 'held_due', t.held_due,
        'agent_name', (select name from account where account = t.agent),
        'phone_mask', case when hidden then '保密' else coalesce(c.phone_mask, '') end,
        'name_mask', case when hidden then '保密' else coalesce(c.name_mask, '') end,
        'id_mask', case when hidden then '保密' else coalesce(c.id_mask, '') end,
        'events', (select jsonb_agg(jsonb_build_object('seq', e.seq, 'action', e.action,
            'from', e.from_state, 'to', e.to_state, 'at', e.at, 'account', e.account, 'who', w.name,
            'role', w.role, 'dept', e.dept, 'due', e.due, 'round', e.round, 'note', e.note,
            'detail', e.detail) order by e.seq)
            from ticket_history e join account w using (account)
            where e.ticket = t.ticket and e.at between ticket_born(t) and t.changed),
        'evaluations', (select coalesce(jsonb_agg(jsonb_build_object('round', v.round, 'grade', v.grade,
            'solved', v.solved, 'blame', v.blame, 'reason', v.reason, 'comment', v.comment, 'way', v.way,
            'counted', v.counted, 'at', v.at, 'who', w.name) order by v.round), '[]')
            from evaluation v join account w using (account) where v.ticket = t.ticket)) || ticket_beside(a, t))::text
        from (select 1) one left join contact c on c.ticket = t.ticket));
end $$;

-- p: number (the whole, or its last six digits for today's tickets). Reply: the card.
create or replace function ticket_find(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    t ticket;
    a account;
    wanted text := p->>'number';
begin
    if length(wanted) = 6 then
        wanted := '2327' || to_char(to_timestamp((p->>'at')::bigint / 1000) at time zone 'Asia/Shanghai',
                                    'YYYYMMDD') || wanted;
    end if;
    select * into t from ticket where number = wanted;
    if not found then return next refusal_outcome('not_found'); return; end if;
    select * into a from account where account = actor;
    return next case when scope_refusal(a, t) is null then reply_outcome(card_of(t)::text)
                     else refusal_outcome(scope_refusal(a, t)) end;
end $$;

-- Lists, paged by key. p: view, dept, region, state, after, limit, at.
-- Reply: {"rows": cards, "next": key of the next page or null, "total": all that fit, first page only and
-- counted to ten thousand: an agent's own are a long history}.
create or replace function ticket_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    a account;
    fits text;
    -- open tickets are listed by what is due first, an agent's own by the newest
    newest boolean := p->>'view' = 'mine';
    page integer := coalesce((p->>'limit')::int, 50);
    after_due bigint;
    after_id bigint;
    total bigint;
    rows json;
    next_key text;
begin
    if p->>'after' !~ '^[0-9]{1,18}[.][0-9]{1,18}$' then
        return next refusal_outcome('bad_params', '{"fields": {"after": "不是列表给出的翻页键，请从第一页重新翻起"}}');
        return;
    end if;
    after_due := split_part(p->>'after', '.', 1)::bigint;
    after_id := split_part(p->>'after', '.', 2)::bigint;
    select * into a from account where account = actor;
    fits := case p->>'view'
        when 'inbox' then 'state in (35, 40)'
        when 'sent_back' then 'state in (38, 39)'
        when 'paused' then 'state = 45'
        when 'done' then 'state in (50, 55, 60, 65)'
        when 'callback' then 'state in (55, 60)'
        when 'pool' then 'state in (15, 20, 30)'
        when 'review' then '(state in (38, 50) or asked is not null)'
        when 'dispute' then 'state = 39'
        when 'verify' then 'state = 65'
        when 'overdue' then 'state < 80 and due < $4'
        when 'soon' then 'state < 80 and warn <= $4 and due >= $4'
        when 'mine' then 'agent = $1'
        else 'state < 80' end;
    if a.role = 2 then fits := fits || ' and dept = $2';
    elsif a.role = 4 then fits := fits || case when a.region = '232700' then '' else ' and region = $3' end;
    elsif a.role is null or a.role not in (1, 16) then fits := fits || ' and false';
    end if;
    if p ? 'dept' then fits := fits || ' and dept = $5'; end if;
    if p ? 'region' then fits := fits || ' and region = $6'; end if;
    if p ? 'state' then fits := fits || ' and state = $7'; end if;

    if not p ? 'after' then
        execute format('select count(*) from (select from ticket where %s limit 10000) x', fits) into total
            using a.account, a.dept, a.region, (p->>'at')::bigint, (p->>'dept')::int, p->>'region', (p->>'state')::smallint;
    end if;
    execute format(
        'with page as (select t, coalesce(due, 9000000000000000) as due_key, ticket as id from ticket t where %s%s
             order by %s limit $10 + 1)
         select coalesce(json_agg(card_of(t) order by n) filter (where n <= $10), ''[]''),
                max(due_key || ''.'' || id) filter (where n = $10 and more > $10)
         from (select *, row_number() over (order by %s) as n, count(*) over () as more from page) x',
        fits,
        case when p ? 'after' and newest then ' and ticket < $9'
             when p ? 'after' then ' and (coalesce(due, 9000000000000000), ticket) > ($8, $9)' else '' end,
        case when newest then 'ticket desc' else 'coalesce(due, 9000000000000000), ticket' end,
        case when newest then 'id desc' else 'due_key, id' end)
        into rows, next_key
        using a.account, a.dept, a.region, (p->>'at')::bigint, (p->>'dept')::int, p->>'region', (p->>'state')::smallint,
              after_due, after_id, page;
    return next reply_outcome(json_build_object('rows', rows, 'next', next_key, 'total', total)::text);
end $$;

-- Open and past tickets of whoever has this number, as far as the account may see them. p: phone_index.
-- Newest first, twenty of each.
create or replace function history_of(index text, viewer integer) returns json language sql stable as $$
    select json_build_object(
        'open', coalesce(json_agg(card_of(x.t) order by n) filter (where (x.t).state < 80 and n <= 20), '[]'),
        'past', coalesce(json_agg(card_of(x.t) order by n) filter (where (x.t).state >= 80 and n <= 20), '[]'))
    from (select t, row_number() over (partition by t.state < 80 order by t.ticket desc) as n
          from (select * from contact where phone_index = index order by ticket desc limit 200) c
          join ticket t using (ticket)
          join account a on a.account = viewer
          where scope_refusal(a, t) is null) x
$$;

create or replace function caller_history(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(history_of(p->>'phone_index', actor)::text)
$$;

-- The sealed number of the call that is at this agent's seat (ringing to the end of 话后整理), with its
-- history. Later on the number is seen by ticket.reveal, which is an event. p: call.
create or replace function call_caller(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare c call;
begin
    select c0.* into c from call c0 join agent_seat s on s.call = c0.call and s.account = actor
        where c0.call = p->>'call';
    if not found then return next refusal_outcome('call_gone'); return; end if;
    return next reply_outcome((history_of(c.caller_index, actor)::jsonb || jsonb_build_object('phone', c.caller))::text);
end $$;
