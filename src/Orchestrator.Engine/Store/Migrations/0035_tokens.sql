-- Tokens of the API besides the installation's first one, which is a file. Nothing of a token is kept but its hash.
-- The first schema had a table of that name, which nothing has ever written to.
drop table orchestrator.tokens;

create table orchestrator.tokens (
    -- The beginning of the hash.
    id         text primary key,
    hash       text not null,
    name       text not null,
    role       text not null,
    -- It signs browsers in and is no bearer's.
    is_link    boolean not null default false,
    created_at timestamptz not null default now(),
    created_by text not null,
    -- Null = it does not expire.
    expires_at timestamptz,
    revoked_at timestamptz,
    revoked_by text
);

-- The moment of the backup that the database was restored from, until a person has confirmed it.
alter table orchestrator.installation add column restored_from timestamptz;
