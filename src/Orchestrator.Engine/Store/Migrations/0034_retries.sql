-- A job that takes another one up again, and another job's checkpoint that is still being copied for a job: until it is, nobody deletes it.
alter table orchestrator.jobs
    add column retry_of bigint references orchestrator.jobs,
    add column start_job bigint,
    add column start_manifest text;
-- Two people who press the same button, or a client that asks again, get one job.
create unique index jobs_live_retry on orchestrator.jobs (retry_of) where retry_of is not null and ended_at is null;
create index jobs_starting on orchestrator.jobs (start_job) where start_job is not null;
