using System.Security.Cryptography;

namespace Orchestrator.Engine.Installations;

/// <summary>The random part of every label and object key of an installation.</summary>
public static class InstallationEpoch
{
    private const int Length = 8;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static bool IsValid(string? epoch) => epoch is { Length: Length } && epoch.All(letter => Alphabet.Contains(letter, StringComparison.Ordinal));
}
