using Orchestrator.Engine.Images;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>The image as it was pinned at submit, with the login that is in force now.</summary>
internal sealed class PinnedImages(IRegistryLogins logins) : IImageSource
{
    public async Task<ImageToPull?> OfAsync(StoredSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        // A job of a release that did not pin has the spec's word only.
        if ((spec.Image?.Pinned ?? spec.Spec.Image) is not { } reference)
        {
            return null;
        }

        try
        {
            var login = await logins.ForAsync(spec, cancellation);
            return new ImageToPull(reference, login?.Host, login?.User, login?.Password);
        }
        catch (Exception missing) when (missing is TokenException or RegistryException)
        {
            throw new HostRefusedException(HostFault.Image, missing.Message);
        }
    }

    public async Task<ImageToPull?> OfRentedAsync(StoredSpec spec, CancellationToken cancellation)
    {
        var image = await OfAsync(spec, cancellation);
        if (image?.User is null || logins.MayGoToHosts(spec))
        {
            return image;
        }

        try
        {
            // Many configure a login for what is public as well.
            await logins.LookAsync(spec, withLogin: false, cancellation);
            return new ImageToPull(image.Reference);
        }
        catch (RegistryException refused) when (refused.Kind is RegistryErrorKind.Unauthorized or RegistryErrorKind.NotFound)
        {
            throw new HostRefusedException(HostFault.Image, $"{image.Reference} needs a login, and that of {image.Registry} may not be given to rented hosts, which pull by themselves: say hosts: yes under registries if that login can only read and only what a stranger may see, or keep the job on own machines");
        }
    }

    public async Task<string?> RefusalAsync(StoredSpec spec, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(spec);
        try
        {
            await logins.LookAsync(spec, withLogin: true, cancellation);
            return null;
        }
        catch (RegistryException refused) when (refused.Kind is RegistryErrorKind.Unauthorized or RegistryErrorKind.NotFound)
        {
            return refused.Message;
        }
        catch (Exception unknown) when (unknown is TokenException or RegistryException)
        {
            // No answer is no refusal.
            return null;
        }
    }
}
