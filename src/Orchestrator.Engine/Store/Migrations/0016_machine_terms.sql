-- What the newest configuration file that a server reads says of when a machine may be used.
create table orchestrator.machine_terms (
    machine text primary key,
    term    text not null,
    -- When that file was written.
    as_of   timestamptz not null,
    said_at timestamptz not null
);
