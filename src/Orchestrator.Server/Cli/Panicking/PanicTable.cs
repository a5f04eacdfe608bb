using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Panicking;

/// <summary>What <c>panic</c> shows before it asks, and at the end.</summary>
internal static class PanicTable
{
    public static IEnumerable<string> Lines(PanicLook look, int width, Paint paint)
    {
        if (!look.Found.IsEmpty)
        {
            var table = new TextTable(new("AT", 6), new("INSTANCE", 8), new("LABEL", 8), new("INSTALLATION", 8), new("STATE", 7), new("WORDS", 8, CanGo: true));
            foreach (var found in look.Found)
            {
                table.Add([found.Provider, found.Instance.InstanceId, found.Instance.Label, found.Epoch, found.Instance.Status.ToString().ToLowerInvariant(), found.Instance.Words]);
            }

            foreach (var line in table.Lines(width, paint))
            {
                yield return line;
            }
        }

        foreach (var (provider, others) in look.Others)
        {
            yield return $"{provider}: {others} more there {(others == 1 ? "is" : "are")} left alone";
        }

        foreach (var (provider, words) in look.Failed)
        {
            yield return Unseen(provider, words);
        }
    }

    public static IEnumerable<string> End(PanicReport report, IReadOnlyList<string> accounts)
    {
        foreach (var (provider, words) in report.Failed)
        {
            yield return Unseen(provider, words);
        }

        foreach (var left in report.Left)
        {
            yield return Clean.Line($"LEFT: {left}; destroy it in the console of its provider", 300);
        }

        foreach (var late in report.NotShown)
        {
            yield return Clean.Line($"NOT SHOWN BEFORE, and left alone: {late}", 300);
        }

        yield return report.IsClean
            ? $"{(report.Destroyed.IsEmpty ? "nothing of orchestrator is" : $"{report.Destroyed.Length} destroyed, and nothing of orchestrator is left")} at {string.Join(", ", accounts)}"
            : $"{report.Destroyed.Length} destroyed, {report.Left.Length + report.NotShown.Length} left, {report.Failed.Count} account{(report.Failed.Count == 1 ? "" : "s")} not seen: run it again";
    }

    private static string Unseen(string provider, string words) => Clean.Line($"{provider} does not show for sure what runs there: {words}", 300);
}
