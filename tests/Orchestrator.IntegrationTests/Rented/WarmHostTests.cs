using System.Globalization;
using Orchestrator.Drills.Kit;
using Orchestrator.Emulators;
using Orchestrator.Emulators.Vast;
using Orchestrator.IntegrationTests.Artifacts.S3;
using Orchestrator.IntegrationTests.Hosts.Docker;
using Orchestrator.IntegrationTests.Support;
using Xunit;

namespace Orchestrator.IntegrationTests.Rented;

/// <summary>A batch on one rented container, which passes from its first job to its second.</summary>
[Collection(RentedCollection.Name)]
public sealed class WarmHostTests(CephServer server, TestDocker docker) : RentedContainerTest(server, docker)
{
    private readonly string _image = RentedImage.NameIn(docker);
    private VastEmulator? _vast;

    protected override string Provider => "vast";

    protected override (string Variable, string Value) Key => ("VAST_API_KEY", "warm-key-4711");

    protected override IReadOnlyList<string> OnOffer => ["vast/7"];

    protected override IReadOnlyList<string> Rented => [.. _vast!.Rented.Select(id => id.ToString(CultureInfo.InvariantCulture))];

    protected override double Bill => _vast!.Bill;

    [CephFact(OnMachines = true)]
    public async Task A_host_passes_to_the_next_job_which_finds_its_data_and_nothing_of_the_former_one()
    {
        var (spec, data) = (Path.Combine(Site.Work, "warm.yaml"), Directory.CreateDirectory(Path.Combine(Site.Work, "words")).FullName);
        await File.WriteAllTextAsync(Path.Combine(data, "list"), "the data set\n");
        await File.WriteAllTextAsync(spec, $$"""
            name: warm
            image: {{_image}}
            shell: sh
            run: |
              found=
              for file in /root/.netrc /root/.cache/token /tmp/leak /dev/shm/leak /data/words/leak /ckpt/step-1/step /out/result; do
                [ ! -e $file ] || found="$found $file"
              done
              for file in /proc/[0-9]*/environ; do
                case "$(cat $file 2>/dev/null)" in *MINE=private-*) found="$found $file" ;; esac
              done
              echo "found: ${found:-nothing}"
              echo "data: $(cat /data/words/list), inode $(ls -i /data/words/list)"
              mkdir -p /root/.cache /out /ckpt/.new
              for file in /root/.netrc /root/.cache/token /tmp/leak /dev/shm/leak /data/words/leak /out/result; do echo private-$ORCHESTRATOR_MATRIX_N >$file; done
              echo 1 >/ckpt/.new/step && mv /ckpt/.new /ckpt/step-1
              MINE=private-$ORCHESTRATOR_MATRIX_N sleep 600 >/dev/null 2>&1 &
              sleep 2
            strategy: {matrix: {n: [1, 2]}, max-parallel: 1}
            batch: {name: warm, reuse-hosts: true}
            data: [{from: ./words, to: /data/words}]
            resources: {gpu: RTX 4090, cpu: 1, memory: 64MB}
            providers: [vast]
            estimate: 5m on RTX 4090
            reliability: {capacity: on-demand, host-lease: 6h}
            budget: {max-total: $5}
            checkpoints: {path: /ckpt, format: files, complete: {rename: true} }
            outputs: [{from: /out, to: "s3://{{Bucket}}/final-NUMBER/", when: success}]
            progress: none
            """.Replace("NUMBER", "${{ matrix.n }}", StringComparison.Ordinal));
        await Wait.UntilAsync(async () => (await Own.Orc("offers", "--json")).Output.Contains("vast/7", StringComparison.Ordinal), "its market on offer", Long, TimeSpan.FromMilliseconds(500));

        var said = await Own.Orc("submit", spec);
        Assert.True(said.ExitCode == 0, said.ToString());
        var jobs = (await Own.Api.GetAsync("batches/warm"))["jobs"]!.AsArray().Select(job => job!["job"]!["id"]!.GetValue<long>()).ToArray();
        foreach (var job in jobs)
        {
            var ended = await Own.UntilAsync(job, "succeeded", "failed", "cancelled", "paused");
            Assert.True(ended["state"]!.GetValue<string>() == "succeeded", ended + "\n" + Own.Server.Tail());
            Assert.Single(ended["attempts"]!.AsArray());
        }

        await UntilAsync(async () => Rented.Count == 0 && (await LeftAsync()).Length == 0, "the end of what was rented", jobs[1]);
        var bill = Assert.Single(_vast!.Bills);
        Assert.True(bill.IsGone);
        var (first, second) = (await LogAsync(jobs[0]), await LogAsync(jobs[1]));
        Assert.Contains("found: nothing", first, StringComparison.Ordinal);
        Assert.Contains("found: nothing", second, StringComparison.Ordinal);
        Assert.Equal(DataLine(first), DataLine(second));
        Assert.Equal(jobs[1], (await Own.Api.JobAsync(jobs[0]))["attempts"]![0]!["passedTo"]!.GetValue<long>());
        Assert.Equal(jobs[0], (await Own.Api.JobAsync(jobs[1]))["attempts"]![0]!["warmFrom"]!.GetValue<long>());

        var cost = 0m;
        foreach (var job in jobs)
        {
            cost += (await Own.Api.JobAsync(job))["cost"]!.GetValue<decimal>();
        }

        Assert.True(cost > 0 && Math.Abs(cost - (decimal)Bill) <= Math.Max(0.01m, (decimal)Bill * 0.02m), $"ours ${cost}, theirs ${Bill}");
        Assert.DoesNotContain("orphan", (await Own.Orc("alerts", "--json")).Output, StringComparison.OrdinalIgnoreCase);
    }

    protected override IEmulatedApi Open(IInstanceBackend backend)
    {
        _vast = new VastEmulator(TimeProvider.System, backend)
        {
            Key = Key.Value,
            Switches = new VastSwitches { Provisioning = TimeSpan.FromSeconds(1), Creating = TimeSpan.FromSeconds(1), Loading = TimeSpan.FromSeconds(1), Opening = TimeSpan.FromSeconds(1) },
        };
        _vast.Offer(new VastMachine { Id = 7 });
        _vast.Offer(new VastMachine { Id = 8, Price = 0.9, LeastBid = 0.8 });
        return _vast;
    }

    protected override void Lose(string instance) => _vast!.Outbid(int.Parse(instance, CultureInfo.InvariantCulture));

    private async Task<string> LogAsync(long job) => (await Own.Orc("logs", Number(job))).Output;

    private static string DataLine(string log) => log.Split('\n').Single(line => line.StartsWith("data: ", StringComparison.Ordinal)).Trim();

    private static string Number(long job) => job.ToString(CultureInfo.InvariantCulture);
}
