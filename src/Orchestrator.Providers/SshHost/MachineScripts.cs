using System.Reflection;

namespace Orchestrator.Providers.SshHost;

/// <summary>What we run on machines, in POSIX sh: files beside this one, so that they can be read and checked as scripts.</summary>
internal static class MachineScripts
{
    public static string Inventory { get; } = Load("docker") + Load("inventory");

    public static string List { get; } = Load("list");

    public static string Agent { get; } = Load("agent");

    public static string Launch { get; } = Load("launch");

    public static string Destroy { get; } = Load("docker") + Load("destroy");

    public static string Images { get; } = Load("docker") + Load("images");

    private static string Load(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SshHost/{name}.sh")
            ?? throw new InvalidOperationException($"the script {name}.sh is missing from this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
