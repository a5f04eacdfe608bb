using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Determinism;
using Orchestrator.Providers.Http;
using Orchestrator.Reconciling;

namespace Orchestrator.Providers.Lambda;

/// <summary>An instance as Lambda tells of it.</summary>
internal static partial class LambdaInstance
{
    /// <summary>Key of the tag with our label: a name can be changed by anybody in the console.</summary>
    public const string LabelTag = "orchestrator";

    public static bool IsId(string id) => Id().IsMatch(id);

    /// <summary>By its name, or by the tag that the launch gave it; null = not ours.</summary>
    public static string? LabelOf(ApiFields row) => Ours(row["name"].Text) ?? row["tags"].Items.Where(tag => tag["key"].Text == LabelTag).Select(tag => Ours(tag["value"].Text)).FirstOrDefault(label => label is not null);

    /// <returns>Null: not ours, or over: what has ended is listed for a while.</returns>
    /// <exception cref="ProviderException">It is ours and cannot be read: a list without it would be a part.</exception>
    public static ListedInstance? Read(ApiFields row) => row["status"].Text == "terminated" || LabelOf(row) is not { } label ? null : new ListedInstance
    {
        InstanceId = row["id"].Text is { } id && IsId(id) ? id : throw new ProviderException(ProviderErrorKind.Unknown, $"Lambda lists {OneLine.Of(label)} without an id"),
        Label = label,
        Status = StatusOf(row),
        Words = WordsOf(row),
        PerHour = row["instance_type"]["price_cents_per_hour"].Whole is { } cents and >= 0 and <= 100_000_000 ? new Money(cents * 10_000) : null,
        BilledFrom = DateTimeOffset.TryParse(row["first_healthy"].Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var healthy) ? healthy : null,
        // As good as terminated.
        Billed = row["status"].Text == "preempted" ? Spending.BilledParts.None : Spending.BilledParts.All,
    };

    /// <summary>An unhealthy one may answer or not, which is for the agent's silence to judge.</summary>
    public static InstanceStatus StatusOf(ApiFields row) => row["status"].Text switch
    {
        "booting" => InstanceStatus.Booting,
        "active" => AddressOf(row) is null ? InstanceStatus.Booting : InstanceStatus.Running,
        "terminating" => InstanceStatus.Terminating,
        "preempted" => InstanceStatus.Stopped,
        _ => InstanceStatus.Unknown,
    };

    public static string WordsOf(ApiFields row)
    {
        var place = row["region"]["name"].Text is { } region ? $" in {OneLine.Of(region, 40)}" : "";
        return $"{OneLine.Of(row["status"].Text ?? "no status", 30)}{place}{(row["status"].Text == "active" && AddressOf(row) is null ? ", without an address yet" : "")}";
    }

    /// <summary>Null = not yet: it comes late in boot, now and then after the word "active".</summary>
    public static string? AddressOf(ApiFields row) => row["ip"].Text?.Trim() is { Length: > 0 and < 64 } address && Uri.CheckHostName(address) is UriHostNameType.IPv4 or UriHostNameType.IPv6 ? address : null;

    private static string? Ours(string? label) => label is not null && label.StartsWith(LaunchToken.Prefix, StringComparison.Ordinal) ? label : null;

    [GeneratedRegex(@"^[A-Za-z0-9-]{1,64}\z")]
    private static partial Regex Id();
}
