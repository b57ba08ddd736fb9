-- Lists of open tickets by deadline and by acceptance are read in order, no further than the page.
create index ticket_open_due on ticket (state, due, ticket) where state < 80;
drop index ticket_open_state;
create index ticket_open_accepted on ticket (accepted, ticket) where state < 80;
