using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Orchestrator.Providers.SshHost;

/// <summary>Removes from a machine the images that we pulled there and that no instance has wanted for long; sooner where its disk is nearly full.</summary>
internal sealed class ImageTidier(SshMachine machine, SshHostOptions options, IMachineShell shell, ILogger log)
{
    /// <summary>Never throws: nothing depends on it, and the next look at the machine tries again.</summary>
    public async Task TidyAsync(MachineInventory inventory)
    {
        var age = inventory.DockerFreeBytes < options.ScarceDisk ? options.ImageAgeWhenScarce : options.ImageAge;
        try
        {
            var answer = await shell.RunAsync(machine.Address, MachineScripts.Images, [inventory.Root, ((long)age.TotalMinutes).ToString(CultureInfo.InvariantCulture)], options.TidyLimit, CancellationToken.None);
            foreach (var line in MachineAnswers.Images(machine.Name, answer))
            {
                log.LogInformation("machine {Machine}: {Words}", machine.Name, line);
            }
        }
        catch (ProviderException failure)
        {
            log.LogInformation("machine {Machine}: images that are no longer wanted were not looked for: {Words}", machine.Name, failure.Message);
        }
    }
}
