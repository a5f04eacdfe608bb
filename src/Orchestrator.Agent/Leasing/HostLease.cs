using Orchestrator.Agent.Journal;
using Orchestrator.Protocol;

namespace Orchestrator.Agent.Leasing;

/// <summary>
/// The dead man's switch: a rented host goes on for as long as servers renew its lease. It begins with the first renewal; hosts that nobody
/// leases are not touched.
/// </summary>
/// <param name="file">Keeps it over our own death.</param>
/// <param name="problems">Tells a server that comes back.</param>
/// <param name="end">What is done when it has run out; given the address that ends the instance, if there is one.</param>
/// <param name="time">Nobody sets its timestamps; only after our own restart the host's clock is believed.</param>
internal sealed class HostLease(string file, ProblemReporter problems, Func<Uri?, CancellationToken, Task> end, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

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

    public void Renew(LeaseRenewal renewal)
    {
        if (renewal.Seconds is not (> 0 and < 1e9 and var seconds))
        {
            return;
        }

        var term = TimeSpan.FromSeconds(seconds);
        var kept = new KeptLease(time.GetUtcNow() + term, renewal.Destroy);
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

    /// <summary>Acts once: a server that comes back in the middle does not stop it, since half of it is done.</summary>
    public async Task KeepAsync(CancellationToken cancellation)
    {
        while (!HasRunOut)
        {
            await Task.Delay(Look, time, cancellation);
        }

        problems.Report("lease over", "no server has been heard of for as long as this host may run alone: what can be saved is stored, then it ends");
        await end(_kept?.Destroy, cancellation);
        // Nothing trains here any more; a server that comes back finds the agent.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation);
    }
}
