-- 承办单: work that the answering unit, or the hotline, gave to another (协办, 二次分派).

-- Whether a unit may hand work down to another: the county unit of the same duty below a prefecture
-- department (条), or any unit of its county below a county government (块).
create or replace function dept_below(sender integer, wanted integer) returns boolean language plpgsql stable as $$
declare
    s department;
    d department;
begin
    select * into s from department where dept = sender;
    select * into d from department where dept = wanted;
    if s.kind in ('县区政府', '政务服务中心') and s.region = d.region then return true; end if;
    if s.region <> '232700' or d.region = '232700' then return false; end if;
    return exists (select from department_duty a join department_duty b using (duty)
                   where a.dept = sender and b.dept = wanted);
end $$;

create or replace function part_card(x part) returns json language plpgsql stable as $$
declare t ticket;
begin
    select * into t from ticket where ticket = x.ticket;
    return json_build_object('part', x.part, 'ticket', x.ticket, 'kind', x.kind, 'state', x.state, 'dept', x.dept,
        'sender', x.sender, 'round', x.round, 'task', x.task, 'sent', x.sent, 'due', x.due, 'warn', x.warn,
        'signer', (select name from account where account = x.signer), 'signed', x.signed, 'reply', x.reply,
        'ended', x.ended, 'reason', x.reason, 'ticket_card', card_of(t));
end $$;

create or replace function part_outcome(x part, sent bigint) returns outcome language plpgsql stable as $$
begin
    return row('part', part_card(x)::text, sent, x.part, null, x.state, null, x.dept, x.sender,
               (select region from ticket where ticket = x.ticket), null, x.due)::outcome;
end $$;

-- Writes: outbox.
create or replace function part_outcome(x part) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'part', x.part::text, (extract(epoch from clock_timestamp()) * 1000)::bigint);
    return part_outcome(x, sent);
end $$;

-- The unit's own: open by what is due first, done by the newest, sent those it gave to others. p: view.
-- Reply: {"rows": part cards}.
create or replace function part_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare unit integer := (select dept from account where account = actor);
begin
    return next reply_outcome(json_build_object('rows', case p->>'view'
        when 'open' then (select coalesce(json_agg(part_card(x) order by x.due), '[]') from part x
            where dept = unit and state < 40)
        when 'sent' then (select coalesce(json_agg(part_card(y.x) order by (y.x).part desc), '[]') from
            (select x from part x where sender = unit order by part desc limit 200) y)
        else (select coalesce(json_agg(part_card(y.x) order by (y.x).part desc), '[]') from
            (select x from part x where dept = unit and state >= 40 order by part desc limit 200) y) end)::text);
end $$;
