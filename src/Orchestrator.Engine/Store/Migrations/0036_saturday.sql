-- Metrics that are no finite numbers now (a loss of NaN), which JSON has no numbers for: {"loss": {"value": "NaN", "step": 812}}.
alter table orchestrator.channels add column not_finite json;
