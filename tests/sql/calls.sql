-- Checks calls and seats: a long random sequence of what switch, consoles and the clock do never breaks a rule.

begin;
do $$ begin perform setseed(0.1357); end $$;

create or replace function pg_temp.pick(low integer, high integer) returns integer language sql volatile as $$
	select low + floor(random() * (high - low + 1))::int
$$;

-- One step: the statement, who asks and with what.
create or replace function pg_temp.step_make(now_ms bigint, i integer) returns table (statement text, who integer, p jsonb)
language plpgsql as $$
declare
	-- somebody who has a call is more likely to do something
	seat integer := (select account from account left join agent_seat using (account) where role = 1
		order by (call is null)::int + random() * 1.7 limit 1);
	of_seat text := (select call from agent_seat where account = seat);
	any_call text := (select call from call where state <> 'ended' or random() < 0.05 order by random() limit 1);
	link text := 'link' || pg_temp.pick(1, 2);
begin
	who := seat;
	case pg_temp.pick(1, 14)
		when 1, 2, 11 then
			statement := 'call_ring';
			p := jsonb_build_object('call', case when random() < 0.1 then any_call end);
			p := jsonb_build_object('call', coalesce(p->>'call', 'call' || i), 'caller', 's', 'caller_index', 'x', 'caller_mask', '1');
		when 3 then statement := 'call_answer'; p := jsonb_build_object('call', coalesce(of_seat, any_call, 'none'));
		when 4 then statement := 'call_connected';
			p := (select jsonb_build_object('call', coalesce(of_seat, any_call, 'none'), 'extension', extension)
				from account where account = seat);
		when 5 then statement := 'call_ended'; p := jsonb_build_object('call', coalesce(any_call, 'none'), 'by', 'caller');
		when 6 then statement := 'call_hangup'; p := jsonb_build_object('call', coalesce(of_seat, any_call, 'none'));
		when 7, 12 then statement := 'seat_set'; p := jsonb_build_object('state', (array['ready', 'ready', 'ready', 'busy'])[pg_temp.pick(1, 4)]);
		when 8 then statement := 'seat_arrive'; p := jsonb_build_object('account', seat, 'link', link, 'lease', now_ms + 15000);
		when 9 then statement := 'seat_leave'; p := jsonb_build_object('account', seat, 'link', link);
		when 10 then statement := 'seat_lease'; p := jsonb_build_object('lease', now_ms + 15000,
			'accounts', (select jsonb_agg(account) from account where role = 1 and account <> seat));
		else statement := 'call_sweep'; p := '{}';
	end case;
	p := p || jsonb_build_object('at', now_ms, 'ring_ms', 15000, 'wrapup_ms', 30000);
	return next;
end $$;

create or replace view pg_temp.call_fault (fault) as
	select format('call %s is %s at a seat that is not', c.call, c.state)
	from call c left join agent_seat s on s.account = c.agent and s.call = c.call
		and s.state = case c.state when 'talking' then 4 else 3 end
	where c.state in ('ringing', 'answering', 'talking') and s.account is null
union all
	select format('seat %s is in state %s with call %s, which is %s', s.account, s.state, s.call, c.state)
	from agent_seat s left join call c using (call)
	where s.state in (3, 4) and (c.state is null or c.agent is distinct from s.account
		or (s.state = 4) <> (c.state = 'talking') or c.state in ('waiting', 'ended'))
		or s.state in (0, 1, 2) and s.call is not null or s.state = 5 and c.state is distinct from 'ended'
union all
	select format('call %s is held by %s seats', call, count(*)) from agent_seat
	where state in (3, 4) group by call having count(*) > 1
union all
	select format('call %s waits but has agent %s', call, agent) from call where state = 'waiting' and agent is not null
union all
	select format('call %s: ended at %s, state %s', call, ended, state) from call where (state = 'ended') <> (ended is not null)
union all
	select format('seat %s: time before %s is lost or told twice', account, begun)
	from (select account, begun, ended, lag(ended, 1, begun) over (partition by account order by begun, ended) as before from agent_span) x
	where begun <> before or ended <= begun
union all
	select format('seat %s is in its state since %s, its last span ends at %s', account, since, max(ended))
	from agent_seat join agent_span using (account) group by account, since having max(ended) <> since;

do $$
declare
	s record;
	before agent_seat;
	after agent_seat;
	outcomes outcome[];
	o outcome;
	now_ms bigint := 1800000000000;
	fault text;
	talked integer;
begin
	for i in 1..3000 loop
		-- processes' clocks differ a little, so time sometimes runs back
		now_ms := now_ms + case when random() < 0.15 then -pg_temp.pick(0, 20) else pg_temp.pick(0, 2000) end;
		select * into s from pg_temp.step_make(now_ms, i);
		select * into before from agent_seat where account = s.who;
		execute format('select array_agg(o) from %I($1, gen_random_uuid(), $2) o', s.statement) into outcomes using s.who, s.p;
		if outcomes[1].kind not in ('reply', 'refused') or outcomes[1].body is null then
			raise exception 'step % % %: answered %', i, s.statement, s.p, outcomes[1];
		end if;
		foreach o in array outcomes[2:] loop
			if o.kind not in ('call', 'agent') or o.body is null or not exists (select from outbox where id = o.outbox) then
				raise exception 'step % % %: the feed would get %', i, s.statement, s.p, o;
			end if;
		end loop;
		fault := (select string_agg(x.fault, '; ') from pg_temp.call_fault x);
		if fault is not null then raise exception 'after step % % %: %', i, s.statement, s.p, fault; end if;

		if exists (select from call a join call b on b.state = 'waiting' and (b.rang, b.call) < (a.rang, a.call)
				where a.state = 'ringing' and a.offered = now_ms) then
			raise exception 'step % %: a call was offered before one that waits longer', i, s.statement;
		end if;
		if (s.statement = 'call_sweep' or s.statement = 'call_ring' and cardinality(outcomes) > 1) and exists (select from call where state = 'waiting')
			and exists (select from agent_seat where state = 2 and link <> '' and lease > now_ms) then
			raise exception 'step % %: a call waits although an agent is ready', i, s.statement;
		end if;
		if s.statement = 'call_sweep' and exists (select from agent_seat where state in (1, 2) and lease <= now_ms) then
			raise exception 'step %: a seat without console was not signed off', i;
		end if;
		select * into after from agent_seat where account = s.who;
		if s.statement in ('call_ended', 'call_hangup') and before.state = 3 and after.state in (1, 2)
			and after.state <> coalesce(before.next, 2) then
			raise exception 'step %: the wish % made while it rang became %', i, before.next, after.state;
		end if;
	end loop;
	select count(*) into talked from call where answered is not null and ended is not null;
	if talked < 30 then raise exception 'only % calls were talked to their end: the check is worth little', talked; end if;
end $$;

do $$
declare fault text := (select string_agg(check_name || ': ' || example, '; ') from verify_all() where faults > 0);
begin
	if fault is not null then raise exception '%', fault; end if;
end $$;
rollback;
