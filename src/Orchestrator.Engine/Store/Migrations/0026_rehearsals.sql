-- Jobs that rehearse another one: what was seen and decided, and what they stamped. A job that has a row here is one, whatever its name.
create table orchestrator.rehearsals (
    job_id      bigint primary key references orchestrator.jobs on delete cascade,
    -- The job that is rehearsed.
    name        text not null,
    -- Field of the spec to a hash of its value.
    stamp       json not null,
    record      json not null,
    -- Who looks at it now.
    lease_until timestamptz,
    -- The killed attempt: its loss says nothing of its host.
    killed      int,
    -- Set with its end, when nothing of it is left.
    outcome     text,
    figures     json,
    ended_at    timestamptz
);
create index rehearsals_live on orchestrator.rehearsals (job_id) where ended_at is null;
create index rehearsals_newest on orchestrator.rehearsals (name, ended_at desc) where ended_at is not null;
