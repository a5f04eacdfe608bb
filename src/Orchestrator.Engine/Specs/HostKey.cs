using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>
/// Which jobs of a batch may take each other's hosts over: all that makes a host what it is for them (image, data, demands, policy) is the same, as it
/// is pinned. What is run there, and with which values, makes no difference. Anything that is compared needlessly only costs a boot.
/// </summary>
public static class HostKey
{
    /// <returns>Null = it neither gives its host nor takes one: its batch does not say so, or what it works on is nobody else's to see.</returns>
    public static string? Of(StoredSpec stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        if (stored.Spec is not { Batch.ReuseHosts: true, Sensitive: false })
        {
            return null;
        }

        var same = stored with
        {
            As = null,
            Rehearsal = null,
            Deliveries = ImmutableSortedDictionary<int, string>.Empty,
            Spec = stored.Spec with
            {
                Name = "",
                Run = null,
                Command = [],
                Setup = null,
                Env = ImmutableSortedDictionary<string, string>.Empty,
                Labels = ImmutableSortedDictionary<string, string>.Empty,
                Cell = null,
                Vars = ImmutableSortedDictionary<string, string>.Empty,
                Outputs = [],
                Priority = 0,
            },
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(same.ToJson())).AsSpan(0, 16));
    }

    /// <summary>Of code and data what a host that passes on does not keep: only of what has a hash can be told that it is still the same.</summary>
    public static long FetchBytes(StoredSpec stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored.Sources.Where(source => source.Files.Any(file => file.Hash.Length == 0)).SelectMany(source => source.Files).Sum(file => file.Size);
    }
}
