namespace Orchestrator.Server.Dashboard;

/// <summary>Tells an open page that something has changed (server-sent events). It says no more than that; the page then asks for itself.</summary>
internal static class Changes
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2);

    /// <summary>A proxy gives up on a stream that is silent for long.</summary>
    private static readonly TimeSpan _silence = TimeSpan.FromSeconds(20);

    /// <summary>Then the browser comes again, and whether it still may is looked at anew.</summary>
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(10);

    internal static async Task StreamAsync(long? job, ChangeMarks marks, TimeProvider time, IHostApplicationLifetime life, HttpContext context)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, life.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        // For proxies that would collect it.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            var (known, began, spoke) = (await marks.OfAsync(job).WaitAsync(ended.Token), time.GetTimestamp(), time.GetTimestamp());
            await SayAsync(context, "retry: 3000\n: open\n\n", ended.Token);
            while (time.GetElapsedTime(began) < _longest)
            {
                await Task.Delay(_look, time, ended.Token);
                var mark = await marks.OfAsync(job).WaitAsync(ended.Token);
                if (mark is not null && mark != known)
                {
                    (known, spoke) = (mark, time.GetTimestamp());
                    await SayAsync(context, "event: changed\ndata: 1\n\n", ended.Token);
                }
                else if (time.GetElapsedTime(spoke) > _silence)
                {
                    spoke = time.GetTimestamp();
                    await SayAsync(context, ": still here\n\n", ended.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page was closed, or the server stops.
        }
    }

    private static async Task SayAsync(HttpContext context, string words, CancellationToken cancellation)
    {
        await context.Response.WriteAsync(words, cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}
