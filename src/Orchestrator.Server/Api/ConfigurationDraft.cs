namespace Orchestrator.Server.Api;

/// <param name="Yaml">A piece of <c>orchestrator.yaml</c> that is to be tried before a person puts it there.</param>
public sealed record ConfigurationDraft(string Yaml);
