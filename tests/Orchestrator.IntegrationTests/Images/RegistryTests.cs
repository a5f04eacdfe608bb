using System.Collections.Immutable;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.IntegrationTests.Agent.Portable;
using Orchestrator.IntegrationTests.Support;
using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.IntegrationTests.Images;

/// <summary>Images are pinned against a real registry.</summary>
public sealed class RegistryTests
{
    [FactWithRegistry]
    public async Task A_tag_is_pinned_to_what_it_means_now()
    {
        await using var registry = await TestRegistry.StartAsync();
        var first = await registry.PushAsync("team/trainer", "1", 1000);
        var set = Set();
        Assert.Equal(new StoredImage($"{registry.Host}/team/trainer:1", $"{registry.Host}/team/trainer@{first}", 1000), await PinAsync(set, $"{registry.Host}/team/trainer:1"));

        await registry.PushAsync("team/trainer", "1", 2000);
        Assert.Equal(2000, (await PinAsync(set, $"{registry.Host}/team/trainer:1"))!.Bytes);
        Assert.Equal(1000, (await PinAsync(set, $"{registry.Host}/team/trainer@{first}"))!.Bytes);

        var index = await registry.PushIndexAsync("team/trainer", "many", first);
        var many = await PinAsync(set, $"{registry.Host}/team/trainer:many");
        Assert.Equal(($"{registry.Host}/team/trainer@{index}", 1000L), (many!.Pinned, many.Bytes));
        Assert.Contains("no such image", await RefusedAsync(set, $"{registry.Host}/team/trainer:2"), StringComparison.Ordinal);
        Assert.Contains("no such image", await RefusedAsync(set, $"{registry.Host}/nobody/nothing:1"), StringComparison.Ordinal);
    }

    [FactWithRegistry]
    public async Task A_private_registry_wants_its_login_and_gets_it()
    {
        await using var registry = await TestRegistry.StartAsync(login: true);
        await registry.PushAsync("team/trainer", "1", 1000);
        var image = $"{registry.Host}/team/trainer:1";

        Assert.Equal(1000, (await PinAsync(Set(Entry(registry.Host, TestRegistry.Password)), image))!.Bytes);
        Assert.Contains("without a login", await RefusedAsync(Set(), image), StringComparison.Ordinal);
        Assert.Contains("not shown to tester", await RefusedAsync(Set(Entry(registry.Host, "wrong")), image), StringComparison.Ordinal);
        using var good = await Set(Entry(registry.Host, TestRegistry.Password)).ClientAsync(Entry(registry.Host, TestRegistry.Password), default);
        await good.PingAsync(default);
    }

    [FactWithRegistry]
    public async Task A_private_authority_is_trusted_where_it_is_named()
    {
        using var authority = new TestAuthority("registry");
        using var certificate = authority.Issue();
        await using var registry = await TestRegistry.StartAsync(certificate: certificate);
        await registry.PushAsync("team/trainer", "1", 1000);
        var file = Path.Combine(Directory.CreateTempSubdirectory("orc-ca-").FullName, "ca.pem");
        await File.WriteAllTextAsync(file, authority.Pem);
        var entry = new RegistryEntry { Name = "lab", Host = registry.Host, CaFile = file };

        Assert.Equal(1000, (await PinAsync(Set(entry), $"{registry.Host}/team/trainer:1"))!.Bytes);
        using var stranger = new TestAuthority("stranger");
        await File.WriteAllTextAsync(file, stranger.Pem);
        Assert.Contains("cannot be reached", await RefusedAsync(Set(entry), $"{registry.Host}/team/trainer:1"), StringComparison.Ordinal);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static RegistryEntry Entry(string host, string password) => new() { Name = "lab", Host = host, User = TestRegistry.User, Password = new TokenSource.FromSecret(password) };

    /// <summary>Secrets are called what they hold.</summary>
    private static RegistrySet Set(params RegistryEntry[] entries) => new([.. entries], new TokenReader((name, _) => Task.FromResult<string?>(name), _ => null), TimeProvider.System);

    private static async Task<StoredImage?> PinAsync(RegistrySet set, string image)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        var pinned = await new ImagePinning(set).PinAsync(new JobSpec { Name = "x", Image = image }, problems, default);
        Assert.Empty(problems);
        return pinned;
    }

    private static async Task<string> RefusedAsync(RegistrySet set, string image)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        Assert.Null(await new ImagePinning(set).PinAsync(new JobSpec { Name = "x", Image = image }, problems, default));
        return Assert.Single(problems).What;
    }
}
