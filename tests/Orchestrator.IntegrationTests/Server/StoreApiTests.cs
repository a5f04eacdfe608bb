using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Api;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

/// <summary>Stores and machines over the real server's API.</summary>
[Collection(PostgresCollection.Name)]
public sealed class StoreApiTests(PostgresFixture postgres) : IAsyncLifetime, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orc-nas-");

    // Port 9 of loopback: nothing listens there, and the connection is refused at once.
    private readonly ServerFixture _server = new(postgres)
    {
        Configuration = new() { Machines = [new() { Address = new() { Name = "lab-1", Host = "127.0.0.1", Port = 9, User = "ada", KeyFile = "/no-such-key" } }] },
    };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_folder_of_every_installation_is_tried_listed_and_counted()
    {
        using var client = _server.Client(_server.Token);

        var check = (await PostAsync(client, "stores/test?name=folder"))["checks"]!.AsArray().Single()!;
        Assert.Equal("ok", check["level"]!.GetValue<string>());
        var listed = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/stores", UriKind.Relative)))!.AsArray().Single()!;
        Assert.Equal("ok", listed["state"]!.GetValue<string>());
        Assert.True(listed["isDefault"]!.GetValue<bool>());
        var usage = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/stores/usage", UriKind.Relative)))!;
        Assert.Empty(usage["notes"]!.AsArray());
        using var unknown = await client.PostAsync(new Uri("/api/v1/stores/test?name=x", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_store_is_tried_before_it_is_configured()
    {
        using var client = _server.Client(_server.Token);

        var good = await PostAsync(client, "stores/try", new ConfigurationDraft($"stores: {{nas: {{path: {_folder.FullName}}}}}"));
        Assert.Equal("ok", good["checks"]![0]!["level"]!.GetValue<string>());
        foreach (var yaml in (string[])["stores: {nas: {path: /no-such-folder-of-ours}}", "stores: {nas: {}}", "stores: {}", "stores: {folder: {path: /tmp}}", "{", ""])
        {
            using var refused = await client.PostAsJsonAsync(new Uri("/api/v1/stores/try", UriKind.Relative), new ConfigurationDraft(yaml), ApiJson.Options);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_machine_is_banned_and_taken_back()
    {
        using var client = _server.Client(_server.Token);
        var ban = new Uri("/api/v1/machines/lab-1/ban", UriKind.Relative);

        using (var banned = await client.PutAsJsonAsync(ban, new BanRequest("its fan is loud"), ApiJson.Options))
        {
            Assert.Equal(HttpStatusCode.NoContent, banned.StatusCode);
        }

        Assert.Equal(("banned", "its fan is loud"), await StateAsync(client));
        using (var taken = await client.DeleteAsync(ban))
        {
            Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        }

        Assert.NotEqual("banned", (await StateAsync(client)).State);
        using var again = await client.DeleteAsync(ban);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        using var unknown = await client.PutAsJsonAsync(new Uri("/api/v1/machines/x/ban", UriKind.Relative), new BanRequest(null), ApiJson.Options);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_host_is_banned_by_somebody_and_pardoned_and_an_own_machine_the_same_way()
    {
        using var client = _server.Client(_server.Token);
        foreach (var host in (string[])["vast/58761", "ssh/lab-1"])
        {
            Assert.Equal(HttpStatusCode.NoContent, await HostAsync(client, "ban", new HostBanRequest(host, "slow disk", 7 * 86_400)));
            var ban = (await BansAsync(client))[host]!;
            Assert.Equal("slow disk", ban["reason"]!.GetValue<string>());
            Assert.NotEqual("", ban["by"]!.GetValue<string>());
            Assert.NotNull(ban["until"]);
        }

        Assert.Equal(("banned", "slow disk"), await StateAsync(client));
        foreach (var host in (string[])["vast/58761", "ssh/lab-1"])
        {
            Assert.Equal(HttpStatusCode.NoContent, await HostAsync(client, "pardon", new HostPardonRequest(host)));
            Assert.Equal(HttpStatusCode.Conflict, await HostAsync(client, "pardon", new HostPardonRequest(host)));
        }

        Assert.Empty(await BansAsync(client));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await HostAsync(client, "ban", new HostBanRequest("no host", null, null)));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await HostAsync(client, "ban", new HostBanRequest("vast/1", null, -1)));
        Assert.Equal(HttpStatusCode.NotFound, await HostAsync(client, "ban", new HostBanRequest("ssh/unknown", null, null)));
    }

    [Fact]
    public async Task A_machine_that_does_not_answer_is_found_bad()
    {
        using var client = _server.Client(_server.Token);

        Assert.Equal("bad", (await PostAsync(client, "machines/test?name=lab-1"))["checks"]![0]!["level"]!.GetValue<string>());
        var tried = await PostAsync(client, "machines/try", new ConfigurationDraft("machines: {lab-2: {address: 127.0.0.1, port: 9, user: ada, key: /no-such-key}}"));
        Assert.Equal("bad", tried["checks"]![0]!["level"]!.GetValue<string>());
    }

    private static async Task<HttpStatusCode> HostAsync(HttpClient client, string what, object request)
    {
        using var response = await client.PostAsJsonAsync(new Uri("/api/v1/hosts/" + what, UriKind.Relative), request, ApiJson.Options);
        return response.StatusCode;
    }

    /// <summary>By host.</summary>
    private static async Task<Dictionary<string, JsonNode?>> BansAsync(HttpClient client) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/hosts", UriKind.Relative)))!.AsArray()
            .Where(host => host!["ban"] is not null).ToDictionary(host => host!["host"]!.GetValue<string>(), host => host!["ban"]);

    private static async Task<(string State, string? Why)> StateAsync(HttpClient client)
    {
        var machine = JsonNode.Parse(await client.GetStringAsync(new Uri("/api/v1/machines", UriKind.Relative)))!.AsArray().Single()!;
        return (machine["state"]!.GetValue<string>(), machine["why"]?.GetValue<string>());
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, ConfigurationDraft? body = null)
    {
        using var reply = await client.PostAsync(new Uri("/api/v1/" + path, UriKind.Relative), body is null ? null : JsonContent.Create(body, options: ApiJson.Options));
        var text = await reply.Content.ReadAsStringAsync();
        Assert.True(reply.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
