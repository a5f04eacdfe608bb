using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Orchestrator.Drills.Kit;

namespace Orchestrator.Drills.Weekend;

/// <summary>What <c>report weekend</c> says of the time since the drill began: as a person reads it, and as a program does.</summary>
/// <param name="Text">Its lines.</param>
/// <param name="Reply">The same by the API.</param>
internal sealed record WeekendReport(string Text, JsonNode Reply)
{
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public static async Task<WeekendReport> ReadAsync(Products products, WeekendWorld world, DateTimeOffset since)
    {
        var from = since.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = world.Site.Work };
        foreach (var argument in (string[])[products.Server, "report", "weekend", "--from", from, "--data", world.Site.Data])
        {
            start.ArgumentList.Add(argument);
        }

        using var command = Process.Start(start)!;
        var errors = command.StandardError.ReadToEndAsync();
        var text = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode == 0
            ? new(text.TrimEnd(), await world.Server.Api.GetAsync("report?from=" + Uri.EscapeDataString(from)))
            : throw new InvalidOperationException($"report weekend ended with {command.ExitCode}: {text}{await errors}");
    }
}
