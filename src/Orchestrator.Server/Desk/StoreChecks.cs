using System.Globalization;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Desk;

/// <summary>One store in the words of <c>doctor</c>.</summary>
internal static class StoreChecks
{
    private static readonly TimeSpan _clockNoticed = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _clockTolerated = TimeSpan.FromMinutes(4);

    internal static DoctorCheck Describe(NamedStore named, bool isDefault, StoreProbeResult found)
    {
        var title = isDefault ? $"{named.Name} (default)" : named.Name;
        if (found.Problem is { } problem)
        {
            return new("store", "bad", $"{title}: {problem}", "jobs that keep checkpoints there train on and wait with them until that is mended");
        }

        var facts = new List<string> { named.What, string.Create(CultureInfo.InvariantCulture, $"answers in {found.Latency.TotalMilliseconds:0} ms") };
        if (found.ClockAhead is { } ahead && ahead.Duration() > _clockNoticed)
        {
            facts.Add($"its clock is {Say.For(ahead.Duration())} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's");
        }

        if (named.EgressPerGb > Money.Zero)
        {
            facts.Add(string.Create(CultureInfo.InvariantCulture, $"reading costs ${named.EgressPerGb.Dollars:0.###}/GB"));
        }

        var line = $"{title}: write, read, delete, parts; {string.Join(", ", facts)}";
        return found.ClockAhead is { } skew && skew.Duration() > _clockTolerated
            ? new("store", "warning", line, "set this machine's clock (timedatectl set-ntp true): signed URLs would begin or end at the wrong time")
            : found.Traits is { ConditionalPut: true, ConditionalComplete: true }
            ? new("store", "ok", line)
            : new("store", "warning", $"{line}; it does not keep keys from being written twice", "keys are chosen so that no two attempts share one; nothing to do");
    }
}
