-- Hosts that pass from one job of a batch to the next. Servers of the release before write none of this and hand nothing over.
alter table orchestrator.jobs add column host_key text;

alter table orchestrator.attempts
    -- What its instance is listed under at the provider, where that is not its own label: its first owner's.
    add column listed_as text,
    -- Its host passed on: what it cost is a part of what the instance did.
    add column passed boolean not null default false;
create index attempts_listed_as on orchestrator.attempts (listed_as) where listed_as is not null and ended_at is null;

alter table orchestrator.metered add column passed boolean not null default false;
create index metered_passed on orchestrator.metered (provider, instance_id) where passed;
create index attempts_passed on orchestrator.attempts (provider, instance_id) where passed;
