-- Folding says which alert it was; whoever folds tells of it once (sql/functions/warning.sql).
drop function if exists alert_fold(ticket, jsonb, bigint);
drop function if exists keyword_alerts(ticket, bigint);
drop function if exists theme_alerts(ticket, bigint);
