-- Accounts at rental providers: whose key it was that our books are about (with a key of another account everything would look gone),
-- and what was last heard of them. The hash tells one key from another, and is good for nothing else.
create table orchestrator.accounts (
    provider         text primary key,
    watched_since    timestamptz not null default now(),
    endpoint         text,
    key_hash         text,
    marks            text[] not null default '{}',
    listed_at        timestamptz,
    spendable_micros bigint,
    spendable_at     timestamptz
);

-- A sweep that has run and one that saw everything are two things.
alter table orchestrator.sweeps alter column at drop not null, add column ran_at timestamptz;
