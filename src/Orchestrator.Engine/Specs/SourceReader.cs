using System.Collections.Immutable;
using Orchestrator.Engine.Artifacts.Git;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads what comes in and goes out: <c>code</c>, <c>data</c>, <c>outputs</c>.</summary>
internal static class SourceReader
{
    public static CodeSource? Code(MapReader job)
    {
        switch (job["code"])
        {
            case null:
                return null;
            case MapNode:
                return CodeMap(job.Map("code")!);
            case ScalarNode { HasExpression: false } scalar when IsGit(scalar.Value):
                NoLogin(job.Scope, scalar, "code", scalar.Value);
                return new CodeSource { Kind = CodeSourceKind.Git, Git = scalar.Value };
            case var node:
                return Folder(job.Scope, node, "code", "a folder such as ./ or a git URL") is { } folder
                    ? new CodeSource { Kind = CodeSourceKind.Folder, Folder = folder }
                    : null;
        }
    }

    public static ImmutableArray<DataMount> Data(MapReader job)
    {
        var mounts = ImmutableArray.CreateBuilder<DataMount>();
        var scope = job.Scope;
        if (job["data"] is MapNode map)
        {
            foreach (var (key, value) in map.Entries)
            {
                var at = SpecPlaces.Item("data", mounts.Count);
                scope.Written(at + ".to", key with { Source = value.Source, Origin = value.Origin });
                scope.Written(at + ".from", value);
                Add(mounts, Values.AbsolutePath(scope, key, at + ".to"), Source(scope, value, at + ".from"), new DataMount { Kind = default, From = "", To = "" });
            }

            return mounts.ToImmutable();
        }

        if (job["data"] is ScalarNode text)
        {
            scope.Problems.Error(text, "data", "data: a single value where a list or a mapping belongs", "write data: {/data: ./folder}");
            return [];
        }

        foreach (var (item, at) in Values.Items(scope, job["data"], "data", "a list"))
        {
            if (item is not MapNode node)
            {
                scope.Problems.Error(item, at, $"{at}: a {SpecScope.Kind(item)} where {{from, to}} belongs", "write {from: ./folder, to: /data}");
                continue;
            }

            var reader = new MapReader(scope, node, at, "data[]");
            Required(reader, "from", "where the data comes from");
            Required(reader, "to", "the absolute path it is put at");
            Add(mounts, reader.AbsolutePath("to"), reader["from"] is { } from ? Source(scope, from, at + ".from") : null, new DataMount
            {
                Kind = default,
                From = "",
                To = "",
                Include = reader.Texts("include"),
                Exclude = reader.Texts("exclude"),
                StartWhen = reader.Choice("start-when", ("complete", DataStart.Complete), ("background", DataStart.Background)) ?? DataStart.Complete,
                Volume = reader.Text("volume"),
            });
        }

        return mounts.ToImmutable();
    }

    public static ImmutableArray<OutputSpec> Outputs(MapReader job)
    {
        if (job["outputs"] is ScalarNode text)
        {
            job.Scope.Problems.Error(text, "outputs", "outputs: a single value where a list belongs", "write outputs: [{from: /out}]");
            return [];
        }

        var outputs = ImmutableArray.CreateBuilder<OutputSpec>();
        foreach (var (item, at) in Values.Items(job.Scope, job["outputs"], "outputs", "a list"))
        {
            if (item is not MapNode node)
            {
                job.Scope.Problems.Error(item, at, $"{at}: a {SpecScope.Kind(item)} where {{from: ...}} belongs", "write {from: /out}");
                continue;
            }

            var reader = new MapReader(job.Scope, node, at, "outputs[]");
            Required(reader, "from", "the absolute path of what to deliver");
            var to = reader.Text("to");
            if (to is not null && to.Contains("://", StringComparison.Ordinal) && !to.Contains("${{", StringComparison.Ordinal) && SourceUrl.Parse(to) is not { Kind: DataSourceKind.S3 })
            {
                job.Scope.Problems.Error(reader["to"]!, at + ".to", $"{at}.to: \"{to}\" is not a store", "write s3://bucket/prefix or store/prefix");
            }

            outputs.Add(new OutputSpec
            {
                From = reader.AbsolutePath("from") ?? "",
                To = to,
                When = reader.Choice("when", ("success", OutputWhen.Success), ("always", OutputWhen.Always)) ?? OutputWhen.Success,
                Every = reader.PositiveDuration("every"),
            });
        }

        return outputs.ToImmutable();
    }

