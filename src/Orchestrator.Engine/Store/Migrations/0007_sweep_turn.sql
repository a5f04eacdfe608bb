-- Whose turn it is to compare the providers with the books; a turn runs out, so that a server that froze holds nobody up.
create table orchestrator.sweep_turn (
    one   boolean primary key default true check (one),
    owner text        not null,
    until timestamptz not null
);
