-- 督办 and alerts: orders with a number, a deadline and a reply; what keeps going wrong.

create or replace function order_card(o supervision) returns json language plpgsql stable as $$
declare t ticket;
begin
    select * into t from ticket where ticket = o.ticket;
    return json_build_object('order', o.id, 'number', o.number, 'ticket', o.ticket, 'level', o.level, 'dept', o.dept,
        'region', o.region, 'text', o.text, 'who', (select name from account where account = o.account), 'at', o.at,
        'due', o.due, 'warn', o.warn, 'late', o.late, 'reply', o.reply,
        'replier', (select name from account where account = o.replier), 'replied', o.replied,
        'closed', o.closed, 'closer', (select name from account where account = o.closer), 'verdict', o.verdict,
        'ticket_card', card_of(t));
end $$;

create or replace function order_outcome(o supervision, sent bigint) returns outcome language plpgsql stable as $$
begin
    return row('order', order_card(o)::text, sent, o.id, null, null, null, o.dept, null, o.region, null, o.due)::outcome;
end $$;

-- Writes: outbox.
create or replace function order_outcome(o supervision) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'order', o.id::text, (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return order_outcome(o, sent);
end $$;

-- Orders of the unit, or of the region. p: view. Open by what is due first, closed by the newest.
create or replace function order_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(order_card(y.o) order by
            case when (y.o).closed is null then (y.o).due end, (y.o).id desc), '[]'))
        from (select o from supervision o
            where (closed is null) = (p->>'view' = 'open')
                and case a.role when 2 then dept = a.dept else region_covers(a.region, region) end
            order by case when closed is null then due end, id desc limit 500) y)::text);
end $$;

-- Past the deadline without a reply: late, once, and a fault of the unit. p: at. Writes: supervision, fault, alert.
create or replace function order_due(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    o supervision;
    now_ms bigint := (p->>'at')::bigint;
begin
    return next reply_outcome('{}');
    for o in update supervision set late = true where id in (select id from supervision
            where closed is null and replied is null and not late and due <= now_ms
            order by due limit 100 for update skip locked) returning * loop
        return next order_outcome(o);
        return query select * from fault_add(o.dept, 7::smallint, o.ticket, now_ms);
    end loop;
end $$;

create or replace function alert_card(x alert) returns json language plpgsql stable as $$
begin
    return json_build_object('alert', x.alert, 'kind', x.kind, 'dept', x.dept, 'region', x.region, 'fault', x.fault, 'times', x.times,
        'tickets', (select json_agg(json_build_object('id', ticket, 'number', number, 'title', title, 'state', state) order by ticket)
            from ticket where ticket = any(x.tickets)),
        'text', x.text, 'at', x.at, 'closed', x.closed,
        'closer', (select name from account where account = x.closer), 'verdict', x.verdict,
        'severity', x.severity, 'matter', x.matter, 'town', x.town, 'size', x.size, 'folded', x.folded,
        'raised', x.raised, 'last', x.last, 'evidence', x.evidence,
        'claimer', (select name from account where account = x.claimer), 'claimed', x.claimed,
        'task', x.task, 'task_number', (select number from ticket where ticket = x.task), 'real', x.real);
end $$;

create or replace function alert_outcome(x alert, sent bigint) returns outcome language plpgsql stable as $$
begin
    return row('alert', alert_card(x)::text, sent, x.alert, null, null, null, x.dept, null, x.region, null, null)::outcome;
end $$;

-- Writes: outbox.
create or replace function alert_outcome(x alert) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'alert', x.alert::text, (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return alert_outcome(x, sent);
end $$;

create or replace function alert_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(alert_card(y.x) order by (y.x).at desc), '[]'))
        from (select x from alert x where (closed is null) = (p->>'view' = 'open') and region_covers(a.region, region)
              order by at desc limit 200) y)::text);
end $$;

-- What was done about it, and whether it was right to raise it. p: alert, text, real, at. Writes: alert, answered.
-- Reply: the alert.
create or replace function alert_close(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    x alert;
    fault outcome;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into x from alert where alert = (p->>'alert')::bigint for update;
    fault := alert_fault(x, actor);
    if fault.kind is not null then return next fault; return; end if;
    if x.key is not null and not p ? 'real' then
        return next field_refusal('real', '请选择属实或误报');
        return;
    end if;
    update alert set closed = (p->>'at')::bigint, closer = actor, verdict = p->>'text', real = (p->>'real')::boolean where alert = x.alert returning * into x;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', alert_card(x)::text);
    return next reply_outcome(alert_card(x)::text);
    return next alert_outcome(x);
end $$;