    private static CodeSource? CodeMap(MapReader map)
    {
        var git = map.Text("git");
        if (git is not null && !git.Contains("${{", StringComparison.Ordinal) && !IsGit(git))
        {
            map.Scope.Problems.Error(map["git"]!, "code.git", $"code.git: \"{git}\" is not a git URL", "write https://host/owner/repository or git@host:owner/repository.git");
        }

        if (git is null && map["ref"] is { } reference)
        {
            map.Scope.Problems.Error(reference, "code.ref", "code.ref without code.git", "name the repository in git, or leave ref out");
        }
        else if (git is not null)
        {
            NoLogin(map.Scope, map["git"]!, "code.git", git);
        }

        var folder = git is null && map["path"] is { } path ? Folder(map.Scope, path, "code.path", "a folder such as ./src") : null;
        if (git is null && map["path"] is null)
        {
            map.Scope.Problems.Error(map.Node, "code", "code needs git or path", "write code: ./dir, or {git: URL, ref: main}");
        }

        return new CodeSource
        {
            Kind = git is null ? CodeSourceKind.Folder : CodeSourceKind.Git,
            Git = git,
            Folder = folder,
            Ref = map.Text("ref"),
            Path = git is null ? null : map.Text("path"),
            To = map.AbsolutePath("to") ?? "/workspace",
            Include = map.Texts("include"),
            Exclude = map.Texts("exclude"),
        };
    }

    private static void Add(ImmutableArray<DataMount>.Builder mounts, string? to, (DataSourceKind Kind, string From)? source, DataMount rest) =>
        mounts.Add(rest with { To = to ?? "", Kind = source?.Kind ?? DataSourceKind.Folder, From = source?.From ?? "" });

    private static (DataSourceKind Kind, string From)? Source(SpecScope scope, SpecNode node, string path)
    {
        if (node is ScalarNode { HasExpression: false } scalar && scalar.Value.Contains("://", StringComparison.Ordinal))
        {
            if (SourceUrl.HoldsLogin(scalar.Value))
            {
                scope.Problems.Error(node, path, $"{path}: the URL holds a login, and specs are stored and shown", "take it out; data behind a login can come from a bucket (s3://), with its keys in orchestrator.yaml");
                return null;
            }

            if (SourceUrl.Parse(scalar.Value) is not { } url)
            {
                scope.Problems.Error(node, path, $"{path}: \"{scalar.Value}\" is not a source", SourceUrl.Advice(scalar.Value));
                return null;
            }

            return url;
        }

        return Folder(scope, node, path, "a source such as ./folder, s3://bucket/prefix/ or hf://owner/name") is { } folder ? (DataSourceKind.Folder, folder) : null;
    }

    /// <summary>The absolute path of a folder or file on the submitting machine.</summary>
    private static string? Folder(SpecScope scope, SpecNode node, string path, string expected) =>
        scope.TryRead(node, path, (string text, out string folder) =>
        {
            folder = text;
            if (text.Length > 1024 || !(text is "." or ".." || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith('/'))
                || text.Any(char.IsControl))
            {
                return false;
            }

            folder = Path.GetFullPath(text, node.Folder ?? scope.Options.SpecFolder);
            folder = folder.Length > 1 ? folder.TrimEnd('/') : folder;
            return true;
        }, expected, out var value) ? value : null;

    private static void NoLogin(SpecScope scope, SpecNode node, string path, string git)
    {
        if (GitUrl.HoldsLogin(git))
        {
            scope.Problems.Error(node, path, $"{path}: the URL holds a login, and specs are stored and shown", "take it out, and put the token under git in orchestrator.yaml");
        }
    }

    private static bool IsGit(string text) =>
        !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
        && (text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("ssh://", StringComparison.Ordinal)
            || text.StartsWith("git://", StringComparison.Ordinal) || (text.StartsWith("git@", StringComparison.Ordinal) && text.Contains(':', StringComparison.Ordinal)));

    private static void Required(MapReader map, string key, string meaning)
    {
        if (map[key] is null && !map.Scope.Places.Has(map.At(key)))
        {
            map.Scope.Problems.Error(map.Node, map.At(key), $"{map.At(key)} is missing", $"say {meaning}");
        }
    }
}
