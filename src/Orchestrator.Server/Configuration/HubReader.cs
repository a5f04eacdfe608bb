using Orchestrator.Engine.Artifacts.Foreign;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>hf</c>.</summary>
internal static class HubReader
{
    internal static HubSettings Read(ConfigurationNode node)
    {
        var hub = new HubSettings();
        foreach (var (key, value) in node.Entries("token", "endpoint"))
        {
            hub = key == "token" ? hub with { Token = TokenSourceReader.Read(value) } : hub with { Endpoint = Endpoint(value) ?? hub.Endpoint };
        }

        return hub;
    }

    private static Uri? Endpoint(ConfigurationNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        // The token goes there.
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.AbsolutePath == "/" && url.Query.Length == 0 && url.UserInfo.Length == 0
            && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            return url;
        }

        node.Error($"{node.Path} must be https://HOST without a path; left out it is https://huggingface.co");
        return null;
    }
}
