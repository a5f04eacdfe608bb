-- How an attempt's step rose: the highest one, when it was reached, the total that was named with it; and the steps and seconds from
-- the second report on (null before that: the first steps warm up).
alter table orchestrator.channels add column pace_step bigint, add column pace_at timestamptz, add column pace_total bigint,
    add column paced_steps double precision, add column paced_seconds double precision;

-- What work takes, as jobs that succeeded and rehearsals showed it.
create table orchestrator.work_measured (
    id               bigint generated always as identity primary key,
    -- The same for jobs that do the same work.
    work_key         text not null,
    source           text not null check (source in ('job', 'rehearsal')),
    name             text not null,
    -- Null for a rehearsal.
    job_id           bigint unique,
    at               timestamptz not null,
    gpu              text,
    gpu_count        int not null,
    work_seconds     double precision not null,
    seconds_per_step double precision,
    total_steps      bigint,
    checkpoint_bytes bigint,
    boot_seconds     double precision,
    stage_seconds    double precision
);
create index work_measured_newest on orchestrator.work_measured (work_key, at desc);

-- What one card usually scores, at providers that publish scores.
create table orchestrator.usual_scores (
    provider text not null,
    gpu      text not null,
    per_card double precision not null,
    at       timestamptz not null,
    primary key (provider, gpu)
);
