-- 0005 likeness: by what near-same requests find each other (重复诉求). Filled behind the commit by the server
-- (server/likeness.c); only tickets that are open or were closed within the limit `reopen_window` stand here.
-- No foreign keys: rows follow their tickets, and no ticket is ever deleted.

create table likeness_due (                -- accepted, not yet read: what a crash missed is still here
    ticket bigint primary key
);
create table likeness (
    ticket bigint primary key,
    keys   bigint[] not null               -- routing/duplicate.c: of its places and of its heaviest words
);
create table likeness_key (                -- the same keys, to be looked for: newest tickets first
    key    bigint not null,
    ticket bigint not null,
    primary key (key, ticket)
);
-- The queue's pages are emptied all the time: cleaned early, its first entry is found at once.
alter table likeness_due set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

insert into likeness_due
    select ticket from ticket where state < 80 or closed >= (extract(epoch from now()) - 30 * 86400) * 1000;
