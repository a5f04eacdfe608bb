namespace Orchestrator.Engine.Artifacts.S3;

/// <summary>
/// An upload as we name it: our own mark, which the finished object carries, and the store's id. The mark tells afterwards
/// whether an object came from this upload, when the answer to its completion was lost.
/// </summary>
internal sealed record S3UploadId(string Mark, string Id)
{
    private const int MarkLength = 32;

    internal static S3UploadId? Parse(string? text) =>
        text is { Length: > MarkLength + 1 and <= 1024 } && text[MarkLength] == '.' && text[..MarkLength].All(char.IsAsciiHexDigitLower) && !text.Any(c => char.IsControl(c) || c > '~')
            ? new(text[..MarkLength], text[(MarkLength + 1)..])
            : null;

    internal static string NewMark() => Guid.NewGuid().ToString("N");

    public override string ToString() => $"{Mark}.{Id}";
}
