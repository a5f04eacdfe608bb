using System.Collections.Immutable;
using System.Text;

namespace Orchestrator.Offers;

/// <summary>The cards we know by name. Spec, providers and nvidia-smi spell them differently; all spellings meet here.</summary>
public static class GpuTable
{
    public static ImmutableArray<GpuCard> Cards { get; } =
    [
        new("RTX 2060", 6, 7.5m),
        new("RTX 2070", 8, 7.5m),
        new("RTX 2080", 8, 7.5m),
        new("RTX 3050", 8, 8.6m),
        new("RTX 3060", 12, 8.6m),
        new("RTX 3060 Ti", 8, 8.6m),
        new("RTX 3070", 8, 8.6m),
        new("RTX 3070 Ti", 8, 8.6m),
        new("RTX 3080", 10, 8.6m),
        new("RTX 3080 Ti", 12, 8.6m),
        new("RTX 3090", 24, 8.6m),
        new("RTX 3090 Ti", 24, 8.6m),
        new("RTX 4060", 8, 8.9m),
        new("RTX 4060 Ti", 16, 8.9m),
        new("RTX 4070", 12, 8.9m),
        new("RTX 4070 Super", 12, 8.9m),
        new("RTX 4070 Ti", 12, 8.9m),
        new("RTX 4070 Ti Super", 16, 8.9m),
        new("RTX 4080", 16, 8.9m),
        new("RTX 4080 Super", 16, 8.9m),
        new("RTX 4090", 24, 8.9m),
        new("RTX 4090D", 24, 8.9m),
        new("RTX 5060 Ti", 16, 12.0m),
        new("RTX 5070", 12, 12.0m),
        new("RTX 5070 Ti", 16, 12.0m),
        new("RTX 5080", 16, 12.0m),
        new("RTX 5090", 32, 12.0m),
        new("GTX 1080", 8, 6.1m),
        new("GTX 1080 Ti", 11, 6.1m),
        new("GTX 1660 Super", 6, 7.5m),
        new("RTX 2080 Ti", 11, 7.5m),
        new("Titan RTX", 24, 7.5m),
        new("Titan V", 12, 7.0m),
        new("Tesla K80", 12, 3.7m),
        new("Tesla M40", 24, 5.2m),
        new("Tesla P4", 8, 6.1m),
        new("Tesla P40", 24, 6.1m),
        new("Tesla P100", 16, 6.0m),
        new("T4", 16, 7.5m),
        new("V100-16GB", 16, 7.0m),
        new("V100-32GB", 32, 7.0m),
        new("RTX A2000", 12, 8.6m),
        new("RTX A4000", 16, 8.6m),
        new("RTX A4500", 20, 8.6m),
        new("RTX A5000", 24, 8.6m),
        new("RTX A6000", 48, 8.6m),
        new("RTX 2000 Ada", 16, 8.9m),
        new("RTX 4000 Ada", 20, 8.9m),
        new("RTX 4500 Ada", 24, 8.9m),
        new("RTX 5000 Ada", 32, 8.9m),
        new("RTX 6000 Ada", 48, 8.9m),
        new("RTX 5880 Ada", 48, 8.9m),
        new("RTX PRO 4000", 24, 12.0m),
        new("RTX PRO 4500", 32, 12.0m),
        new("RTX PRO 5000", 48, 12.0m),
        new("RTX PRO 6000", 96, 12.0m),
        new("RTX PRO 6000 Max-Q", 96, 12.0m),
        new("Quadro RTX 6000", 24, 7.5m),
        new("Quadro RTX 8000", 48, 7.5m),
        new("A2", 16, 8.6m),
        new("A10", 24, 8.6m),
        new("A10G", 24, 8.6m),
        new("A16", 16, 8.6m),
        new("A30", 24, 8.0m),
        new("A40", 48, 8.6m),
        new("A100-40GB", 40, 8.0m),
        new("A100-80GB", 80, 8.0m),
        new("A800-80GB", 80, 8.0m),
        new("L4", 24, 8.9m),
        new("L40", 48, 8.9m),
        new("L40S", 48, 8.9m),
        new("H100-80GB", 80, 9.0m),
        new("H100-NVL", 94, 9.0m),
        new("H200", 141, 9.0m),
        new("H20", 96, 9.0m),
        new("GH200", 96, 9.0m),
        new("B200", 180, 10.0m),
        new("B300", 288, 10.3m),
        new("GB200", 186, 10.0m),
        new("MI300X", 192, 0m),
    ];

