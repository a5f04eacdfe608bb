using System.Text;
using Orchestrator.Engine.Hosts;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Hosts;

public sealed class HostRedactorTests
{
    private const string Secret = "s3cr3t-token-value";

    private readonly HostRedactor _redactor = new(new Dictionary<string, string> { ["token"] = Secret, ["tiny"] = "ab" }, 0);

    /// <summary>A line may be a megabyte long, and its JSON hold null where the type says it cannot.</summary>
    [Fact]
    public void What_a_host_says_is_cut_and_never_null()
    {
        var endless = new string('x', 1_000_000);

        var problem = (HostProblem)_redactor.Clean(new HostProblem(endless + "!") { Seq = 1, At = default });
        var claim = (CheckpointStored)_redactor.Clean(new CheckpointStored(1, endless, endless, 1, 1, 1, default) { Seq = 1, At = default });
        var nothing = (CheckpointStored)_redactor.Clean(new CheckpointStored(1, null!, null!, 1, 1, 1, default) { Seq = 1, At = default });

        Assert.True(problem.Words.Length < 20_000 && problem.Words.EndsWith('!'));
        Assert.True(claim.ManifestKey.Length < 2_000 && claim.Entry.Length < 2_000);
        Assert.Equal(("", ""), (nothing.ManifestKey, nothing.Entry));
        Assert.Equal("", ((HostProblem)_redactor.Clean(new HostProblem(null!) { Seq = 1, At = default })).Words);
    }

    [Fact]
    public void A_secret_in_the_log_is_masked_and_no_offset_moves()
    {
        var stored = Store(_redactor, $"before {Secret} after {Secret}\n", 1000);

        Assert.Equal($"before {Stars} after {Stars}\n", stored);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(19)]
    public void A_secret_across_pieces_is_masked_wherever_they_are_cut(int size)
    {
        var stored = Store(_redactor, $"ab s3cr3 {Secret}{Secret} s3c", size);

        Assert.Equal($"ab s3cr3 {Stars}{Stars} s3c", stored);
    }

    [Fact]
    public void Its_base64_is_masked_too()
    {
        var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(Secret));

        Assert.DoesNotContain(base64.TrimEnd('='), Store(_redactor, $"Authorization: {base64}\n", 5), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_an_end_that_may_become_a_secret_waits()
    {
        Assert.Equal("loss 0.1\n", Text(_redactor.Next(0, Bytes("loss 0.1\n"))));
        Assert.Equal("next: ", Text(_redactor.Next(9, Bytes("next: s3cr"))));
        Assert.Equal((15L, "s3cr"), (_redactor.Rest() is var rest ? rest.Offset : 0, Text(rest)));
    }

    [Fact]
    public void A_piece_that_was_had_already_is_dropped_and_one_after_a_gap_is_given_on_where_it_lies()
    {
        _redactor.Next(0, Bytes("0123456789"));

        Assert.True(_redactor.Next(2, Bytes("234")).Data.IsEmpty);
        Assert.Equal("x", Text(_redactor.Next(8, Bytes("89x"))));
        var gap = _redactor.Next(50, Bytes($"later {Secret}"));
        Assert.Equal((50L, $"later {Stars}"), (gap.Offset, Text(gap)));
    }

    [Fact]
    public void Words_of_a_host_lose_the_secret_by_name()
    {
        var ended = Assert.IsType<TrainerEnded>(_redactor.Clean(new TrainerEnded { Seq = 1, At = default, ExitCode = 1, Tail = $"KeyError: {Secret}" }));
        var problem = Assert.IsType<HostProblem>(_redactor.Clean(new HostProblem($"curl {Secret}") { Seq = 2, At = default }));

        Assert.Equal(("KeyError: [secret token]", "curl [secret token]"), (ended.Tail, problem.Words));
        Assert.Equal("up [secret token]", _redactor.Clean(new Heartbeat { Activity = "up " + Secret }).Activity);
    }

    /// <summary>A secret that is set anew while the job stages: the visit began before, and lasts as long as the connection.</summary>
    [Fact]
    public void What_is_learnt_in_the_middle_of_a_visit_is_masked_from_then_on_beside_what_was_known()
    {
        const string New = "n3w-token-value";
        var stars = new string('*', New.Length);
        _redactor.Next(0, Bytes("staging\n"));

        _redactor.Learn(new Dictionary<string, string> { ["HF_TOKEN"] = New, ["TOKEN"] = Secret });

        var first = $"{New} {Secret} {New[..6]}";
        Assert.Equal($"{stars} {Stars} ", Text(_redactor.Next(8, Bytes(first))));
        Assert.Equal($"{stars}\n", Text(_redactor.Next(8 + first.Length, Bytes(New[6..] + "\n"))));
        Assert.Equal("[secret HF_TOKEN] [secret token]", _redactor.Clean(new Heartbeat { Activity = $"{New} {Secret}" }).Activity);
    }

    private static string Stars => new('*', Secret.Length);

    /// <summary>What reaches the database of a log that comes in pieces.</summary>
    private static string Store(HostRedactor redactor, string log, int size)
    {
        var bytes = Bytes(log);
        List<byte> stored = [];
        for (var at = 0; at < bytes.Length; at += size)
        {
            Add(stored, redactor.Next(at, bytes.AsMemory(at, Math.Min(size, bytes.Length - at))));
        }

        Add(stored, redactor.Rest());
        return Encoding.UTF8.GetString([.. stored]);
    }

    private static void Add(List<byte> stored, LogRun run)
    {
        Assert.Equal(stored.Count, run.Offset);
        stored.AddRange(run.Data.Span);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(LogRun run) => Encoding.UTF8.GetString(run.Data.Span);
}
