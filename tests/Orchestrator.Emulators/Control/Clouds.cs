using System.Globalization;
using Orchestrator.Emulators.Lambda;
using Orchestrator.Emulators.RunPod;
using Orchestrator.Emulators.Vast;

namespace Orchestrator.Emulators.Control;

/// <summary>The switches of each cloud.</summary>
public static class Clouds
{
    public static CloudControls Of(VastEmulator vast)
    {
        ArgumentNullException.ThrowIfNull(vast);
        const string create = "api/v0/asks/";
        const string list = "api/v1/instances/";
        const string one = "api/v0/instances/";
        var (api, key, credit) = (new Interference(vast), vast.Key, vast.Credit);
        return new()
        {
            Name = "vast",
            Api = api,
            Bills = () => vast.Bills,
            Waiting = () => vast.Waiting + api.Waiting,
            Offers = () => [.. vast.Machines.Select(machine => FormattableString.Invariant($"machine {machine.Id}: {machine.Gpus} x {machine.Gpu}, ${machine.Price:0.000} a card and hour, bids from ${machine.LeastBid:0.000}, {machine.Reliability:0.0 %}, {machine.Place}"))],
            PublishesCharges = true,
            OfInstance = new SortedDictionary<string, Action<string>>
            {
                ["outbid"] = id => vast.Outbid(Number(id), staysWanted: false),
                ["outbid-stays-wanted"] = id => vast.Outbid(Number(id), staysWanted: true),
                ["flip-to-stopped"] = id => vast.FlipToStopped(Number(id)),
                ["offline"] = id => vast.TakeOffline(Number(id), away: true),
                ["online"] = id => vast.TakeOffline(Number(id), away: false),
                ["unknown"] = id => vast.LoseSight(Number(id), lost: true),
                ["known-again"] = id => vast.LoseSight(Number(id), lost: false),
                ["destroyed-by-provider"] = id => vast.Vanish(Number(id)),
                ["contract-ends"] = id => vast.EndContract(Number(id), DateTimeOffset.UnixEpoch),
            },
            OfCall = new SortedDictionary<string, Action>
            {
                ["create-offer-gone"] = () => vast.FailNext("PUT", create, VastFault.OfferGone),
                ["create-server-error"] = () => vast.FailNext("PUT", create, VastFault.ServerError),
                ["create-stuck-loading"] = () => vast.FailNext("PUT", create, VastFault.StuckLoading),
                ["create-no-ssh"] = () => vast.FailNext("PUT", create, VastFault.NoSsh),
                ["create-crash-loop"] = () => vast.FailNext("PUT", create, VastFault.CrashLoop),
                ["create-driver-too-old"] = () => vast.FailNext("PUT", create, VastFault.DriverTooOld),
                ["create-broken-card"] = () => vast.FailNext("PUT", create, VastFault.BrokenCard),
                ["create-dead-card"] = () => vast.FailNext("PUT", create, VastFault.DeadCard),
                ["create-dead-cuda"] = () => vast.FailNext("PUT", create, VastFault.DeadCuda),
                ["create-old-driver"] = () => vast.FailNext("PUT", create, VastFault.OldDriver),
                ["create-edge-page"] = () => vast.FailNext("PUT", create, VastFault.EdgePage),
                ["create-answer-lost"] = () => vast.FailNext("PUT", create, VastFault.AnswerLost),
                ["create-error-afterwards"] = () => vast.FailNext("PUT", create, VastFault.ErrorAfterwards),
                ["create-too-frequent"] = () => vast.FailNext("PUT", create, VastFault.TooFrequent),
                ["create-slow"] = () => api.FailNext("PUT", create, CallFault.Slow),
                ["list-bad-gateway"] = () => vast.FailNext("GET", list, VastFault.BadGateway),
                ["list-edge-page"] = () => vast.FailNext("GET", list, VastFault.EdgePage),
                ["list-too-frequent"] = () => vast.FailNext("GET", list, VastFault.TooFrequent),
                ["list-slow"] = () => api.FailNext("GET", list, CallFault.Slow),
                ["destroy-ignored"] = () => vast.FailNext("DELETE", one, VastFault.DestroyIgnored),
                ["destroy-answer-lost"] = () => vast.FailNext("DELETE", one, VastFault.AnswerLost),
                ["destroy-bad-gateway"] = () => vast.FailNext("DELETE", one, VastFault.BadGateway),
            },
            OfAccount = Account(api, wait => vast.Switches = vast.Switches with { ListLag = wait }, isGood => vast.Key = isGood ? key : "revoked", isThere => vast.Credit = isThere ? credit : 0),
        };
    }

