namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>A key pair of a store. Prints no secret.</summary>
internal sealed record S3Keys(string Id, string Secret, string? Token)
{
    /// <summary>Null when the text is not <c>KEY_ID:SECRET[:SESSION_TOKEN]</c>.</summary>
    internal static S3Keys? Parse(string text)
    {
        var parts = text.Trim().Split(':', 3);
        return parts.Length >= 2 && parts.All(part => part.Length > 0 && !part.Any(char.IsWhiteSpace)) ? new(parts[0], parts[1], parts.Length == 3 ? parts[2] : null) : null;
    }

    public override string ToString() => Id;
}
