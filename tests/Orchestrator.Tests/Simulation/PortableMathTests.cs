using Orchestrator.Simulation;
using Xunit;

namespace Orchestrator.Tests.Simulation;

public sealed class PortableMathTests
{
    [Fact]
    public void It_agrees_with_the_runtime_to_the_last_digits()
    {
        for (var x = -30.0; x < 30; x += 0.137)
        {
            Assert.Equal(1, PortableMath.Exp(x) / Math.Exp(x), 12);
            Assert.Equal(x, PortableMath.Log(PortableMath.Exp(x)), 11);
        }

        Assert.Equal(Math.Pow(3.7, 1.6), PortableMath.Pow(3.7, 1.6), 12);
        Assert.Equal(0, PortableMath.Exp(-1e9));
    }
}
