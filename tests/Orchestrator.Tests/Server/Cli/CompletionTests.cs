using System.Diagnostics;
using Orchestrator.Server.Cli;
using Xunit;

namespace Orchestrator.Tests.Server.Cli;

/// <summary>The script in a real bash, asked as the Tab key asks.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("orchestrator sub", "submit")]
    [InlineData("orc show --js", "--json")]
    [InlineData("orchestrator template sh", "show")]
    [InlineData("orchestrator logs --foll", "--follow")]
    [InlineData("orchestrator secret re", "remove")]
    [InlineData("orchestrator completion f", "fish")]
    [InlineData("orchestrator cancel --n", "--now")]
    public async Task Bash_completes_verbs_options_and_choices(string typed, string expected)
    {
        var script = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["completion", "bash"], new Terminal(script, TextWriter.Null, TextReader.Null, false, false, 80)));
        var words = typed.Split(' ');

        var answer = await BashAsync(
            script + $"\nCOMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; COMP_LINE='{typed}'; COMP_POINT={typed.Length}\n"
            + $"complete -p {words[0]} >/dev/null || exit 9\n_orchestrator\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n");

        Assert.Equal(expected, answer.Trim());
    }

    private static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-s"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var answer = await bash.StandardOutput.ReadToEndAsync();
        var errors = await bash.StandardError.ReadToEndAsync();
        await bash.WaitForExitAsync();
        Assert.Equal("", errors);
        return answer;
    }
}
