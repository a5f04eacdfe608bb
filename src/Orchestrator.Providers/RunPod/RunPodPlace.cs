using System.Globalization;
using System.Text.RegularExpressions;
using Orchestrator.Jobs;
using Orchestrator.Offers;

namespace Orchestrator.Providers.RunPod;

/// <summary>
/// What a create call can ask for, as the id of an offer: RunPod has no offers of its own, only cards with a stock. Each create names
/// one card and one place, so whoever wants another makes another call.
/// </summary>
/// <param name="Cloud">Whose machines.</param>
/// <param name="Gpu">RunPod's id of the card, blanks and all.</param>
/// <param name="Count">Cards of one pod.</param>
/// <param name="DataCenter">Null = any.</param>
/// <param name="Cuda">Oldest that the host's driver may serve; null = not asked for.</param>
internal sealed partial record RunPodPlace(RunPodCloud Cloud, string Gpu, int Count, string? DataCenter, CudaVersion? Cuda)
{
    private const string Anywhere = "any";
    private const string CudaWord = "cuda";

    /// <summary>What goes by this name nobody can rent.</summary>
    private const string UnknownCard = "unknown";

    /// <summary><c>secure</c>, <c>community</c>: as specs say it.</summary>
    public string Label => Cloud == RunPodCloud.Secure ? "secure" : "community";

    /// <summary>As the API says it.</summary>
    public string Word => Cloud == RunPodCloud.Secure ? "SECURE" : "COMMUNITY";

    /// <summary>Its stock, whatever the driver.</summary>
    public RunPodPlace Stock => this with { Cuda = null };

    /// <summary>They name the country, but for the American ones, which name the state: US-DE-1 is in Delaware.</summary>
    public string? Country => DataCenter?.Split('-') is not [var area, var place, ..] ? null
        : area is "US" or "CA" ? area
        : Countries.IsCode(place) ? place
        : null;

    /// <returns>Null: no offer of ours.</returns>
    public static RunPodPlace? Parse(string offerId)
    {
        if (offerId.Split('/') is not [("secure" or "community") and var cloud, var gpu, var count, var place, .. var driver] || driver.Length > 1 || !IsCard(gpu)
            || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var gpus) || gpus is < 1 or > 64 || !(place == Anywhere || IsDataCenter(place)))
        {
            return null;
        }

        CudaVersion? cuda = driver is [var word] ? Driver(word) : null;
        return driver.Length == 1 && cuda is null ? null : new(cloud == "secure" ? RunPodCloud.Secure : RunPodCloud.Community, gpu, gpus, place == Anywhere ? null : place, cuda);
    }

    public static bool IsCard(string id) => id != UnknownCard && Card().IsMatch(id);

    public static bool IsDataCenter(string id) => Center().IsMatch(id);

    /// <returns>Null: no version.</returns>
    public static CudaVersion? Version(string text) => Number().Match(text) is { Success: true } match
        ? new CudaVersion(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    public override string ToString() => $"{Label}/{Gpu}/{Count}/{DataCenter ?? Anywhere}{(Cuda is { } cuda ? $"/{CudaWord}{cuda}" : "")}";

    private static CudaVersion? Driver(string word) => word.StartsWith(CudaWord, StringComparison.Ordinal) ? Version(word[CudaWord.Length..]) : null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,79}\z")]
    private static partial Regex Card();

    [GeneratedRegex(@"^[A-Z0-9][A-Z0-9-]{1,29}\z")]
    private static partial Regex Center();

    [GeneratedRegex(@"^([0-9]{1,3})\.([0-9]{1,3})\z")]
    private static partial Regex Number();
}
