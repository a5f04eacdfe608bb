using System.Collections.Immutable;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Tests.Http;
using Xunit;

namespace Orchestrator.Tests.Images;

public sealed class ImagePinningTests
{
    private readonly FakeRegistry _registry = new();
    private readonly Dictionary<string, string> _secrets = new() { ["acme"] = FakeRegistry.Password };

    public ImagePinningTests() => _registry.Manifests["acme/x:1"] = """{"layers": [{"size": 7}]}""";

    [Fact]
    public async Task The_entry_of_the_images_registry_is_used()
    {
        var (image, problems) = await PinAsync("reg.example.org/acme/x:1", null, Entry("acme"));

        Assert.Empty(problems);
        Assert.Equal(7, image!.Bytes);
        Assert.Equal(new RegistryLogin("reg.example.org", "bot", FakeRegistry.Password), await Set(Entry("acme")).ForAsync(Stored("reg.example.org/acme/x:1", null), default));
    }

    [Fact]
    public async Task A_login_in_the_spec_wins_over_the_configuration()
    {
        _secrets["mine"] = FakeRegistry.Password;
        var (image, _) = await PinAsync("reg.example.org/acme/x:1", new() { Username = "bot", PasswordSecret = "mine" }, Entry("acme") with { User = "other" });

        Assert.NotNull(image);
    }

    [Fact]
    public async Task No_other_registry_ever_sees_a_login() => Assert.Null(await Set(Entry("acme")).ForAsync(Stored("evil.example.org/acme/x:1", null), default));

    [Theory]
    [InlineData(null, "registry-auth: there is no registry \"acme\"", "acme")]
    [InlineData("other.example.org", "\"acme\" is for other.example.org", "acme")]
    public async Task A_profile_that_does_not_fit_is_told(string? host, string words, string profile)
    {
        RegistryEntry[] entries = host is null ? [] : [Entry("acme") with { Host = host }];
        var (_, problems) = await PinAsync("reg.example.org/acme/x:1", new() { Profile = profile }, entries);

        Assert.Contains(words, Assert.Single(problems).What, StringComparison.Ordinal);
        Assert.Empty(_registry.Handler.Asked);
    }

    [Fact]
    public async Task Of_two_entries_one_must_be_chosen()
    {
        Assert.Contains("choose one", Assert.Single((await PinAsync("reg.example.org/acme/x:1", null, Entry("a"), Entry("b"))).Problems).What, StringComparison.Ordinal);
        Assert.NotNull((await PinAsync("reg.example.org/acme/x:1", new() { Profile = "b" }, Entry("a"), Entry("b"))).Image);
    }

    [Fact]
    public async Task What_is_to_be_mended_is_named()
    {
        async Task SaysAsync(string what, string todo, string image, RegistryAuth? auth, params RegistryEntry[] entries)
        {
            var problem = Assert.Single((await PinAsync(image, auth, entries)).Problems);
            Assert.Equal(Severity.Error, problem.Severity);
            Assert.Contains(what, problem.What, StringComparison.Ordinal);
            Assert.Contains(todo, problem.WhatToDo, StringComparison.Ordinal);
        }

        await SaysAsync("no such image", "check its name", "reg.example.org/acme/x:2", null, Entry("acme"));
        await SaysAsync("strangers", "add a login for reg.example.org under registries", "reg.example.org/acme/x:1", null);
        _secrets["acme"] = "wrong";
        await SaysAsync("password of bot", "orchestrator registry test acme", "reg.example.org/acme/x:1", null, Entry("acme"));
        await SaysAsync("password of bot", "orchestrator secret set acme", "reg.example.org/acme/x:1", new() { Username = "bot", PasswordSecret = "acme" });
        _secrets.Clear();
        await SaysAsync("registries.acme.password: there is no secret \"acme\"", "", "reg.example.org/acme/x:1", null, Entry("acme"));
        await SaysAsync("no image reference", "ghcr.io", "Acme/X", null);
    }

    [Fact]
    public async Task A_digest_needs_no_answer_and_a_tag_does()
    {
        var away = new ScriptedHandler(_ => throw new HttpRequestException(HttpRequestError.SecureConnectionError, "no trust"));
        var digest = "sha256:" + new string('d', 64);
        var (image, problems) = await PinAsync("reg.example.org/acme/x:1@" + digest, null, away);
        Assert.Equal((Severity.Note, "reg.example.org/acme/x@" + digest, null), (Assert.Single(problems).Severity, image!.Pinned, image.Bytes));

        (image, problems) = await PinAsync("reg.example.org/acme/x:1", null, away);
        Assert.Null(image);
        Assert.Contains("by its digest", Assert.Single(problems).WhatToDo, StringComparison.Ordinal);
    }

    private static RegistryEntry Entry(string name) => new() { Name = name, Host = "reg.example.org", User = "bot", Password = new TokenSource.FromSecret("acme") };

    private Task<(StoredImage? Image, ImmutableArray<Problem> Problems)> PinAsync(string image, RegistryAuth? auth, params RegistryEntry[] entries) => PinAsync(image, auth, _registry.Handler, entries);

    private async Task<(StoredImage? Image, ImmutableArray<Problem> Problems)> PinAsync(string image, RegistryAuth? auth, ScriptedHandler handler, params RegistryEntry[] entries)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var pinned = await new ImagePinning(Set(handler, entries)).PinAsync(Stored(image, auth).Spec, problems, default);
        return (pinned, problems.ToImmutable());
    }

    private RegistrySet Set(params RegistryEntry[] entries) => Set(_registry.Handler, entries);

    private RegistrySet Set(ScriptedHandler handler, RegistryEntry[] entries) =>
        new([.. entries], new TokenReader((name, _) => Task.FromResult(_secrets.GetValueOrDefault(name)), _ => null), TimeProvider.System) { Connect = (_, _) => new(handler) };

    private static StoredSpec Stored(string image, RegistryAuth? auth) => new() { Spec = new JobSpec { Name = "x", Image = image, RegistryAuth = auth } };
}
