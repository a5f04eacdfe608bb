using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>Secrets and registries over the real server's API.</summary>
[Collection(PostgresCollection.Name)]
public sealed class SecretApiTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ServerFixture _server = new(postgres);

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_rotation_leaves_one_new_key_file_and_every_secret_settable()
    {
        using var client = _server.Client(_server.Token);
        var key = Path.Combine(_server.DataFolder, "secrets.key");
        await SetAsync(client, "first");
        var before = await File.ReadAllTextAsync(key);

        var reply = await PostAsync(client, "/api/v1/secrets/rotate");
        Assert.Equal(1, reply["secrets"]!.GetValue<int>());
        var after = await File.ReadAllTextAsync(key);
        Assert.NotEqual(before, after);
        Assert.Contains(reply["keyId"]!.GetValue<string>(), after, StringComparison.Ordinal);
        Assert.False(File.Exists(key + ".next"));

        await SetAsync(client, "second");
        Assert.Equal(2, (await PostAsync(client, "/api/v1/secrets/rotate"))["secrets"]!.GetValue<int>());
    }

    [Fact]
    public async Task Registries_are_listed_and_a_name_that_is_none_is_told()
    {
        using var client = _server.Client(_server.Token);

        Assert.Equal("[]", await client.GetStringAsync(new Uri("/api/v1/registries", UriKind.Relative)));
        Assert.Empty((await PostAsync(client, "/api/v1/registries/test"))["checks"]!.AsArray());
        using var unknown = await client.PostAsync(new Uri("/api/v1/registries/test?name=x", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("orchestrator registry list", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task SetAsync(HttpClient client, string name)
    {
        using var reply = await client.PutAsJsonAsync(new Uri("/api/v1/secrets/" + name, UriKind.Relative), new { value = "a-secret-value" });
        Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path)
    {
        using var reply = await client.PostAsync(new Uri(path, UriKind.Relative), null);
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
