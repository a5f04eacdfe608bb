-- When a piece of a log arrived, so that people can ask for what is newer than a moment.
alter table orchestrator.log_chunks add column stored_at timestamptz not null default now();
