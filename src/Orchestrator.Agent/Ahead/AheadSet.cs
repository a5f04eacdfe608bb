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
