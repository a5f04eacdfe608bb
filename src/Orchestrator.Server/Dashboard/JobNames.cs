using System.Collections.Concurrent;
using Npgsql;

namespace Orchestrator.Server.Dashboard;

/// <summary>Names of jobs by number, for Hangfire's synchronous pages. A job never changes its name, so what is known stays known.</summary>
internal sealed class JobNames(IServiceProvider services)
{
    private const int Most = 20_000;
    private readonly ConcurrentDictionary<long, string> _names = new();

    /// <summary>Null where there is no such job, or the database does not answer at once: a page is not worth waiting for a name.</summary>
    internal string? Find(long id)
    {
        if (_names.TryGetValue(id, out var known))
        {
            return known;
        }

        if (services.GetService<NpgsqlDataSource>() is not { } source)
        {
            return null;
        }

        try
        {
            using var command = source.CreateCommand("select name from orchestrator.jobs where id = $1");
            command.CommandTimeout = 2;
            command.Parameters.Add(new() { Value = id });
            if (command.ExecuteScalar() is not string name)
            {
                return null;
            }

            if (_names.Count > Most)
            {
                _names.Clear();
            }

            return _names[id] = name;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }
}
