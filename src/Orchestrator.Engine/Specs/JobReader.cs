using System.Collections.Immutable;
using Orchestrator.Engine.Images;
using Orchestrator.Jobs;

namespace Orchestrator.Engine.Specs;

/// <summary>Reads the top level of a spec.</summary>
internal static class JobReader
{
    public static JobSpec Read(MapReader job, string fileName)
    {
        Version(job);
        var scope = job.Scope;
        var name = job.Slug("name") ?? Values.SlugOf(fileName);
        var strategy = StrategyReader.Strategy(job);
        var batch = StrategyReader.Batch(job, strategy is null ? null : name);
        return new JobSpec
        {
            Name = name,
            Labels = Values.Map(scope, job["labels"], "labels"),
            Template = job.Slug("template"),
            Vars = Values.Map(scope, job["vars"], "vars"),
            Image = Image(job),
            RegistryAuth = RegistryAuth(job),
            Code = SourceReader.Code(job),
            WorkingDir = job.AbsolutePath("working-dir"),
            Setup = job.Text("setup"),
            Run = job.Text("run"),
            Command = Command(job),
            Shell = job.Choice("shell", ("bash", ShellKind.Bash), ("sh", ShellKind.Sh)) ?? ShellKind.Bash,
            Env = Values.Map(scope, job["env"], "env", Values.TryEnvName, "a variable's name"),
            Secrets = Secrets(job),
            Resources = ResourceReader.Read(job),
            Tunnels = Tunnels(job),
            Data = SourceReader.Data(job),
            Sensitive = job.Bool("sensitive") ?? false,
            Estimate = ResourceReader.Estimate(job),
            Checkpoints = CheckpointReader.Read(job),
            Outputs = SourceReader.Outputs(job),
            Progress = ProgressReader.Read(job),
            Providers = Providers(job),
            Prefer = job.Choice("prefer", ("cost", PlanPreference.Cost), ("speed", PlanPreference.Speed), ("hourly", PlanPreference.Hourly)) ?? PlanPreference.Cost,
            Reliability = PolicyReader.Reliability(job),
            Budget = PolicyReader.Budget(job),
            Deadline = PolicyReader.Deadline(job, "deadline") ?? batch?.Deadline,
            Schedule = PolicyReader.Schedule(job),
            Timeouts = PolicyReader.Timeouts(job),
            MaxRuntime = job.PositiveDuration("max-runtime"),
            OnFailure = PolicyReader.OnFailure(job),
            Notify = PolicyReader.Notify(job),
            Priority = job.Int("priority", -100, 100) ?? 0,
            Strategy = strategy,
            Batch = batch,
            Needs = job.Texts("needs"),
            Nodes = job.Int("nodes", 1, 1024) ?? 1,
        };
    }

    private static void Version(MapReader job)
    {
        if (job["version"] is { } version && version is not ScalarNode { Value: "1" })
        {
            job.Scope.Problems.Error(version, "version", "version: only version 1 is known", "write version: 1 or leave it out");
        }
    }

    private static string? Image(MapReader job) =>
        job.Scope.TryRead(job["image"], "image", (string text, out string image) =>
        {
            image = text;
            return text.Length <= 512 && ImageReference.Parse(text, out _) is not null;
        }, "an image reference such as ghcr.io/acme/trainer:1.2", out var value) ? value : (job["image"] as ScalarNode)?.Value;

    private static RegistryAuth? RegistryAuth(MapReader job)
    {
        if (job["registry-auth"] is null or ScalarNode)
        {
            return job.Slug("registry-auth") is { } profile ? new RegistryAuth { Profile = profile } : null;
        }

        if (job.Map("registry-auth") is not { } map)
        {
            return null;
        }

        if (map["username"] is null || map["password"] is null)
        {
            job.Scope.Problems.Error(map.Node, "registry-auth", "registry-auth needs username and password", "write {username: NAME, password: name-of-a-secret}");
        }

        return new RegistryAuth { Username = map.Text("username"), PasswordSecret = map.Text("password") };
    }

    private static ImmutableArray<string> Command(MapReader job)
    {
        if (job["command"] is ListNode { Items.Count: 0 } or ScalarNode)
        {
            job.Scope.Problems.Error(job["command"]!, "command", "command: a list of arguments belongs here", "write [python, train.py], or use run: for a script");
            return [];
        }

        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var (item, path) in Values.Items(job.Scope, job["command"], "command", "a list"))
        {
            // Arguments are taken as written; an empty one is an argument too.
            if (item is ScalarNode word)
            {
                words.Add(word.Value);
            }
            else
            {
                job.Scope.Problems.Error(item, path, $"{path}: a {SpecScope.Kind(item)} where an argument belongs", "write one word");
            }
        }

        return words.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Secrets(MapReader job)
    {
        var node = job["secrets"];
        if (node is not ListNode)
        {
            return Values.Map(job.Scope, node, "secrets", Values.TryEnvName, "a variable's name");
        }

        var secrets = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (item, path) in Values.Items(job.Scope, node, "secrets", "a list"))
        {
            if (!job.Scope.TryRead(item, path, (string text, out string name) => Values.NotEmpty(text, out name) && Values.TryEnvName(text),
                "the name of a secret that can be a variable, such as HF_TOKEN", out var secret))
            {
                continue;
            }

            if (!secrets.TryAdd(secret, secret))
            {
                job.Scope.Problems.Error(item, path, $"secrets: {secret} is given twice", "keep one");
            }

            job.Scope.Written("secrets." + secret, item);
        }

        return secrets.ToImmutable();
    }

    private static ImmutableArray<int> Tunnels(MapReader job)
    {
        var ports = ImmutableArray.CreateBuilder<int>();
        foreach (var (item, path) in Values.Items(job.Scope, job["tunnels"], "tunnels", "a list of ports"))
        {
            if (job.Scope.TryRead(item, path, (string text, out long port) => SpecValues.TryInteger(text, out port) && port is > 0 and <= 65535, "a port from 1 to 65535", out var number))
            {
                ports.Add((int)number);
            }
        }

        return ports.ToImmutable();
    }

    private static ImmutableArray<ProviderChoice> Providers(MapReader job)
    {
        var choices = ImmutableArray.CreateBuilder<ProviderChoice>();
        foreach (var (item, path) in Values.Items(job.Scope, job["providers"], "providers", "a list"))
        {
            if (job.Scope.TryRead(item, path, (string text, out string name) => Values.NotEmpty(text, out name) && text.TrimStart('!') is { Length: > 0 and < 128 } bare
                && text.Length - bare.Length <= 1 && bare.Split('/').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')),
                "a provider such as vast, runpod/secure or ssh/lab-1", out var choice))
            {
                choices.Add(new ProviderChoice { Name = choice.TrimStart('!'), Excluded = choice[0] == '!' });
            }
        }

        return choices.ToImmutable();
    }
}
