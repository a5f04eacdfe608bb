using System.Globalization;
using Xunit;

namespace Orchestrator.IntegrationTests.Chaos;

/// <summary>What a person does where a job runs, and what must come of it on any kind of machine.</summary>
internal static class Visit
{
    internal static async Task CheckAsync(TestServer server, long job)
    {
        var name = job.ToString(CultureInfo.InvariantCulture);
        var ended = await server.Orc("exec", name, "--", "sh", "-c", "echo \"$1\"; echo bad >&2; exit 7", "sh", "it's $HOME; *");
        Assert.Equal((7, "it's $HOME; *\n"), (ended.ExitCode, ended.Output));
        Assert.Contains("bad", ended.Errors, StringComparison.Ordinal);

        var folder = Directory.CreateDirectory(Path.Combine(server.Site.Work, $"visit-{name}")).FullName;
        var content = string.Concat(Enumerable.Range(0, 20_000).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        Directory.CreateDirectory(Path.Combine(folder, "mine", "deep"));
        await File.WriteAllTextAsync(Path.Combine(folder, "mine", "deep", "ü b.txt"), content);
        await SucceedsAsync(server, "cp", Path.Combine(folder, "mine"), name + ":/data/new/");
        Assert.Equal(content, (await server.Orc("exec", name, "--", "cat", "data/new/mine/deep/ü b.txt")).Output);
        await SucceedsAsync(server, "cp", name + ":/data/new/mine", Path.Combine(folder, "back"));
        Assert.Equal(content, await File.ReadAllTextAsync(Path.Combine(folder, "back", "deep", "ü b.txt")));

        var missing = await server.Orc("cp", name + ":/data/nothing", folder);
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("/data/nothing could not be copied", missing.Errors, StringComparison.Ordinal);
        Assert.Contains("data", (await server.Orc("ssh", name)).Output + (await server.Orc("exec", name, "--", "ls")).Output, StringComparison.Ordinal);
    }

    private static async Task SucceedsAsync(TestServer server, params string[] arguments)
    {
        var ended = await server.Orc(arguments);
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
    }
}
