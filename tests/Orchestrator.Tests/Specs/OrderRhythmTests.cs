using System.Collections.Immutable;
using Orchestrator.Attempts;
using Orchestrator.Engine.Specs;
using Orchestrator.Jobs;
using Orchestrator.Offers;
using Orchestrator.Reconciling;
using Xunit;

namespace Orchestrator.Tests.Specs;

/// <summary>How often an agent is told to ask for checkpoints.</summary>
public sealed class OrderRhythmTests
{
    [Theory]
    [InlineData("every: auto, request: {signal: SIGUSR1}", 14, 14)]
    [InlineData("every: auto, request: {signal: SIGUSR1}", null, 30)]
    [InlineData("every: 5m, request: {signal: SIGUSR1}", null, 5)]
    [InlineData("keep: 2", null, null)]
    public void The_attempts_own_rhythm_goes_to_its_agent(string checkpoints, int? planned, int? told)
    {
        var spec = SpecCase.Spec(SpecReader.Read($"name: a\nrun: x\nresources: {{gpu: none}}\nbudget: {{max-total: $1}}\ncheckpoints: {{path: /c, {checkpoints}}}\n", "a.yaml", SpecCase.Options));
        var attempt = new Attempt
        {
            Number = 1, Phase = AttemptPhase.Running, PhaseSince = SpecCase.Now, PlannedAt = SpecCase.Now, Label = "l",
            Offer = new OfferTaken { Provider = "sim", OfferId = "o", Capacity = CapacityType.OnDemand, HostKind = HostKind.Machine, PricePerHour = Money.Zero },
            Rhythm = planned is { } minutes ? new AttemptRhythm(TimeSpan.FromMinutes(minutes), TimeSpan.Zero, TimeSpan.FromHours(9)) : null,
        };

        var order = OrderBuilder.Build(new JobState { Id = new JobId(1), Name = "a", Epoch = "e1", Attempts = [attempt] }, attempt, new StoredSpec { Spec = spec }, ImmutableSortedDictionary<string, string>.Empty);

        Assert.Equal(told is { } every ? TimeSpan.FromMinutes(every) : null, order.Checkpoints!.Every);
    }
}
