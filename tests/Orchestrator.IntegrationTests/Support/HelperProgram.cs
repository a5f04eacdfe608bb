using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Engine.Embedded;
using Orchestrator.Engine.Security;
using Orchestrator.Engine.Store;

namespace Orchestrator.IntegrationTests.Support;

/// <summary>What this assembly does when it is run as a program: the other process in tests about several processes.</summary>
internal static class HelperProgram
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["start-postgres-and-stay", var dataFolder, var report]:
                await File.WriteAllTextAsync(report + ".new", await EmbeddedPostgres.EnsureRunningAsync(dataFolder, NullLogger.Instance, CancellationToken.None));
                File.Move(report + ".new", report);
                await Task.Delay(Timeout.Infinite);
                return 0;
            case ["migrate", var connectionString]:
                await Migrator.MigrateAsync(connectionString, NullLogger.Instance, CancellationToken.None);
                return 0;
            case ["rotate-secrets", var connectionString, var keyFile]:
                var store = new SecretStore(Npgsql.NpgsqlDataSource.Create(connectionString));
                await new SecretsRotation(await SecretsRotation.OpenAsync(keyFile, store, CancellationToken.None), store, keyFile).RotateAsync(CancellationToken.None);
                return 0;
            default:
                await Console.Error.WriteLineAsync("no such helper: " + string.Join(' ', arguments));
                return 2;
        }
    }

    /// <summary>The command line that runs this assembly.</summary>
    internal static IReadOnlyList<string> Command(params IEnumerable<string> arguments) =>
        [Environment.ProcessPath is { } host && Path.GetFileName(host) == "dotnet" ? host : "dotnet", "exec", typeof(HelperProgram).Assembly.Location, .. arguments];
}
