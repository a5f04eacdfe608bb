using System.Net;
using System.Net.Http.Json;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Server.Api;
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

    private async Task<Uri> LinkAsync()
    {
        using var client = server.Client(server.Token);
        using var response = await client.PostAsync("/api/v1/login-code", null);
        return new Uri((await response.Content.ReadFromJsonAsync<LoginCode>(ApiJson.Options))!.Url);
    }
}
