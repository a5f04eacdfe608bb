using Orchestrator.Protocol;

namespace Orchestrator.Agent.Ahead;

/// <summary>What was granted ahead for one checkpoint: spare names for its files, each used once, and its manifest's.</summary>
/// <param name="slots">For files.</param>
/// <param name="manifest">For the manifest.</param>
/// <param name="used">Told when one of them is used.</param>
/// <param name="denied">Told, in words, when the store does not take one.</param>
internal sealed class AheadSet(IEnumerable<Grant> slots, Grant manifest, Action used, Action<string> denied)
{
    /// <summary>What every store takes in one PUT; larger files wait for the server.</summary>
    public const long MostBytes = 4L << 30;

    private readonly Queue<Grant> _slots = new(slots);
    private bool _denied;
    private int _without;

    /// <summary>A file has no place in it, and waits for the server.</summary>
    public bool IsShort => Volatile.Read(ref _without) > 0;

    /// <summary>It is enough for so many files, of which the largest has so many bytes.</summary>
    public bool Fits(int files, long largest)
    {
        lock (_slots)
        {
            return !_denied && files <= _slots.Count && largest <= MostBytes;
        }
    }

    public void BeginWithout() => Interlocked.Increment(ref _without);

    public void EndWithout() => Interlocked.Decrement(ref _without);

    /// <summary>Null = there is none left.</summary>
    public Grant? TakeSlot()
    {
        lock (_slots)
        {
            return !_denied && _slots.TryDequeue(out var slot) ? Used(slot) : null;
        }
    }

    /// <summary>Null = the store took none of the others.</summary>
    public Grant? Manifest()
    {
        lock (_slots)
        {
            return _denied ? null : Used(manifest);
        }
    }

    /// <summary>They were signed alike: if one is not taken, none is.</summary>
    public void Deny(string words)
    {
        lock (_slots)
        {
            _denied = true;
        }

        denied(words);
    }

    private Grant Used(Grant grant)
    {
        used();
        return grant;
    }
}
