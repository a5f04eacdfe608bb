using System.CommandLine;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>test</c> of what orchestrator.yaml names: tries one or all of a kind now.</summary>
internal static class TestVerb
{
    /// <param name="description">For the help.</param>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="kind">As in the API: <c>machines</c>.</param>
    /// <param name="none">Shown where there is nothing to try.</param>
    internal static Command Create(string description, Terminal terminal, string kind, Func<IEnumerable<string>> none)
    {
        var name = new Argument<string?>("name") { Description = "Name of one; left out: all", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        return Verb.Create("test", description, terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var query = context.Parsed.GetValue(name) is { } one ? "?name=" + Uri.EscapeDataString(one) : "";
            var report = await api.PostAsync<DoctorReport>($"{kind}/test{query}", null, cancellation);
            if (context.Json)
            {
                context.PrintJson(report);
            }
            else
            {
                context.Print(report.Checks.IsEmpty ? none() : Tables.Doctor(report.Checks, terminal.Width, terminal.Paint));
            }

            return report.Checks.Any(check => check.Level == "bad") ? ExitCodes.JobFailed : ExitCodes.Done;
        }, name);
    }
}
