-- The sweep calls an instance an orphan only at its second sighting; this is its memory of the first.
create table orchestrator.orphans (
    provider    text not null,
    instance_id text not null,
    label       text not null,
    first_seen  timestamptz not null,
    primary key (provider, instance_id)
);
