-- What the server's limits count by, beside the attempts: what a job may spend in all (null = no limit), and the price per hour with which
-- it would begin if the limits left room for it (null = it does not wait for that). Servers of the release before write neither.
alter table orchestrator.jobs add column budget_micros bigint, add column room_micros bigint;
update orchestrator.jobs set budget_micros = (state #>> '{terms,maxTotal}')::bigint where ended_at is null;
create index jobs_wanting_room on orchestrator.jobs (id) where room_micros is not null;
create index attempts_by_end on orchestrator.attempts (ended_at) where ended_at is not null;
