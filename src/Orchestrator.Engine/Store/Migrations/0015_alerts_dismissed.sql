-- A person has seen it: it is hidden for as long as its cause holds. It stays open meanwhile, so that it is not raised anew.
alter table orchestrator.alerts add column dismissed_at timestamptz, add column dismissed_by text;
