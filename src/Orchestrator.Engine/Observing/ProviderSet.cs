using Orchestrator.Providers;

namespace Orchestrator.Engine.Observing;

/// <summary>The configured providers by name.</summary>
public sealed class ProviderSet
{
    private readonly SortedDictionary<string, IProvider> _byName = new(StringComparer.Ordinal);

    public ProviderSet(IEnumerable<IProvider> providers)
    {
        foreach (var provider in providers)
        {
            _byName.Add(provider.Name, provider);
        }
    }

    public IReadOnlyCollection<IProvider> All => _byName.Values;

    /// <summary>Null when it is no longer configured: what it holds is Unknown until it is again.</summary>
    public IProvider? Find(string name) => _byName.GetValueOrDefault(name);
}
