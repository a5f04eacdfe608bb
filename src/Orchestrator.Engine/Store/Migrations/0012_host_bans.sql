-- Bans of any host, not of own machines alone: "machine" is then the host as offers name it (vast/58761); own machines keep their bare
-- names, which have no slash, for servers of the release before. Those do not know an end and keep to a ban for longer.
alter table orchestrator.machine_bans add column until timestamptz;

-- What a person has pardoned is not banned again for what happened before.
create table orchestrator.host_pardons (
    host text primary key,
    by   text not null,
    at   timestamptz not null default now()
);
