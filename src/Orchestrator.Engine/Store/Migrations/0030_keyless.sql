-- A rented container that was given no key with which it could end itself, as the script that starts the agent there saw: nothing bounds what it costs without a server.
alter table orchestrator.channels add column keyless boolean not null default false;
