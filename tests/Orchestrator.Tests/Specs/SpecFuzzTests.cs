using System.Text;
using Orchestrator.Engine.Specs;
using Xunit;

namespace Orchestrator.Tests.Specs;

public sealed class SpecFuzzTests
{
    private static readonly string[] Examples = [.. Directory.GetFiles(SpecCase.ExamplesFolder).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ":", ": ", "- ", "\n", "\n  ", "\t", "&a ", "*a", "<<: ", "!!int ", "!x ", "|\n", ">-\n", "'", "\"", "\\x", "#", "%", "@", "`", "---\n", "...\n", "? ",
        "null", "~", "true", "1e999", "-1", "99999999999999999999", "0x10", "..", "24GB..", "$", "/h", "%YAML 1.1\n", "\0", "\uFEFF", "\uD800", "\u0085", "\u2028", "é", "😀", "${{", "${{ matrix.x }}", "}}",
        "none", "auto", "gpu", "data: ", "checkpoints: ", "strategy: {matrix: ", "Mon 08:00", "2026-03-29T02:30", "s3://", "hf://a/b", "A100:8", "SIGUSR1", "env: [A=1]", "timeouts",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Mutated_examples_never_crash_and_every_problem_has_a_place_in_the_file(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 700; round++)
        {
            Check(Mutate(random, Examples[random.Next(Examples.Length)]));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Random_characters_never_crash_and_every_problem_has_a_place_in_the_file(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1000; round++)
        {
            var text = new StringBuilder();
            for (var count = random.Next(1, 40); count > 0; count--)
            {
                text.Append(random.Next(3) == 0 ? ((char)random.Next(0x20, 0x7F)).ToString() : Pieces[random.Next(Pieces.Length)]);
            }

            Check(text.ToString());
        }
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Random_structures_under_known_keys_never_crash(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 600; round++)
        {
            Check(Structure(random, "", 0) + "\n");
        }
    }

    [Fact]
    public void A_flood_of_notes_does_not_hide_an_error()
    {
        var sources = string.Concat(Enumerable.Range(0, 700).Select(index => $"  /d{index}: hf://owner/{index}\n"));

        var result = SpecCase.With($"data:\n{sources}  /last: nowhere\n");

        Assert.Null(result.Spec);
        Assert.Contains(SpecCase.Errors(result), problem => problem.Line == 706);
    }

    [Theory]
    [InlineData("a{0}: 1\n")]
    [InlineData("- {{a{0}: [b, c]}}\n")]
    [InlineData("an-unknown-key-that-is-rather-long-{0}: ${{{{ x }}}}\n")]
    public void A_large_file_is_read_like_a_small_one(string line)
    {
        var text = new StringBuilder();
        for (var index = 0; text.Length < 200_000; index++)
        {
            text.AppendFormat(null, line, index);
        }

        Check(text.ToString());
    }

    private static string Structure(Random random, string path, int depth)
    {
        var keys = Orchestrator.Jobs.FieldRegistry.ChildrenOf(path).ToList();
        switch (random.Next(depth == 0 ? 1 : 5))
        {
            case 0 when keys.Count > 0:
                var chosen = Enumerable.Range(0, random.Next(1, 6)).Select(_ => keys[random.Next(keys.Count)]).DistinctBy(field => field.Name);
                return "{" + string.Join(", ", chosen.Select(field => $"{field.Name}: {Structure(random, field.Path, depth + 1)}")) + "}";
            case 1:
                return "[" + string.Join(", ", Enumerable.Range(0, random.Next(4)).Select(_ => Structure(random, path + "[]", depth + 1))) + "]";
            case 2:
                return $"{{{(random.Next(2) == 0 ? "/a" : "A")}: {(random.Next(3) == 0 ? "[x]" : "v")}}}";
            default:
                var words = new[] { "1", "-5", "none", "auto", "/p", "./x", "30m", "24GB", "4090:2", "Mon 08:00", "99%", "$3", "true", "~", "''", "x", "s3://b/p", "SIGTERM", "${{ matrix.a }}" };
                return "'" + words[random.Next(words.Length)].Replace("'", "", StringComparison.Ordinal) + "'";
        }
    }

    private static string Mutate(Random random, string text)
    {
        var mutated = new StringBuilder(text);
        for (var count = random.Next(1, 6); count > 0 && mutated.Length > 0; count--)
        {
            var at = random.Next(mutated.Length);
            var length = Math.Min(random.Next(1, 12), mutated.Length - at);
            switch (random.Next(5))
            {
                case 0:
                    mutated.Remove(at, length);
                    break;
                case 1:
                    mutated.Insert(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 2:
                    mutated[at] = (char)random.Next(1, 256);
                    break;
                case 3:
                    mutated.Insert(random.Next(mutated.Length), mutated.ToString(at, length));
                    break;
                default:
                    mutated.Length = at;
                    break;
            }
        }

        return mutated.ToString();
    }

    private static void Check(string text)
    {
        SpecReadResult result;
        try
        {
            result = SpecCase.Read(text);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException("the reader threw on:\n" + text, exception);
        }

        var lines = text.TrimStart('\uFEFF').Split('\n');
        Assert.All(result.Problems, problem =>
        {
            Assert.True(problem.Line >= 1 && problem.Line <= lines.Length && problem.Column >= 1 && problem.Column <= lines[problem.Line - 1].Length + 1, $"{problem} in\n{text}");
            Assert.DoesNotContain('\n', ProblemPrinter.Line("f", problem));
        });
        Assert.Equal(result.HasErrors, result.Spec is null);
        ExpandedSpecPrinter.Print(result);
    }
}
