using System.Globalization;

namespace Orchestrator.Providers.SshHost;

/// <summary>Puts this version's agent on a machine, once, under its hash; what it replaces goes when nothing runs it any more.</summary>
internal sealed class AgentInstaller(SshMachine machine, SshHostOptions options, Lazy<AgentFile> agent, IMachineShell shell)
{
    /// <exception cref="ProviderException">It does not run there, or did not arrive.</exception>
    public async Task InstallAsync(string root)
    {
        var file = agent.Value;
        var answer = await AskAgentAsync(root, "");
        if (answer is ["wanted", _])
        {
            await RequireFitAsync(root);
            // Our own word for the folder it has made: what a machine says names no place to write to.
            var copy = $"{file.FolderBelow(root)}/new-{Guid.NewGuid():N}";
            await shell.SendFileAsync(machine.Address, file.Path, copy, options.CopyLimit, CancellationToken.None);
            answer = await AskAgentAsync(root, copy);
        }

        if (answer is not ["ready", _])
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"machine {machine.Name}: {MachineAnswers.Clean(answer is ["refused", var why] ? why : string.Join(' ', answer))}");
        }
    }

    /// <exception cref="ProviderException">The agent could not run there.</exception>
    private async Task RequireFitAsync(string root)
    {
        if (options.AgentNeeds is not { } needs)
        {
            return;
        }

        var answer = await shell.RunAsync(machine.Address, needs.Script, [root, needs.Glibc, Text(needs.Megabytes)], options.AskLimit, CancellationToken.None);
        if (answer.ExitCode is >= 10 and <= 15)
        {
            throw new ProviderException(ProviderErrorKind.Rejected, $"machine {machine.Name}: {MachineAnswers.Clean(answer.Output)}");
        }
    }

    private async Task<string[]> AskAgentAsync(string root, string copy)
    {
        var result = await shell.RunAsync(machine.Address, MachineScripts.Agent, [root, agent.Value.Sha256, Text(agent.Value.Size), copy], options.ActLimit, CancellationToken.None);
        return MachineAnswers.LastLine(result).Split(' ', 2);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
