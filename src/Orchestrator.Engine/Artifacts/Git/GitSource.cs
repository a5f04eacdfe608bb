using System.ComponentModel;
using Orchestrator.Engine.Artifacts.Sources;
using Orchestrator.Engine.Processes;
using Orchestrator.Engine.Security;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Artifacts.Git;

/// <summary>
/// Fetches a repository when a job is submitted, with the system's git. It goes to hosts as files, like a folder does: no host
/// sees a login, and every attempt runs the same commit.
/// </summary>
public sealed class GitSource(GitSettings settings, TokenReader tokens)
{
    private readonly GitEnvironment _environment = new(settings, tokens);

    /// <summary>Throws <see cref="GitException"/> and <see cref="TokenException"/>.</summary>
    /// <param name="code">Code of kind git.</param>
    /// <param name="scratch">An empty folder.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<GitCheckout> CheckOutAsync(CodeSource code, string scratch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(code);
        var url = GitUrl.Parse(code.Git!);
        if (code.Ref is { } reference && !IsRef(reference))
        {
            throw new GitException($"code.ref: \"{reference}\" is no branch, tag or commit", "write main, v1.2 or a commit's hash");
        }

        var run = new Run(settings, url, _environment.AccountOf(url), await _environment.BuildAsync(scratch, url, cancellation), Path.Combine(scratch, "repository"));
        await run.BeginAsync(scratch, cancellation);
        var commit = await run.FetchAsync(code.Ref, cancellation);
        await run.CheckOutAsync(commit, cancellation);
        await run.FetchSubmodulesAsync(new PatternList("", code.Exclude.IsDefault ? [] : code.Exclude), cancellation);
        return new(Below(run.Folder, code), commit, Notes(run.Folder));
    }

    /// <summary>The part that is wanted. A repository may hold a link to anywhere, and this machine's files are not its own.</summary>
    private static string Below(string folder, CodeSource code)
    {
        if (code.Path is not { } path)
        {
            return folder;
        }

        var wanted = Path.GetFullPath(Path.Combine(folder, path.TrimStart('/')));
        if (!Path.Exists(wanted) || !wanted.StartsWith(folder + "/", StringComparison.Ordinal))
        {
            return wanted == folder ? folder : throw new GitException($"code.path: {path} is not in {code.Git}", "name a folder or file of the repository, or leave path out");
        }

        var real = LocalPaths.Resolve(wanted);
        return real.StartsWith(LocalPaths.Resolve(folder) + "/", StringComparison.Ordinal)
            ? real
            : throw new GitException($"code.path: {path} is a link that leads out of {code.Git}", "name a folder or file of the repository");
    }

    private static IReadOnlyList<string> Notes(string folder)
    {
        var attributes = Path.Combine(folder, ".gitattributes");
        return new FileInfo(attributes) is { Exists: true, LinkTarget: null } && File.ReadLines(attributes).Any(line => line.Contains("filter=lfs", StringComparison.Ordinal))
            ? ["the repository keeps files in Git LFS; they come as pointers, since LFS is not spoken here: bring large files as data"]
            : [];
    }

    private static bool IsRef(string text) => text.Length is > 0 and <= 255 && text[0] is not ('-' or '+' or '/') && !text.Contains("..", StringComparison.Ordinal)
        && !text.Contains("@{", StringComparison.Ordinal) && text.All(c => c > ' ' && c != '\x7f' && !"~^:?*[\\".Contains(c, StringComparison.Ordinal));

    /// <summary>One repository's commands.</summary>
    private sealed class Run(GitSettings settings, GitUrl url, GitAccount? account, IReadOnlyDictionary<string, string> variables, string folder)
    {
        private const int FullHash = 40;
        private const int ShortestHash = 7;

        internal string Folder => folder;

        internal Task BeginAsync(string scratch, CancellationToken cancellation) => MustAsync(["git", "-C", scratch, "init", "--quiet", "--template=", "--", folder], cancellation);

        /// <summary>The newest commit alone where the server can do that, else as much of the history as it takes.</summary>
        internal async Task<string> FetchAsync(string? reference, CancellationToken cancellation)
        {
            var fetched = await GitAsync(["fetch", "--quiet", "--depth=1", "--no-tags", "--", url.Text, reference ?? "HEAD"], cancellation);
            if (fetched.ExitCode != 0 && GitWords.IsNoShallow(fetched.Problems))
            {
                fetched = await GitAsync(["fetch", "--quiet", "--no-tags", "--", url.Text, reference ?? "HEAD"], cancellation);
            }

            if (fetched.ExitCode == 0)
            {
                return await CommitAsync("FETCH_HEAD", cancellation) ?? throw NoSuch(reference);
            }

            if (!GitWords.IsNoSuchRef(fetched.Problems))
            {
                throw GitWords.From(fetched.Problems, url, account);
            }

            // A commit that no branch ends in, or an abbreviated one: servers hand out only whole names.
            if (reference is null || reference.Length is < ShortestHash or > FullHash || !reference.All(char.IsAsciiHexDigit))
            {
                throw NoSuch(reference);
            }

            await MustAsync(["git", "-C", folder, "fetch", "--quiet", "--", url.Text, "+refs/heads/*:refs/remotes/all/*", "+refs/tags/*:refs/tags/*"], cancellation);
            return await CommitAsync(reference, cancellation) ?? throw NoSuch(reference);
        }

        internal Task CheckOutAsync(string commit, CancellationToken cancellation) => MustAsync(["git", "-C", folder, "checkout", "--quiet", "--detach", commit], cancellation);

        /// <summary>A repository without them would fail on a rented host. Those that the spec excludes are left out.</summary>
        internal async Task FetchSubmodulesAsync(PatternList exclude, CancellationToken cancellation)
        {
            if (!File.Exists(Path.Combine(folder, ".gitmodules")))
            {
                return;
            }

            var listed = await GitAsync(["config", "--file", ".gitmodules", "--get-regexp", "--null", @"^submodule\..*\.path$"], cancellation);
            var paths = listed.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.IndexOf('\n', StringComparison.Ordinal) + 1)..])
                .Where(path => !exclude.Covers(path) && exclude.Decide(path, isFolder: true) != true).ToList();
            if (paths.Count > 0)
            {
                // Relative URLs start from where the repository came from.
                await MustAsync(["git", "-C", folder, "config", "remote.origin.url", url.Text], cancellation);
                if ((await GitAsync(["submodule", "--quiet", "update", "--init", "--recursive", "--depth=1", "--", .. paths], cancellation)).ExitCode != 0)
                {
                    // Not every server cuts history off, or hands out a commit that is no branch's last: then all of it, from the start.
                    await MustAsync(["git", "-C", folder, "submodule", "--quiet", "deinit", "--force", "--all"], cancellation);
                    if (Directory.Exists(Path.Combine(folder, ".git", "modules")))
                    {
                        Directory.Delete(Path.Combine(folder, ".git", "modules"), recursive: true);
                    }

                    await MustAsync(["git", "-C", folder, "submodule", "--quiet", "update", "--init", "--recursive", "--", .. paths], cancellation);
                }
            }
        }

        private async Task<string?> CommitAsync(string name, CancellationToken cancellation) =>
            await GitAsync(["rev-parse", "--verify", "--quiet", name + "^{commit}"], cancellation) is { ExitCode: 0, Output: { Length: >= FullHash } hash } ? hash : null;

        private GitException NoSuch(string? reference) => reference is null
            ? new($"{url.Text} is empty", "push something first")
            : new($"code.ref: {url.Text} has no branch, tag or commit \"{reference}\"", "push it first, or name another");

        private async Task MustAsync(IReadOnlyList<string> command, CancellationToken cancellation)
        {
            if (await ExecuteAsync(command, cancellation) is { ExitCode: not 0 } failed)
            {
                throw GitWords.From(failed.Problems, url, account);
            }
        }

        private Task<ShortCommand.Result> GitAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) => ExecuteAsync(["git", "-C", folder, .. arguments], cancellation);

        private async Task<ShortCommand.Result> ExecuteAsync(IReadOnlyList<string> command, CancellationToken cancellation)
        {
            try
            {
                return await ShortCommand.RunAsync(command, variables, settings.Limit, cancellation);
            }
            catch (Win32Exception missing)
            {
                throw new GitException("code.git: git is not installed on the server's machine", "install it there: apt-get install git", missing);
            }
            catch (TimeoutException slow)
            {
                throw new GitException($"{url.Text} is not here after {settings.Limit.TotalMinutes:0} min", "is it that large? Bring a part of it as a folder, or large files as data", slow);
            }
        }
    }
}
