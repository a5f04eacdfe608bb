using Orchestrator.Providers;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Orchestrator.Engine.Hosts.Ssh;

/// <summary>The key a machine is opened with.</summary>
internal static class SshKeys
{
    /// <exception cref="ProviderException">There is none that can be used.</exception>
    public static AuthenticationMethod For(MachineAddress machine)
    {
        if (machine.KeyFile is not { } path)
        {
            var keys = SshAgentClient.Keys(machine.Name);
            return new PrivateKeyAuthenticationMethod(machine.User, keys);
        }

        try
        {
            return new PrivateKeyAuthenticationMethod(machine.User, new PrivateKeyFile(path));
        }
        catch (SshPassPhraseNullOrEmptyException locked)
        {
            throw Unusable(machine, $"the key {path} is protected by a passphrase; load it into the ssh-agent and leave \"key\" out, or name a key without one", locked);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable(machine, $"there is no key file {path}", missing);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or SshException or NotSupportedException or InvalidOperationException)
        {
            throw Unusable(machine, $"cannot read the key {path}: {unreadable.Message}; it must be a private key in OpenSSH or PEM form", unreadable);
        }
    }

    /// <summary>How messages name it.</summary>
    public static string Describe(MachineAddress machine) => machine.KeyFile is { } path ? $"the key {path}" : "any key of the ssh-agent";

    private static ProviderException Unusable(MachineAddress machine, string why, Exception inner) =>
        new(ProviderErrorKind.Unauthorized, $"machine {machine.Name}: {why}", inner);
}
