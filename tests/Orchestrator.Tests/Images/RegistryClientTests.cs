using System.Net;
using System.Text;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Images;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Images;

public sealed class RegistryClientTests
{
    private const string Manifest = """{"schemaVersion": 2, "config": {"size": 5}, "layers": [{"size": 1000}, {"size": 2500}]}""";

    private readonly FakeRegistry _registry = new();

    [Fact]
    public async Task A_tag_becomes_a_digest_and_a_size_after_one_token_dance()
    {
        _registry.Manifests["acme/x:1"] = Manifest;
        var image = await ResolveAsync("reg.example.org/acme/x:1", Bot());

        Assert.Equal(new StoredImage("reg.example.org/acme/x:1", "reg.example.org/acme/x@" + FakeRegistry.DigestOf(Manifest), 3500), image);
        var token = _registry.Handler.Asked[1];
        Assert.Equal("https://auth.example.org/token?account=1&service=reg%2Cistry&scope=repository%3Aacme%2Fx%3Apull%2Cpush", token.Url.AbsoluteUri);
        Assert.Equal("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("bot:" + FakeRegistry.Password)), token.Authorization);
        // The registry itself sees the token only.
        Assert.Equal([null, "Bearer let-me-in"], _registry.Handler.Asked.Where(one => one.Url.Host == "reg.example.org").Select(one => one.Authorization));
    }

    [Fact]
    public async Task Strangers_get_a_token_for_public_images()
    {
        _registry.NeedsLogin = false;
        _registry.Manifests["acme/x:1"] = Manifest;

        Assert.Equal(3500, (await ResolveAsync("reg.example.org/acme/x:1", null)).Bytes);
        Assert.Null(_registry.Handler.Asked[1].Authorization);
    }

    [Fact]
    public async Task Of_an_index_the_index_is_pinned_and_linux_is_measured()
    {
        var linux = FakeRegistry.DigestOf(Manifest);
        var index = $$$"""
            {"manifests": [
              {"digest": "sha256:{{{new string('a', 64)}}}", "platform": {"os": "linux", "architecture": "arm64"}},
              {"digest": "sha256:{{{new string('b', 64)}}}", "platform": {"os": "unknown", "architecture": "unknown"}},
              {"digest": "{{{linux}}}", "platform": {"os": "linux", "architecture": "amd64"}}]}
            """;
        _registry.Manifests["acme/x:1"] = index;
        _registry.Manifests["acme/x:" + linux] = Manifest;

        Assert.Equal(("reg.example.org/acme/x@" + FakeRegistry.DigestOf(index), 3500L), await ResolveAsync("reg.example.org/acme/x:1", Bot()) is var image ? (image.Pinned, image.Bytes!.Value) : default);
        // One token for both questions.
        Assert.Single(_registry.Handler.Asked, one => one.Url.Host == "auth.example.org");
    }

    [Theory]
    [InlineData("""{"manifests": [{"digest": "sha256:x", "platform": {"os": "linux", "architecture": "amd64"}}]}""", RegistryErrorKind.Unusable, "not built for linux/amd64")]
    [InlineData("""{"schemaVersion": 1, "fsLayers": []}""", RegistryErrorKind.Unusable, "no image that Docker pulls")]
    [InlineData("<html>", RegistryErrorKind.Unreachable, "cannot be read")]
    [InlineData("""{"layers": [7]}""", RegistryErrorKind.Unreachable, "cannot be read")]
    [InlineData("[]", RegistryErrorKind.Unusable, "no image")]
    public async Task What_nobody_could_run_is_refused(string manifest, RegistryErrorKind kind, string words)
    {
        _registry.Manifests["acme/x:1"] = manifest;
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x:1", Bot()), kind, words);
    }

    [Fact]
    public async Task Every_refusal_is_one_that_a_person_can_tell_from_the_others()
    {
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x:2", Bot()), RegistryErrorKind.NotFound, "knows no such image");
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x:2", null), RegistryErrorKind.Unauthorized, "strangers");
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x:2", new("reg.example.org", "bot", "wrong")), RegistryErrorKind.Unauthorized, "password of bot");
    }

    [Theory]
    [InlineData("http://auth.example.org/token")]
    [InlineData("https://user@auth.example.org/token")]
    [InlineData("")]
    public async Task A_password_never_goes_over_an_open_wire(string realm)
    {
        _registry.Realm = realm;
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x:1", Bot()), RegistryErrorKind.Unreachable, "not https");
        Assert.All(_registry.Handler.Asked, one => Assert.Null(one.Authorization));
    }

    [Fact]
    public async Task Another_image_than_asked_for_is_noticed()
    {
        var asked = "sha256:" + new string('c', 64);
        _registry.Manifests["acme/x:" + asked] = Manifest;
        await RefusedAsync(() => ResolveAsync("reg.example.org/acme/x@" + asked, Bot()), RegistryErrorKind.Unreachable, "was asked for");
    }

    [Fact]
    public async Task A_login_does_not_follow_a_redirect_to_somebody_else()
    {
        var handler = new ScriptedHandler(request =>
        {
            if (request.RequestUri!.Host == "mirror.example.org")
            {
                return ScriptedHandler.Text(Manifest);
            }

            var answer = new HttpResponseMessage(request.Headers.Authorization is null ? HttpStatusCode.Unauthorized : HttpStatusCode.TemporaryRedirect);
            answer.Headers.WwwAuthenticate.ParseAdd("Basic realm=\"x\"");
            answer.Headers.Location = new("https://mirror.example.org/there");
            return answer;
        });
        using var client = Client(handler, Bot());

        Assert.Equal(3500, (await client.ResolveAsync(ImageReference.Parse("reg.example.org/acme/x:1", out _)!, "x", default)).Bytes);
        Assert.Null(handler.Asked[^1].Authorization);
    }

    private static RegistryLogin Bot() => new("reg.example.org", "bot", FakeRegistry.Password);

    private async Task<StoredImage> ResolveAsync(string text, RegistryLogin? login)
    {
        using var client = Client(_registry.Handler, login);
        return await client.ResolveAsync(ImageReference.Parse(text, out _)!, text, default);
    }

    private static RegistryClient Client(ScriptedHandler handler, RegistryLogin? login) =>
        new(new("https://reg.example.org"), "reg.example.org", new PatientClient(new HttpMessageInvoker(handler), TimeProvider.System), login);

    private static async Task RefusedAsync(Func<Task> act, RegistryErrorKind kind, string words)
    {
        var refused = await Assert.ThrowsAsync<RegistryException>(act);
        Assert.Equal(kind, refused.Kind);
        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeRegistry.Password, refused.Message, StringComparison.Ordinal);
    }
}
