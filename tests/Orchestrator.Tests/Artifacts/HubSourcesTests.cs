using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Artifacts.Foreign;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Artifacts;

public sealed class HubSourcesTests : IDisposable
{
    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _scratch = new();
    private string? _token;

    public HubSourcesTests()
    {
        _hub.Files["README.md"] = "read me";
        _hub.Files["config.json"] = "{}";
        _hub.Files["big.safetensors"] = "weights";
        _hub.Files["sub/big ü.bin"] = "more weights";
        _hub.Files["sub/vocab.txt"] = "words";
    }

    [Theory]
    [InlineData("hf://acme/net", "models", "acme/net", "main", "")]
    [InlineData("hf://acme/net/sub/x.bin", "models", "acme/net", "main", "sub/x.bin")]
    [InlineData("hf://acme/net@v1.0/", "models", "acme/net", "v1.0", "")]
    [InlineData("hf://datasets/acme/set@refs%2Fconvert%2Fparquet/train", "datasets", "acme/set", "refs/convert/parquet", "train")]
    public void Places_are_read_as_the_Hubs_own_tools_write_them(string text, string kind, string repository, string revision, string path)
    {
        var place = HubPlace.Parse(text)!;

        Assert.Equal(new HubPlace(kind, repository, revision, path), place);
        Assert.Equal(place, HubPlace.Parse(place.ToString()));
    }

    [Theory]
    [InlineData("hf://acme")]
    [InlineData("hf://datasets/acme")]
    [InlineData("hf://acme/ne t")]
    [InlineData("hf://acme/../x")]
    [InlineData("hf://acme/net//x")]
    public void What_is_no_place_is_refused(string text) => Assert.Null(HubPlace.Parse(text));

    [Fact]
    public async Task A_repository_is_pinned_and_its_files_are_linked_where_they_lie()
    {
        var found = await ListAsync("hf://acme/net", exclude: ["*.md"]);

        Assert.Null(found.Carried);
        Assert.Equal("hf://models/acme/net@" + FakeHub.Commit + "/", found.Linked!.Origin);
        Assert.Equal(
            [("big.safetensors", 7L), ("config.json", 2L), ("sub/big ü.bin", 12L), ("sub/vocab.txt", 5L)],
            found.Linked.Source.Files.Select(file => (file.Path, file.Size)));
        Assert.Equal("https://cdn.example.org/sub/big%20%C3%BC.bin?signature=1", await LinkAsync(found.Linked, "sub/big ü.bin"));
        Assert.Equal($"https://huggingface.co/acme/net/resolve/{FakeHub.Commit}/config.json", await LinkAsync(found.Linked, "config.json"));
    }

    [Theory]
    [InlineData("hf://acme/net/sub", "sub/", "big ü.bin,vocab.txt")]
    [InlineData("hf://acme/net/sub/vocab.txt", "sub/", "")]
    [InlineData("hf://acme/net/config.json", "", "")]
    public async Task A_path_may_be_a_folder_or_a_file(string from, string folder, string paths)
    {
        var found = await ListAsync(from);

        Assert.Equal($"hf://models/acme/net@{FakeHub.Commit}/{folder}", found.Linked!.Origin);
        Assert.Equal(paths, string.Join(',', found.Linked.Source.Files.Select(file => file.Path)));
        Assert.NotEmpty(await LinkAsync(found.Linked, found.Linked.Source.Files[0].Key[found.Linked.Below.Length..]));
    }

    [Fact]
    public async Task Of_a_gated_repository_hosts_get_signed_URLs_and_we_carry_the_rest()
    {
        (_hub.IsGated, _token) = (true, FakeHub.Token);
        var found = await ListAsync("hf://acme/net");

        Assert.Equal(["big.safetensors", "sub/big ü.bin"], found.Linked!.Source.Files.Select(file => file.Path));
        Assert.Equal("words", await File.ReadAllTextAsync(Path.Combine(found.Carried!.Folder, "sub/vocab.txt")));
        Assert.Equal(3, Directory.GetFiles(found.Carried.Folder, "*", SearchOption.AllDirectories).Length);
        Assert.DoesNotContain(FakeHub.Token, await LinkAsync(found.Linked, "big.safetensors"), StringComparison.Ordinal);
        Assert.All(_hub.Handler.Asked, one => Assert.Equal(one.Url.Host == "huggingface.co", one.Authorization is not null));
    }

    [Fact]
    public async Task Datasets_have_their_own_names()
    {
        _hub.Page = "datasets/acme/set";

        Assert.Equal(5, (await ListAsync("hf://datasets/acme/set")).Linked!.Source.Files.Length);
    }

    [Theory]
    [InlineData("hf://acme/other", null, "there is no hf://acme/other that everybody may read; check its name, or put a token under hf")]
    [InlineData("hf://acme/other", FakeHub.Token, "or there is no hf://acme/other")]
    [InlineData("hf://acme/net@v9", null, "has no branch, tag or commit \"v9\"")]
    [InlineData("hf://acme/net/nothing", null, "has no nothing at")]
    [InlineData("hf://acme", null, "write hf://owner/name")]
    public async Task What_is_wrong_is_told_with_what_to_do(string from, string? token, string words)
    {
        _token = token;
        Assert.Contains(words, (await Assert.ThrowsAsync<StoreException>(() => ListAsync(from))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terms_that_were_not_accepted_are_told_at_submit()
    {
        _hub.IsGated = true;
        Assert.Contains("accept them at https://huggingface.co/acme/net", (await Assert.ThrowsAsync<StoreException>(() => ListAsync("hf://acme/net"))).Message, StringComparison.Ordinal);
        _token = "another's";
        Assert.Contains("the account of hf.token may not read it", (await Assert.ThrowsAsync<StoreException>(() => ListAsync("hf://acme/net"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_is_let_through_is_a_problem() =>
        Assert.Contains("that include and exclude let through", Assert.Single((await ListAsync("hf://acme/net", exclude: ["*"])).Linked!.Problems), StringComparison.Ordinal);

    public void Dispose() => _scratch.Dispose();

    private async Task<HubListing> ListAsync(string from, string[]? exclude = null)
    {
        using var sources = Sources();
        return await sources.ListHubAsync(new DataMount { Kind = DataSourceKind.HuggingFace, From = from, To = "/data", Exclude = [.. exclude ?? []] }, 2, _scratch.Path, default);
    }

    private async Task<string> LinkAsync(ListedSource listed, string path)
    {
        using var sources = Sources();
        return (await sources.Origins.Of(listed.Origin).LinkAsync(path, DateTimeOffset.UnixEpoch, null, default)).Url;
    }

    private ForeignSources Sources() => new(
        new PatientClient(new HttpMessageInvoker(_hub.Handler, disposeHandler: false), TimeProvider.System),
        new HubSettings { Token = _token is null ? null : new TokenSource.FromSecret("hf") },
        new TokenReader((_, _) => Task.FromResult(_token), _ => null));
}
