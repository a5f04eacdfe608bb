using System.Text;
using Orchestrator.Engine.Security;
using Orchestrator.Protocol;

namespace Orchestrator.Engine.Hosts;

/// <summary>
/// Takes a job's secrets out of what its host says before it reaches the database; for one visit. In the log they are masked
/// byte for byte, since the log is addressed by offsets.
/// </summary>
public sealed class HostRedactor
{
    private const byte Mask = (byte)'*';
    private const int LongestWords = 16 << 10;

    /// <summary>An object's key may have 1024 bytes.</summary>
    private const int LongestKey = 1025;

    private readonly Lock _learning = new();
    private volatile Known _known;

    /// <summary>Received and not given out: it could be the beginning of a secret.</summary>
    private byte[] _held = [];
    private long _heldAt;

    /// <param name="secrets">Values by name; one name may have several.</param>
    /// <param name="logOffset">Length of the stored log: where the visit goes on.</param>
    public HostRedactor(IReadOnlyCollection<KeyValuePair<string, string>> secrets, long logOffset)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _known = new Known(secrets);
        _heldAt = logOffset;
    }

    /// <summary>
    /// What the trainer is about to be told is masked as well: a secret may have been set anew since the visit began. For any thread;
    /// before it is sent.
    /// </summary>
    public void Learn(IReadOnlyCollection<KeyValuePair<string, string>> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        lock (_learning)
        {
            var news = secrets.Where(secret => !_known.Has(secret.Value)).ToList();
            if (news.Count > 0)
            {
                _known = new Known([.. _known.Secrets, .. news]);
            }
        }
    }

    /// <summary>
    /// The next piece of the log, masked, without an end that could be the beginning of a secret: that comes with the piece after
    /// it, or with <see cref="Rest"/>. A piece that does not follow is given on as it lies, for the store to judge.
    /// </summary>
    public LogRun Next(long offset, ReadOnlyMemory<byte> data)
    {
        var end = _heldAt + _held.Length;
        if (offset > end)
        {
            return new(offset, _known.Masked(data.ToArray()));
        }

        if (offset + data.Length <= end)
        {
            return new(_heldAt, default);
        }

        byte[] all = [.. _held, .. data.Span[(int)(end - offset)..]];
        var known = _known;
        known.Masked(all);
        var ready = all.Length - known.PossibleBeginning(all);
        var run = new LogRun(_heldAt, all.AsMemory(0, ready));
        (_heldAt, _held) = (_heldAt + ready, all[ready..]);
        return run;
    }

    /// <summary>What was held back, once nothing more is written.</summary>
    public LogRun Rest()
    {
        var run = new LogRun(_heldAt, _held);
        (_heldAt, _held) = (_heldAt + _held.Length, []);
        return run;
    }

    public Heartbeat Clean(Heartbeat heartbeat)
    {
        ArgumentNullException.ThrowIfNull(heartbeat);
        return heartbeat.Activity is { } activity ? heartbeat with { Activity = _known.Words.Redact(activity) } : heartbeat;
    }

    /// <summary>
    /// Masked, and cut to what a person or the kernel can use: every event is stored, and its line may be a megabyte long. Keys and
    /// names of checkpoints are not masked, the kernel compares them.
    /// </summary>
    public AgentEvent Clean(AgentEvent happened) => happened switch
    {
        HostChecked e => e with { Refusal = e.Refusal is { } refusal ? Words(refusal) : null, Facts = Words(e.Facts) },
        FilesStaged e => e with { RestoredManifestKey = Key(e.RestoredManifestKey) },
        StageRefused e => e with { ManifestKey = Key(e.ManifestKey), Words = Words(e.Words) },
        TrainerEnded e => e with { Tail = Words(e.Tail) },
        TrainerVanished e => e with { Words = Words(e.Words) },
        CheckpointStored e => e with { ManifestKey = Key(e.ManifestKey) ?? "", Entry = Key(e.Entry) ?? "" },
        CheckpointDiscarded e => e with { Entry = Key(e.Entry) ?? "", Words = Words(e.Words) },
        SaveDone e => e with { ManifestKey = Key(e.ManifestKey), Words = Words(e.Words) },
        RetireDone e => e with { ManifestKey = Key(e.ManifestKey) ?? "" },
        DrainDone e => e with { Words = Words(e.Words) },
        HostCleaned e => e with { Words = Words(e.Words) },
        HostProblem e => e with { Words = Words(e.Words) },
        _ => happened,
    };

    // JSON of a host can hold null where the type says it cannot. The end is kept: the last lines of a log say most.
    private string Words(string? words)
    {
        var clean = _known.Words.Redact(words ?? "");
        return clean.Length > LongestWords ? clean[^LongestWords..] : clean;
    }

    /// <summary>One that is cut is no key of ours any more, and is refused as such.</summary>
    private static string? Key(string? key) => key?.Length > LongestKey ? key[..LongestKey] : key;

    /// <summary>What is masked, at one moment.</summary>
    private sealed class Known
    {
        private readonly byte[][] _patterns;

        public Known(IReadOnlyCollection<KeyValuePair<string, string>> secrets)
        {
            Secrets = secrets;
            Words = new Redactor(secrets);
            _patterns =
            [
                .. secrets.Select(secret => secret.Value).Where(value => value.Length >= Redactor.ShortestSecret).SelectMany(SecretForms.Of).Distinct(StringComparer.Ordinal)
                    .Select(Encoding.UTF8.GetBytes).OrderByDescending(pattern => pattern.Length),
            ];
        }

        public IReadOnlyCollection<KeyValuePair<string, string>> Secrets { get; }

        public Redactor Words { get; }

        public bool Has(string value) => Secrets.Any(secret => secret.Value == value);

        public byte[] Masked(byte[] bytes)
        {
            foreach (var pattern in _patterns)
            {
                var from = 0;
                for (var at = bytes.AsSpan().IndexOf(pattern); at >= 0; at = bytes.AsSpan(from).IndexOf(pattern))
                {
                    bytes.AsSpan(from + at, pattern.Length).Fill(Mask);
                    from += at + pattern.Length;
                }
            }

            return bytes;
        }

        /// <summary>Length of the longest end that is a beginning, but not the whole, of some pattern.</summary>
        public int PossibleBeginning(ReadOnlySpan<byte> bytes)
        {
            var longest = 0;
            foreach (var pattern in _patterns)
            {
                for (var length = Math.Min(pattern.Length - 1, bytes.Length); length > longest; length--)
                {
                    if (bytes[^length..].SequenceEqual(pattern.AsSpan(0, length)))
                    {
                        longest = length;
                    }
                }
            }

            return longest;
        }
    }
}
