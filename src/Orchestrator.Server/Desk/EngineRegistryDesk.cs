using System.Collections.Immutable;
using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Desk;

/// <summary>The configured registries, and what they say to us.</summary>
public sealed class EngineRegistryDesk(RegistrySet registries) : IRegistryDesk
{
    /// <summary>A person waits for the doctor.</summary>
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(15);

    public ImmutableArray<RegistryView> List() =>
        [.. registries.Entries.Select(entry => new RegistryView(entry.Name, entry.Host, entry.User, entry.Password?.ToString()) { Hosts = entry.Hosts })];

    public async Task<ImmutableArray<DoctorCheck>> TestAsync(string? name, CancellationToken cancellation)
    {
        var wanted = registries.Entries.Where(entry => name is null || entry.Name == name).ToList();
        return wanted.Count > 0 || name is null
            ? [.. await Task.WhenAll(wanted.Select(entry => TestAsync(entry, cancellation)))]
            : throw new DeskException(Refusal.NotFound, $"there is no registry \"{name}\"", "orchestrator registry list names them; add it under registries in orchestrator.yaml");
    }

    private async Task<DoctorCheck> TestAsync(RegistryEntry entry, CancellationToken cancellation)
    {
        const string area = "registry";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_limit);
        try
        {
            using var client = await registries.ClientAsync(entry, limit.Token);
            await client.PingAsync(limit.Token);
            return new(area, "ok", $"{entry.Name}: {entry.Host} answers{(entry.User is { } user ? $" and takes the login of {user}" : ", without a login")}");
        }
        catch (TokenException missing)
        {
            return new(area, "bad", $"{entry.Name}: {missing.Message}");
        }
        catch (RegistryException refused) when (refused.Kind == RegistryErrorKind.Unauthorized)
        {
            return new(area, "bad", $"{entry.Name}: {refused.Message}", $"mend registries.{entry.Name}.user and .password in orchestrator.yaml");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(area, "bad", $"{entry.Name}: {entry.Host} does not answer within {Views.Say.For(_limit)}", "jobs with images from there cannot be submitted by tag until it answers");
        }
        catch (RegistryException refused)
        {
            return new(area, "bad", $"{entry.Name}: {refused.Message}", "jobs with images from there cannot be submitted by tag until it answers");
        }
    }
}
