using Orchestrator.Offers;
using Xunit;

namespace Orchestrator.Tests.Jobs;

public sealed class GpuTableTests
{
    /// <summary>Spellings of drivers, of RunPod's ids and of Vast.ai's rows.</summary>
    [Theory]
    [InlineData("4090", "RTX 4090")]
    [InlineData("NVIDIA GeForce RTX 4090", "RTX 4090")]
    [InlineData("RTX_4090", "RTX 4090")]
    [InlineData("Tesla T4", "T4")]
    [InlineData("Tesla V100-SXM2-16GB", "V100-16GB")]
    [InlineData("Tesla V100-SXM2-32GB", "V100-32GB")]
    [InlineData("Tesla P100", "Tesla P100")]
    [InlineData("P40", "Tesla P40")]
    [InlineData("Q RTX 8000", "Quadro RTX 8000")]
    [InlineData("RTX 4070S", "RTX 4070 Super")]
    [InlineData("RTX 4070S Ti", "RTX 4070 Ti Super")]
    [InlineData("RTX 4080S", "RTX 4080 Super")]
    [InlineData("A800 PCIE", "A800-80GB")]
    [InlineData("A10g", "A10G")]
    [InlineData("GH200 SXM", "GH200")]
    [InlineData("RTX 6000Ada", "RTX 6000 Ada")]
    [InlineData("NVIDIA RTX 4000 SFF Ada Generation", "RTX 4000 Ada")]
    [InlineData("NVIDIA RTX PRO 4500 Blackwell", "RTX PRO 4500")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Server Edition", "RTX PRO 6000")]
    [InlineData("RTX PRO 6000 WS", "RTX PRO 6000")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition", "RTX PRO 6000 Max-Q")]
    [InlineData("NVIDIA H100 80GB HBM3", "H100-80GB")]
    [InlineData("NVIDIA H100 NVL", "H100-NVL")]
    [InlineData("NVIDIA A100 80GB PCIe", "A100-80GB")]
    [InlineData("NVIDIA A100-SXM4-80GB", "A100-80GB")]
    [InlineData("AMD Instinct MI300X OAM", "MI300X")]
    [InlineData("NVIDIA B300 SXM6 AC", "B300")]
    [InlineData("NVIDIA H200 NVL", "H200")]
    [InlineData("NVIDIA H100 PCIe", "H100-80GB")]
    [InlineData("Tesla V100-PCIE-16GB", "V100-16GB")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "RTX PRO 6000")]
    [InlineData("NVIDIA GeForce RTX 4080 SUPER", "RTX 4080 Super")]
    [InlineData("NVIDIA RTX 2000 Ada Generation", "RTX 2000 Ada")]
    public void Every_usual_spelling_finds_its_card(string spelling, string name) => Assert.Equal(name, GpuTable.Find(spelling)?.Name);

    /// <summary>A slice of a card is another thing to rent than the card.</summary>
    [Theory]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Server Edition MIG 1g.24gb")]
    [InlineData("Radeon VII")]
    [InlineData("")]
    [InlineData("NVIDIA")]
    public void What_is_no_card_of_the_table_passes_by_its_own_name(string spelling) => Assert.Null(GpuTable.Find(spelling));

    [Theory]
    [InlineData("A100 SXM4", 40, "A100-40GB")]
    [InlineData("A100 SXM4", 80, "A100-80GB")]
    [InlineData("A100 PCIE", 79, "A100-80GB")]
    [InlineData("V100", 32, "V100-32GB")]
    [InlineData("A100 SXM4", null, "A100-40GB")]
    [InlineData("A100 SXM4", 12, "A100-40GB")]
    [InlineData("RTX 4090", 48, "RTX 4090")]
    public void Cards_of_several_sizes_are_told_apart_by_their_memory(string spelling, int? memory, string name) => Assert.Equal(name, GpuTable.Find(spelling, memory)?.Name);

    [Fact]
    public void No_two_cards_share_a_name() => Assert.Equal(GpuTable.Cards.Length, GpuTable.Cards.Select(card => GpuTable.Find(card.Name)).Distinct().Count());
}
