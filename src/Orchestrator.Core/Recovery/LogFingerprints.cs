using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;
using Orchestrator.Reconciling;

namespace Orchestrator.Recovery;

/// <summary>Whose fault a failure is, by the end of the trainer's log: the spec's rules in their order, then those that everybody needs.</summary>
public static class LogFingerprints
{
    private const int MostShown = 160;
    private const int MostMarked = 100;

    // A process that ran out of memory takes the others along, whose words are of NCCL then: memory comes first.
    private static readonly (ImmutableArray<string> Marks, LogRuleAction Then, string Words)[] _builtIn =
    [
        (["CUDA out of memory", "cuda.OutOfMemoryError", "torch.OutOfMemoryError", "CUDA_ERROR_OUT_OF_MEMORY", "HIP out of memory"], LogRuleAction.Fail,
            "the card's memory is too small for the job: take a smaller batch, or ask for more with resources.gpu"),
        (["uncorrectable ECC error", "CUDA_ERROR_ECC_UNCORRECTABLE"], LogRuleAction.RetryElsewhere, "the card has a memory fault (ECC)"),
        (["NVRM: Xid", "GPU has fallen off the bus", "GPU is lost"], LogRuleAction.RetryElsewhere, "the card is gone (Xid)"),
        (["ncclSystemError", "ncclInternalError", "ncclRemoteError", "NCCL error: unhandled system error"], LogRuleAction.RetryElsewhere, "the cards cannot talk to each other (NCCL)"),
        (["CUDA driver version is insufficient", "no CUDA-capable device is detected", "Failed to initialize NVML", "Driver/library version mismatch", "CUDA driver initialization failed",
            "forward compatibility was attempted on non supported HW", "system not yet initialized"], LogRuleAction.RetryElsewhere, "the host's driver does not work"),
    ];

    /// <summary>Null where no rule says anything, or the first that matches says to ignore it.</summary>
    /// <param name="rules">The spec's.</param>
    /// <param name="tail">The last lines; a host wrote them.</param>
    /// <param name="marked">Lines before them that a rule knows, as the host picked them.</param>
    public static LogFinding? Find(ImmutableArray<LogRule> rules, string? tail, ImmutableArray<string> marked = default)
    {
        string[] lines = [.. (marked.IsDefault ? [] : marked).Where(line => line is not null).Take(MostMarked), .. (tail ?? "").Split('\n')];
        if (lines.All(string.IsNullOrWhiteSpace))
        {
            return null;
        }

        foreach (var rule in rules)
        {
            // As the spec was checked: in linear time, whatever the host wrote.
            var match = new Regex(rule.Match, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (Array.FindLast(lines, match.IsMatch) is { } line)
            {
                return rule.Then == LogRuleAction.Ignore ? null : new(rule.Then, $"log rule \"{rule.Match}\": {Shown(line)}", IsOwn: true);
            }
        }

        foreach (var (marks, then, words) in _builtIn)
        {
            if (Array.FindLast(lines, line => marks.Any(mark => line.Contains(mark, StringComparison.OrdinalIgnoreCase))) is { } line)
            {
                return new(then, $"{words}: {Shown(line)}", IsOwn: false);
            }
        }

        return null;
    }

    /// <summary>Which of the built-in rules knows the line, and where in it; null = none.</summary>
    internal static (int Rule, int At)? BuiltIn(string line)
    {
        for (var rule = 0; rule < _builtIn.Length; rule++)
        {
            foreach (var mark in _builtIn[rule].Marks)
            {
                if (line.IndexOf(mark, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                {
                    return (rule, at);
                }
            }
        }

        return null;
    }

    private static string Shown(string line) => Words.LastLine(line) is var text && text.Length > MostShown ? text[..MostShown] + "..." : text;
}
