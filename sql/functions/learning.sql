-- 自学习分派: the confirmed history that `hotlined train` learns from, and the versions of what it learned.

create or replace function now_ms() returns bigint language sql volatile as $$
    select (extract(epoch from clock_timestamp()) * 1000)::bigint
$$;

-- Confirmed: a unit finished it, the case is closed, and the matter on it is one that this unit holds, or that a
-- ruling named. Left out: what was withdrawn, refused or ruled out of the government's duty, what was merged into
-- another ticket, what the hotline answered itself, and matters that are no longer in the catalogue.
create or replace function operator_history() returns table (label text, title text, body text, at bigint)
language sql stable set search_path = public, pg_temp as $$
    select t.matter, t.title, t.body, t.accepted
    from ticket t join matter m using (matter)
    where t.state in (80, 90) and t.master is null and m.active
      and exists (select from ticket_history e where e.ticket = t.ticket and e.action = 'finish' and e.account > 0)
      and not exists (select from ticket_history e where e.ticket = t.ticket
                      and e.action in ('withdraw', 'refuse', 'rule_out'))
      and (exists (select from department_duty d where d.dept = t.dept and d.duty = m.duty)
           or exists (select from ticket_history e where e.ticket = t.ticket and e.action = 'rule'))
    order by t.accepted, t.ticket
$$;

create or replace function operator_matters() returns table (matter text, name text, grp text, words text)
language sql stable set search_path = public, pg_temp as $$
    select matter, name, grp, words from matter where active order by matter
$$;

-- The model in force; no row when there is none.
create or replace function operator_model() returns table (version integer, learned_until bigint, bytes bytea)
language sql stable set search_path = public, pg_temp as $$
    select version, learned_until, bytes from model where in_force
$$;

-- Puts a version in force, 0 for none, and tells every process. Reply: outbox row. Writes: model, model_change, outbox.
create or replace function model_switch(wanted integer, who text, reason text, at bigint) returns outcome
language plpgsql as $$
declare was integer;
begin
    perform pg_advisory_xact_lock(hashtext('model_switch'));
    was := (select version from model where in_force);
    update model set in_force = false where in_force;
    update model set in_force = true where version = wanted;
    insert into model_change (at, who, was, now, reason) values (at, who, was, nullif(wanted, 0), reason);
    return rules_outcome(at);
end $$;

-- Reply: the version's number. Writes: model, model_change, outbox.
create or replace function operator_model_install(figures jsonb, bytes bytea, learned_until bigint, who text)
returns integer language plpgsql set search_path = public, pg_temp as $$
declare made integer;
begin
    insert into model (at, who, learned_until, figures, bytes)
        values (now_ms(), who, learned_until, figures, bytes) returning version into made;
    perform model_switch(made, who, '训练启用', now_ms());
    return made;
end $$;

-- Writes: model, model_change, outbox.
create or replace function operator_model_rollback(wanted integer, reason text, who text) returns void
language plpgsql set search_path = public, pg_temp as $$
begin
    if wanted <> 0 and not exists (select from model where version = wanted) then
        raise exception '没有模型第 % 版：hotlined train list 列出各版本', wanted;
    end if;
    if length(trim(reason)) = 0 then raise exception '请写明原因'; end if;
    perform model_switch(wanted, who, reason, now_ms());
end $$;

-- One line for each version, newest first.
create or replace function operator_models() returns table (line text)
language sql stable set search_path = public, pg_temp as $$
    select format('%s第 %s 版  %s  %s  学习 %s 件  检验 %s 件  正确率 %s  宏平均F1 %s', case when in_force then '* ' else '  ' end,
        version, to_char(to_timestamp(at / 1000) at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), who,
        figures->>'learned', figures->>'judged', round((figures->'choosers'->-1->>'accuracy')::numeric, 4),
        round((figures->'choosers'->-1->>'macro_f1')::numeric, 4))
    from model order by version desc
$$;

-- For the server: p: have (its version, 0 for none). Reply: {"version": n}, with "bytes" (base64) when it is another.
create or replace function model_load(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare found_version integer := coalesce((select version from model where in_force), 0);
begin
    if found_version = (p->>'have')::integer or found_version = 0 then
        return next reply_outcome(json_build_object('version', found_version)::text);
    else
        return next reply_outcome((select json_build_object('version', version,
            'bytes', translate(encode(bytes, 'base64'), E'\n', '')) from model where version = found_version)::text);
    end if;
end $$;

create or replace function model_list(actor integer, req uuid, p jsonb) returns setof outcome
language sql stable security definer set search_path = public, pg_temp as $$
    select * from reply_outcome(json_build_object(
        'models', (select coalesce(json_agg(json_build_object('version', version, 'at', at, 'who', who,
            'learned_until', learned_until, 'figures', figures, 'in_force', in_force) order by version desc), '[]') from model),
        'changes', (select coalesce(json_agg(json_build_object('at', x.at, 'who', x.who, 'was', x.was, 'now', x.now,
            'reason', x.reason) order by x.change desc), '[]')
            from (select * from model_change order by change desc limit 100) x),
        'confirmed', (select count(*) from operator_history()))::text)
$$;

-- p: version (0: none), reason, at. Writes: model, model_change, outbox, answered.
create or replace function model_rollback(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    wanted integer := (p->>'version')::integer;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if wanted <> 0 and not exists (select from model where version = wanted) then
        return next refusal_outcome('not_found');
        return;
    end if;
    if wanted = coalesce((select version from model where in_force), 0) then
        return next rule_refusal('这一版正在使用');
        return;
    end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
    return next model_switch(wanted, (select name from account where account = actor), p->>'reason', (p->>'at')::bigint);
end $$;
