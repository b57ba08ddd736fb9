-- 0015 督办 keep the limit behind their deadline, so that a changed calendar reckons them again.
alter table supervision add rule text;   -- "order_plain:5wd" (routing/due.h), counted from `at`
