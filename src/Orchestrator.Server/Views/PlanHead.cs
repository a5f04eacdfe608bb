using Orchestrator.Server.Api;

namespace Orchestrator.Server.Views;

/// <summary>The head of a plan: what was asked for, how much work it is, what is moved, what would run.</summary>
internal static class PlanHead
{
    private const int LongestLead = 32;

    public static IEnumerable<string> Lines(PlanReply plan, int width) =>
    [
        .. Asked(plan, width),
        .. PlanView.Entry("work", Work(plan), width),
        .. Optional("moves", plan.Moves is { ImageBytes: var image, DataBytes: var data, CheckpointBytes: var saved } moves && image + data + saved > 0 ? Moves(moves, plan) : null, width),
        .. Optional("pinned", Pinned(plan), width),
    ];

    private static IEnumerable<string> Optional(string label, string? text, int width) => text is null ? [] : PlanView.Entry(label, text, width);

    private static IEnumerable<string> Asked(PlanReply plan, int width)
    {
        var (name, disk) = (Clean.Line(plan.Name, 63), plan.DiskBytes is { } bytes ? $" · disk {Say.Size(bytes)}{(plan.IsDiskAuto ? " (auto)" : "")}" : "");
        var asked = $"{plan.Cards}{disk} · reliability {Clean.Line(plan.Reliability, 120)} · ranked by {PlanWords.RankedBy(plan)}";
        var isShort = name.Length + 4 <= LongestLead && name.Length + 4 < width / 2;
        return isShort ? Prose.Lines(name + "    ", asked, width - 1) : [.. Prose.Lines("", name, width - 1), .. Prose.Lines("  ", asked, width - 1)];
    }

    private static string Work(PlanReply plan) => plan.Work is { } work
        ? $"{Say.For(TimeSpan.FromSeconds(work.Seconds))}{(work.On is { } on ? " on " + Clean.Line(on, 60) : "")} · {Clean.Line(work.Source, 100)}"
        : "nobody knows how much: offers are ranked by their price per hour";

    private static string Moves(PlanMoves moves, PlanReply plan)
    {
        var named = string.Join(" and ", new[] { "data", "code" }.Where(what => plan.Pinned.Any(pin => pin.What == what)).DefaultIfEmpty("data"));
        var image = moves.ImageBytes > 0 ? $"image {Size(moves.ImageBytes, moves.IsImageAssumed, " (--image)")}" : "";
        var data = moves.DataBytes > 0 ? $"{named} {Size(moves.DataBytes, moves.IsDataAssumed, " (--size)")}" : "";
        var into = moves.ImageBytes + moves.DataBytes > 0 ? $"{Say.Size(moves.ImageBytes + moves.DataBytes)} in: {string.Join(", ", new[] { image, data }.Where(word => word.Length > 0))}" : "nothing in";
        var size = Size(moves.CheckpointBytes, moves.IsCheckpointAssumed, "");
        var away = moves switch
        {
            { CheckpointBytes: 0 } => "no checkpoints out",
            { Checkpoints: { } count } => $"about {Say.Size(moves.CheckpointBytes * count)} out: {count} {(count == 1 ? "checkpoint" : "checkpoints")} x {size}",
            _ => $"checkpoints out ({size}), nobody knows how many",
        };
        return $"{into} · {away} · {Store(moves)}";
    }

    private static string Store(PlanMoves moves) => (moves.Store, moves.EgressPerGB) switch
    {
        (var store, { } price) => $"store {store ?? "not known"}, egress ${price:0.###}/GB",
        ({ } store, _) => $"store {store}, its egress price is not known and not counted",
        _ => "the store's egress price is not known and not counted",
    };

    private static string Size(long bytes, bool isAssumed, string mend) => Say.Size(bytes) + (isAssumed ? $" assumed{mend}" : "");

    private static string? Pinned(PlanReply plan)
    {
        var pinned = plan.Pinned.Where(pin => pin.IsPinned).Select(pin => $"{pin.What} {Clean.Line(pin.Name, 200)}").ToList();
        var later = plan.Pinned.Where(pin => !pin.IsPinned).Select(pin => $"{pin.What} {Clean.Line(pin.Name, 100)}").ToList();
        return (pinned.Count, later.Count) switch
        {
            (0, 0) => null,
            (_, 0) => string.Join(" · ", pinned),
            (0, _) => "when it is submitted: " + string.Join(" · ", later),
            _ => $"{string.Join(" · ", pinned)} · when it is submitted: {string.Join(" · ", later)}",
        };
    }
}
