-- The curve of a training for people to look at: a sample now and then, written with the heartbeat that brought it.
-- Nothing is decided from it.
create table orchestrator.progress (
    job_id  bigint not null,
    attempt int not null,
    at      timestamptz not null,
    step    bigint not null,
    metrics json,
    primary key (job_id, attempt, at),
    foreign key (job_id, attempt) references orchestrator.attempts on delete cascade
);

alter table orchestrator.channels add column sampled_from timestamptz, add column sampled_at timestamptz;
