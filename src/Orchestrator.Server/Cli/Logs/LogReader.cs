using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Logs;

/// <summary>Reads the logs of a job's attempts in their order; keeps its place over connections.</summary>
internal sealed class LogReader(CliContext context, string job, int? chosen, DateTimeOffset? since, bool follow, LogPrinter printer)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a server that is away is waited for, each time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private int? _attempt;
    private long? _offset;
    private int _said;
    private long _heardAt = TimeProvider.System.GetTimestamp();

    internal async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var api = await context.ConnectAsync(cancellation);
                await ReadAsync(api, cancellation);
                return;
            }
            catch (CliException away) when (follow && away.ExitCode == ExitCodes.Unreachable && TimeProvider.System.GetElapsedTime(_heardAt) < Patience)
            {
                // The server may be killed and started anew beneath us; what was printed is not printed again.
                await Task.Delay(Interval, cancellation);
            }
        }
    }

    private async Task ReadAsync(ApiClient api, CancellationToken cancellation)
    {
        while (true)
        {
            var details = await api.GetAsync<JobDetails>(ApiClient.Job(job), cancellation);
            _heardAt = TimeProvider.System.GetTimestamp();
            _attempt ??= chosen ?? details.Attempts.FirstOrDefault()?.Number;
            var isWhole = true;
            if (_attempt is { } number)
            {
                await SayBeginAsync(details, number);
                isWhole = await CopyAsync(api, details, number, cancellation);
                var next = chosen is null ? details.Attempts.FirstOrDefault(candidate => candidate.Number > number) : null;
                if (next is not null && (isWhole || !follow))
                {
                    await SayEndAsync(details, number);
                    (_attempt, _offset) = (next.Number, null);
                    continue;
                }
            }

            if (!follow || (isWhole && (chosen is not null || Words.IsEnded(details.State))))
            {
                return;
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>All there is now. True = the attempt has ended and nothing more comes.</summary>
    private async Task<bool> CopyAsync(ApiClient api, JobDetails details, int number, CancellationToken cancellation)
    {
        while (true)
        {
            var from = _offset is { } known ? $"offset={known.ToString(CultureInfo.InvariantCulture)}"
                : since is { } moment ? $"since={Uri.EscapeDataString(moment.ToString("o", CultureInfo.InvariantCulture))}"
                : "offset=0";
            using var response = await api.OpenAsync(
                ApiClient.Job(details.Id.ToString(CultureInfo.InvariantCulture), $"/logs?attempt={number.ToString(CultureInfo.InvariantCulture)}&{from}"), cancellation);
            var bytes = await BytesAsync(response, cancellation);
            _offset = Number(response, FileEndpoints.OffsetHeader) + bytes.Length;
            if (bytes.Length == 0)
            {
                return response.Headers.TryGetValues(FileEndpoints.EndedHeader, out var values) && values.First() == "true";
            }

            await printer.WriteAsync(number, bytes, cancellation);
        }
    }

    /// <summary>A server that dies in the middle of an answer is away like any other.</summary>
    private static async Task<byte[]> BytesAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            throw new CliException(ExitCodes.Unreachable, "the server went away in the middle of its answer", "run the same command again");
        }
    }

    private async Task SayBeginAsync(JobDetails details, int number)
    {
        if (_said == number)
        {
            return;
        }

        _said = number;
        if (number > 1 && chosen is null && details.Attempts.FirstOrDefault(candidate => candidate.Number == number) is { } attempt)
        {
            await printer.SayAsync(Clean.Line($"─┤{Say.Clock(attempt.From, context.Terminal.Zone)}  attempt {number} {Say.Beginning(attempt)} on {attempt.Provider}", 200), context.Terminal.Error);
        }
    }

    private async Task SayEndAsync(JobDetails details, int number)
    {
        if (details.Attempts.FirstOrDefault(candidate => candidate.Number == number) is { EndReason: { } reason } attempt)
        {
            var at = attempt.To is { } to ? Say.Clock(to, context.Terminal.Zone) : "        ";
            await printer.SayAsync(Clean.Line($"─┤{at}  attempt {number} ended: {(attempt.Why.Length > 0 ? attempt.Why : reason)}", 200), context.Terminal.Error);
        }
    }

    private static long Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
