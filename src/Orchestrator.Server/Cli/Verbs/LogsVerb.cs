using System.CommandLine;
using System.Globalization;
using System.Text;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>logs</c>: what the trainer wrote, of any attempt, lost ones too.</summary>
internal static class LogsVerb
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a server that is away is waited for, in all.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    internal static Command Create(Terminal terminal)
    {
        var job = Verb.Job();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as the log grows, through all further attempts" };
        var attempt = new Option<int?>("--attempt") { Description = "Which attempt; the newest one otherwise", HelpName = "N" };
        return Verb.Create("logs", "Print what the trainer wrote", terminal, async (context, cancellation) =>
        {
            await PrintAsync(context, context.Parsed.GetRequiredValue(job), context.Parsed.GetValue(attempt), context.Parsed.GetValue(follow), cancellation);
            return ExitCodes.Done;
        }, job, follow, attempt);
    }

    private static async Task PrintAsync(CliContext context, string job, int? chosen, bool follow, CancellationToken cancellation)
    {
        var output = new LogOutput(context.Terminal);
        var place = new LogPlace(chosen, 0);
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                using var api = await context.ConnectAsync(cancellation);
                await PrintAsync(context, api, output, job, chosen, follow, place, cancellation);
                break;
            }
            catch (CliException away) when (follow && away.ExitCode == ExitCodes.Unreachable && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                // The server may be killed and started anew beneath us; what was printed is not printed again.
                await Task.Delay(Interval, cancellation);
            }
        }

        await output.EndLineAsync();
    }

    private static async Task PrintAsync(CliContext context, ApiClient api, LogOutput output, string job, int? chosen, bool follow, LogPlace place, CancellationToken cancellation)
    {
        while (true)
        {
            var (attempt, offset) = (place.Attempt, place.Offset);
            var query = attempt is { } n ? $"&attempt={n.ToString(CultureInfo.InvariantCulture)}" : "";
            using var response = await api.OpenAsync(ApiClient.Job(job, $"/logs?offset={offset.ToString(CultureInfo.InvariantCulture)}{query}"), cancellation);
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellation);
            var from = Number(response, FileEndpoints.AttemptHeader);
            if (from > 0)
            {
                attempt ??= (int)from;
                offset = Number(response, FileEndpoints.OffsetHeader) + bytes.Length;
            }

            await output.WriteAsync(bytes, cancellation);
            (place.Attempt, place.Offset) = (attempt, offset);
            if (bytes.Length > 0)
            {
                continue;
            }

            var ended = response.Headers.TryGetValues(FileEndpoints.EndedHeader, out var values) && values.First() == "true";
            if (!follow)
            {
                break;
            }

            if (ended)
            {
                var details = await api.GetAsync<JobDetails>(ApiClient.Job(job), cancellation);
                var next = details.Attempts.FirstOrDefault(candidate => candidate.Number > (attempt ?? 0));
                if (chosen is not null || (next is null && Words.IsEnded(details.State)))
                {
                    break;
                }

                if (next is not null)
                {
                    await output.EndLineAsync();
                    await context.Terminal.Error.WriteLineAsync($"─┤ attempt {next.Number}");
                    (place.Attempt, place.Offset) = (next.Number, 0);
                    continue;
                }
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private static long Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
