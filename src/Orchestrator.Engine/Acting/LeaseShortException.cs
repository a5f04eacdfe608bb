namespace Orchestrator.Engine.Acting;

/// <summary>Less lease remains than the effect may take.</summary>
public sealed class LeaseShortException : Exception;
