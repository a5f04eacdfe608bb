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
        if (switches.OffersShowWholeHost)
        {
            foreach (var name in (string[])["cpu_ram", "disk_space"])
            {
                row[name] = VastQuery.Number(row[name]) / share;
            }
        }

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
        row["end_date"] = until.ToUnixTimeMilliseconds() / 1000.0;
        row["duration"] = (until - now).TotalSeconds;
        return row;
    }
}
