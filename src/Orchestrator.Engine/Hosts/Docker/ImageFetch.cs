using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Sees to it that an image lies on a machine. One that lies there is not fetched again: a digest names exactly one.</summary>
internal sealed class ImageFetch(TimeSpan patience, TimeProvider time)
{
    /// <summary>Times the patience: what unpacks without a word is not stuck for a long while.</summary>
    private const int Unpacking = 6;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(2);

    /// <param name="machine">Where.</param>
    /// <param name="image">Which.</param>
    /// <param name="report">Is told in words how far it is, every few seconds.</param>
    /// <param name="cancellation">Ends the pull; what has come stays there.</param>
    /// <returns>The image's id, and whether it was pulled for this.</returns>
    /// <exception cref="HostRefusedException">It cannot be had, or is of no use there.</exception>
    public async Task<(string Id, bool IsNew)> EnsureAsync(DockerMachine machine, ImageToPull image, Func<string, Task> report, CancellationToken cancellation)
    {
        var found = await FindAsync(machine, image, cancellation);
        var isNew = found is null;
        if (found is null)
        {
            await PullAsync(machine, image, report, cancellation);
            found = await FindAsync(machine, image, cancellation)
                ?? throw new HostRefusedException(HostFault.Machine, $"{machine.Address.Name} says that it pulled {image}, and does not have it; look at Docker's log there");
        }

        return found is { Os: "linux", Architecture: "amd64" }
            ? (found.ID, isNew)
            : throw new HostRefusedException(HostFault.Image, $"the image {image} is for {found.Os}/{found.Architecture}; build it for linux/amd64");
    }

    private static async Task<ImageInspectResponse?> FindAsync(DockerMachine machine, ImageToPull image, CancellationToken cancellation)
    {
        try
        {
            return await machine.AskAsync((docker, bound) => docker.Images.InspectImageAsync(image.Exact, bound), cancellation);
        }
        catch (DockerApiException none) when (none.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (DockerApiException refused)
        {
            throw DockerFailures.OfPull(machine.Address, image.Reference, DockerFailures.Words(refused));
        }
    }

    private async Task PullAsync(DockerMachine machine, ImageToPull image, Func<string, Task> report, CancellationToken cancellation)
    {
        var pull = new ImagePull(time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wanted = new ImagesCreateParameters { FromImage = image.Name, Tag = image.Version, Platform = "linux/amd64" };
        var login = image.User is null ? null : new AuthConfig { Username = image.User, Password = image.Password, ServerAddress = image.Registry };
        var pulling = machine.StreamAsync((docker, bound) => docker.Images.CreateImageAsync(wanted, login, pull, bound), stop.Token);
        try
        {
            while (!pulling.IsCompleted)
            {
                await report(pull.Words);
                await Task.WhenAny(pulling, Task.Delay(_look, time, cancellation));
                cancellation.ThrowIfCancellationRequested();
                if (!pulling.IsCompleted && pull.StandsStill > (pull.IsUnpacking ? Unpacking * patience : patience))
                {
                    throw new HostRefusedException(
                        HostFault.Machine, FormattableString.Invariant($"the pull of {image} on {machine.Address.Name} has stood still for {pull.StandsStill.TotalMinutes:0.#} min ({pull.Words}); look at its network and its disk"));
                }
            }

            await pulling;
        }
        catch (DockerApiException refused)
        {
            throw DockerFailures.OfPull(machine.Address, image.Reference, DockerFailures.Words(refused));
        }
        finally
        {
            await stop.CancelAsync();
            await pulling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (pull.Error is { } error)
        {
            throw DockerFailures.OfPull(machine.Address, image.Reference, error);
        }
    }
}
