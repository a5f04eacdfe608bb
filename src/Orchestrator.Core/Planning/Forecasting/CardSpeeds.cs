using System.Collections.Frozen;

namespace Orchestrator.Planning.Forecasting;

/// <summary>
/// How fast one card trains, an RTX 3090 being 1. Measured where a recording exists (an OpenMM benchmark over rented hosts,
/// July 2026); else by a rule that meets those within about a tenth: the geometric mean of memory bandwidth and dense
/// half-precision tensor throughput (with single-precision sums; workstation cards at the rate of the GeForce card with the
/// same chip), both from data sheets and against the 3090's 936 GB/s and 71 TFLOPS.
/// </summary>
public static class CardSpeeds
{
    /// <summary>For a card that nobody knows (judged: better to be wrong on a card one can try than to be lured by it).</summary>
    public const double Unknown = 0.5;

    private static readonly FrozenDictionary<string, double> _measured = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["RTX 3090"] = 1,
        ["RTX 3090 Ti"] = 482 / 461d,
        ["RTX 4080"] = 693 / 461d,
        ["RTX 4090"] = 804 / 461d,
        ["RTX 5060 Ti"] = 389 / 461d,
        ["RTX 5080"] = 752 / 461d,
        ["RTX 5090"] = 1034.6 / 461d,
        ["RTX A4000"] = 246 / 461d,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // GB/s and TFLOPS.
    private static readonly FrozenDictionary<string, (double Memory, double Tensor)> _sheets = new Dictionary<string, (double, double)>(StringComparer.Ordinal)
    {
        ["RTX 3060"] = (360, 25.5),
        ["RTX 3060 Ti"] = (448, 32.4),
        ["RTX 3070"] = (448, 40.6),
        ["RTX 3070 Ti"] = (608, 43.5),
        ["RTX 3080"] = (760, 59.5),
        ["RTX 3080 Ti"] = (912, 68.2),
        ["RTX 4060"] = (272, 30),
        ["RTX 4060 Ti"] = (288, 44),
        ["RTX 4070"] = (504, 58),
        ["RTX 4070 Super"] = (504, 71),
        ["RTX 4070 Ti"] = (504, 80),
        ["RTX 4070 Ti Super"] = (672, 88),
        ["RTX 4080 Super"] = (736, 104),
        ["RTX 4090D"] = (1008, 147),
        ["RTX 5070"] = (672, 62),
        ["RTX 5070 Ti"] = (896, 88),
        ["GTX 1080"] = (320, 8.9),
        ["GTX 1080 Ti"] = (484, 11.3),
        ["GTX 1660 Super"] = (336, 10),
        ["RTX 2080 Ti"] = (616, 54),
        ["Titan RTX"] = (672, 65),
        ["Titan V"] = (653, 110),
        ["Tesla P40"] = (346, 11.8),
        ["Tesla P100"] = (732, 18.7),
        ["T4"] = (320, 65),
        ["V100-16GB"] = (900, 125),
        ["V100-32GB"] = (900, 125),
        ["RTX A2000"] = (288, 16),
        ["RTX A4500"] = (640, 47),
        ["RTX A5000"] = (768, 56),
        ["RTX A6000"] = (768, 77),
        ["RTX 4000 Ada"] = (360, 53),
        ["RTX 4500 Ada"] = (432, 79),
        ["RTX 5000 Ada"] = (576, 130),
        ["RTX 6000 Ada"] = (960, 182),
        ["RTX 5880 Ada"] = (960, 138),
        ["RTX PRO 4000"] = (672, 94),
        ["RTX PRO 4500"] = (896, 110),
        ["RTX PRO 5000"] = (1344, 147),
        ["RTX PRO 6000"] = (1792, 252),
        ["Quadro RTX 6000"] = (672, 65),
        ["Quadro RTX 8000"] = (672, 65),
        ["A2"] = (200, 9),
        ["A10"] = (600, 62),
        ["A10G"] = (600, 35),
        ["A16"] = (200, 9),
        ["A30"] = (933, 165),
        ["A40"] = (696, 75),
        ["A100-40GB"] = (1555, 312),
        ["A100-80GB"] = (2039, 312),
        ["L4"] = (300, 60),
        ["L40"] = (864, 90),
        ["L40S"] = (864, 181),
        ["H100-80GB"] = (3350, 989),
        ["H100-NVL"] = (3938, 835),
        ["H200"] = (4800, 989),
        ["H20"] = (4000, 148),
        ["GH200"] = (4000, 989),
        ["B200"] = (8000, 2250),
        ["B300"] = (8000, 2250),
        ["GB200"] = (8000, 2500),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One card of this canonical name; null = nobody knows it.</summary>
    public static double? Of(string gpu) =>
        _measured.TryGetValue(gpu, out var measured) ? measured
        : _sheets.TryGetValue(gpu, out var sheet) ? Math.Sqrt(sheet.Memory / 936 * (sheet.Tensor / 71))
        : null;
}
