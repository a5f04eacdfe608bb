using System.Formats.Tar;
using System.Text;

namespace Orchestrator.Engine.Hosts.Docker;

/// <summary>Our own files in a container, as the archive that Docker unpacks there.</summary>
internal static class ContainerFiles
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static string StartScript { get; } = Load("start.sh");

    public static string CardScript { get; } = Load("card.sh");

    /// <exception cref="IOException">The agent cannot be read.</exception>
    public static async Task<MemoryStream> ArchiveAsync(string agentPath, CancellationToken cancellation)
    {
        var folder = ContainerSettings.Own.TrimStart('/') + "/";
        var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = Executable }, cancellation);
            await AddAsync("start.sh", new MemoryStream(Encoding.UTF8.GetBytes(StartScript)), Readable);
            await AddAsync("preflight.sh", new MemoryStream(Encoding.UTF8.GetBytes(HostPreflight.Script)), Readable);
            await AddAsync("orchestrator-agent", File.OpenRead(agentPath), Executable);

            async Task AddAsync(string name, Stream content, UnixFileMode mode)
            {
                await using (content)
                {
                    await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, folder + name) { Mode = mode, DataStream = content }, cancellation);
                }
            }
        }

        archive.Position = 0;
        return archive;
    }

    internal static string Load(string name)
    {
        using var stream = typeof(ContainerFiles).Assembly.GetManifestResourceStream("Orchestrator.Engine.Hosts.Docker." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
