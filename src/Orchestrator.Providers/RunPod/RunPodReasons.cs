using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orchestrator.Providers.Http;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// Asks why pods do not come up. A pod that pulls, one that crashes and one that nobody reaches look alike in the list; the log of the
/// system tells them apart. It is asked for those alone that are late or have stopped, each once a minute.
/// </summary>
internal sealed class RunPodReasons(RunPodApi api, RunPodOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Of one list: who waits for it is not held up by many.</summary>
    private const int MostAtOnce = 4;

    private static readonly TimeSpan _again = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _forgotten = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>Somebody is about to connect there; who is connected does not come again.</summary>
    public void Dialled(string instance) => _known.AddOrUpdate(
        instance,
        _ => new Known { DialledAt = time.GetTimestamp(), FirstDial = time.GetTimestamp() },
        (_, known) => known with { DialledAt = time.GetTimestamp(), FirstDial = IsDialled(known) ? known.FirstDial : time.GetTimestamp() });

    /// <summary>The instances with what their hosts tell of them.</summary>
    public async Task<IReadOnlyList<ListedInstance>> ExplainAsync(IReadOnlyList<ListedInstance> instances, CancellationToken cancellation)
    {
        foreach (var (id, known) in _known.Where(one => time.GetElapsedTime(Math.Max(one.Value.SeenAt ?? 0, one.Value.DialledAt ?? 0)) > _forgotten).ToList())
        {
            _known.TryRemove(KeyValuePair.Create(id, known));
        }

        var late = instances.Where(IsLate).ToList();
        var due = late.Where(IsDue).OrderBy(instance => _known[instance.InstanceId].AskedAt ?? 0).ThenBy(instance => instance.InstanceId, StringComparer.Ordinal).Take(MostAtOnce);
        await Task.WhenAll(due.Select(instance => AskAsync(instance, cancellation)));
        return [.. instances.Select(instance => late.Contains(instance) && _known[instance.InstanceId].Reason is { } reason ? instance with { Words = $"{instance.Words}; its host says: {reason}" } : instance)];
    }

    private bool IsLate(ListedInstance instance)
    {
        var now = time.GetTimestamp();
        var known = _known.AddOrUpdate(
            instance.InstanceId,
            _ => new Known().Seen(instance.Status, now),
            (_, before) => before.Seen(instance.Status, now));
        return instance.Status switch
        {
            InstanceStatus.Stopped => true,
            InstanceStatus.Booting => time.GetElapsedTime(known.BootingSince!.Value) >= options.Late,
            // It has a port since lately, and somebody tries in vain to get in. Those that work are dialled now and then, too.
            InstanceStatus.Running => IsDialled(known) && time.GetElapsedTime(known.FirstDial!.Value) >= options.Unreached && time.GetElapsedTime(known.UpSince!.Value) <= options.Timings.Connect + options.Late,
            _ => false,
        };
    }

    private bool IsDialled(Known known) => known.DialledAt is { } at && time.GetElapsedTime(at) < _again;

    private bool IsDue(ListedInstance instance) => _known[instance.InstanceId] is var known && (known.AskedAt is not { } at || known.AskedAs != instance.Status || time.GetElapsedTime(at) >= _again);

    private async Task AskAsync(ListedInstance late, CancellationToken cancellation)
    {
        var instance = late.InstanceId;
        _known[instance] = _known[instance] with { AskedAt = time.GetTimestamp(), AskedAs = late.Status };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_longest);
        try
        {
            var call = new ApiCall(HttpMethod.Get, $"v2/pods/{instance}/logs?source=system&tail=100") { Lanes = RunPodLanes.All, Patience = TimeSpan.FromSeconds(1), Excerpt = options.Log };
            var answer = await api.AskAsync(call, limit.Token);
            _known[instance] = _known[instance] with { Reason = RunPodNarration.Reason(RunPodNarration.LinesOf(answer.Text)) ?? _known[instance].Reason };
        }
        catch (ProviderException silent)
        {
            // The list is what counts; that somebody cannot say why must not keep it back.
            log.LogInformation("RunPod does not tell why {Instance} is not up: {Words}", instance, silent.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            log.LogInformation("RunPod does not tell within {Limit} why {Instance} is not up", _longest, instance);
        }
    }

    /// <summary>Timestamps of <see cref="TimeProvider"/>.</summary>
    private sealed record Known
    {
        public long? SeenAt { get; init; }

        public long? BootingSince { get; init; }

        public long? UpSince { get; init; }

        public long? FirstDial { get; init; }

        public long? DialledAt { get; init; }

        public long? AskedAt { get; init; }

        public InstanceStatus AskedAs { get; init; }

        public string? Reason { get; init; }

        public Known Seen(InstanceStatus status, long now) => this with
        {
            SeenAt = now,
            BootingSince = status == InstanceStatus.Booting ? BootingSince ?? now : null,
            UpSince = status == InstanceStatus.Running ? UpSince ?? now : null,
        };
    }
}
