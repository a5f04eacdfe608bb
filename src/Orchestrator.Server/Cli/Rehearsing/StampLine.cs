using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Rehearsing;

/// <summary>For verbs that need no server: what one that runs anyway knows of a spec.</summary>
internal static class StampLine
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    /// <summary>Null = no server runs here, or it does not answer at once; nothing is started for it.</summary>
    internal static async Task<RehearsalStamp?> AskAsync(CliContext context, SubmitRequest spec, CancellationToken cancellation)
    {
        if (context.ChosenServer is null && EmbeddedServer.Find(context.Folder) is null)
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        try
        {
            using var api = await context.ConnectAsync(limit.Token);
            return await api.PostAsync<RehearsalStamp>("rehearsals/stamp", spec, limit.Token);
        }
        catch (Exception away) when (away is CliException || (away is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }
}