    // Spellings that folding alone (case, blanks, hyphens, vendor words) does not bring together.
    private static readonly (string Alias, string Name)[] Aliases =
    [
        ("A100", "A100-40GB"), ("A100 PCIE", "A100-40GB"), ("A100 SXM4", "A100-40GB"), ("A100 SXM", "A100-40GB"),
        ("A100 PCIE 40GB", "A100-40GB"), ("A100 SXM4 40GB", "A100-40GB"),
        ("A100 80GB PCIE", "A100-80GB"), ("A100 PCIE 80GB", "A100-80GB"), ("A100 SXM4 80GB", "A100-80GB"), ("A100 SXM 80GB", "A100-80GB"), ("A100X", "A100-80GB"),
        ("A800", "A800-80GB"), ("A800 PCIE", "A800-80GB"), ("A800 SXM4", "A800-80GB"), ("INSTINCT MI300X", "MI300X"), ("AMD INSTINCT MI300X OAM", "MI300X"),
        ("RTX 4070S", "RTX 4070 Super"), ("RTX 4070S TI", "RTX 4070 Ti Super"), ("RTX 4080S", "RTX 4080 Super"),
        ("H100", "H100-80GB"), ("H100 SXM", "H100-80GB"), ("H100 SXM5", "H100-80GB"), ("H100 PCIE", "H100-80GB"),
        ("H100 80GB HBM3", "H100-80GB"), ("H100 NVL 94GB", "H100-NVL"),
        ("H200 SXM", "H200"), ("H200 NVL", "H200"), ("H200 141GB", "H200"), ("GH200 480GB", "GH200"), ("GH200 96GB", "GH200"), ("GH200 SXM", "GH200"),
        ("B200 SXM", "B200"), ("B300 SXM", "B300"), ("B300 SXM6 AC", "B300"),
        ("V100", "V100-16GB"), ("V100 SXM2", "V100-16GB"), ("V100 PCIE", "V100-16GB"), ("V100 SXM2 16GB", "V100-16GB"), ("V100 PCIE 16GB", "V100-16GB"),
        ("V100 SXM2 32GB", "V100-32GB"), ("V100 SXM3 32GB", "V100-32GB"), ("V100 PCIE 32GB", "V100-32GB"),
        ("A4000", "RTX A4000"), ("A4500", "RTX A4500"), ("A5000", "RTX A5000"), ("A6000", "RTX A6000"), ("A2000", "RTX A2000"),
        ("P100 PCIE 16GB", "Tesla P100"),
        ("6000 ADA", "RTX 6000 Ada"), ("RTX 4000 SFF ADA", "RTX 4000 Ada"),
        ("RTX PRO 6000 WS", "RTX PRO 6000"), ("RTX PRO 6000 S", "RTX PRO 6000"), ("PRO 6000", "RTX PRO 6000"), ("RTX PRO 6000 MAX-Q WORKSTATION", "RTX PRO 6000 Max-Q"),
        ("RTX 8000", "Quadro RTX 8000"), ("Q RTX 8000", "Quadro RTX 8000"), ("Q RTX 6000", "Quadro RTX 6000"), ("TITAN V100", "Titan V"),
    ];

    // What vendors and drivers add to a name without meaning another card.
    private static readonly string[] Ornaments = ["NVIDIA", "GEFORCE", "TESLA", "BLACKWELL", "GENERATION", "WORKSTATIONEDITION", "SERVEREDITION"];

    private static readonly ImmutableDictionary<string, GpuCard> BySpelling = Spellings();

    /// <summary>The card of this name in any usual spelling (4090, RTX_4090, NVIDIA GeForce RTX 4090), or null.</summary>
    public static GpuCard? Find(string name) => BySpelling.GetValueOrDefault(Fold(name));

    /// <summary>The same where a market names cards of several sizes alike (A100 SXM4): the one whose memory it says.</summary>
    /// <param name="name">In any usual spelling.</param>
    /// <param name="memoryGb">Of one card; null = not said.</param>
    public static GpuCard? Find(string name, int? memoryGb)
    {
        if (Find(name) is not { } card || memoryGb is not { } memory || card.Name.IndexOf('-', StringComparison.Ordinal) is not (> 0 and var dash))
        {
            return Find(name);
        }

        // Drivers report up to a tenth less or more than what is printed on the box.
        return Cards.FirstOrDefault(other => other.Name.StartsWith(card.Name[..(dash + 1)], StringComparison.Ordinal) && Math.Abs(other.MemoryGb - memory) * 10 <= other.MemoryGb) ?? card;
    }

    /// <summary>Canonical names; for naming the nearest one.</summary>
    public static IEnumerable<string> Names => Cards.Select(card => card.Name);

    private static ImmutableDictionary<string, GpuCard> Spellings()
    {
        var table = ImmutableDictionary.CreateBuilder<string, GpuCard>(StringComparer.Ordinal);
        foreach (var card in Cards)
        {
            table[Fold(card.Name)] = card;
        }

        foreach (var card in Cards)
        {
            // A bare number (4090, 3060Ti) means the consumer card.
            var folded = Fold(card.Name);
            if (folded.StartsWith("RTX", StringComparison.Ordinal) && folded.Length > 3 && char.IsAsciiDigit(folded[3]))
            {
                table.TryAdd(folded[3..], card);
            }
        }

        foreach (var (alias, name) in Aliases)
        {
            table.TryAdd(Fold(alias), table[Fold(name)]);
        }

        return table.ToImmutable();
    }

    private static string Fold(string name)
    {
        var folded = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                folded.Append(char.ToUpperInvariant(character));
            }
        }

        foreach (var ornament in Ornaments)
        {
            folded.Replace(ornament, "");
        }

        return folded.ToString();
    }
}
