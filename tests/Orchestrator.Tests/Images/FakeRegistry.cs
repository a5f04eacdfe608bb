using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Tests.Http;

namespace Orchestrator.Tests.Images;

/// <summary>A registry with its token server, as the big ones are built.</summary>
internal sealed class FakeRegistry
{
    public const string Password = "pa55-word";

    public FakeRegistry() => Handler = new(Answer);

    public ScriptedHandler Handler { get; }

    /// <summary>Body by name: <c>acme/x:1</c>.</summary>
    public Dictionary<string, string> Manifests { get; } = [];

    public bool NeedsLogin { get; set; } = true;

    public string Realm { get; set; } = "https://auth.example.org/token?account=1";

    public static string DigestOf(string manifest) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));

    private HttpResponseMessage Answer(HttpRequestMessage request)
    {
        var url = request.RequestUri!;
        if (url.Host == "auth.example.org")
        {
            var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes("bot:" + Password));
            return request.Headers.Authorization?.Parameter == basic
                ? ScriptedHandler.Text("{\"token\": \"let-me-in\"}")
                : ScriptedHandler.Text(NeedsLogin ? "{}" : "{\"access_token\": \"let-me-in\"}", NeedsLogin ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        }

        if (request.Headers.Authorization?.ToString() != "Bearer let-me-in")
        {
            var asks = new HttpResponseMessage(HttpStatusCode.Unauthorized);
            asks.Headers.WwwAuthenticate.Add(AuthenticationHeaderValue.Parse($"Bearer realm=\"{Realm}\",service=\"reg,istry\",scope=\"repository:acme/x:pull,push\""));
            return asks;
        }

        var parts = url.AbsolutePath.Split("/manifests/");
        return url.AbsolutePath == "/v2/" ? ScriptedHandler.Text("{}")
            : Manifests.TryGetValue($"{parts[0]["/v2/".Length..]}:{parts[1]}", out var manifest) ? ScriptedHandler.Text(manifest)
            : new(HttpStatusCode.NotFound);
    }
}
