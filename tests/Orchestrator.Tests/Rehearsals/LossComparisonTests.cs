using Orchestrator.Rehearsals;
using Xunit;

namespace Orchestrator.Tests.Rehearsals;

public sealed class LossComparisonTests
{
    private static readonly DateTimeOffset _at = new(2026, 11, 20, 18, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_curve_that_goes_on_continues_and_both_figures_are_kept()
    {
        var loss = LossComparison.Of(Curve(1, 380, 480, _ => 0.1021), Curve(2, 401, 440, _ => 0.1019), 400)!;

        Assert.True(loss.Continues);
        Assert.Equal((0.1021, 0.1019), (loss.Before, loss.After));
        Assert.Equal(0.1021 * 0.05, loss.Allowed, 6);
    }

    [Theory]
    [InlineData(1.04, true)]
    [InlineData(1.06, false)]
    [InlineData(0.2, true)]
    public void More_than_a_twentieth_above_a_quiet_curve_is_a_jump(double times, bool continues) =>
        Assert.Equal(continues, LossComparison.Of(Curve(1, 380, 480, _ => 0.5), Curve(2, 400, 440, _ => 0.5 * times), 400)!.Continues);

    [Fact]
    public void A_noisy_curve_may_differ_as_much_as_it_did_before()
    {
        var noisy = Curve(1, 380, 480, step => step % 20 == 0 ? 0.4 : 0.6);

        Assert.True(LossComparison.Of(noisy, Curve(2, 400, 440, _ => 0.69), 400)!.Continues);
        Assert.False(LossComparison.Of(noisy, Curve(2, 400, 440, _ => 0.85), 400)!.Continues);
    }

    [Fact]
    public void What_was_lost_long_before_the_checkpoint_allows_for_nothing()
    {
        var steep = Curve(1, 10, 480, step => step < 100 ? 5 : 0.5);

        Assert.False(LossComparison.Of(steep, Curve(2, 400, 440, _ => 5), 400)!.Continues);
    }

    [Fact]
    public void A_curve_that_falls_steeply_does_not_allow_for_a_model_that_has_lost_its_weights()
    {
        var steep = Curve(1, 10, 100, step => 10.2 - (step * 0.04));

        Assert.False(LossComparison.Of(steep, Curve(2, 60, 100, _ => 10.5), 55)!.Continues);
        Assert.True(LossComparison.Of(steep, Curve(2, 60, 100, step => 10.2 - (step * 0.04)), 55)!.Continues);
        Assert.Equal(8.0, LossComparison.Of(steep, Curve(2, 60, 100, _ => 8), 55)!.Before, 9);
    }

    [Fact]
    public void Without_a_loss_on_both_sides_nothing_is_compared()
    {
        Assert.Null(LossComparison.Of(Curve(1, 10, 40, _ => null), Curve(2, 20, 40, _ => 1), 20));
        Assert.Null(LossComparison.Of(Curve(1, 10, 40, _ => 1), [], 20));
    }

    [Fact]
    public void The_loss_is_found_by_its_usual_names_and_is_finite()
    {
        Assert.Equal(2, RehearsalPoint.LossOf([new("aux_loss", 1), new("train_loss", 2), new("lr", 3)]));
        Assert.Equal(1, RehearsalPoint.LossOf([new("aux_loss", 1), new("lr", 3)]));
        Assert.Null(RehearsalPoint.LossOf([new("loss", double.NaN), new("lr", 3)]));
    }

    internal static List<RehearsalPoint> Curve(int attempt, long from, long to, Func<long, double?> loss) =>
        [.. Enumerable.Range(0, (int)((to - from) / 10) + 1).Select(i => from + (i * 10)).Select(step => new RehearsalPoint(attempt, step, 4800, loss(step), _at.AddSeconds(step)))];
}
