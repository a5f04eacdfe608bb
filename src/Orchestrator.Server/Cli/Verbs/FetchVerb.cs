using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>fetch</c>: a job's outputs, or one checkpoint, as plain files.</summary>
internal static class FetchVerb
{
    internal static Command Create(Terminal terminal)
    {
        var job = Verb.Job();
        var checkpoint = new Option<int?>("--checkpoint") { Description = "A checkpoint's number instead of the outputs", HelpName = "N" };
        var to = new Option<string>("--to") { Description = "Folder to put the files into", HelpName = "DIR", Required = true };
        return Verb.Create("fetch", "Download a job's outputs, or one checkpoint", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var name = context.Parsed.GetRequiredValue(job);
            var files = context.Parsed.GetValue(checkpoint) is { } number
                ? (await api.GetAsync<CheckpointView>(ApiClient.Job(name, $"/checkpoints/{number.ToString(CultureInfo.InvariantCulture)}"), cancellation)).Files
                : await api.GetAsync<ImmutableArray<StoredFile>>(ApiClient.Job(name, "/outputs"), cancellation);
            if (files.IsDefaultOrEmpty)
            {
                throw new CliException(ExitCodes.Usage, $"job {name} has no outputs in the store", $"`orchestrator checkpoints {name}` lists its checkpoints: fetch one with --checkpoint N");
            }

            var folder = Path.GetFullPath(context.Parsed.GetRequiredValue(to));
            foreach (var file in files)
            {
                await FileDownload.RunAsync(api, name, file, folder, cancellation);
            }

            if (context.Json)
            {
                context.PrintJson(new { folder, files });
            }
            else
            {
                context.Print([$"{files.Length} file{(files.Length == 1 ? "" : "s")}, {Say.Size(files.Sum(file => file.Size))}, in {folder}"]);
            }

            return ExitCodes.Done;
        }, job, checkpoint, to);
    }
}
