using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>Whole rows as the contract paper shows them; what an emulator has no opinion on stays as it is there.</summary>
internal static class VastTemplates
{
    private static readonly string _ask = Load("ask");
    private static readonly string _instance = Load("instance");

    public static JsonObject Ask() => JsonNode.Parse(_ask)!.AsObject();

    public static JsonObject Instance() => JsonNode.Parse(_instance)!.AsObject();

    private static string Load(string name)
    {
        using var stream = typeof(VastTemplates).Assembly.GetManifestResourceStream($"Vast/{name}.json") ?? throw new InvalidOperationException($"{name}.json is missing from this build");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
