-- The list of an export whose order moves while tickets do; only while it is under way.
alter table export add column tickets bigint[];
