-- Which protocol the agent of an attempt speaks, as its hello says; null = it has not answered yet, or only to an older server.
alter table orchestrator.channels add column agent_minor int;
