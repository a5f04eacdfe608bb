using Orchestrator.Protocol;

namespace Orchestrator.Agent.Progress;

/// <summary>Reads one line as the spec's format says.</summary>
internal sealed class ProgressParser(ProgressFormat format, PatternParser? pattern)
{
    public ProgressReading? ParseLog(string line) => format switch
    {
        ProgressFormat.None => null,
        ProgressFormat.Tqdm => BarParser.Parse(line, lightning: false),
        ProgressFormat.HuggingFace => HuggingFaceParser.Parse(line) ?? BarParser.Parse(line, lightning: false),
        ProgressFormat.Lightning => BarParser.Parse(line, lightning: true),
        ProgressFormat.JsonLines => JsonLineParser.Parse(line),
        ProgressFormat.Pattern => pattern?.Parse(line),
        ProgressFormat.Auto => JsonLineParser.Parse(line) ?? HuggingFaceParser.Parse(line) ?? BarParser.Parse(line, lightning: true) ?? BarParser.Parse(line, lightning: false),
        _ => null,
    };
}
