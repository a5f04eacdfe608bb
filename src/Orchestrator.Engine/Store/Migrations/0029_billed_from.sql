-- Since when an instance is billed, as its provider's lists say; null = they do not. What we saw first may be hours later: nobody looks while no server runs.
alter table orchestrator.instances add column billed_from timestamptz;
create index instances_by_id on orchestrator.instances (provider, instance_id);
