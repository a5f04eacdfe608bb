using System.Text.Json.Nodes;

namespace Orchestrator.Emulators.Vast;

/// <summary>An ask: some of a machine's cards, which other asks of it may name as well.</summary>
internal sealed class VastAskEntry(int id, VastMachine machine, int gpus, int first)
{
    public int Id { get; } = id;

    public VastMachine Machine { get; } = machine;

    public int Gpus { get; } = gpus;

    public int[] GpuIds { get; } = [.. Enumerable.Range((machine.Id * 16) + first, gpus)];

    public double Price => Machine.Price * Gpus;

    /// <summary>Moves with what others bid.</summary>
    public double LeastBid { get; set; } = machine.LeastBid * gpus;

    /// <summary>Of the card in the contract's example.</summary>
    private const double FlopsPerPerformance = 81.86 / 106.62;

    /// <summary>As a search of this kind shows it.</summary>
    public JsonObject Row(DateTimeOffset now, bool bids, double storage, VastSwitches switches)
    {
        var row = VastTemplates.Ask();
        var share = (double)Gpus / Machine.Gpus;
        var compute = bids ? LeastBid : Price;
        var disk = Machine.StoragePerMonth * storage / 720;
        var until = Machine.Until ?? now.AddDays(30);
        row["id"] = Id;
        row["ask_contract_id"] = Id;
        row["machine_id"] = Machine.Id;
        row["num_gpus"] = Gpus;
        row["gpu_frac"] = share;
        row["gpu_ids"] = new JsonArray([.. GpuIds.Select(gpu => (JsonNode)gpu)]);
        row["gpu_name"] = Machine.Gpu;
        row["gpu_ram"] = Machine.GpuMegabytes;
        row["gpu_total_ram"] = Machine.GpuMegabytes * Gpus;
        row["compute_cap"] = Machine.ComputeCapability;
        row["cuda_max_good"] = Machine.Cuda;
        (row["inet_down"], row["inet_up"]) = (Machine.DownMbps, Machine.UpMbps);
        (row["cpu_cores"], row["cpu_cores_effective"]) = (Machine.Cpus * Machine.Gpus, Machine.Cpus * Gpus);
        var of = switches.OffersShowWholeHost ? Machine.Gpus : Gpus;
        (row["cpu_ram"], row["disk_space"]) = (Machine.Megabytes * of, Machine.DiskGB * of);
        row["storage_cost"] = Machine.StoragePerMonth;
        row["verification"] = Machine.Verified ? "verified" : "unverified";
        row["vericode"] = Machine.Verified ? 1 : 0;
        foreach (var name in (string[])["reliability", "reliability2", "expected_reliability"])
        {
            row[name] = Machine.Reliability;
        }

        row["geolocation"] = Machine.Place;
        row["dph_base"] = compute;
        row["min_bid"] = LeastBid;
        row["storage_total_cost"] = disk;
        row["dph_total"] = compute + disk;
        // As their site has it: with a gigabyte an hour each way.
        row["dph_total_adj"] = compute + disk + Machine.DownPerGB + Machine.UpPerGB;
        (row["inet_down_cost"], row["inet_up_cost"]) = (Machine.DownPerGB, Machine.UpPerGB);
        (row["internet_down_cost_per_tb"], row["internet_up_cost_per_tb"]) = (Machine.DownPerGB * 1024, Machine.UpPerGB * 1024);
        var speed = Machine.Performance * Gpus;
        // What is free has a figure as well.
        var dollars = Math.Max(compute + disk, 1e-6);
        (row["dlperf"], row["total_flops"]) = (speed, speed * FlopsPerPerformance);
        (row["dlperf_per_dphtotal"], row["flops_per_dphtotal"]) = (speed / dollars, speed * FlopsPerPerformance / dollars);
        // Theirs is not known; it rises with both.
        row["score"] = speed / dollars * Machine.Reliability;
        row["vram_costperhour"] = compute / (Machine.GpuMegabytes * Gpus / 1024.0);
        row["discounted_dph_total"] = compute + disk;
        row["search"] = Prices(compute, disk);
        row["instance"] = Prices(0, disk);
        row["end_date"] = until.ToUnixTimeMilliseconds() / 1000.0;
        row["duration"] = (until - now).TotalSeconds;
        return row;
    }

    private static JsonObject Prices(double card, double disk) => new()
    {
        ["gpuCostPerHour"] = card, ["diskHour"] = disk, ["totalHour"] = card + disk, ["slaPremiumPerHour"] = 0.0, ["discountTotalHour"] = 0, ["discountedTotalPerHour"] = card + disk,
    };
}
