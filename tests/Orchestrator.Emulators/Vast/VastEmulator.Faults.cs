namespace Orchestrator.Emulators.Vast;

/// <summary>What the market and the hosts do to what is rented.</summary>
public sealed partial class VastEmulator
{
    /// <summary>Somebody bids more: the floor rises over what it pays, and it is stopped.</summary>
    public void Outbid(int id) => Outbid(id, Switches.OutbidStaysWanted);

    /// <summary>The others bid less, down to this.</summary>
    public void Ease(int id, double leastBid)
    {
        lock (_gate)
        {
            _instances[id].Ask.LeastBid = leastBid;
        }
    }

    /// <summary>In one of the two ways in which its record may tell of it.</summary>
    public void Outbid(int id, bool staysWanted)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            var instance = _instances[id];
            instance.Ask.LeastBid = Math.Max(instance.Ask.LeastBid, instance.Bid ?? instance.Ask.Price) * 1.25;
            Lose(instance, staysWanted);
        }
    }

    private void Lose(VastInstance instance, bool staysWanted)
    {
        if (staysWanted)
        {
            Stop(instance, "stopped", "running", "stopped", "running");
        }
        else
        {
            Stop(instance, "exited", "stopped", "stopped", "stopped");
        }
    }

    /// <summary>Its card was taken before it started, or its host gave up on it.</summary>
    public void FlipToStopped(int id)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            Stop(_instances[id], "loading", "stopped", "stopped", "stopped");
        }
    }

    /// <summary>Its host wants so much an hour from now on.</summary>
    public void RaisePrice(int id, double perHour)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            _instances[id].Raised = perHour;
        }
    }

    /// <summary>The host loses its line, or has it back.</summary>
    public void TakeOffline(int id, bool away)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            _instances[id].Offline(away, time.GetUtcNow());
            backend.Freeze(_instances[id].Key, away);
        }
    }

    /// <summary>The platform loses sight of its container, or finds it again.</summary>
    public void LoseSight(int id, bool lost)
    {
        lock (_gate)
        {
            Pass(time.GetUtcNow());
            _instances[id].IsUnknown = lost;
        }
    }

    /// <summary>Its contract ends at that instant, whatever was offered.</summary>
    public void EndContract(int id, DateTimeOffset at)
    {
        lock (_gate)
        {
            _instances[id].Until = at;
        }
    }

    /// <summary>Gone, without anybody asking for it.</summary>
    public void Vanish(int id)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Pass(now);
            End(_instances[id]);
        }
    }
}
