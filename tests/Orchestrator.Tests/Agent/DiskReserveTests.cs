using Orchestrator.Agent;
using Xunit;

namespace Orchestrator.Tests.Agent;

public sealed class DiskReserveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orc-reserve-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_given_up_in_slices_and_taken_again()
    {
        var path = Path.Combine(_folder, "reserve");
        var reserve = new DiskReserve(path);
        reserve.Take();
        var whole = new FileInfo(path).Length;
        var slices = 0;
        while (reserve.Shrink())
        {
            slices++;
        }

        Assert.True(whole > 0 && slices > 10, $"{slices} slices of {whole} bytes");
        Assert.Equal(0, new FileInfo(path).Length);
        reserve.Take();
        Assert.Equal(whole, new FileInfo(path).Length);
    }

    [Fact]
    public void One_that_is_not_there_gives_nothing() => Assert.False(DiskReserve.Shrink(Path.Combine(_folder, "none")));
}
