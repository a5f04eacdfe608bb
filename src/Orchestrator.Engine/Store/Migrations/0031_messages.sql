-- What people are told: a row for each thing told, and one for each channel that it goes to.
create table orchestrator.messages (
    id      bigint generated always as identity primary key,
    at      timestamptz not null default now(),
    -- Names what it tells of, so that two servers tell it once.
    key     text not null unique,
    topic   text not null,
    job_id  bigint references orchestrator.jobs on delete cascade,
    -- Kind and subject of the alert it tells of; null = it tells of a job's event.
    subject text,
    title   text not null,
    text    text not null
);
create index messages_by_subject on orchestrator.messages (subject, at) where subject is not null;
create index messages_by_age on orchestrator.messages (at);

create table orchestrator.deliveries (
    message_id   bigint not null references orchestrator.messages on delete cascade,
    channel      text not null,
    due_at       timestamptz not null,
    tries        int not null default 0,
    delivered_at timestamptz,
    given_up_at  timestamptz,
    trouble      text,
    primary key (message_id, channel)
);
create index deliveries_due on orchestrator.deliveries (channel, due_at) where delivered_at is null and given_up_at is null;

-- Up to when the jobs' events were read for messages: what happened before the first start with messages is not told.
create table orchestrator.messages_read (
    one boolean primary key default true check (one),
    at  timestamptz not null default now()
);
insert into orchestrator.messages_read default values;

create index job_events_told on orchestrator.job_events (at) where kind in ('job-ended.1', 'job-phase-changed.1', 'training-started.1', 'attempt-ended.1');
