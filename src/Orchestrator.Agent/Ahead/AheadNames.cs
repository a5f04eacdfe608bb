using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Ahead;

/// <summary>
/// The names that the next checkpoints will need: for each its manifest and spare slots for its files, of which there are as
/// many as the last one sent and half as many again. Before the first one nobody knows.
/// </summary>
internal static class AheadNames
{
    /// <summary>Checkpoints: over six hours one every eleven minutes.</summary>
    public const int Sets = 32;

    private const int MostNames = 1600;
    private const int LeastSlots = 8;

    /// <summary>A Hugging Face trainer with a tokenizer and eight processes writes some twenty.</summary>
    private const int UnknownSlots = 24;

    /// <param name="prefix">The attempt's.</param>
    /// <param name="next">Ordinal of the next checkpoint.</param>
    /// <param name="files">How many files the next one is expected to send; 0 = nobody knows.</param>
    /// <returns>The nearest first.</returns>
    public static IEnumerable<string> Of(string prefix, int next, int files)
    {
        var slots = files == 0 ? UnknownSlots : Math.Clamp(files + (files / 2), LeastSlots, MostNames - 1);
        var sets = Math.Clamp(MostNames / (slots + 1), 1, Sets);
        return Enumerable.Range(next, sets).SelectMany(ordinal => Enumerable.Range(1, slots)
            .Select(slot => ObjectKeys.AheadFile(prefix, ordinal, slot))
            .Prepend(ObjectKeys.Manifest(prefix, ordinal)));
    }
}
