namespace Orchestrator.Engine.Artifacts;

/// <summary>A store and a prefix in it, as people write it: <c>lab</c>, <c>lab/team-a/</c>, or <c>s3://bucket/prefix/</c> for a bucket that has no name here.</summary>
/// <param name="Store">Name of a configured store, or <c>s3://bucket</c>.</param>
/// <param name="Prefix">Empty, or with a trailing slash.</param>
public sealed record StorePlace(string Store, string Prefix)
{
    private const string S3 = "s3://";

    /// <summary>The bucket of a place without a name here; null for a named one.</summary>
    public string? Bucket => Store.StartsWith(S3, StringComparison.Ordinal) ? Store[S3.Length..] : null;

    public static StorePlace Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var from = text.StartsWith(S3, StringComparison.Ordinal) ? S3.Length : 0;
        var slash = text.IndexOf('/', from);
        return slash < 0 ? new(text, "") : new(text[..slash], Folder(text[(slash + 1)..]));
    }

    /// <summary>A prefix as a folder: with its slash unless it is empty.</summary>
    public static string Folder(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/";
    }

    public override string ToString() => Prefix.Length == 0 ? Store : $"{Store}/{Prefix}";
}
