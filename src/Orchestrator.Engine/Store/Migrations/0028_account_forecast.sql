-- What a live rental is expected to cost until it is done, as the look at balances found it: its account has to last for it.
alter table orchestrator.attempts add column rest_micros bigint, add column rest_at timestamptz;
