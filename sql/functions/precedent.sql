-- 裁定先例: what rulings have said, followed by dispatch until revoked.

-- Tells every process that the rule book has changed. Writes: outbox.
create or replace function rules_outcome(now_ms bigint) returns outcome language plpgsql as $$
declare sent bigint := nextval('outbox_id_seq');
begin
    insert into outbox values (sent, 'rules', '0', now_ms);
    return row('rules', 'null', sent, null, null, null, null, null, null, null, null, null)::outcome;
end $$;

create or replace function precedent_list(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome((select json_build_object('rows', coalesce(json_agg(json_build_object(
            'precedent', x.precedent, 'matter', x.matter, 'region', x.region, 'dept', x.dept, 'ticket', x.ticket,
            'number', t.number, 'reason', x.reason, 'who', w.name, 'at', x.at, 'revoked', x.revoked,
            'revoker', r.name, 'why', x.why) order by x.revoked desc nulls first, x.at desc), '[]'))
        from precedent x join ticket t using (ticket) join account w on w.account = x.account
        left join account r on r.account = x.revoker
        where region_covers(a.region, x.region))::text);
end $$;

-- p: precedent, reason, at. The row itself keeps who, when and why. Writes: precedent, outbox, answered.
create or replace function precedent_revoke(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    a account;
    x precedent;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into a from account where account = actor;
    select * into x from precedent where precedent = (p->>'precedent')::bigint for update;
    if not found or not region_covers(a.region, x.region) then
        return next refusal_outcome('not_found');
        return;
    end if;
    if x.revoked is not null then return next rule_refusal('这条先例已经停用'); return; end if;
    update precedent set revoked = (p->>'at')::bigint, revoker = actor, why = p->>'reason' where precedent = x.precedent;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next rules_outcome((p->>'at')::bigint);
end $$;
