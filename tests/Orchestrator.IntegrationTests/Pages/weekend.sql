-- What a weekend leaves: rented hosts of one job that is done, their bills, prices, reputations, alerts.
insert into orchestrator.metered (job_id, attempt, instance_id, extra, provider, host, created_at, running_at, gone_at, compute_micros, disk_micros, moves_micros, egress_micros, lost_micros, never_booted, on_demand_micros)
select @done, 100 + n, '5' || n || '21', false, case when n % 3 = 0 then 'runpod' else 'vast' end, 'vast/58' || n, now() - make_interval(hours => 60 - 5 * n), now() - make_interval(hours => 60 - 5 * n, mins => -3),
       now() - make_interval(hours => 56 - 5 * n), 900000 + 70000 * n, 40000, 60000, 0, case when n = 4 then 210000 else 0 end, n = 7, 1900000
from generate_series(1, 10) n;

insert into orchestrator.charged (provider, instance_id, total_micros, compute_micros, asked_at, changed_at, settled_at)
select provider, instance_id, (compute_micros + disk_micros + moves_micros) * 998 / 1000, compute_micros, now(), now(), now() from orchestrator.metered where attempt between 101 and 108;

insert into orchestrator.offer_prices (per_day, at, gpu, capacity, provider, looks, offers, lowest_micros, median_micros)
select false, date_trunc('hour', now(), 'UTC') - make_interval(hours => h), gpu, capacity, 'vast', 1, 40,
       (base * (1 + 0.18 * sin(h / 24.0 * 6.283) + 0.05 * sin(h * 1.3)))::bigint, (base * 1.3)::bigint
from generate_series(0, 160) h, (values ('RTX 4090', 'OnDemand', 350000), ('RTX 4090', 'Interruptible', 262000), ('H100 SXM', 'OnDemand', 2150000)) as card (gpu, capacity, base);

-- Attempts at rented hosts: what reputations are read from.
insert into orchestrator.attempts (job_id, attempt, phase, phase_since, provider, offer, label, reason, why, instance_id, wants_channel, planned_at, launch_sent_at, started_at, ended_at, price_micros, cost_micros)
select @done, 100 + n, 'Ended', now() - make_interval(hours => 56 - 5 * n), 'vast',
       json_build_object('provider', 'vast', 'offerId', 'o' || n, 'capacity', 'OnDemand', 'hostKind', 'Container', 'host', 'vast/58' || (n % 4), 'pricePerHour', 350000, 'gpuCount', 1, 'cpus', 16,
                         'memoryBytes', 64000000000, 'gpu', case when n % 4 = 3 then 'H100 SXM' else 'RTX 4090' end),
       'orc-seed-@done-' || n, case when n % 4 = 2 then 'InstanceStopped' else 'Succeeded' end, 'seeded', '5' || n || '21', false, now() - make_interval(hours => 60 - 5 * n), now() - make_interval(hours => 60 - 5 * n),
       now() - make_interval(hours => 59 - 5 * n), now() - make_interval(hours => 56 - 5 * n), 350000, 900000
from generate_series(1, 10) n;

insert into orchestrator.machine_bans (machine, reason, by, at) values ('vast/582', 'ECC errors <img src=x onerror=alert(1)>', 'admin', now());

-- They came up three minutes later.
insert into orchestrator.job_events (job_id, seq, at, kind, why, body)
select @done, 9000 + n, now() - make_interval(hours => 60 - 5 * n, mins => -3), 'phase-entered.1', 'seeded', json_build_object('attempt', 100 + n, 'phase', 'Checking') from generate_series(1, 10) n where n <> 7;

-- Of kinds that no watch settles by itself.
insert into orchestrator.alerts (at, kind, subject, text) values
    (now() - interval '3 hours', 'channel', 'phone', 'ntfy has refused the last three messages (429): nobody is told of anything over "phone"'),
    (now() - interval '40 minutes', 'series', 's-9', 'nightly-eval could not be handed in <script>document.title = "taken over"</script>: its folder is gone');
