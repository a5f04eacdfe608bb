using System.Globalization;
using System.Text;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Reaching;

/// <summary>
/// A configuration for the system's <c>ssh</c> that leaves nothing to chance: our key, our way, and the one host key that the
/// server has verified, so that a person who goes there trusts whom the server trusts and is asked nothing.
/// </summary>
internal sealed class SshClientFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orchestrator-ssh-");

    internal SshClientFiles(SshReach machine)
    {
        Configuration = Path.Combine(_folder.FullName, "config");
        var known = Path.Combine(_folder.FullName, "known_hosts");
        File.WriteAllText(known, KnownHosts(machine));
        File.WriteAllText(Configuration, Text(machine, known));
    }

    /// <summary>For <c>ssh -F</c>.</summary>
    internal string Configuration { get; }

    /// <summary>What the machine is called in it.</summary>
    internal static string Alias(SshReach machine) => "orchestrator-" + machine.Name;

    internal static string KnownHosts(SshReach machine) =>
        $"{Alias(machine)} {machine.HostKey}\n" + (machine.Jump is { } jump ? KnownHosts(jump) : "");

    internal static string Text(SshReach machine, string knownHosts)
    {
        var text = new StringBuilder();
        for (var one = machine; one is not null; one = one.Jump)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                Host {Alias(one)}
                  HostName {one.Host}
                  Port {one.Port}
                  User {one.User}
                  HostKeyAlias {Alias(one)}
                  UserKnownHostsFile "{knownHosts}"
                  GlobalKnownHostsFile /dev/null
                  StrictHostKeyChecking yes
                  UpdateHostKeys no
                  BatchMode yes
                  LogLevel ERROR

                """);
            if (one.KeyFile is { } key)
            {
                text.Append(CultureInfo.InvariantCulture, $"  IdentityFile \"{key}\"\n  IdentitiesOnly yes\n");
            }

            if (one.Jump is { } jump)
            {
                text.Append(CultureInfo.InvariantCulture, $"  ProxyJump {Alias(jump)}\n");
            }
        }

        return text.ToString();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