    public static CloudControls Of(RunPodEmulator runPod)
    {
        ArgumentNullException.ThrowIfNull(runPod);
        const string pods = "v2/pods";
        var (api, key, balance) = (new Interference(runPod), runPod.Key, runPod.Balance);
        return new()
        {
            Name = "runpod",
            Api = api,
            Bills = () => runPod.Bills,
            Waiting = () => runPod.Waiting + api.Waiting,
            Offers = () => runPod.OnOffer,
            PublishesCharges = true,
            OfInstance = new SortedDictionary<string, Action<string>> { ["host-lost"] = runPod.LoseHost, ["destroyed-by-provider"] = runPod.Vanish, ["offline"] = id => runPod.TakeOffline(id, away: true), ["online"] = id => runPod.TakeOffline(id, away: false) },
            OfCall = new SortedDictionary<string, Action>
            {
                ["create-offer-gone"] = () => runPod.FailNext("POST", pods, RunPodFault.NoCapacity),
                ["create-stuck-pulling"] = () => runPod.FailNext("POST", pods, RunPodFault.StuckPulling),
                ["create-crash-loop"] = () => runPod.FailNext("POST", pods, RunPodFault.CrashLoop),
                ["create-driver-too-old"] = () => runPod.FailNext("POST", pods, RunPodFault.DriverTooOld),
                ["create-no-ssh"] = () => runPod.FailNext("POST", pods, RunPodFault.NoSsh),
                ["create-dead-card"] = () => runPod.FailNext("POST", pods, RunPodFault.DeadCard),
                ["create-dead-cuda"] = () => runPod.FailNext("POST", pods, RunPodFault.DeadCuda),
                ["create-edge-page"] = () => runPod.FailNext("POST", pods, RunPodFault.EdgePage),
                ["create-pull-fails"] = () => runPod.FailNext("POST", pods, RunPodFault.PullFails),
                ["create-answer-lost"] = () => runPod.FailNext("POST", pods, RunPodFault.AnswerLost),
                ["create-error-afterwards"] = () => runPod.FailNext("POST", pods, RunPodFault.ErrorAfterwards),
                ["create-too-many"] = () => runPod.FailNext("POST", pods, RunPodFault.TooMany),
                ["create-slow"] = () => api.FailNext("POST", pods, CallFault.Slow),
                ["list-bad-gateway"] = () => runPod.FailNext("GET", pods, RunPodFault.BadGateway),
                ["list-edge-page"] = () => runPod.FailNext("GET", pods, RunPodFault.EdgePage),
                ["list-retired"] = () => runPod.FailNext("GET", pods, RunPodFault.Retired),
                ["list-too-many"] = () => runPod.FailNext("GET", pods, RunPodFault.TooMany),
                ["list-slow"] = () => api.FailNext("GET", pods, CallFault.Slow),
                ["destroy-answer-lost"] = () => runPod.FailNext("DELETE", pods, RunPodFault.AnswerLost),
                ["destroy-bad-gateway"] = () => runPod.FailNext("DELETE", pods, RunPodFault.BadGateway),
            },
            OfAccount = Account(api, wait => runPod.Switches = runPod.Switches with { ListLag = wait }, isGood => runPod.Key = isGood ? key : "revoked", isThere => runPod.Balance = isThere ? balance : 0),
        };
    }

