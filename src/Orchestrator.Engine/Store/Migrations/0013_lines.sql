-- The most that this attempt's transfers from and to stores reached, in megabits per second; null = too little moved to tell.
alter table orchestrator.channels add column down_mbps double precision, add column up_mbps double precision;
