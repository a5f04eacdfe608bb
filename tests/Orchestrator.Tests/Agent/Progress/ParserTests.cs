using Orchestrator.Agent.Progress;
using Orchestrator.Protocol;
using Xunit;

namespace Orchestrator.Tests.Agent.Progress;

public sealed class ParserTests
{
    [Theory]
    [InlineData(" 45%|####5     | 450/1000 [00:10<00:12, 44.50it/s, loss=0.123]", 450, 1000)]
    [InlineData("train: 100%|██████████| 10/10 [00:01<00:00,  9.8it/s]", 10, 10)]
    [InlineData("Epoch 3:  45%|####5     | 450/1000 [00:10<00:12, v_num=0, train_loss=0.5]", 3450, null)]
    [InlineData("Epoch 2/9 ━━━━━━━━━━ 50/100 0:00:10 • 0:00:12 44.5it/s loss: 0.5", 250, 1000)]
    [InlineData("{\"step\": 7, \"total_steps\": 20, \"loss\": 1.5}", 7, 20)]
    public void A_line_gives_step_and_total(string line, int step, int? total)
    {
        var reading = new ProgressParser(ProgressFormat.Auto, null).ParseLog(line);
        Assert.Equal((step, total), (reading!.Step, reading.Total));
    }

    [Theory]
    [InlineData("Downloading shards: 50%|#####     | 1/2 [00:10<00:10]")]
    [InlineData("model.safetensors: 12%|#2        | 1.2G/4.5G [00:10<00:30, 40MB/s]")]
    [InlineData("Map: 100%|##########| 1000/1000 [00:01<00:00]")]
    [InlineData("Validation DataLoader 0: 10%|#         | 1/10 [00:00<00:01]")]
    [InlineData("see docs/a/b: 3/4 of it")]
    [InlineData("{not json}")]
    [InlineData("{\"step\": ")]
    [InlineData("")]
    public void Other_lines_give_nothing(string line) => Assert.Null(new ProgressParser(ProgressFormat.Auto, null).ParseLog(line));

    [Theory]
    [InlineData("{'loss': 0.5123, 'grad_norm': 1.2, 'learning_rate': 5e-05, 'epoch': 0.1}")]
    [InlineData("{'loss': '0.5123', 'grad_norm': '1.2', 'learning_rate': '5e-05', 'epoch': '0.1'}")]
    public void A_hugging_face_line_gives_metrics(string line)
    {
        var reading = new ProgressParser(ProgressFormat.HuggingFace, null).ParseLog(line);
        Assert.Equal([("loss", 0.5123), ("grad_norm", 1.2), ("learning_rate", 5e-05), ("epoch", 0.1)], reading!.Metrics);
    }

    [Fact]
    public void What_is_no_finite_number_is_taken_as_what_it_is() =>
        Assert.Equal(
            [("loss", double.NaN), ("x", double.PositiveInfinity), ("w", double.NegativeInfinity), ("a", 1.0), ("y", double.PositiveInfinity)],
            MetricText.Pairs("loss=nan, x=inf, w=-Infinity, a=1, y=1e999, name=nancy, z=info"));

    [Theory]
    [InlineData("{\"step\": 812, \"loss\": NaN, \"note\": \"it's \\\"NaN, Infinity\"}")]
    [InlineData("{\"step\": 812, \"loss\": \"nan\"}")]
    [InlineData("{'loss': nan, 'epoch': 0.1}")]
    [InlineData("{'loss': 'nan', 'epoch': 0.1}")]
    [InlineData(" 45%|####5     | 812/1000 [00:10<00:12, 44.50it/s, loss=nan]")]
    public void A_loss_of_nan_is_read_in_every_format(string line)
    {
        var reading = new ProgressParser(ProgressFormat.Auto, null).ParseLog(line);

        Assert.Equal(double.NaN, reading!.Metrics.Single(metric => metric.Name == "loss").Value);
        Assert.True(line.StartsWith("{'", StringComparison.Ordinal) || reading.Step == 812);
    }

    [Fact]
    public void Pythons_json_keeps_its_other_numbers() =>
        Assert.Equal(
            [("a", double.NegativeInfinity), ("b", 0.5)],
            JsonLineParser.Parse("{\"step\": 1, \"a\": -Infinity, \"b\": 0.5, \"c\": [NaN]}")!.Metrics);

    [Fact]
    public void A_pattern_gives_its_groups()
    {
        var parser = PatternParser.Create(@"it (?<step>\d+) of (?<total>\d+) loss (?<loss>[\d.]+)", out var problem);
        Assert.Null(problem);
        var reading = parser!.Parse("xx it 12 of 300 loss 0.25");
        Assert.Equal((12L, 300L), (reading!.Step, reading.Total));
        Assert.Equal([("loss", 0.25)], reading.Metrics);
    }

    [Theory]
    [InlineData("(")]
    [InlineData(@"(a)\1")]
    public void A_pattern_that_cannot_be_used_is_said(string pattern)
    {
        Assert.Null(PatternParser.Create(pattern, out var problem));
        Assert.Contains("progress.pattern", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Carriage_returns_end_lines_and_endless_lines_are_cut()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        splitter.Add("one\rtwo\r\nth"u8);
        splitter.Add("ree\n"u8);
        for (var i = 0; i < 1000; i++)
        {
            splitter.Add(new byte[10_000].Select(_ => (byte)'x').ToArray());
        }

        splitter.Add("\nlast\n"u8);
        Assert.Equal(["one", "two", "three", new string('x', 8192), "last"], lines);
    }
}
