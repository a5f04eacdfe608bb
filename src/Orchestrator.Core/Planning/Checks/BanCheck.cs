using System.Collections.Immutable;
using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>Hosts the spec leaves out, and hosts that were banned here.</summary>
internal sealed class BanCheck : Check
{
    private readonly HashSet<string> _excluded;
    private readonly Dictionary<string, BannedHost> _banned = new(StringComparer.Ordinal);

    public BanCheck(ImmutableArray<string> excluded, ImmutableArray<BannedHost> banned, DateTimeOffset now)
    {
        _excluded = [.. excluded];
        foreach (var ban in banned)
        {
            if (ban.Until is null || ban.Until > now)
            {
                _banned.TryAdd(ban.Host, ban);
            }
        }
    }

    public override string? Rejects(Offer offer) =>
        offer.Host is not { } host ? null
        : _excluded.Contains(host) ? "hosts excluded by the spec"
        : _banned.ContainsKey(host) ? "hosts banned here"
        : null;

    public override string Words(Offer offer) => _banned.TryGetValue(offer.Host ?? "", out var ban) && !_excluded.Contains(ban.Host)
        ? ban.Until is { } until ? $"{ban.Why}; until {until:yyyy-MM-dd HH:mm}Z" : $"{ban.Why}; orchestrator hosts pardon {ban.Host} lifts it"
        : "exclude-hosts names it";
}
