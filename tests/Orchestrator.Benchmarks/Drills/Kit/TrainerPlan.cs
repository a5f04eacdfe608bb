using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Orchestrator.Drills.Kit;

/// <summary>One run of the drills' trainer: what it does, its spec, and what its result must be.</summary>
public sealed record TrainerPlan
{
    public required string Name { get; init; }

    public required int Seed { get; init; }

    public int Steps { get; init; } = 75;

    /// <summary>Seconds a step.</summary>
    public double Pace { get; init; } = 0.08;

    /// <summary>Steps between checkpoints.</summary>
    public int Every { get; init; } = 6;

    /// <summary>Bytes of each of a checkpoint's three files.</summary>
    public int Size { get; init; } = 100_000;

    public bool InPlace { get; init; }

    /// <summary>Each checkpoint is in the store before training goes on.</summary>
    public bool WaitsForStore { get; init; }

    public int Keep { get; init; } = 3;

    /// <summary>Its last quarter does not begin before <see cref="Release"/>: what a test does to it while it trains is never too late.</summary>
    public bool IsHeld { get; init; }

    /// <summary>More lines of the spec.</summary>
    public string Extra { get; init; } = "";

    /// <summary>What <c>result.json</c> must say, however often it was interrupted.</summary>
    public string Digest()
    {
        var seed = Seed.ToString(CultureInfo.InvariantCulture);
        var digest = seed;
        for (var step = 1; step <= Steps; step++)
        {
            digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{digest} {step} {seed}"))))[..32];
        }

        return digest;
    }

    /// <summary>Writes spec and code into a folder of the plan's own.</summary>
    /// <returns>The spec's path.</returns>
    public string Write(Site site, Products products)
    {
        ArgumentNullException.ThrowIfNull(site);
        ArgumentNullException.ThrowIfNull(products);
        var folder = Path.Combine(site.Work, Name);
        Directory.CreateDirectory(Path.Combine(folder, "code"));
        File.Copy(Path.Combine(products.Root, "tests/Orchestrator.Benchmarks/Drills/Kit/trainer.py"), Path.Combine(folder, "code/trainer.py"), overwrite: true);
        if (IsHeld)
        {
            File.WriteAllText(HoldOf(site), "");
        }

        var spec = Path.Combine(folder, Name + ".yaml");
        File.WriteAllText(spec, string.Create(CultureInfo.InvariantCulture, $$"""
            name: {{Name}}
            code: ./code
            run: exec python3 -u trainer.py
            env:
              DRILL_STEPS: {{Steps}}
              DRILL_PACE: {{Pace}}
              DRILL_EVERY: {{Every}}
              DRILL_SIZE: {{Size}}
              DRILL_MODE: {{(InPlace ? "in-place" : "rename")}}
              DRILL_SEED: {{Seed}}
              DRILL_STORE: "{{(WaitsForStore ? Path.Combine(site.Store, "jobs", Name + "-*", "**", "manifest.json") : "")}}"
              DRILL_LEDGER: {{LedgerOf(site)}}
              DRILL_HOLD: "{{(IsHeld ? HoldOf(site) : "")}}"
            resources: {gpu: none, cpu: 1, memory: 64MB}
            checkpoints:
              path: /ckpt
              format: files
              complete: {{(InPlace ? "{settle: 1s}" : "{rename: true}")}}
              keep: {{Keep}}
            outputs: [{from: /out, when: success}]
            progress: jsonl
            {{Extra}}
            """));
        return spec;
    }

    public void Release(Site site) => File.Delete(HoldOf(site));

    private string HoldOf(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return Path.Combine(site.Work, Name + ".hold");
    }

    public string LedgerOf(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        return Path.Combine(site.Work, Name + ".ledger");
    }

    /// <summary>What the trainer itself says it did, in order.</summary>
    public IReadOnlyList<LedgerLine> Ledger(Site site)
    {
        var file = LedgerOf(site);
        return File.Exists(file)
            ? [.. File.ReadAllLines(file).Select(line => JsonNode.Parse(line)!).Select(line => new LedgerLine(
                line["kind"]!.GetValue<string>(), line["step"]!.GetValue<int>(), line["attempt"]!.GetValue<int>(), line["at"]!.GetValue<double>()))]
            : [];
    }
}
