using System.Collections.Immutable;
using Orchestrator.Jobs;

namespace Orchestrator.Server.Desk;

/// <summary>The cards a spec asks for, in words: <c>1 x RTX 4090 or RTX 5090</c>.</summary>
internal static class CardWords
{
    public static string Of(ImmutableArray<GpuRequirement> wanted)
    {
        if (wanted.IsEmpty)
        {
            return "no GPU";
        }

        var words = "";
        for (var at = 0; at < wanted.Length; at++)
        {
            var count = at > 0 && wanted[at].Count == wanted[at - 1].Count ? "" : $"{Count(wanted[at].Count)} x ";
            words += (at > 0 ? " or " : "") + count + Card(wanted[at]);
        }

        return words;
    }

    private static string Card(GpuRequirement card)
    {
        string[] figures =
        [
            .. card.Memory is { } memory ? [$"{Size(memory)} of memory"] : Array.Empty<string>(),
            .. card.TotalMemory is { } total ? [$"{Size(total)} of memory together"] : Array.Empty<string>(),
            .. card.ComputeCapability is { } capability ? [$"compute capability {Range(Text(capability.Min), Text(capability.Max))}"] : Array.Empty<string>(),
            .. card.Interconnect == GpuInterconnect.Nvlink ? ["NVLink"] : Array.Empty<string>(),
        ];
        return (card.Model ?? "any card") + (figures.Length > 0 ? " with " + string.Join(", ", figures) : "");
    }

    private static string Count(CountRange count) => count.Max == count.Min ? $"{count.Min}" : Range($"{count.Min}", count.Max is { } most ? $"{most}" : null);

    private static string Size(SizeRange size) => Range(size.Min?.ToString(), size.Max?.ToString());

    private static string Range(string? least, string? most) => (least, most) switch
    {
        ({ } from, { } to) => $"{from} to {to}",
        ({ } from, null) => $"{from} or more",
        (null, { } to) => $"up to {to}",
        _ => "any",
    };

    private static string? Text(decimal? capability) => capability is { } number ? FormattableString.Invariant($"{number:0.0}") : null;
}
