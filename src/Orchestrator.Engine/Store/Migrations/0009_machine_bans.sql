-- Machines that a person keeps new attempts away from. Rows of machines that the configuration no longer names do no harm.
create table orchestrator.machine_bans (
    machine text primary key,
    reason text,
    by text not null,
    at timestamptz not null default now()
);
