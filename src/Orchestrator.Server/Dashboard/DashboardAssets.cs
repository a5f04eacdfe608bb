using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Orchestrator.Server.Dashboard;

/// <summary>The styles and scripts of our own pages, from this program alone. Their addresses change with what is in them, so they are kept for ever.</summary>
internal static class DashboardAssets
{
    private const string Root = "/assets";
    private const string Prefix = "Orchestrator.Server.Dashboard.Assets.";

    private static readonly FrozenDictionary<string, byte[]> _files = new[] { "pages.css", "pages.js", "uplot.css", "uplot.js" }.ToFrozenDictionary(name => name, Read);

    private static readonly FrozenDictionary<string, string> _addresses =
        _files.ToFrozenDictionary(file => file.Key, file => $"{Root}/{Convert.ToHexStringLower(SHA256.HashData(file.Value))[..12]}/{file.Key}");

    internal static string Of(string name) => _addresses[name];

    internal static void MapAssets(this IEndpointRouteBuilder routes) => routes.MapGet(Root + "/{version}/{name}", (string version, string name, HttpContext context) =>
    {
        // An address of another release: what it named is not here.
        if (!_addresses.TryGetValue(name, out var address) || context.Request.Path != address)
        {
            return Results.NotFound();
        }

        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(_files[name], name.EndsWith(".css", StringComparison.Ordinal) ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8");
    });

    private static byte[] Read(string name)
    {
        using var stream = typeof(DashboardAssets).Assembly.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"{name} is not in the program");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
