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
    /// <param name="stored">The job's.</param>
    /// <param name="owner">Whose it is: others may join a batch, and what a job leaves in the image's own folders is not theirs to find.</param>
    /// <returns>Null = it neither gives its host nor takes one: its batch does not say so, or what it works on is nobody else's to see.</returns>
    public static string? Of(StoredSpec stored, string owner)
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
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner}\n{same.ToJson()}")).AsSpan(0, 16));
    }

    /// <summary>Of code and data what a host that passes on does not keep: only of what has a hash can be told that it is still the same.</summary>
    public static long FetchBytes(StoredSpec stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return BytesOf(stored, kept: false);
    }

    /// <summary>
    /// Disk that must be free on a host which is taken over, where a rented one needs <paramref name="asked"/>: less what it keeps, and of the rest half, since
    /// what the former job installed, which this one finds, takes its part of it.
    /// </summary>
    public static long DiskBytes(StoredSpec stored, long asked)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return Math.Max(0, asked - BytesOf(stored, kept: true)) / 2;
    }

    private static long BytesOf(StoredSpec stored, bool kept) =>
        stored.Sources.Where(source => source.Files.All(file => file.Hash.Length > 0) == kept).SelectMany(source => source.Files).Sum(file => file.Size);
}
