using Npgsql;
using Orchestrator.Server.Desk;

namespace Orchestrator.Server.Dashboard;

/// <summary>Whether anything has changed, asked of the database once for all who look, however many pages are open.</summary>
internal sealed class ChangeMarks(IPageDesk desk, TimeProvider time)
{
    /// <summary>A little less than the rhythm in which an open page asks: who comes first asks for the others.</summary>
    private static readonly TimeSpan _fresh = TimeSpan.FromSeconds(1.5);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <summary>Jobs whose pages were closed long ago are forgotten.</summary>
    private const int Most = 200;

    private readonly Dictionary<long, (long At, Task<string?> Mark)> _marks = [];
    private readonly Lock _once = new();

    /// <param name="job">Null = all jobs and alerts.</param>
    /// <returns>Null = the database does not answer; that is no change.</returns>
    internal Task<string?> OfAsync(long? job)
    {
        lock (_once)
        {
            var now = time.GetTimestamp();
            if (_marks.TryGetValue(job ?? 0, out var known) && time.GetElapsedTime(known.At, now) < _fresh)
            {
                return known.Mark;
            }

            if (_marks.Count >= Most)
            {
                _marks.Clear();
            }

            // Nobody's own: who closes the page must not end it for the others.
            var asked = Task.Run(() => AskAsync(job));
            _marks[job ?? 0] = (now, asked);
            return asked;
        }
    }

    private async Task<string?> AskAsync(long? job)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        try
        {
            return await desk.MarkAsync(job, limit.Token);
        }
        catch (Exception silent) when (silent is NpgsqlException or OperationCanceledException)
        {
            return null;
        }
    }
}
