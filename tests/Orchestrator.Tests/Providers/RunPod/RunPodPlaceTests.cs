using Orchestrator.Providers.RunPod;
using Xunit;

namespace Orchestrator.Tests.Providers.RunPod;

public sealed class RunPodPlaceTests
{
    [Theory]
    [InlineData("secure/NVIDIA GeForce RTX 4090/1/EU-RO-1/cuda12.8")]
    [InlineData("secure/NVIDIA A100-SXM4-80GB/8/any/cuda13.0")]
    [InlineData("community/AMD Instinct MI300X OAM/4/any")]
    [InlineData("secure/NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb/1/US-CA-2")]
    public void An_offers_id_is_all_that_a_create_needs(string id) => Assert.Equal(id, RunPodPlace.Parse(id)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("secure")]
    [InlineData("SECURE/NVIDIA L4/1/any")]
    [InlineData("secure/unknown/1/any")]
    [InlineData("secure/NVIDIA L4/0/any")]
    [InlineData("secure/NVIDIA L4/-1/any")]
    [InlineData("secure/NVIDIA L4/1/eu-ro-1")]
    [InlineData("secure/NVIDIA L4/1/any/12.8")]
    [InlineData("secure/NVIDIA L4/1/any/cuda12")]
    [InlineData("secure/NVIDIA L4/1/any/cuda12.8/x")]
    [InlineData("secure/NVIDIA\nL4/1/any")]
    [InlineData("31847205/bid")]
    public void What_is_no_offer_of_ours_is_not_taken_for_one(string id) => Assert.Null(RunPodPlace.Parse(id));

    /// <summary>American names have a state where others have a country.</summary>
    [Theory]
    [InlineData("EU-RO-1", "RO")]
    [InlineData("EUR-IS-3", "IS")]
    [InlineData("EUR-NO-1", "NO")]
    [InlineData("AP-JP-1", "JP")]
    [InlineData("OC-AU-1", "AU")]
    [InlineData("CA-MTL-3", "CA")]
    [InlineData("US-DE-1", "US")]
    [InlineData("US-IL-1", "US")]
    [InlineData("US-CA-2", "US")]
    [InlineData("US-MD-1", "US")]
    [InlineData("EU-X-1", null)]
    [InlineData("MOON", null)]
    [InlineData("any", null)]
    public void A_data_centres_name_tells_its_country(string center, string? country) => Assert.Equal(country, RunPodPlace.Parse($"secure/NVIDIA L4/1/{center}")!.Country);
}
