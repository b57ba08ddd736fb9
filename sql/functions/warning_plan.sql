-- What an administrator sets for early warning: words that always alarm, and the plans of 未诉先办; and what the console
-- shows of both. Each change is a row of limit_change, which nobody changes again.

-- Words, plans, how right the alerts have been, and who changed what. Reply: plans; words, each with its alerts and how
-- many were judged and real; precision by kind; changes.
create or replace function warning_view(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare a account;
begin
    select * into a from account where account = actor;
    return next reply_outcome(json_build_object(
        'plans', (select coalesce(json_agg(json_build_object('plan', plan, 'name', name, 'from', from_md, 'to', to_md,
            'matter', matter, 'advice', advice, 'active', active) order by not active, from_md, plan), '[]') from season_plan),
        'words', (select coalesce(json_agg(json_build_object('word', w.word, 'severity', w.severity, 'active', w.active,
            'alerts', coalesce(y.alerts, 0), 'judged', coalesce(y.judged, 0), 'real', coalesce(y.good, 0))
            order by not w.active, w.severity desc, w.word), '[]') from warning_word w left join (
                select evidence->>'words' as word, count(*) as alerts, count(*) filter (where real is not null) as judged,
                    count(*) filter (where real) as good
                from alert where kind = 'keyword' and region_covers(a.region, region) group by 1) y using (word)),
        'precision', (select coalesce(json_agg(json_build_object('kind', kind, 'judged', judged, 'real', good) order by kind), '[]') from (
            select kind, count(*) as judged, count(*) filter (where real) as good from alert
            where real is not null and region_covers(a.region, region) group by kind) y),
        'changes', (select coalesce(json_agg(x.row order by x.change desc), '[]') from (
            select c.change, json_build_object('at', c.at, 'who', n.name, 'key', c.key, 'was', c.was, 'now', c.now,
                'reason', c.reason) as row
            from limit_change c join account n using (account) where c.key in ('warning_word', 'season_plan')
            order by c.change desc limit 100) x),
        'made', (select made from warning_profile))::text);
end $$;

-- A word as its history tells it; null for none.
create or replace function word_words(w warning_word) returns text language sql immutable as $$
    select w.word || '（' || case w.severity when 1 then '关注' when 2 then '较重' else '严重' end
        || case when w.active then '）' else '，停用）' end
$$;

-- A word of one character stands in half of all texts. p: word, severity, active, reason, at.
-- Writes: warning_word, limit_change, answered.
create or replace function word_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was warning_word;
    now warning_word;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    if char_length(p->>'word') < 2 or p->>'word' !~ '[^[:digit:][:punct:][:space:]]' then
        return next field_refusal('word', '敏感词至少两个字，且不能只有数字或标点：那样的词到处都会出现');
        return;
    end if;
    select * into was from warning_word where word = p->>'word' for update;
    insert into warning_word values (p->>'word', (p->>'severity')::smallint, (p->>'active')::boolean)
        on conflict (word) do update set severity = excluded.severity, active = excluded.active returning * into now;
    if was is distinct from now then
        insert into limit_change (at, account, key, was, now, reason) values ((p->>'at')::bigint, actor, 'warning_word',
            word_words(was), word_words(now), coalesce(p->>'reason', '敏感词'));
    end if;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;

-- A plan as its history tells it; null for none.
create or replace function plan_words(q season_plan) returns text language plpgsql stable as $$
begin
    if q.plan is null then return null; end if;
    return q.name || '（' || q.from_md || ' 至 ' || q.to_md || coalesce('，' || (select name from matter where matter = q.matter), '')
        || '）：' || q.advice || case when q.active then '' else '，停用' end;
end $$;

-- The place of a day "MM-DD" in a year of 365 days, from 1; null when no such day comes every year.
create or replace function year_day(md text) returns integer language plpgsql immutable as $$
begin
    if md !~ '^[0-9]{2}-[0-9]{2}$' then return null; end if;
    return extract(doy from make_date(2001, left(md, 2)::int, right(md, 2)::int))::int;
exception when datetime_field_overflow then
    return null;
end $$;

-- What is wrong with a plan: {"field": "sentence"}. What lasts most of a year is no season: the lead before it would
-- begin while it still lasts.
create or replace function season_faults(p jsonb) returns jsonb language plpgsql stable as $$
declare
    most constant integer := 300;
    day_fault constant text := '应为每年都有的日子，如 10-01（2 月最后一天请写 02-28）';
    begins integer := year_day(p->>'from');
    ends integer := year_day(p->>'to');
    faults jsonb := '{}';
begin
    if begins is null then faults := faults || jsonb_build_object('from', day_fault); end if;
    if ends is null then faults := faults || jsonb_build_object('to', day_fault); end if;
    if (ends - begins + 365) % 365 + 1 > most then
        faults := faults || jsonb_build_object('to', '一个计划最长 ' || most || ' 天：全年都有的事不是季节，请核对起止日期');
    end if;
    if p ? 'matter' then
        perform from matter where matter = p->>'matter';
        if not found then faults := faults || '{"matter": "没有这个诉求事项，请从列表中选择"}'; end if;
    end if;
    perform from season_plan where active and name = p->>'name' and plan is distinct from (p->>'plan')::smallint;
    if found then faults := faults || '{"name": "已有同名的计划，请改名或修改那一个"}'; end if;
    return faults;
end $$;

-- A plan of 未诉先办, new without p.plan; one that was dropped is taken up again by being set. Its alert comes when the
-- next season begins within the lead. p: plan, name, from, to, matter, advice, reason, at.
-- Writes: season_plan, limit_change, answered. Reply: {"plan": number}.
create or replace function season_set(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was season_plan;
    now season_plan;
    faults jsonb;
    reply text;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    lock table season_plan in share row exclusive mode;
    if p ? 'plan' then
        select * into was from season_plan where plan = (p->>'plan')::int;
        if not found then return next refusal_outcome('not_found'); return; end if;
    end if;
    faults := season_faults(p);
    if faults <> '{}' then
        return next refusal_outcome('bad_params', jsonb_build_object('fields', faults));
        return;
    end if;
    -- The seed owns the numbers below 100.
    insert into season_plan (plan, name, from_md, to_md, matter, advice, active)
        values (coalesce(was.plan, (select greatest(max(plan), 99) + 1 from season_plan)), p->>'name', p->>'from', p->>'to',
            p->>'matter', p->>'advice', true)
        on conflict (plan) do update set (name, from_md, to_md, matter, advice, active) =
            (excluded.name, excluded.from_md, excluded.to_md, excluded.matter, excluded.advice, true)
        returning * into now;
    if was is distinct from now then
        insert into limit_change (at, account, key, was, now, reason)
            values ((p->>'at')::bigint, actor, 'season_plan', plan_words(was), plan_words(now), p->>'reason');
    end if;
    reply := json_build_object('plan', now.plan)::text;
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', reply);
    return next reply_outcome(reply);
end $$;

-- A plan is given up; its row stays, because alerts came of it. p: plan, reason, at.
-- Writes: season_plan, limit_change, answered.
create or replace function season_drop(actor integer, req uuid, p jsonb) returns setof outcome
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    was season_plan;
    now season_plan;
    answer outcome := given_outcome(req, actor);
begin
    if answer.kind is not null then return next answer; return; end if;
    select * into was from season_plan where plan = (p->>'plan')::int for update;
    if not found then return next refusal_outcome('not_found'); return; end if;
    if not was.active then return next rule_refusal('这个计划已经停用'); return; end if;
    update season_plan set active = false where plan = was.plan returning * into now;
    insert into limit_change (at, account, key, was, now, reason)
        values ((p->>'at')::bigint, actor, 'season_plan', plan_words(was), plan_words(now), p->>'reason');
    insert into answered values (req, actor, (p->>'at')::bigint, 'reply', '{}');
    return next reply_outcome('{}');
end $$;
