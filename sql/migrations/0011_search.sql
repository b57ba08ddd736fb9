-- 0011 search: finding tickets over years. Facets and text of every ticket, by which it is found; filled behind the
-- commit by the server (server/search.c). Truth stays in `ticket`: what has not been read yet stands in search_due
-- or likeness_due and is looked at itself. No foreign keys: rows follow their tickets.

-- A text as the machine compares it: routing/text.c text_fold() said in SQL (tests/services compares them for every
-- character). Full-width letters and digits become half-width, capitals small, white space and punctuation go.
create function search_fold(words text) returns text language plpgsql immutable strict parallel safe as $$
declare kept text := regexp_replace(words, '[\u0001-/:-@\[-`{-\u00bf\u00d7\u00f7\u2000-\u206f\u2190-\u23ff\u2500-\u27bf'
    '\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30fb\ue000-\uf8ff\ufe00-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20'
    '\uff3b-\uff40\uff5b-\uff65\uffe0-\uffff\U0001f000-\U0001faff]+', '', 'g');
begin
    if kept !~ '[A-Z０-９Ａ-Ｚａ-ｚ]' then return kept; end if;
    return translate(kept, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ０１２３４５６７８９'
        'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
        'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz');
end $$;

-- Every two neighbouring characters of a folded text, fields being parted by a space. The indexes below stand on this
-- function: another one is another migration, which makes them anew. Its cost tells the planner never to make pairs
-- of each row anew when an index has them.
create function search_pairs(folded text) returns tsvector language plpgsql immutable strict parallel safe cost 5000 as $$
declare c text[] := string_to_array(folded, null);
begin
    return array_to_tsvector(array(select a || b from unnest(c, c[2:]) x (a, b) where a <> ' ' and b <> ' '));
end $$;

-- Closed tickets, a partition a month of acceptance (search_month_ensure): nothing about them changes but by a
-- move, and a move that does puts them into search_due.
create table search_closed (
    accepted bigint not null,
    ticket   bigint not null,
    closed   bigint not null,
    facets   tsvector not null,            -- search_facets(): state, kind, matter, place, units, grade …
    words    text not null,                -- folded: place, title, body, points
    primary key (accepted, ticket)
) partition by range (accepted);
create index search_closed_find on search_closed using gin ((facets || search_pairs(words)))
    with (gin_pending_list_limit = 256);
create table search_month (                -- the partitions that there are
    month   date primary key,
    from_ms bigint not null unique,        -- Beijing midnight of its first day
    to_ms   bigint not null
);

-- Open tickets: by what does not change while they are open. Few, for ever.
create table search_open (
    ticket bigint primary key,
    words  text not null
);
create index search_open_find on search_open using gin (search_pairs(words)) with (gin_pending_list_limit = 256);

create table search_due (                  -- to be read (again): what a crash missed is still here
    ticket bigint primary key
);
alter table search_due set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
insert into search_due select ticket from ticket;

create function search_changed() returns trigger language plpgsql as $$
begin
    -- Not "do nothing": the row that is there may be about to be read and deleted, so it must be locked.
    insert into search_due values (new.ticket) on conflict (ticket) do update set ticket = excluded.ticket;
    return null;
end $$;
-- A move of an open ticket pays one comparison: what its row of search_open says stays true.
create trigger search_changed after update on ticket for each row
    when ((old.state >= 80 or new.state >= 80)
            and (old.state, old.dept, old.matter, old.grade, old.closed) is distinct from
                (new.state, new.dept, new.matter, new.grade, new.closed)
        or (old.place, old.title, old.body, old.points) is distinct from (new.place, new.title, new.body, new.points)
        or (new.state >= 80 and (old.kind, old.urgency, old.channel, old.region, old.town, old.agent)
            is distinct from (new.kind, new.urgency, new.channel, new.region, new.town, new.agent)))
    execute function search_changed();

-- A filter as it was read (search_read in sql/functions/search.sql).
create type search_asked as (
    faults  jsonb,                         -- {"filter.x": "sentence"}; null: none
    truth   text,                          -- what a row t of ticket must fulfil, in SQL; scope included
    words   text[],                        -- folded; null: no text asked for
    pairs   tsquery,                       -- their pairs
    facets  tsquery,                       -- what a closed ticket's facets must fulfil; null: anything
    few     text,                          -- by number or caller: where to read the few tickets from, in SQL
    opens   boolean,                       -- whether open tickets can fit
    closes  boolean,                       -- whether closed ones can
    from_ms bigint,                        -- accepted within [from_ms, to_ms)
    to_ms   bigint,
    closed_from bigint,                    -- closed within; null: whenever
    closed_to   bigint
);

-- Saved searches (视图): filter, order and columns of a list, under a name.
create table ticket_view (
    view    integer generated by default as identity primary key,
    account integer not null references account,
    name    text not null,
    place   integer not null,              -- order among the account's own
    shared  boolean not null default false,-- seen by the whole office of its owner
    filter  jsonb not null,
    sort    text not null,
    columns text[] not null default '{}',
    changed bigint not null,
    unique (account, name)
);
create index ticket_view_shared on ticket_view (account) where shared;
