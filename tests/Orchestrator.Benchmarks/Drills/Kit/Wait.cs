namespace Orchestrator.Drills.Kit;

/// <summary>Waits for conditions, never for time.</summary>
public static class Wait
{
    /// <exception cref="TimeoutException">It never came true.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, TimeSpan limit, TimeSpan? pause = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
            {
                throw new TimeoutException($"waited {limit.TotalSeconds:0} s in vain: {what}");
            }

            await Task.Delay(pause ?? TimeSpan.FromMilliseconds(50));
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what, TimeSpan limit, TimeSpan? pause = null) =>
        UntilAsync(() => Task.FromResult(condition()), what, limit, pause);
}
