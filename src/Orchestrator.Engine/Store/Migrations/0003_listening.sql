-- Since when somebody listens to an agent without a break: silence, and a step that does not rise, count from then at the earliest.
alter table orchestrator.channels add column listening_since timestamptz;

-- When the last sweep was completed, by whichever server.
create table orchestrator.sweeps (
    one boolean primary key default true check (one),
    at  timestamptz not null
);
