-- Times in which a provider's lists said that it does not bill all of an instance: its host is offline, or it is stopped. The meter leaves them
-- out. What lies between two lists that say so counts; the rest is billed.
create table orchestrator.spared (
    provider    text not null,
    instance_id text not null,
    from_at     timestamptz not null,
    until_at    timestamptz not null,
    billed      text not null,
    over_at     timestamptz,
    primary key (instance_id, provider, from_at)
);

-- Instances with our label that no attempt owns, for as long as anybody wants to know what they have cost. A price is the highest per hour that
-- a list told; null = none did. orchestrator.orphans holds only those that are suspected now.
create table orchestrator.orphan_costs (
    provider       text not null,
    instance_id    text not null,
    label          text not null,
    first_seen     timestamptz not null,
    last_seen      timestamptz not null,
    per_hour_micros bigint,
    ended_at       timestamptz,
    primary key (provider, instance_id)
);

-- What the same hours would have cost on demand; null = no such price was known, or it was frozen before anybody asked.
alter table orchestrator.metered add column on_demand_micros bigint;
