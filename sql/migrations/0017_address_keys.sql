-- Keys of addresses are odd now (routing/duplicate.h): what was read before is read again, behind the commit.
insert into likeness_due select ticket from likeness on conflict do nothing;
truncate likeness, likeness_key;
