using System.Collections.Immutable;

namespace Orchestrator.Server.Configuration;

/// <summary>The configuration has errors; every one is in <see cref="Problems"/>.</summary>
public sealed class ConfigurationException(string file, ImmutableArray<ConfigurationProblem> problems)
    : Exception(string.Join('\n', problems.Where(problem => problem.IsError).Select(problem => problem.Print(file))))
{
    public ImmutableArray<ConfigurationProblem> Problems { get; } = problems;
}
