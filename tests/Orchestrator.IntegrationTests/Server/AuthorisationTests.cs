using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Api;
using Orchestrator.Server.Security;
using Xunit;

namespace Orchestrator.IntegrationTests.Server;

[Collection(PostgresCollection.Name)]
public sealed class AuthorisationTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("/api/v1/jobs")]
    [InlineData("/api/v1/version")]
    [InlineData("/api/v1/nothing")]
    [InlineData("/hangfire")]
    [InlineData("/hangfire/training")]
    [InlineData("/hangfire/now")]
    [InlineData("/training/changes")]
    [InlineData("/hangfire/jobs/enqueued")]
    [InlineData("/")]
    public async Task Without_a_token_nothing_is_shown_even_from_loopback_and_whatever_a_proxy_says(string path)
    {
        using var client = server.Client();
        foreach (var header in (string[])["", "X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Original-Host"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (header.Length > 0)
            {
                request.Headers.TryAddWithoutValidation(header, header == "Forwarded" ? "for=127.0.0.1" : "127.0.0.1");
            }

            using var response = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("orc_wrong")]
    [InlineData("")]
    public async Task A_wrong_token_is_refused(string token)
    {
        using var client = server.Client(token);

        using var response = await client.GetAsync("/api/v1/jobs");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task The_token_counts_as_a_bearer_token_only()
    {
        using var client = server.Client();
        foreach (var query in (string[])["token", "access_token", "code", "api_key"])
        {
            using var response = await client.GetAsync($"/api/v1/jobs?{query}={server.Token}");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }

        using var basic = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        basic.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("x:" + server.Token)));
        using var refused = await client.SendAsync(basic);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Own_pages_allow_no_script_but_their_own_files_and_those_may_be_kept()
    {
        using var client = server.Client(server.Token);
        using var page = await client.GetAsync("/hangfire/training");
        var style = (await page.Content.ReadAsStringAsync()).Split("rel=\"stylesheet\" href=\"")[1].Split('"')[0];
        using var request = new HttpRequestMessage(HttpMethod.Get, style);
        request.Headers.AcceptEncoding.ParseAdd("gzip");
        using var file = await client.SendAsync(request);

        Assert.StartsWith("default-src 'none';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Contains("script-src 'self';", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", Assert.Single(page.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.True(file.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(1));
        Assert.False(file.Headers.Contains("Set-Cookie"));
        Assert.Equal("gzip", Assert.Single(file.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task The_token_file_opens_the_api_and_is_its_owners_only()
    {
        using var client = server.Client(server.Token);

        using var response = await client.GetAsync("/api/v1/jobs");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(server.DataFolder, "token")));
    }

    [Fact]
    public async Task A_foreign_host_name_is_not_answered_even_with_the_token()
    {
        using var client = server.Client(server.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        request.Headers.Host = "rebound.example.org";

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
    }

    [Fact]
    public async Task Health_needs_no_token_and_tells_nothing_about_jobs()
    {
        using var client = server.Client();

        var health = await client.GetFromJsonAsync<HealthReply>("/healthz", ApiJson.Options);

        Assert.True(health!.Ok);
        Assert.Equal("ok", health.Database);
    }

    [Fact]
    public async Task A_login_link_works_once_and_its_cookie_opens_the_pages()
    {
        var link = await LinkAsync();
        var cookies = new CookieContainer();
        using var browser = server.Client(cookies: cookies);

        using var first = await browser.GetAsync(link);
        using var page = await browser.GetAsync("/hangfire/training");
        using var stranger = server.Client(cookies: new CookieContainer());
        using var second = await stranger.GetAsync(link);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"), value => value.StartsWith("orchestrator-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/jobs/1/cancel")]
    [InlineData("/api/v1/recover")]
    [InlineData("/training/1/cancel")]
    [InlineData("/training/alerts/1/dismiss")]
    [InlineData("/hangfire/jobs/enqueued/delete")]
    public async Task A_session_without_the_antiforgery_token_changes_nothing(string path)
    {
        var cookies = new CookieContainer();
        using var browser = server.Client(cookies: cookies);
        using var signedIn = await browser.GetAsync(await LinkAsync());

        using var response = await browser.PostAsync(path, new FormUrlEncodedContent([new("x", "1")]));

        Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden, $"{(int)response.StatusCode}");
    }

    [Fact]
    public async Task A_session_with_the_antiforgery_token_of_a_page_may_command()
    {
        var cookies = new CookieContainer();
        using var browser = server.Client(cookies: cookies);
        using var signedIn = await browser.GetAsync(await LinkAsync());
        var page = await browser.GetStringAsync("/hangfire/training");
        var token = page.Split("<meta name=\"csrf-token\" content=\"")[1].Split('"')[0];

        using var response = await browser.PostAsync("/training/999/cancel", new FormUrlEncodedContent([new("__RequestVerificationToken", WebUtility.HtmlDecode(token))]));

        // Past the check: the job is what is missing.
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public void Every_endpoint_that_is_no_get_names_the_role_it_takes()
    {
        // What a signed URL permits, what signs in, and Hangfire's pages, whose policy tells reading from changing.
        string[] others = ["/store", "/hangfire/{**path}", "GET /healthz", "GET /login", "GET /view"];
        var wrong = Endpoints().Where(endpoint => !others.Contains(endpoint.Route, StringComparer.Ordinal) && !others.Contains($"{endpoint.Method} {endpoint.Route}", StringComparer.Ordinal))
            // A GET that names none takes a viewer, by the policy for all that say nothing; a scrape may come by any method, and only reads.
            .Where(endpoint => endpoint.IsOpen || (endpoint.Method != "GET" && !Roles.Covers(endpoint.Role, endpoint.Route is "/api/v1/login-code" or "/metrics" ? Roles.Viewer : Roles.Operator)))
            .Select(endpoint => $"{endpoint.Method} {endpoint.Route}: {endpoint.Role ?? "no role"}");

        Assert.Empty(wrong);
        Assert.True(Endpoints().Count(endpoint => endpoint.Method != "GET") > 30);
        Assert.Equal(Access.Dashboard, Assert.Single(server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(), endpoint => endpoint.RoutePattern.RawText == "/hangfire/{**path}")
            .Metadata.GetRequiredMetadata<IAuthorizeData>().Policy);
    }

    [Fact]
    public void What_changes_the_installation_takes_an_admin() => Assert.Equal(
        [
            "DELETE /api/v1/secrets/{name}", "DELETE /api/v1/tokens/{name}", "GET /api/v1/tokens", "POST /api/v1/accounts/{name}/accept", "POST /api/v1/links", "POST /api/v1/machines/try",
            "POST /api/v1/recover", "POST /api/v1/secrets/rotate", "POST /api/v1/stores/try", "POST /api/v1/tokens", "PUT /api/v1/secrets/{name}",
        ],
        Endpoints().Where(endpoint => endpoint.Role == Roles.Admin).Select(endpoint => $"{endpoint.Method} {endpoint.Route}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_viewers_token_is_refused_by_every_endpoint_that_changes_something_and_an_operators_by_an_admins()
    {
        var (viewer, operators) = (await TokenAsync("looks", Roles.Viewer), await TokenAsync("drives", Roles.Operator));
        using var looks = server.Client(viewer.Value);
        using var drives = server.Client(operators.Value);
        var changes = Endpoints().Where(endpoint => endpoint.Role is Roles.Operator or Roles.Admin).ToList();
        foreach (var (method, route, role, _) in changes)
        {
            foreach (var client in role == Roles.Admin ? [looks, drives] : (HttpClient[])[looks])
            {
                using var request = new HttpRequestMessage(new(method), System.Text.RegularExpressions.Regex.Replace(route, "{[^}]*}", "1")) { Content = method == "GET" ? null : JsonContent.Create(new { }) };
                using var refused = await client.SendAsync(request);
                Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, $"{method} {route}: {(int)refused.StatusCode}");
                Assert.StartsWith($"this takes the role {role}, and ", (await refused.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options))!.Error, StringComparison.Ordinal);
            }
        }

        using var read = await looks.GetAsync("/api/v1/jobs");
        using var stopped = await drives.PostAsync("/api/v1/jobs/999/cancel", null);
        using var deleted = await looks.PostAsync("/hangfire/jobs/enqueued/delete", new FormUrlEncodedContent([]));
        using var nowhere = await drives.PostAsync("/api/v1/nothing", null);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, stopped.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, nowhere.StatusCode);
    }

    [Fact]
    public async Task A_token_that_was_revoked_says_so_and_takes_its_sessions_along()
    {
        var made = await TokenAsync("second-admin", Roles.Admin);
        using var client = server.Client(made.Value);
        using var browser = server.Client(cookies: new CookieContainer());
        using var code = await client.PostAsync("/api/v1/login-code", null);
        using var signedIn = await browser.GetAsync(new Uri((await code.Content.ReadFromJsonAsync<LoginCode>(ApiJson.Options))!.Url));
        using var page = await browser.GetAsync("/hangfire/training");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        // What it does carries its name.
        Assert.Equal("second-admin", (await TokenAsync("made-by-it", Roles.Viewer, client)).Token.CreatedBy);

        using var admin = server.Client(server.Token);
        using var taken = await admin.PostAsJsonAsync("/api/v1/tokens", new TokenRequest("second-admin", Roles.Viewer, 60), ApiJson.Options);
        using var revoked = await admin.DeleteAsync("/api/v1/tokens/second-admin");
        using var refused = await client.GetAsync("/api/v1/jobs");
        using var gone = await browser.GetAsync("/hangfire/training");
        using var again = await admin.DeleteAsync("/api/v1/tokens/second-admin");

        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("the token \"second-admin\" was revoked on", (await refused.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options))!.Error, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, gone.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact]
    public async Task A_token_expires_by_the_databases_clock_and_says_so()
    {
        var made = await TokenAsync("short", Roles.Viewer);
        using var client = server.Client(made.Value);
        using var before = await client.GetAsync("/api/v1/jobs");
        await ExecuteAsync($"update orchestrator.tokens set expires_at = clock_timestamp() where id = '{made.Token.Id}'");

        using var after = await client.GetAsync("/api/v1/jobs");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains("the token \"short\" expired on", (await after.Content.ReadFromJsonAsync<ErrorReply>(ApiJson.Options))!.Error, StringComparison.Ordinal);
        // What has ended leaves its name to another.
        Assert.NotEqual(made.Token.Id, (await TokenAsync("short", Roles.Viewer)).Token.Id);
    }

    [Fact]
    public async Task A_link_opens_the_pages_to_read_only_until_it_is_revoked()
    {
        using var admin = server.Client(server.Token);
        using var made = await admin.PostAsJsonAsync("/api/v1/links", new TokenRequest("for-the-boss", null, 600), ApiJson.Options);
        var link = (await made.Content.ReadFromJsonAsync<LinkReply>(ApiJson.Options))!;
        var secret = link.Path.Split("token=")[1];
        using var browser = server.Client(cookies: new CookieContainer());

        using var opened = await browser.GetAsync(link.Path);
        var page = await browser.GetStringAsync("/hangfire/attention");
        var csrf = (await browser.GetStringAsync("/hangfire/training")).Split("<meta name=\"csrf-token\" content=\"")[1].Split('"')[0];
        using var cancel = await browser.PostAsync("/training/1/cancel", new FormUrlEncodedContent([new("__RequestVerificationToken", WebUtility.HtmlDecode(csrf))]));
        using var bearer = server.Client(secret);
        using var api = await bearer.GetAsync("/api/v1/jobs");
        using var noLink = await server.Client(cookies: new CookieContainer()).GetAsync($"/view?token={server.Token}");

        Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        Assert.DoesNotContain(secret, await opened.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", Assert.Single(opened.Headers.GetValues("Referrer-Policy")));
        Assert.Contains("signed in as for-the-boss, to read only", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<button", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, cancel.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, noLink.StatusCode);

        using var revoked = await admin.DeleteAsync("/api/v1/tokens/for-the-boss");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hangfire/training");
        request.Headers.Accept.ParseAdd("text/html");
        using var over = await browser.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, over.StatusCode);
        Assert.Contains("the link &quot;for-the-boss&quot; was revoked on", await over.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<TokenReply> TokenAsync(string name, string role, HttpClient? by = null)
    {
        using var admin = server.Client(server.Token);
        using var response = await (by ?? admin).PostAsJsonAsync("/api/v1/tokens", new TokenRequest(name, role, 600), ApiJson.Options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<TokenReply>(ApiJson.Options))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = server.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private IEnumerable<(string Method, string Route, string? Role, bool IsOpen)> Endpoints() =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"]
        select (method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), Access.RoleOf(endpoint), endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null);

    private async Task<Uri> LinkAsync()
    {
        using var client = server.Client(server.Token);
        using var response = await client.PostAsync("/api/v1/login-code", null);
        return new Uri((await response.Content.ReadFromJsonAsync<LoginCode>(ApiJson.Options))!.Url);
    }
}
