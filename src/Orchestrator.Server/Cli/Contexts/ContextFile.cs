using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Contexts;

/// <summary>
/// Where contexts are kept: with the person's other settings and readable by nobody else, since tokens are in it. Not in a data folder, for
/// who signs in elsewhere needs none.
/// </summary>
internal sealed class ContextFile(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal string Path => path;

    /// <summary>Null where this user has no place for settings.</summary>
    internal static ContextFile? Find(Func<string, string?> variable)
    {
        // The XDG rules: a relative path is to be ignored.
        var settings = variable("XDG_CONFIG_HOME") is { } chosen && System.IO.Path.IsPathRooted(chosen) ? chosen
            : variable("HOME") is { } home && System.IO.Path.IsPathRooted(home) ? System.IO.Path.Combine(home, ".config")
            : null;
        return settings is null ? null : new(System.IO.Path.Combine(settings, "orchestrator", "contexts.json"));
    }

    internal ServerContexts Read()
    {
        string text;
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
            {
                throw new CliException(ExitCodes.Unreachable, $"{path} is open to other users (mode {Convert.ToString((int)mode, 8)}), and tokens are in it", $"if nobody has read it: chmod 600 {path}");
            }

            text = File.ReadAllText(path);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return ServerContexts.None;
        }

        try
        {
            var read = JsonSerializer.Deserialize<Stored>(text, ApiJson.Options);
            return read is { Contexts: { } all } && all.Values.All(one => one is { Url: { } url, Token: not null } && Uri.TryCreate(url, UriKind.Absolute, out _))
                ? new(read.Current, all.ToImmutableSortedDictionary(StringComparer.Ordinal))
                : throw new JsonException("it names no contexts");
        }
        catch (JsonException bad)
        {
            throw new CliException(ExitCodes.Usage, $"{path} cannot be read: {bad.Message}", "remove it and sign in again: orchestrator login URL");
        }
    }

    /// <summary>Replaces the file in one step: whoever reads meanwhile sees the old one or the new one.</summary>
    internal void Write(ServerContexts contexts)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        var temporary = $"{path}.{Environment.ProcessId}";
        try
        {
            using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                JsonSerializer.Serialize(file, new Stored(contexts.Current, contexts.Contexts.ToDictionary(StringComparer.Ordinal)), ApiJson.Indented);
                file.Write("\n"u8);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private sealed record Stored(string? Current, Dictionary<string, ServerContext>? Contexts);
}
