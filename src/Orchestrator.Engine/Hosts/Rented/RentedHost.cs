using System.Globalization;
using Microsoft.Extensions.Logging;
using Orchestrator.Engine.Artifacts;
using Orchestrator.Engine.Store;
using Orchestrator.Providers;
using Orchestrator.Reconciling;

namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>
/// Brings the agent into a rented container and starts it there, out of reach of our session's end. Where it runs, that is one question;
/// after a restart of the container it is started again, and says itself that its trainer is lost.
/// </summary>
internal sealed class RentedHost(AgentStore agents, IMachineShell shell, EngineOptions options, ILogger<RentedHost> log) : IHostPreparer
{
    private static readonly TimeSpan _askLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _copyLimit = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string> _script = new(Load);

    public async Task PrepareAsync(ChannelLease lease, HostEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(lease);
        if (endpoint is not SshEndpoint { IsOurContainer: true } there)
        {
            return;
        }

        try
        {
            if (await LookAsync(lease, there, null, cancellation) == "wanted")
            {
                await InstallAsync(lease, there, cancellation);
            }
        }
        catch (ProviderException away)
        {
            throw new AgentUnreachableException(away.Message, away);
        }
    }

    private async Task InstallAsync(ChannelLease lease, SshEndpoint there, CancellationToken cancellation)
    {
        await agents.ActivityAsync(lease, "bringing the agent", cancellation);
        await RequireFitAsync(there, cancellation);
        // Two servers that both believe to be the one get into nobody's way.
        var copy = $"{FolderOf(there)}/new-{Guid.NewGuid():N}";
        await shell.SendFileAsync(there.Machine, options.AgentPath, copy, _copyLimit, cancellation);
        await LookAsync(lease, there, copy, cancellation);
        log.LogInformation("job {Job} attempt {Attempt}: the agent was started on {Instance}", lease.Job, lease.Attempt, there.Machine.Name);
    }

    /// <returns><c>up</c>, <c>wanted</c> or <c>begun</c>.</returns>
    private async Task<string> LookAsync(ChannelLease lease, SshEndpoint there, string? copy, CancellationToken cancellation)
    {
        string[] brought = copy is null ? ["", ""] : [copy, await HashAsync(cancellation)];
        var answer = await shell.RunAsync(there.Machine, _script.Value, [there.Root, lease.Label, FolderOf(there), .. brought], _askLimit, cancellation);
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var last = lines.FirstOrDefault(line => line.StartsWith("refused ", StringComparison.Ordinal)) ?? lines.LastOrDefault("");
        return last switch
        {
            "up" or "wanted" or "begun" => last,
            _ when last.StartsWith("refused ", StringComparison.Ordinal) => throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {Short(last["refused ".Length..])}"),
            _ => throw new AgentUnreachableException($"{there.Machine.Name} does not say whether the agent runs: {Short(last + " " + answer.Problems)}"),
        };
    }

    /// <exception cref="HostRefusedException">The agent could not run there.</exception>
    private async Task RequireFitAsync(SshEndpoint there, CancellationToken cancellation)
    {
        if (HostPreflight.NeedsOf(options.AgentPath) is not { } needs)
        {
            return;
        }

        var answer = await shell.RunAsync(there.Machine, needs.Script, [FolderOf(there), needs.Glibc, needs.Megabytes.ToString(CultureInfo.InvariantCulture)], _askLimit, cancellation);
        switch (answer.ExitCode)
        {
            case 10 or 11 or 12:
                throw new HostRefusedException(HostFault.Image, $"the agent cannot run in the image: {Short(answer.Output)}");
            case 13 or 14 or 15:
                throw new HostRefusedException(HostFault.Machine, $"{there.Machine.Name}: {Short(answer.Output)}");
        }
    }

    private async Task<string> HashAsync(CancellationToken cancellation)
    {
        await using var agent = File.OpenRead(options.AgentPath);
        return (await ContentHash.OfAsync(agent, cancellation)).Hash;
    }

    private static string FolderOf(SshEndpoint there) => there.AgentPath[..there.AgentPath.LastIndexOf('/')];

    private static string Short(string words) => words.Trim() is { Length: > 200 } text ? text[..200] : words.Trim();

    private static string Load()
    {
        using var stream = typeof(RentedHost).Assembly.GetManifestResourceStream("Orchestrator.Engine.Hosts.Rented.agent-up.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
