using System.Net;
using System.Net.Http.Headers;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class WebSourcesTests : IDisposable
{
    private readonly ScriptedHandler _server;
    private readonly ForeignSources _sources;
    private Func<HttpRequestMessage, HttpResponseMessage> _answer = _ => File("\"v1\"", 5);

    public WebSourcesTests()
    {
        _server = new(request => _answer(request));
        _sources = new(new PatientClient(new HttpMessageInvoker(_server), TimeProvider.System), new HubSettings(), new TokenReader((_, _) => Task.FromResult<string?>(null), _ => null));
    }

    [Fact]
    public async Task A_file_is_pinned_by_size_and_tag_and_linked_with_a_condition()
    {
        var listed = await ListAsync();
        var file = Assert.Single(listed.Source.Files);
        Assert.Equal(("", "from/3/file", 5L, ""), (file.Path, file.Key, file.Size, file.Hash));
        Assert.Empty(listed.Problems);

        var link = await LinkAsync(listed);
        Assert.Equal(("https://files.example.org/w.bin?sig=x", "\"v1\""), (link.Url, link.Headers["If-Match"]));
        Assert.All(_server.Asked, one => Assert.Equal("HEAD", one.Method));
    }

    [Theory]
    [InlineData("\"v2\"", 5)]
    [InlineData("\"v1\"", 6)]
    public async Task What_has_changed_is_told_and_not_linked(string tag, int size)
    {
        var listed = await ListAsync();
        _answer = _ => File(tag, size);

        var changed = await Assert.ThrowsAsync<StoreException>(() => LinkAsync(listed));
        Assert.Equal("https://files.example.org/w.bin is not what it was when the job was submitted; submit it again to train on what is there now", changed.Message);
        Assert.Equal(StoreErrorKind.Invalid, changed.Kind);
    }

    [Fact]
    public async Task A_redirect_is_followed_each_time_and_never_into_the_clear()
    {
        var host = "cdn1";
        _answer = request => request.RequestUri!.Host == "files.example.org" ? To($"https://{host}.example.org/signed") : File("\"v1\"", 5);
        var listed = await ListAsync();
        host = "cdn2";
        Assert.Equal("https://cdn2.example.org/signed", (await LinkAsync(listed)).Url);

        _answer = _ => To("http://cdn.example.org/plain");
        Assert.Contains("do not follow", (await Assert.ThrowsAsync<StoreException>(() => LinkAsync(listed))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_signs_for_GET_alone_is_asked_for_one_byte()
    {
        _answer = request =>
        {
            if (request.Method == HttpMethod.Head)
            {
                return new(HttpStatusCode.Forbidden);
            }

            var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent([1]) };
            answer.Content.Headers.ContentRange = new(0, 0, 77);
            answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
            return answer;
        };
        var listed = await ListAsync();

        Assert.Equal(77, listed.Source.Files[0].Size);
        Assert.Empty((await LinkAsync(listed)).Headers);
    }

    [Fact]
    public async Task What_cannot_be_staged_is_told_at_submit()
    {
        _answer = _ => Packed(File("\"v1\"", 5));
        Assert.Contains("does not tell its size", Assert.Single((await ListAsync()).Problems), StringComparison.Ordinal);
        _answer = _ => File("\"v1\"", 5);
        Assert.Contains("not folders", Assert.Single((await ListAsync("https://files.example.org/dir/")).Problems), StringComparison.Ordinal);
        _answer = _ => new(HttpStatusCode.NotFound);
        Assert.Contains("there is nothing at https://files.example.org/w.bin (404)", (await Assert.ThrowsAsync<StoreException>(() => ListAsync())).Message, StringComparison.Ordinal);
        _answer = _ => new(HttpStatusCode.Unauthorized);
        var refused = await Assert.ThrowsAsync<StoreException>(() => ListAsync());
        Assert.Contains("not given to strangers", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sig=", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _sources.Dispose();

    private static HttpResponseMessage Packed(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentEncoding.Add("gzip");
        return answer;
    }

    private static HttpResponseMessage File(string tag, int size)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[size]) };
        answer.Headers.ETag = EntityTagHeaderValue.Parse(tag);
        return answer;
    }

    private static HttpResponseMessage To(string place)
    {
        var answer = new HttpResponseMessage(HttpStatusCode.Found);
        answer.Headers.Location = new(place);
        return answer;
    }

    private Task<ListedSource> ListAsync(string url = "https://files.example.org/w.bin?sig=x") =>
        _sources.ListWebAsync(new DataMount { Kind = DataSourceKind.Https, From = url, To = "/models/w.bin" }, 3, default);

    private Task<SignedUrl> LinkAsync(ListedSource listed)
    {
        var key = listed.Source.Files[0].Key;
        return _sources.Origins.Of(listed.Origin).LinkAsync(key[listed.Below.Length..], DateTimeOffset.UnixEpoch, listed.Versions.GetValueOrDefault(key), default);
    }
}
