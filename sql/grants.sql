-- Who may do what; run by `hotlined migrate` after the functions. The server's role touches no table:
-- it executes functions, which run as their owner. Operator functions (operator.sql) are not
-- SECURITY DEFINER, so that executing them gives the server nothing.
revoke all on schema public from public;
revoke all on all tables in schema public from public, hotline_server;
revoke all on all sequences in schema public from public, hotline_server;
revoke all on all functions in schema public from public;
grant usage on schema public to hotline_server;
grant execute on all functions in schema public to hotline_server;
-- The shelf is written by its owner alone, and a trigger refuses even that.
revoke all on schema shelf from public, hotline_server;
revoke all on all tables in schema shelf from public, hotline_server;
