-- When the next request may go to a rental API, per account and published limit, for all servers together: the instant at which
-- all places taken so far will have been used up.
create table orchestrator.request_pace (
    account text not null,
    lane    text not null,
    taken   timestamptz not null,
    primary key (account, lane)
);
