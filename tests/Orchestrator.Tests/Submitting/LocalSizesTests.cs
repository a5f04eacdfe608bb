using Orchestrator.Engine.Submitting;
using Orchestrator.Jobs;
using Orchestrator.Tests.Specs;
using Xunit;

namespace Orchestrator.Tests.Submitting;

public sealed class LocalSizesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-sizes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_submit_would_take_along_is_counted()
    {
        Put("code/train.py", 1_000);
        Put("code/.gitignore", "*.bin".Length, "*.bin");
        Put("code/large.bin", 50_000);
        Put("data/a.csv", 200);
        Put("data/b.txt", 300);

        Assert.Equal(1_000 + 5 + 200, Of("code: ./code\ndata: [{from: ./data, to: /data, include: ['*.csv']}]\n")?.Bytes);
    }

    [Theory]
    [InlineData("data: {/data: s3://bucket/x/}\n")]
    [InlineData("code: {git: https://example.com/a/b}\n")]
    [InlineData("data: {/data: ./not-there}\n")]
    public void What_lies_elsewhere_is_not_known(string lines) => Assert.Null(Of(lines));

    private ByteSize? Of(string lines) => LocalSizes.Of(SpecCase.Spec(SpecCase.With(lines, SpecCase.Options with { SpecFolder = _folder })), _folder);

    private void Put(string name, int size, string? text = null)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text ?? new string('x', size));
    }
}
