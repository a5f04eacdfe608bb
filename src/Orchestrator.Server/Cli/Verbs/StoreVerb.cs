using System.Collections.Immutable;
using System.CommandLine;
using Orchestrator.Engine.Artifacts.S3;
using Orchestrator.Server.Api;
using Orchestrator.Server.Views;

namespace Orchestrator.Server.Cli.Verbs;

/// <summary><c>store</c>: where checkpoints, outputs and sources lie.</summary>
internal static class StoreVerb
{
    internal static Command Create(Terminal terminal)
    {
        var group = new Command("store", "List, try and count the stores that checkpoints and outputs lie in");
        group.Subcommands.Add(Verb.Create("list", "List the stores, and what was found when each was last tried", terminal, Verb.Show<ImmutableArray<StoreView>>(
            _ => "stores", (context, stores) => StoreTables.List(stores, terminal.Width, terminal.Paint, context.Now, terminal.Zone))));
        group.Subcommands.Add(Test(terminal));
        var name = Name();
        group.Subcommands.Add(Verb.Create("usage", "Count the objects and bytes that jobs keep in stores", terminal, Verb.Show<StoreUsageReport>(
            context => "stores/usage" + Query(context, name), (_, report) => StoreTables.Usage(report, terminal.Width, terminal.Paint)), name));
        group.Subcommands.Add(Add(terminal));
        return group;
    }

    private static Command Test(Terminal terminal)
    {
        var name = Name();
        return Verb.Create("test", "Write, read, upload in parts and delete in stores, now", terminal, async (context, cancellation) =>
        {
            using var api = await context.ConnectAsync(cancellation);
            var report = await api.PostAsync<DoctorReport>("stores/test" + Query(context, name), null, cancellation);
            if (context.Json)
            {
                context.PrintJson(report);
            }
            else
            {
                context.Print(Tables.Doctor(report.Checks, terminal.Width, terminal.Paint));
            }

            return report.Checks.Any(check => check.Level == "bad") ? ExitCodes.JobFailed : ExitCodes.Done;
        }, name);
    }

    private static Command Add(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "Name for it: lower-case letters, digits and hyphens", HelpName = "NAME" };
        var bucket = new Option<string?>("--bucket") { Description = "A bucket", HelpName = "BUCKET" };
        var path = new Option<string?>("--path") { Description = "A folder on the server's machine instead", HelpName = "FOLDER" };
        var prefix = new Option<string?>("--prefix") { Description = "Use only what lies below it (everything)", HelpName = "PREFIX" };
        var endpoint = new Option<string?>("--endpoint") { Description = "Where the bucket's store is reached (Amazon S3)", HelpName = "URL" };
        var region = new Option<string?>("--region") { Description = "Region of the bucket", HelpName = "REGION" };
        var profile = new Option<string?>("--profile") { Description = $"Make of the store: {string.Join(", ", S3Dialect.Names)} (by the endpoint's name)", HelpName = "NAME" };
        var secret = new Option<string?>("--secret") { Description = "Stored secret with the keys (the usual AWS places)", HelpName = "NAME" };
        var ca = new Option<string?>("--ca") { Description = "PEM file of a private certificate authority", HelpName = "FILE" };
        var egress = new Option<string?>("--egress-price") { Description = "Price of reading from outside: $0.09/GB", HelpName = "PRICE" };
        var isDefault = new Option<bool>("--default") { Description = "For jobs that name no store" };
        return Verb.Create("add", "Try a store and print what to put into orchestrator.yaml", terminal, (context, cancellation) =>
        {
            var parsed = context.Parsed;
            if (parsed.GetValue(bucket) is null == parsed.GetValue(path) is null)
            {
                throw new CliException(ExitCodes.Usage, "give --bucket or --path, one of the two", "for example: orchestrator store add lab --bucket my-checkpoints");
            }

            return Drafts.TryAsync(
                context,
                new("stores", parsed.GetRequiredValue(name),
                [
                    ("bucket", Text(bucket)), ("path", Text(path)), ("prefix", Text(prefix)), ("endpoint", Text(endpoint)), ("region", Text(region)), ("profile", Text(profile)),
                    ("credentials", parsed.GetValue(secret) is { } from ? $"{{secret: {YamlEntry.Scalar(from)}}}" : null),
                    ("ca", Text(ca)), ("egress-price", Text(egress)),
                    ("default", parsed.GetValue(isDefault) ? "true" : null),
                ]),
                "stores/try",
                cancellation);

            string? Text(Option<string?> option) => YamlEntry.Scalar(parsed.GetValue(option));
        }, name, bucket, path, prefix, endpoint, region, profile, secret, ca, egress, isDefault);
    }

    private static Argument<string?> Name() => new("name") { Description = "Name of one; left out: all", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };

    private static string Query(CliContext context, Argument<string?> name) => context.Parsed.GetValue(name) is { } one ? "?name=" + Uri.EscapeDataString(one) : "";
}
