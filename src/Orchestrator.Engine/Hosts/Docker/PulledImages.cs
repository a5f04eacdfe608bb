using System.Security.Cryptography;
using System.Text;
using Orchestrator.Providers;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>
/// The books of a machine on the images that we pulled there. Written after the pull: what a crash leaves unwritten stays on the machine
/// for its owner, and an image that was there before us is never on them.
/// </summary>
internal sealed class PulledImages(IMachineShell shell)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);
    private static readonly string _script = ContainerFiles.Load("image.sh");

    /// <summary>It must not be removed under the instance that is about to run it.</summary>
    /// <exception cref="AgentUnreachableException">The machine does not answer.</exception>
    public Task WantedAsync(SshEndpoint there, ImageToPull image, CancellationToken cancellation) => NoteAsync(there, image, "wanted", cancellation);

    /// <exception cref="AgentUnreachableException">The machine does not answer.</exception>
    public Task PulledAsync(SshEndpoint there, ImageToPull image, CancellationToken cancellation) => NoteAsync(there, image, "pulled", cancellation);

    private async Task NoteAsync(SshEndpoint there, ImageToPull image, string what, CancellationToken cancellation)
    {
        // An image's name may be longer than a file's.
        var record = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(image.Exact)))[..32];
        try
        {
            var answer = await shell.RunAsync(there.Machine, _script, [there.Root, record, image.Exact, what], _limit, cancellation);
            if (answer.Output.Trim() != "noted")
            {
                throw new AgentUnreachableException($"{there.Machine.Name} did not note that {image} is {what}: {answer.Output.Trim()}{answer.Problems}");
            }
        }
        catch (ProviderException away)
        {
            throw new AgentUnreachableException(away.Message, away);
        }
    }
}
