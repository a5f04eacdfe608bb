using Orchestrator.Providers;
using Orchestrator.Providers.SshHost;

namespace Orchestrator.IntegrationTests.Providers;

/// <summary>A shell to a real machine with one mishap at a time.</summary>
internal sealed class TroubledShell(IMachineShell inner) : IMachineShell
{
    public bool LoseLaunchReply { get; set; }

    public bool FailList { get; set; }

    /// <summary>What happens between the offer and the launch.</summary>
    public Action? BeforeLaunch { get; set; }

    public int Copies { get; private set; }

    public async Task<ShellResult> RunAsync(MachineAddress machine, string script, IReadOnlyList<string> arguments, TimeSpan limit, CancellationToken cancellation)
    {
        if (script == MachineScripts.List && FailList)
        {
            FailList = false;
            throw new ProviderException(ProviderErrorKind.Transient, "the list is lost");
        }

        if (script == MachineScripts.Launch)
        {
            BeforeLaunch?.Invoke();
            BeforeLaunch = null;
        }

        var result = await inner.RunAsync(machine, script, arguments, limit, cancellation);
        if (script == MachineScripts.Launch && LoseLaunchReply)
        {
            LoseLaunchReply = false;
            throw new ProviderException(ProviderErrorKind.Transient, "the reply is lost");
        }

        return result;
    }

    public Task SendFileAsync(MachineAddress machine, string localPath, string remotePath, TimeSpan limit, CancellationToken cancellation)
    {
        Copies++;
        return inner.SendFileAsync(machine, localPath, remotePath, limit, cancellation);
    }
}
