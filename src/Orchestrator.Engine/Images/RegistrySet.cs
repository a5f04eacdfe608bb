using System.Collections.Immutable;
using Orchestrator.Engine.Http;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Images;

/// <summary>The registries of the configuration, and which of them a job's image is pulled with.</summary>
public sealed class RegistrySet(ImmutableArray<RegistryEntry> entries, TokenReader tokens, TimeProvider time) : IRegistryLogins
{
    public ImmutableArray<RegistryEntry> Entries => entries;

    /// <summary>Opens connections, trusting a PEM file or the system, past the proxy or not; tests put their own here.</summary>
    internal Func<string?, bool, HttpMessageInvoker> Connect { get; init; } = WebHandlers.Create;

    public async Task<RegistryLogin?> ForAsync(StoredSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Spec.Image is { } written && ImageReference.Parse(written, out _) is { } image
            ? await LoginAsync(image, spec.Spec.RegistryAuth, cancellation)
            : null;
    }

    public bool MayGoToHosts(StoredSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return spec.Spec.RegistryAuth?.Username is not null
            || (spec.Spec.Image is { } written && ImageReference.Parse(written, out _) is { } image && EntryOf(image, spec.Spec.RegistryAuth)?.Hosts == true);
    }

    public async Task LookAsync(StoredSpec spec, bool withLogin, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        if ((spec.Image?.Pinned ?? spec.Spec.Image) is { } reference && ImageReference.Parse(reference, out _) is { } image)
        {
            using var registry = withLogin
                ? await ClientAsync(image, spec.Spec.RegistryAuth, cancellation)
                : Client(image.Registry, image.ApiHost, EntryOf(image, spec.Spec.RegistryAuth), null);
            await registry.ResolveAsync(image, reference, cancellation);
        }
    }

    /// <summary>Where and how the registry of an image is asked. Throws <see cref="TokenException"/> and <see cref="RegistryException"/>.</summary>
    public async Task<RegistryClient> ClientAsync(ImageReference image, RegistryAuth? auth, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(image);
        var login = await LoginAsync(image, auth, cancellation);
        return Client(image.Registry, image.ApiHost, EntryOf(image, auth), login);
    }

    /// <summary>The registry of one entry.</summary>
    public async Task<RegistryClient> ClientAsync(RegistryEntry entry, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var host = new ImageReference(entry.Host, "", null, null);
        return Client(entry.Host, host.ApiHost, entry, await LoginAsync(entry, cancellation));
    }

    /// <summary>The entry that a job names, else the only one of the image's registry. Throws <see cref="RegistryException"/> when that is not clear.</summary>
    public RegistryEntry? EntryOf(ImageReference image, RegistryAuth? auth)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (auth?.Profile is { } profile)
        {
            var named = entries.FirstOrDefault(entry => entry.Name == profile)
                ?? throw new RegistryException(RegistryErrorKind.Unauthorized, $"registry-auth: there is no registry \"{profile}\"; {Known()}");
            return named.Host == image.Registry
                ? named
                : throw new RegistryException(RegistryErrorKind.Unauthorized, $"registry-auth: \"{profile}\" is for {named.Host}, and the image lies at {image.Registry}; name another, or leave it out");
        }

        var fitting = entries.Where(entry => entry.Host == image.Registry).ToList();
        return fitting.Count <= 1 || auth is not null
            ? fitting.FirstOrDefault()
            : throw new RegistryException(
                RegistryErrorKind.Unauthorized, $"several registries are for {image.Registry} ({string.Join(", ", fitting.Select(entry => entry.Name))}); choose one with registry-auth: NAME");
    }

    private async Task<RegistryLogin?> LoginAsync(ImageReference image, RegistryAuth? auth, CancellationToken cancellation)
    {
        if (auth is { Username: { } user, PasswordSecret: { } secret })
        {
            return new(image.Registry, user, await tokens.ReadAsync(new TokenSource.FromSecret(secret), "registry-auth.password", cancellation));
        }

        return EntryOf(image, auth) is { } entry ? await LoginAsync(entry, cancellation) : null;
    }

    private async Task<RegistryLogin?> LoginAsync(RegistryEntry entry, CancellationToken cancellation) => entry is { User: { } user, Password: { } password }
        ? new(entry.Host, user, await tokens.ReadAsync(password, $"registries.{entry.Name}.password", cancellation))
        : null;

    /// <summary>A registry on this machine speaks plain http, as Docker takes it too, unless its certificate is named.</summary>
    private RegistryClient Client(string host, string apiHost, RegistryEntry? entry, RegistryLogin? login)
    {
        var isHere = WebHandlers.IsThisMachine(new ImageReference(host, "", null, null).HostName);
        var address = new Uri($"{(isHere && entry?.CaFile is null ? "http" : "https")}://{apiHost}");
        try
        {
            return new(address, host, new PatientClient(Connect(entry?.CaFile, isHere), time), login);
        }
        catch (UnreachableException unreadable)
        {
            throw new RegistryException(RegistryErrorKind.Unreachable, $"registries.{entry!.Name}.ca: {unreadable.Message}", unreadable);
        }
    }

    private string Known() => entries.IsEmpty ? "there is none in orchestrator.yaml, add it under registries" : "those in orchestrator.yaml are " + string.Join(", ", entries.Select(entry => entry.Name));
}
