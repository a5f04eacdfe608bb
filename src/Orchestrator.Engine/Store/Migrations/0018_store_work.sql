-- Who reads or deletes something of a store just now: other servers that owe the same leave it alone until that runs out.
create table orchestrator.store_work (
    job_id   bigint not null references orchestrator.jobs on delete cascade,
    key      text not null,
    owner    text not null,
    until    timestamptz not null,
    -- Its bytes were compared and are right; known until then, so that nobody reads them twice before it is on the books.
    compared boolean not null default false,
    primary key (job_id, key)
);
