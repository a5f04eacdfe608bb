using Orchestrator.Offers;

namespace Orchestrator.Planning.Checks;

/// <summary>A spec with an image is never placed where no container runs.</summary>
internal sealed class ImageCheck(bool needed) : Check
{
    private readonly Dictionary<string, string> _groups = new(StringComparer.Ordinal);

    public override string? Rejects(Offer offer)
    {
        if (!needed || offer.RunsImages)
        {
            return null;
        }

        if (offer.NoImages is not { } why)
        {
            return "without containers";
        }

        if (!_groups.TryGetValue(why, out var group))
        {
            _groups[why] = group = $"without containers ({why})";
        }

        return group;
    }

    public override string Words(Offer offer) => "the spec names an image, this host runs none";
}
