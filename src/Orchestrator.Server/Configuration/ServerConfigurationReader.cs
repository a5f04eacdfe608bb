using System.Collections.Immutable;
using System.Net;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Orchestrator.Server.Configuration;

/// <summary>Reads <c>orchestrator.yaml</c>: every problem in one run, with its place.</summary>
public static class ServerConfigurationReader
{
    private const int LongestFile = 256 * 1024;

    /// <summary>Reads the file, or gives the defaults where there is none. Throws <see cref="ConfigurationException"/>.</summary>
    /// <param name="path">A file that must exist when <paramref name="isNamed"/>.</param>
    /// <param name="isNamed">A person named it.</param>
    public static ServerConfiguration Load(string path, bool isNamed)
    {
        try
        {
            // Its time first: what is written in between then counts as older than it is, which the next restart mends.
            var writtenAt = File.GetLastWriteTimeUtc(path);
            return Read(File.ReadAllText(path), path) with { WrittenAt = writtenAt };
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException && !isNamed)
        {
            return new();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(path, [new(1, 1, true, $"cannot read it: {error.Message}")]);
        }
    }

    public static ServerConfiguration Read(string yaml, string path)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var problems = new List<ConfigurationProblem>();
        var configuration = new ServerConfiguration { Path = path, Text = yaml };
        if (Parse(yaml, problems) is { } root)
        {
            ConfigurationNode? machines = null;
            foreach (var (key, node) in new ConfigurationNode(root, "", problems).Entries(["server", "accounts", "machines", "stores", "registries", "git", "hf", "limits", "defaults", "channels", "report"]))
            {
                machines = key == "machines" ? node : machines;
                configuration = key switch
                {
                    "server" => ReadServer(configuration, node),
                    "accounts" => configuration with { Accounts = AccountsReader.Read(node) },
                    "machines" => configuration,
                    "stores" => configuration with { Stores = StoresReader.Read(node) },
                    "registries" => configuration with { Registries = RegistriesReader.Read(node) },
                    "git" => configuration with { Git = GitReader.Read(node) },
                    "hf" => configuration with { Hub = HubReader.Read(node) },
                    "limits" => configuration with { Limits = LimitsReader.Read(node) },
                    "report" => configuration with { Report = ReportTimeReader.Read(node) },
                    "defaults" => configuration with { Defaults = [.. node.Settings()] },
                    _ => configuration with { Channels = ChannelsReader.Read(node) },
                };
            }

            configuration = machines is null ? configuration : ReadMachines(configuration, machines);
        }

        return problems.Any(problem => problem.IsError)
            ? throw new ConfigurationException(path, [.. problems])
            : configuration with { Notes = [.. problems] };
    }

    private static YamlMappingNode? Parse(string yaml, List<ConfigurationProblem> problems)
    {
        if (yaml.Length > LongestFile)
        {
            problems.Add(new(1, 1, true, "the file is larger than 256 KB; that is no configuration"));
            return null;
        }

        try
        {
            // Aliases first: a small file of them unfolds to gigabytes.
            var parser = new Parser(new StringReader(yaml));
            while (parser.MoveNext())
            {
                if (parser.Current is YamlDotNet.Core.Events.AnchorAlias alias)
                {
                    problems.Add(new((int)alias.Start.Line, (int)alias.Start.Column, true, "aliases are not supported; write the value out"));
                    return null;
                }
            }

            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            if (stream.Documents.Count > 1)
            {
                problems.Add(new(1, 1, true, "the file has several documents; keep one"));
            }

            var root = stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode;
            if (root is YamlMappingNode map)
            {
                return map;
            }

            if (root is not null and not YamlScalarNode { Value: null or "" })
            {
                problems.Add(new(1, 1, true, "the file must be a map of keys to values"));
            }
        }
        catch (YamlException error)
        {
            problems.Add(new((int)error.Start.Line, (int)error.Start.Column, true, $"this is not valid YAML: {Views.Clean.Line(error.Message, 200)}"));
        }

        return null;
    }

    private static ServerConfiguration ReadServer(ServerConfiguration configuration, ConfigurationNode node)
    {
        foreach (var (key, value) in node.Entries("listen", "port", "hosts", "database", "data-folder", "time-zone"))
        {
            configuration = key switch
            {
                "listen" => configuration with { Listen = Address(value) },
                "port" => configuration with { Port = value.Whole(0, 65535) },
                "hosts" => configuration with { Hosts = [.. value.Texts()] },
                "database" => configuration with { Database = value.Text() },
                "data-folder" => configuration with { DataFolder = value.AbsolutePath() },
                _ => configuration with { TimeZone = Zone(value) },
            };
        }

        return configuration;
    }

    private static LocalMachine ReadLocal(ConfigurationNode node)
    {
        var local = new LocalMachine();
        foreach (var (key, value) in node.Entries("cpus", "memory", "price"))
        {
            local = key switch
            {
                "cpus" => local with { Cpus = value.Whole(1, 4096) },
                "memory" => local with { Memory = value.Size() },
                _ => local with { Price = value.DollarsPerHour() ?? Money.Zero },
            };
        }

        return local;
    }

    /// <summary>Last: the hours of machines are in the zone that <c>server</c> names, wherever that stands in the file.</summary>
    private static ServerConfiguration ReadMachines(ServerConfiguration configuration, ConfigurationNode node)
    {
        foreach (var (name, machine) in node.Named())
        {
            if (name == "local")
            {
                configuration = configuration with { Local = ReadLocal(machine) };
            }
            else if (MachineReader.Read(name, machine, configuration.Zone) is { } read)
            {
                if (configuration.Machines.FirstOrDefault(other => other.IsFolderOf(read)) is { } same)
                {
                    machine.Error($"{machine.Path} is the same machine and folder as machines.{same.Name}; keep one of the two names, or give each a root of its own");
                }

                configuration = configuration with { Machines = configuration.Machines.Add(read) };
            }
        }

        return configuration;
    }

    private static string? Address(ConfigurationNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (text == "localhost" || IPAddress.TryParse(text, out _))
        {
            return text;
        }

        node.Error("server.listen must be an IP address; for example 127.0.0.1 (the port is server.port)");
        return null;
    }

    private static string? Zone(ConfigurationNode node)
    {
        if (node.Text() is not { } text)
        {
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(text, out _))
        {
            return text;
        }

        node.Error("server.time-zone must be an IANA zone; for example Europe/Paris");
        return null;
    }
}
