-- What each instance has cost by our own meter: written once, when it is confirmed gone and before anybody compares it, and never changed.
-- The money outlives the job's other rows.
create table orchestrator.metered (
    job_id         bigint not null,
    attempt        int not null,
    instance_id    text not null,
    extra          boolean not null,
    provider       text not null,
    host           text,
    created_at     timestamptz not null,
    running_at     timestamptz,
    stopped_at     timestamptz,
    gone_at        timestamptz not null,
    compute_micros bigint not null,
    disk_micros    bigint not null,
    moves_micros   bigint not null,
    egress_micros  bigint not null,
    lost_micros    bigint not null,
    never_booted   boolean not null,
    frozen_at      timestamptz not null default now(),
    primary key (job_id, attempt, instance_id)
);
create index metered_by_end on orchestrator.metered (gone_at);
create index metered_by_instance on orchestrator.metered (provider, instance_id);

create function orchestrator.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'what was metered is never changed';
end $$;
create trigger metered_is_frozen before update on orchestrator.metered for each row execute function orchestrator.refuse_change();

-- What the provider says the same instances have cost. It comes hours late and in pieces, so it is asked for again until it is settled.
create table orchestrator.charged (
    provider       text not null,
    instance_id    text not null,
    -- Null = nothing was published yet.
    total_micros   bigint,
    compute_micros bigint not null default 0,
    disk_micros    bigint not null default 0,
    moves_micros   bigint not null default 0,
    asked_at       timestamptz not null,
    changed_at     timestamptz not null,
    settled_at     timestamptz,
    primary key (provider, instance_id)
);

-- When each account was asked for its charges last, by whichever server.
create table orchestrator.charge_looks (
    provider text primary key,
    asked_at timestamptz not null
);
