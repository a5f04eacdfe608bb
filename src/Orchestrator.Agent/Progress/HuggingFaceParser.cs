namespace Orchestrator.Agent.Progress;

/// <summary>Hugging Face's Trainer prints Python dictionaries (<c>{'loss': 0.5, 'epoch': 0.1}</c>) between its bars: the bars give the step, these the metrics.</summary>
internal static class HuggingFaceParser
{
    public static ProgressReading? Parse(string line)
    {
        var text = line.AsSpan().Trim();
        if (text.Length < 2 || text[0] != '{' || text[^1] != '}' || !text.Contains('\'') || !text.Contains("loss", StringComparison.Ordinal))
        {
            return null;
        }

        var pairs = MetricText.Pairs(text);
        return pairs.Count == 0 ? null : new ProgressReading(null, null, pairs);
    }
}
