namespace Orchestrator.Engine.Acting;

/// <summary>What was said a moment ago about the same thing is not said again: ticks may come many times a second.</summary>
/// <param name="time">For the pause.</param>
/// <param name="pause">How long the same words stay unsaid.</param>
internal sealed class RepeatedWords(TimeProvider time, TimeSpan pause)
{
    private const int MostRemembered = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (string Words, long At)> _said = new(StringComparer.Ordinal);

    public bool IsNew(string about, string words)
    {
        lock (_gate)
        {
            if (_said.TryGetValue(about, out var last) && last.Words == words && time.GetElapsedTime(last.At) < pause)
            {
                return false;
            }

            if (_said.Count >= MostRemembered)
            {
                _said.Clear();
            }

            _said[about] = (words, time.GetTimestamp());
            return true;
        }
    }
}
