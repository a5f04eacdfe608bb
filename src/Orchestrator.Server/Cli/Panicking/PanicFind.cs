using Orchestrator.Determinism;
using Orchestrator.Providers;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>An instance that an orchestrator has rented.</summary>
/// <param name="Provider">Where it is.</param>
/// <param name="Instance">As it is listed there.</param>
internal sealed record PanicFind(string Provider, ListedInstance Instance)
{
    /// <summary>Of the installation that rented it.</summary>
    public string Epoch => LaunchToken.TryParse(Instance.Label, out var epoch, out _, out _) ? epoch : "";

    public override string ToString() => $"{Provider} {Instance.InstanceId} ({Instance.Label})";
}
