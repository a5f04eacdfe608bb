-- When somebody first got into an attempt's host, before its agent said anything; null = never, or before this was kept.
alter table orchestrator.channels add column reached_at timestamptz;
