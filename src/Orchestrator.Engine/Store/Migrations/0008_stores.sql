-- What each configured store was found to be when it was last tried.
create table orchestrator.stores (
    name text primary key,
    settings text not null,
    probed_at timestamptz not null,
    problem text,
    conditional_put boolean,
    conditional_complete boolean,
    clock_ahead_ms double precision,
    latency_ms double precision not null
);
