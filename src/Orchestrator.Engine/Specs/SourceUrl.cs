using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>The URLs data can come from.</summary>
internal static class SourceUrl
{
    /// <summary>Kind and URL when the shape is right, else null.</summary>
    public static (DataSourceKind Kind, string From)? Parse(string text)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        if (separator < 0 || text.Length > 2048 || text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            return null;
        }

        var parts = text[(separator + 3)..].Split('/');
        var named = parts[0].Length > 0 && !parts.Contains("..");
        return text[..separator] switch
        {
            "s3" when named => (DataSourceKind.S3, text),
            "https" when named && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 => (DataSourceKind.Https, text),
            "hf" when named && parts.Length >= 2 && parts[1].Length > 0 => (DataSourceKind.HuggingFace, text),
            "job" when named && parts.Length >= 2 && parts[1] == "outputs" => (DataSourceKind.Job, text),
            _ => null,
        };
    }

    /// <summary>A name or password before the host: specs are stored, shown, and their URLs handed to hosts.</summary>
    public static bool HoldsLogin(string text) =>
        text.Split("://", 2) is [not "s3" and not "job" and not "hf", var rest] && rest.Split('/', '?', '#')[0].Contains('@', StringComparison.Ordinal);

    public static string Advice(string text) => text.Split("://")[0] switch
    {
        "gs" or "gcs" or "r2" or "b2" or "minio" or "azure" or "wasb" => "write s3://bucket/prefix; the store's endpoint is in the server's configuration",
        "https" => "write https://host/file, without a name or password in it: a spec is stored and shown",
        "http" => "plain http is refused; use https://",
        "file" => "write the path: ./folder or /absolute/folder",
        "hf" => "write hf://owner/name[/path]",
        "s3" => "write s3://bucket/prefix",
        "job" => "write job://name/outputs",
        _ => "sources are ./folder, s3://, https://, hf:// and job://name/outputs",
    };
}
