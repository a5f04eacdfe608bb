namespace Orchestrator.Engine.Recurring;

/// <summary>Another server has settled the instant, or the series was stopped: nothing was submitted.</summary>
public sealed class FiringSettledException(SeriesId series) : Exception($"{series}: its instant is settled already");
