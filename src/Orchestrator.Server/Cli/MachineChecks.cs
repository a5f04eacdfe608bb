using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Embedded;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli;

/// <summary>What <c>doctor</c> can tell without a server.</summary>
internal static class MachineChecks
{
    private const long LittleDisk = 2_000_000_000;

    internal static IEnumerable<DoctorCheck> All(DataFolder folder)
    {
        yield return new("machine", "ok", $"{OsName()}, {Environment.ProcessorCount} cores, {Say.Size(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} memory");
        var free = FreeBytes(folder.Root);
        yield return free < LittleDisk
            ? new("machine", "bad", $"{Say.Size(free)} free where {folder.Root} lies", "make room, or choose another data folder with --data")
            : new("machine", "ok", $"{Say.Size(free)} free where {folder.Root} lies");
        if (Environment.GetEnvironmentVariable(Configuration.ServerConfiguration.DatabaseVariable) is not { Length: > 0 })
        {
            var status = EmbeddedPostgres.Status(folder.Root);
            yield return new("database", "ok", status.Running ? $"PostgreSQL {status.MajorVersion} (embedded) {Say.Size(status.DataBytes)}" : "embedded PostgreSQL, not running yet");
        }
    }

    private static string OsName()
    {
        const string file = "/etc/os-release";
        var name = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) : null;
        return Clean.Line(name?["PRETTY_NAME=".Length..].Trim('"') ?? System.Runtime.InteropServices.RuntimeInformation.OSDescription, 60);
    }

    private static long FreeBytes(string path)
    {
        var existing = path;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return new DriveInfo(existing).AvailableFreeSpace;
    }
}
