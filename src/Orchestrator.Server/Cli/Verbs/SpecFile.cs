using Orchestrator.Engine.Specs;
using Orchestrator.Engine.Templates;
using Orchestrator.Server.Api;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary>A spec as it lies on this machine.</summary>
internal static class SpecFile
{
    private const int LongestFile = 256 * 1024;

    /// <summary>Parsed here, by the configuration of this machine, as a server would at <paramref name="now"/>.</summary>
    internal static SpecReadResult Parse(CliContext context, SubmitRequest source, DateTimeOffset now) => SpecReader.Read(source.Yaml, source.FileName, new SpecReadOptions
    {
        Now = now,
        SubmitterTimeZone = source.TimeZone,
        SpecFolder = source.Folder,
        Sets = SpecVerbs.Settings(source.Sets),
        ServerDefaults = context.Configuration().Defaults,
        Templates = TemplateFolders.Of(context.Folder),
    });

    internal static SubmitRequest Read(string path, IEnumerable<string> sets)
    {
        var full = Path.GetFullPath(path);
        try
        {
            if (new FileInfo(full) is { Exists: true, Length: > LongestFile })
            {
                throw new CliException(ExitCodes.Usage, $"{path} is larger than 256 KB", "a spec is a few lines of YAML; put code and data into folders");
            }

            return new() { Yaml = File.ReadAllText(full), FileName = path, Folder = Path.GetDirectoryName(full)!, TimeZone = TimeZoneInfo.Local.Id, Sets = [.. sets] };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCodes.Usage, $"there is no file {path}", "give the path of a job's YAML file");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CliException(ExitCodes.Usage, $"cannot read {path}: {error.Message}", "give the path of a job's YAML file");
        }
    }
}
