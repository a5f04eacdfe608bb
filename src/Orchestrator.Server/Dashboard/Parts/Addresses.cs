using System.Globalization;

namespace Orchestrator.Server.Dashboard.Parts;

/// <summary>Where our pages are.</summary>
internal static class Addresses
{
    internal const string Root = "/hangfire";
    internal const string Now = "/now";
    internal const string Jobs = "/training";
    internal const string Batches = "/batches";
    internal const string Money = "/money";
    internal const string Hosts = "/hosts";
    internal const string Attention = "/attention";

    /// <summary>Outside Hangfire's: what forms are sent to, and the stream of changes.</summary>
    internal const string Forms = "/training";

    internal static string Of(string page) => Root + page;

    internal static string Job(long id) => Root + Jobs + "/" + Number(id);

    internal static string Batch(long id) => Root + Batches + "/" + Number(id);

    internal static string BatchCommand(long batch, string command) => Forms + "/batches/" + Number(batch) + "/" + command;

    internal static string Checkpoint(long job, int number) => Job(job) + "/checkpoints/" + Number(number);

    internal static string Changes(long? job) => Forms + "/changes" + (job is { } id ? "?job=" + Number(id) : "");

    internal static string Command(long job, string command) => Forms + "/" + Number(job) + "/" + command;

    internal static string Dismiss(long alert) => Forms + "/alerts/" + Number(alert) + "/dismiss";

    internal static string File(long job, string key) => "/api/v1/jobs/" + Number(job) + "/files?key=" + Uri.EscapeDataString(key);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
