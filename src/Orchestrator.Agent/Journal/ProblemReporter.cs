using Orchestrator.Protocol;

namespace Orchestrator.Agent.Journal;

/// <summary>Things a person should see, each kind at most every few minutes, so that a store that is down all night is a handful of lines.</summary>
internal sealed class ProblemReporter(AgentJournal journal, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _last = new(StringComparer.Ordinal);

    public void Report(string kind, string words)
    {
        lock (_lock)
        {
            if (_last.TryGetValue(kind, out var last) && time.GetElapsedTime(last) < Quiet)
            {
                return;
            }

            _last[kind] = time.GetTimestamp();
        }

        Diagnostics.Write(words);
        journal.Append(new HostProblem(Bounded(words)) { Seq = 0, At = default });
    }

    private static string Bounded(string words) => words.Length <= 500 ? words : words[..500];
}
