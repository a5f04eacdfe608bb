namespace Orchestrator.Jobs;

/// <summary>One field of the spec, as everything that explains the spec sees it.</summary>
/// <param name="Path">Path with <c>[]</c> for a list's items, for example <c>data[].from</c>.</param>
/// <param name="Type">
/// Accepted shapes, separated by <c>|</c>: names known to the schema generator (text, size, duration, object, list, map, ...)
/// and, in single quotes, literal words.
/// </param>
/// <param name="Default">What holds when the field is missing, in words.</param>
/// <param name="Issue">The issue that makes the field work, 1 to 5.</param>
/// <param name="KnownFrom">Where people know it from; empty when it is ours.</param>
/// <param name="Description">One line.</param>
/// <param name="Reserved">The shape is checked, nothing is promised yet.</param>
/// <param name="Early">Works already, though its issue is not closed.</param>
public sealed record FieldInfo(
    string Path, string Type, string Default, int Issue, string KnownFrom, string Description, bool Reserved = false, bool Early = false)
{
    /// <summary>The last part of the path.</summary>
    public string Name => Path[(Path.LastIndexOf('.') + 1)..];

    public bool Landed => !Reserved && (Early || Issue <= FieldRegistry.LandedIssue);
}
