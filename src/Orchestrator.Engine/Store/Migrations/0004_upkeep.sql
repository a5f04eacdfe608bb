-- Aborting an ended attempt's multipart uploads is owed once; the sweep repeats it until the store has answered.
alter table orchestrator.attempts add column uploads_aborted_at timestamptz;
create index attempts_uploads on orchestrator.attempts (job_id, attempt) where ended_at is not null and uploads_aborted_at is null;

-- The sweep drops what ended jobs no longer need.
create index inbox_handled on orchestrator.inbox (handled_at) where handled_at is not null;
create index jobs_ended on orchestrator.jobs (ended_at) where ended_at is not null;
