using Orchestrator.Agent.Checkpoints;
using Orchestrator.Agent.Native;
using Orchestrator.Checkpoints;

namespace Orchestrator.Agent.Outputs;

/// <summary>
/// The files of one output. Links are followed, since a result is often handed over by one; a link to a folder that is delivered
/// anyway is not, wherever it lies, and what cannot be delivered is named.
/// </summary>
internal sealed class OutputFiles
{
    private const int MostFiles = 100_000;
    private const int MostWords = 10;
    private const int Deepest = 64;

    private readonly AgentFolder _folder;
    private readonly string _from;
    private readonly List<string> _words;
    private readonly List<EntryFile> _files = [];

    /// <summary>The folders that are being looked into, the output's own first.</summary>
    private readonly List<FileStat> _way = [];
    private int _folders;

    private OutputFiles(AgentFolder folder, string from, List<string> words) => (_folder, _from, _words) = (folder, from, words);

    /// <summary>Paths below the output's own folder, or the file's name.</summary>
    /// <param name="folder">The agent's own, which is nobody's output.</param>
    /// <param name="from">Folder or file.</param>
    /// <param name="words">Gets what is left out, for a person.</param>
    public static List<EntryFile> Of(AgentFolder folder, string from, List<string> words)
    {
        var found = new OutputFiles(folder, from, words);
        switch (FileStat.Of(from, follow: true))
        {
            case { IsRegular: true } stat:
                found._files.Add(new EntryFile(Path.GetFileName(from), from, stat));
                break;
            case { IsFolder: true } stat:
                found.Collect(from, "", stat);
                break;
            default:
                break;
        }

        return found._files;
    }

    private void Collect(string folder, string prefix, FileStat identity)
    {
        _folders++;
        _way.Add(identity);
        Look(folder, prefix);
        _way.RemoveAt(_way.Count - 1);
    }

    private void Look(string folder, string prefix)
    {
        string[] paths;
        try
        {
            paths = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(prefix, e.Message);
            return;
        }

        foreach (var path in paths)
        {
            var name = prefix + Path.GetFileName(path);
            if (_files.Count + _folders >= MostFiles)
            {
                Say(name, "an output has 100,000 files and folders at most; pack them into an archive");
                return;
            }

            var isLink = FileStat.Of(path, follow: false) is { IsLink: true };
            var target = isLink ? Target(path) : path;
            if (path == _folder.ProgressFile || target is null || IsIn(_folder.Own, target))
            {
                continue;
            }

            switch (FileStat.Of(path, follow: true))
            {
                case { IsRegular: true } when EntryPaths.Problem(name) is { } odd:
                    Say(name, odd);
                    break;
                case { IsRegular: true } stat:
                    _files.Add(new EntryFile(name, path, stat));
                    break;
                case { IsFolder: true } when isLink && (IsIn(_from, target) || IsIn(target, _from)):
                    break;
                case { IsFolder: true } circle when IsOnTheWay(circle):
                    break;
                case { IsFolder: true } below when _way.Count <= Deepest:
                    Collect(path, name + "/", below);
                    break;
                case { IsFolder: true }:
                    Say(name, "its folders are too deep");
                    break;
                case null when !isLink && name.Contains(EntryScanner.NoText, StringComparison.Ordinal):
                    Say(name, "its name is no valid text (UTF-8)");
                    break;
                default:
                    // Pipes, sockets and what was deleted meanwhile.
                    break;
            }
        }
    }

    /// <summary>A link leads back into what is being looked into: all of that is delivered anyway.</summary>
    private bool IsOnTheWay(FileStat folder)
    {
        foreach (var one in _way)
        {
            if ((one.Device, one.Inode) == (folder.Device, folder.Inode))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Null = it leads nowhere.</summary>
    private string? Target(string link)
    {
        try
        {
            if (File.ResolveLinkTarget(link, returnFinalTarget: true) is { } target && Path.Exists(target.FullName))
            {
                return target.FullName;
            }

            Say(Path.GetRelativePath(_from, link), "it is a link to nothing");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(Path.GetRelativePath(_from, link), e.Message);
        }

        return null;
    }

    private void Say(string name, string why)
    {
        if (_words.Count < MostWords)
        {
            _words.Add($"{EntryScanner.Shown(name)} is not stored: {why}");
        }
    }

    private static bool IsIn(string folder, string path) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
