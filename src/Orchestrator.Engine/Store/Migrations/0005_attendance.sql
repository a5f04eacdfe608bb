-- When a server of ours was last there, and the times in which none was: deadlines that wait for an answer do not count them.
create table orchestrator.attendance (
    one     boolean primary key default true check (one),
    seen_at timestamptz not null
);

create table orchestrator.unattended (
    since timestamptz primary key,
    until timestamptz not null
);
