using Orchestrator.Jobs;
using Xunit;

namespace Orchestrator.Tests.Jobs;

public sealed class SpecValuesTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5h", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("0s", 0)]
    public void A_duration_is_read(string text, int seconds)
    {
        Assert.True(SpecValues.TryDuration(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
        Assert.True(SpecValues.TryDuration(SpecValues.Format(duration), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("m")]
    [InlineData("1.")]
    [InlineData("1.5")]
    [InlineData("1m1h")]
    [InlineData("1h1h")]
    [InlineData("-1h")]
    [InlineData("1 h")]
    [InlineData("99999999999d")]
    public void Anything_else_is_no_duration(string text) => Assert.False(SpecValues.TryDuration(text, out _));

    [Theory]
    [InlineData("24GB", 24_000_000_000, "24GB")]
    [InlineData("1.5 TB", 1_500_000_000_000, "1.5TB")]
    [InlineData("1GiB", 1_073_741_824, "1.073741824GB")]
    [InlineData("900g", 900_000_000_000, "900GB")]
    public void A_size_is_decimal_and_needs_a_unit(string text, long bytes, string shown)
    {
        Assert.True(SpecValues.TrySize(text, out var size));
        Assert.Equal((bytes, shown), (size.Bytes, size.ToString()));
        Assert.False(SpecValues.TrySize(bytes.ToString(System.Globalization.CultureInfo.InvariantCulture), out _));
    }

    [Theory]
    [InlineData("0.60", 600_000)]
    [InlineData("$0.60/h", 600_000)]
    [InlineData("$3", 3_000_000)]
    public void Money_is_read_in_its_three_spellings(string text, long micro)
    {
        Assert.True(SpecValues.TryMoney(text, out var money));
        Assert.Equal(new Money(micro), money);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1e3")]
    [InlineData("$")]
    [InlineData("3 €")]
    [InlineData("1,000")]
    public void Anything_else_is_no_money(string text) => Assert.False(SpecValues.TryMoney(text, out _));

    [Theory]
    [InlineData("99%", "0.99")]
    [InlineData("0.99", "0.99")]
    [InlineData("97", null)]
    [InlineData("101%", null)]
    public void A_share_is_a_fraction(string text, string? fraction) =>
        Assert.Equal(fraction, SpecValues.TryFraction(text, out var value) ? value.ToString("0.##", null) : null);

    [Theory]
    [InlineData("24GB", "24GB..")]
    [InlineData("24GB..80GB", "24GB..80GB")]
    [InlineData("..80GB", "..80GB")]
    [InlineData("80GB..24GB", null)]
    [InlineData("..", null)]
    public void A_bare_size_is_a_minimum(string text, string? range) =>
        Assert.Equal(range, SpecValues.TrySizeRange(text, out var value) ? value!.ToString() : null);

    [Theory]
    [InlineData("2", "2")]
    [InlineData("2..4", "2..4")]
    [InlineData("2..", "2..")]
    [InlineData("0", null)]
    [InlineData("4..2", null)]
    public void A_count_is_a_number_or_a_range(string text, string? range) =>
        Assert.Equal(range, SpecValues.TryCountRange(text, out var value) ? value.ToString() : null);

    [Theory]
    [InlineData(">=12.4", "12.4")]
    [InlineData("12", "12.0")]
    [InlineData("<12", null)]
    public void A_cuda_version_is_a_minimum(string text, string? version) =>
        Assert.Equal(version, SpecValues.TryCuda(text, out var value) ? value.ToString() : null);

    [Theory]
    [InlineData("1Gbps", 1000)]
    [InlineData("500 Mbps", 500)]
    [InlineData("250", 250)]
    public void A_bandwidth_is_in_megabits(string text, int mbps)
    {
        Assert.True(SpecValues.TryBandwidth(text, out var value));
        Assert.Equal(mbps, value);
    }

    [Fact]
    public void A_machine_without_gpu_needs_little_unless_the_spec_says_more()
    {
        var request = new ResourceRequest();

        Assert.Equal((1, 8, 0L, 32_000_000_000L), (request.CpuFor(0), request.CpuFor(2), request.MemoryFor(0).Bytes, request.MemoryFor(2).Bytes));
    }
}
