using Orchestrator.Agent.Attaching;
using Orchestrator.Agent.Journal;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Leasing;

/// <summary>
/// The dead man's switch: a rented host goes on for as long as servers renew its lease. It begins with the first renewal; hosts that nobody
/// leases are not touched.
/// </summary>
/// <param name="file">Keeps it over our own death.</param>
/// <param name="problems">Tells a server that comes back.</param>
/// <param name="presence">Who is attached.</param>
/// <param name="end">What is done when it has run out; given the address that ends the instance, if there is one.</param>
/// <param name="time">Nobody sets its timestamps; only after our own restart the host's clock is believed.</param>
internal sealed class HostLease(string file, ProblemReporter problems, ServerPresence presence, Func<Uri?, CancellationToken, Task> end, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>As often as servers do.</summary>
    private static readonly TimeSpan Anew = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private KeptLease? _kept = JsonFile.Read(file, AgentJson.Default.KeptLease);
    private (long Since, TimeSpan For)? _term;

    private bool HasRunOut
    {
        get
        {
            lock (_lock)
            {
                return _term is { } term ? time.GetElapsedTime(term.Since) >= term.For : _kept is { } kept && kept.Until <= time.GetUtcNow();
            }
        }
    }

    /// <summary>It knows of no leases and renews none, but it is there; true as often as others would renew.</summary>
    private bool IsHeldByAnOlderServer
    {
        get
        {
            if (presence.Attached is not { Minor: < ProtocolVersion.LeaseSince })
            {
                return false;
            }

            lock (_lock)
            {
                return _term is not { } term || time.GetElapsedTime(term.Since) >= (term.For / 4 < Anew ? term.For / 4 : Anew);
            }
        }
    }

    public void Renew(LeaseRenewal renewal)
    {
        if (renewal.Seconds is not (> 0 and < 1e9 and var seconds))
        {
            return;
        }

        var term = TimeSpan.FromSeconds(seconds);
        var kept = new KeptLease(time.GetUtcNow() + term, renewal.Destroy, seconds);
        lock (_lock)
        {
            (_term, _kept) = ((time.GetTimestamp(), term), kept);
        }

        try
        {
            JsonFile.Write(file, kept, AgentJson.Default.KeptLease);
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            problems.Report("lease", $"the lease cannot be kept: {full.Message}");
        }
    }

    /// <summary>Whether it has run out. One that an older server holds begins anew.</summary>
    public bool IsOver()
    {
        if (IsHeldByAnOlderServer && _kept is { } kept)
        {
            Renew(new LeaseRenewal(kept.Until) { Seconds = kept.Seconds, Destroy = kept.Destroy });
        }

        return HasRunOut;
    }

    /// <summary>Acts once: a server that comes back in the middle does not stop it, since half of it is done.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        while (!IsOver())
        {
            await Task.Delay(Look, time, cancellation);
        }

        try
        {
            problems.Report("lease over", "no server has been heard of for as long as this host may run alone: what can be saved is stored, then it ends");
        }
        catch (Exception failing) when (failing is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Write($"lease: its end cannot be told: {failing.Message}");
        }

        await end(_kept?.Destroy, cancellation);
        // Nothing trains here any more; a server that comes back finds the agent.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
    }
}
