using System.Globalization;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Api;

/// <summary>Bytes: logs, checkpoints, outputs.</summary>
internal static class FileEndpoints
{
    internal const string AttemptHeader = "Orchestrator-Attempt";
    internal const string OffsetHeader = "Orchestrator-Offset";
    internal const string EndedHeader = "Orchestrator-Ended";
    private const int MostLogBytes = 1 << 20;

    internal static void MapFiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs/{job}/logs", LogAsync);
        api.MapGet("/jobs/{job}/checkpoints", async (string job, IJobReader reader, CancellationToken cancellation) =>
            JobEndpoints.Json(await reader.CheckpointsAsync((await JobEndpoints.FindAsync(reader, job, cancellation)).Id, cancellation)));
        api.MapGet("/jobs/{job}/checkpoints/{number:int}", async (string job, int number, IJobReader reader, CancellationToken cancellation) =>
        {
            var found = await JobEndpoints.FindAsync(reader, job, cancellation);
            return JobEndpoints.Json(await reader.CheckpointAsync(found.Id, number, cancellation)
                ?? throw new DeskException(Refusal.NotFound, $"job {found.Name} has no checkpoint {number} in the store", $"orchestrator checkpoints {found.Name} lists them"));
        });
        api.MapGet("/jobs/{job}/outputs", async (string job, IJobReader reader, CancellationToken cancellation) =>
            JobEndpoints.Json(await reader.OutputsAsync((await JobEndpoints.FindAsync(reader, job, cancellation)).Id, cancellation)));
        api.MapGet("/jobs/{job}/files", async (string job, string key, IJobReader reader, CancellationToken cancellation) =>
        {
            var found = await JobEndpoints.FindAsync(reader, job, cancellation);
            var content = await reader.OpenFileAsync(found.Id, key, cancellation)
                ?? throw new DeskException(Refusal.NotFound, "that object is not in the store, or not of this job", "ask again for the list of files");
            return TypedResults.Stream(content, "application/octet-stream");
        });
    }

    /// <summary>Followed by polling: ask again from offset + length until the attempt has ended and nothing comes.</summary>
    private static async Task LogAsync(string job, int? attempt, long? offset, DateTimeOffset? since, IJobReader reader, HttpContext context)
    {
        var found = await JobEndpoints.FindAsync(reader, job, context.RequestAborted);
        var number = attempt ?? (found.Attempts.Length > 0 ? found.Attempts[^1].Number : 0);
        var of = found.Attempts.FirstOrDefault(candidate => candidate.Number == number);
        if (number != 0 && of is null)
        {
            throw new DeskException(Refusal.NotFound, $"job {found.Name} has no attempt {number}", $"orchestrator show {found.Name} lists its attempts");
        }

        var from = offset ?? (of is not null && since is { } moment ? await reader.LogOffsetAsync(found.Id, number, moment, context.RequestAborted) : 0);
        var slice = of is null ? new(0, ReadOnlyMemory<byte>.Empty, true) : await reader.LogAsync(found.Id, number, from, MostLogBytes, context.RequestAborted);
        var isEnded = slice.AtEnd && (of is null ? Words.IsEnded(found.State) : of.Phase == "ended");
        context.Response.Headers[AttemptHeader] = number.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[OffsetHeader] = slice.Offset.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers[EndedHeader] = isEnded ? "true" : "false";
        // Never a type a browser would render: the trainer wrote these bytes.
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(slice.Bytes, context.RequestAborted);
    }
}
