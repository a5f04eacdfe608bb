using System.Globalization;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The plain tables of the small verbs.</summary>
public static class Tables
{
    private const int LongestId = 40;

    public static IEnumerable<string> Offers(IReadOnlyList<OfferView> offers, int width, Paint paint)
    {
        if (offers.Count == 0)
        {
            return ["no offers now; `orchestrator doctor` says why"];
        }

        // Whoever lists offers wants to name one: other columns go before its id is cut.
        var id = Math.Min(LongestId, offers.Max(offer => offer.Id.Length));
        var table = new TextTable(
            new("PROVIDER", 6), new("OFFER", Math.Max(5, id)), new("GPU", 8), new("CAPACITY", 9), new("$/h", 5, IsRight: true), new("IN", 2, CanGo: true),
            new("CPUS", 4, IsRight: true, CanGo: true), new("MEMORY", 6, IsRight: true, CanGo: true), new("DISK", 6, IsRight: true, CanGo: true), new("HOST", 6, CanGo: true));
        foreach (var offer in offers)
        {
            table.Add(
            [
                offer.Provider, offer.Id, offer.Gpu is null ? "none" : $"{offer.GpuCount} x {offer.Gpu}", offer.Capacity, offer.PricePerHour.ToString("0.000", CultureInfo.InvariantCulture),
                offer.Country ?? "-", offer.Cpus.ToString(CultureInfo.InvariantCulture), Say.Size(offer.MemoryBytes), offer.DiskBytes is { } disk ? Say.Size(disk) : "-", offer.Host ?? "-",
            ]);
        }

        return table.Lines(width, paint);
    }

    /// <summary>Whose offers are missing, all or in part.</summary>
    public static IEnumerable<string> Gaps(IEnumerable<string> gaps) => gaps.Select(gap => Clean.Line(Gap(gap), 1_000));

    /// <summary>As every table begins a line about what it could not see.</summary>
    internal static string Gap(string words) => $"! {words}";

    public static IEnumerable<string> OfferGroups(IReadOnlyList<OfferGroup> groups, IReadOnlyList<string> keys, int width, Paint paint)
    {
        var table = new TextTable([.. keys.Select(key => new Column(key.ToUpperInvariant(), 8)), new("OFFERS", 6, IsRight: true), new("LOWEST $/h", 10, IsRight: true), new("MEDIAN $/h", 10, IsRight: true)]);
        foreach (var group in groups)
        {
            table.Add([.. keys.Select(key => group.By[key]), Say.Count(group.Offers), group.Lowest.ToString("0.000", CultureInfo.InvariantCulture), group.Median.ToString("0.000", CultureInfo.InvariantCulture)]);
        }

        return table.Lines(width, paint);
    }

    public static IEnumerable<string> Checkpoints(IReadOnlyList<CheckpointView> checkpoints, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (checkpoints.Count == 0)
        {
            return ["no checkpoints yet"];
        }

        var table = new TextTable(new("N", 2, IsRight: true), new("STEP", 6, IsRight: true), new("SIZE", 7, IsRight: true), new("AT", 5), new("STATE", 9), new("ATTEMPT", 7, IsRight: true, CanGo: true), new("ENTRY", 8));
        foreach (var checkpoint in checkpoints)
        {
            table.Add(
                [
                    checkpoint.Number.ToString(CultureInfo.InvariantCulture), checkpoint.Step is { } step ? Say.Count(step) : "-", Say.Size(checkpoint.Bytes),
                    Say.When(checkpoint.At, now, zone), checkpoint.State, checkpoint.Attempt.ToString(CultureInfo.InvariantCulture), checkpoint.Entry,
                ],
                (column, cell) => column != 4 ? cell : checkpoint.State == "damaged" ? paint.Bad(cell) : checkpoint.State == "committed" ? paint.Good(cell) : cell);
        }

        return table.Lines(width, paint);
    }

    public static IEnumerable<string> Events(IReadOnlyList<TimelineEntry> timeline, int width, TimeZoneInfo zone) =>
        timeline.Select(entry => Clean.Line(
            $"{TimeZoneInfo.ConvertTime(entry.At, zone).ToString("MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {(entry.Attempt is { } n ? $"{n}│" : " │")} {entry.Kind,-22} {entry.Why}", width - 1));

    public static IEnumerable<string> Secrets(IReadOnlyList<SecretName> secrets, int width, Paint paint, DateTimeOffset now, TimeZoneInfo zone)
    {
        var table = new TextTable(new("SECRET", 8), new("CHANGED", 5));
        foreach (var secret in secrets)
        {
            table.Add([secret.Name, Say.When(secret.ChangedAt, now, zone)]);
        }

        return secrets.Count == 0 ? ["no secrets. Store one: orchestrator secret set NAME"] : table.Lines(width, paint);
    }

    public static IEnumerable<string> Registries(IReadOnlyList<RegistryView> registries, int width, Paint paint)
    {
        var table = new TextTable(new("REGISTRY", 8), new("HOST", 8), new("USER", 4), new("PASSWORD FROM", 8), new("TO HOSTS", 8));
        foreach (var registry in registries)
        {
            table.Add([registry.Name, registry.Host, registry.User ?? "-", registry.Password ?? "-", registry.User is null ? "-" : registry.Hosts ? "yes" : "no"]);
        }

        return registries.Count == 0 ? ["no registries; public images need none. Others: registries in orchestrator.yaml, see `orchestrator init`"] : table.Lines(width, paint);
    }

    public static IEnumerable<string> Channels(IReadOnlyList<ChannelView> channels, int width, Paint paint)
    {
        var table = new TextTable(new("CHANNEL", 8), new("KIND", 6), new("FOR", 8), new("ON", 8, CanGo: true), new("QUIET", 6, CanGo: true), new("STATE", 8));
        foreach (var channel in channels)
        {
            table.Add(
                [channel.Name, channel.Kind, channel.IsDefault ? "all jobs" : "jobs that name it", string.Join(", ", channel.On), channel.Quiet ?? "-", channel.Trouble ?? "ok"],
                (column, cell) => column != 5 ? cell : channel.Trouble is null ? paint.Good(cell) : paint.Bad(cell));
        }

        return channels.Count == 0 ? ["no channels: nobody is told of anything. Add some under channels in orchestrator.yaml, see `orchestrator init`"] : table.Lines(width, paint);
    }

    public static IEnumerable<string> Doctor(IReadOnlyList<DoctorCheck> checks, int width, Paint paint)
    {
        foreach (var check in checks)
        {
            var mark = check.Level switch { "ok" => paint.Good("✓"), "warning" => paint.Warn("!"), _ => paint.Bad("✗") };
            var lead = $"{Clean.Line(check.Area, 12),-10} ";
            foreach (var (line, at) in Prose.Lines(new(' ', lead.Length + 2), check.Text + (check.WhatToDo is { Length: > 0 } todo ? "; " + todo : ""), width - 1).Select((line, at) => (line, at)))
            {
                yield return at == 0 ? $"{lead}{mark} {line[(lead.Length + 2)..]}" : line;
            }
        }

        yield return (checks.Count(check => check.Level == "bad"), checks.Count(check => check.Level == "warning")) switch
        {
            (0, 0) => "all well",
            (0, var warnings) => $"nothing is broken; {Count(warnings, "warning")}",
            (var bad, 0) => $"{Count(bad, "thing")} to mend",
            var (bad, warnings) => $"{Count(bad, "thing")} to mend, {Count(warnings, "warning")}",
        };
    }

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
