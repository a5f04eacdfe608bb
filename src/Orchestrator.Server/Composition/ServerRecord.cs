using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Engine.Configuration;
using Orchestrator.Engine.Processes;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Composition;

/// <summary>
/// <c>server.json</c>: where the server of a data folder listens. Written once it listens, removed when it stops; after a
/// kill it stays behind, which the process identity in it gives away.
/// </summary>
/// <param name="Url">Base address of the API and the dashboard.</param>
/// <param name="Pid">Of the server.</param>
/// <param name="StartTicks">With the boot id, what tells its process from a later one with its pid.</param>
/// <param name="BootId">See <see cref="ProcessIdentity"/>.</param>
/// <param name="Version">Of the program that serves.</param>
public sealed record ServerRecord(string Url, int Pid, long StartTicks, string BootId, string Version)
{
    [JsonIgnore]
    public ProcessIdentity Process => new(BootId, Pid, StartTicks);

    public static ServerRecord OfThisProcess(string url)
    {
        var self = ProcessIdentity.Current();
        return new(url, self.Pid, self.StartTicks, self.BootId, ProductVersion.Text);
    }

    /// <summary>Null where there is none, or it cannot be read as one.</summary>
    public static ServerRecord? Read(DataFolder folder)
    {
        try
        {
            var record = JsonSerializer.Deserialize<ServerRecord>(File.ReadAllText(folder.ServerFile), ApiJson.Options);
            return record is { Url: not null, BootId: not null, Pid: > 0 } ? record : null;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    public void Write(DataFolder folder)
    {
        var temporary = $"{folder.ServerFile}.{Pid}";
        File.WriteAllText(temporary, JsonSerializer.Serialize(this, ApiJson.Indented) + "\n");
        File.Move(temporary, folder.ServerFile, overwrite: true);
    }

    /// <summary>Removes the file if it still names this server.</summary>
    public void Remove(DataFolder folder)
    {
        if (Read(folder) == this)
        {
            File.Delete(folder.ServerFile);
        }
    }
}
