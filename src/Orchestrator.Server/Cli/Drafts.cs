using Orchestrator.Server.Api;
using Orchestrator.Server.Configuration;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>
/// How <c>add</c> works: the server tries an entry, and the person puts it into their configuration. The file is theirs: with their
/// comments and their order, perhaps in a repository; we do not write it.
/// </summary>
internal static class Drafts
{
    /// <param name="context">The verb.</param>
    /// <param name="entry">What would be added.</param>
    /// <param name="path">Where it is tried.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static async Task<int> TryAsync(CliContext context, YamlEntry entry, string path, CancellationToken cancellation)
    {
        var lines = entry.Lines().ToList();
        using var api = await context.ConnectAsync(cancellation);
        var report = await api.PostAsync<DoctorReport>(path, new ConfigurationDraft(string.Join('\n', lines) + "\n"), cancellation);
        var isBad = report.Checks.Any(check => check.Level == "bad");
        if (context.Json)
        {
            context.PrintJson(new { report.Checks, yaml = isBad ? null : string.Join('\n', lines) });
        }
        else
        {
            context.Print(Tables.Doctor(report.Checks, context.Terminal.Width, context.Terminal.Paint));
            context.Print(isBad ? [] : lines.Prepend($"Put this into {FileOf(context)} (under its {entry.Block}, where it has that line), then: orchestrator server stop").Select(line => Clean.Line(line, 1_000)));
        }

        return isBad ? ExitCodes.JobFailed : ExitCodes.Done;
    }

    private static string FileOf(CliContext context) => context.ChosenServer is null
        ? context.Configuration().Path ?? Path.Combine(context.Folder.Root, ServerConfiguration.FileName)
        : "the server's " + ServerConfiguration.FileName;
}
