namespace Orchestrator.Engine.Hosts.Rented;

/// <summary>What is run on rented hosts, in POSIX sh: files beside this one.</summary>
internal static class RentedScripts
{
    /// <summary>In a container that is the instance.</summary>
    public static string Container { get; } = Load("bring-agent") + Load("agent-up");

    /// <summary>On a machine that is the instance's alone.</summary>
    public static string Machine { get; } = Load("bring-agent") + Load("machine-up");

    /// <summary>On either, before anything is brought there.</summary>
    public static string Probe { get; } = Load("bounded") + Load("probe-host");

    /// <summary>On either, with the signed addresses of two objects set before it as <c>get</c> and <c>put</c>.</summary>
    public static string FetchStore { get; } = Load("bounded") + Load("fetch-store");

    private static string Load(string name)
    {
        using var stream = typeof(RentedScripts).Assembly.GetManifestResourceStream($"Orchestrator.Engine.Hosts.Rented.{name}.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