    public static CloudControls Of(LambdaEmulator lambda)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        const string launch = "api/v1/instance-operations/launch";
        const string list = "api/v1/instances";
        const string end = "api/v1/instance-operations/terminate";
        var (api, key) = (new Interference(lambda), lambda.Key);
        return new()
        {
            Name = "lambda",
            Api = api,
            Bills = () => lambda.Bills,
            Waiting = () => lambda.Waiting + api.Waiting,
            Offers = () => lambda.OnOffer,
            PublishesCharges = false,
            OfInstance = new SortedDictionary<string, Action<string>>
            {
                ["preempted"] = lambda.Preempt,
                ["destroyed-by-provider"] = lambda.Vanish,
                ["unhealthy"] = lambda.Sicken,
                ["healthy"] = lambda.Recover,
                ["offline"] = id => lambda.TakeOffline(id, away: true),
                ["online"] = id => lambda.TakeOffline(id, away: false),
            },
            OfCall = new SortedDictionary<string, Action>
            {
                ["create-offer-gone"] = () => lambda.FailNext("POST", launch, LambdaFault.NoCapacity),
                ["create-stuck-loading"] = () => lambda.FailNext("POST", launch, LambdaFault.NeverBoots),
                ["create-no-ssh"] = () => lambda.FailNext("POST", launch, LambdaFault.NoSsh),
                ["create-old-driver"] = () => lambda.FailNext("POST", launch, LambdaFault.OldDriver),
                ["create-dead-card"] = () => lambda.FailNext("POST", launch, LambdaFault.DeadCard),
                ["create-dead-cuda"] = () => lambda.FailNext("POST", launch, LambdaFault.DeadCuda),
                ["create-edge-page"] = () => lambda.FailNext("POST", launch, LambdaFault.EdgePage),
                ["create-account-inactive"] = () => lambda.FailNext("POST", launch, LambdaFault.AccountInactive),
                ["create-answer-lost"] = () => lambda.FailNext("POST", launch, LambdaFault.AnswerLost),
                ["create-error-afterwards"] = () => lambda.FailNext("POST", launch, LambdaFault.ErrorAfterwards),
                ["create-too-many"] = () => lambda.FailNext("POST", launch, LambdaFault.TooMany),
                ["create-slow"] = () => api.FailNext("POST", launch, CallFault.Slow),
                ["list-bad-gateway"] = () => lambda.FailNext("GET", list, LambdaFault.BadGateway),
                ["list-edge-page"] = () => lambda.FailNext("GET", list, LambdaFault.EdgePage),
                ["list-account-inactive"] = () => lambda.FailNext("GET", list, LambdaFault.AccountInactive),
                ["list-own-failure"] = () => lambda.FailNext("GET", list, LambdaFault.OwnFailure),
                ["list-too-many"] = () => lambda.FailNext("GET", list, LambdaFault.TooMany),
                ["list-slow"] = () => api.FailNext("GET", list, CallFault.Slow),
                ["destroy-answer-lost"] = () => lambda.FailNext("POST", end, LambdaFault.AnswerLost),
                ["destroy-bad-gateway"] = () => lambda.FailNext("POST", end, LambdaFault.BadGateway),
            },
            OfAccount = Account(api, wait => lambda.Switches = lambda.Switches with { ListLag = wait }, isGood => lambda.Key = isGood ? key : "revoked", null),
        };
    }

    private static SortedDictionary<string, Action> Account(Interference api, Action<TimeSpan> lag, Action<bool> key, Action<bool>? money)
    {
        var account = new SortedDictionary<string, Action>
        {
            ["api-down"] = () => api.IsDown = true,
            ["api-up"] = () => api.IsDown = false,
            ["key-revoked"] = () => key(false),
            ["key-good-again"] = () => key(true),
            ["list-lags"] = () => lag(TimeSpan.FromSeconds(15)),
            ["list-lags-no-more"] = () => lag(TimeSpan.Zero),
        };
        if (money is not null)
        {
            account["money-spent"] = () => money(false);
            account["money-there-again"] = () => money(true);
        }

        return account;
    }

    private static int Number(string id) => int.Parse(id, CultureInfo.InvariantCulture);
}
