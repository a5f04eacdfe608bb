using System.CommandLine;
using Orchestrator.Server.Cli.Reaching;

namespace Orchestrator.Server.Cli.Verbs;

internal static class AllVerbs
{
    internal static IEnumerable<Command> Create(Terminal terminal) =>
    [
        RunVerb.Run(terminal),
        RunVerb.Submit(terminal),
        SpecVerbs.Validate(terminal),
        PlanVerb.Create(terminal),
        RehearseVerb.Create(terminal),
        SpecVerbs.Schema(terminal),
        TemplateVerb.Create(terminal),
        ReadVerbs.Jobs(terminal),
        TopVerb.Create(terminal),
        ReadVerbs.Show(terminal),
        BatchVerb.Create(terminal),
        LogsVerb.Create(terminal),
        ReadVerbs.Events(terminal),
        ReadVerbs.Checkpoints(terminal),
        FetchVerb.Create(terminal),
        .. CommandVerbs.Create(terminal),
        .. ReachVerbs.Create(terminal),
        OffersVerb.Create(terminal),
        MarketVerb.Create(terminal),
        HostsVerb.Create(terminal),
        CostVerb.Create(terminal),
        ReportVerb.Create(terminal),
        AlertsVerb.Create(terminal),
        SecretVerb.Create(terminal),
        RegistryVerb.Create(terminal),
        AccountVerb.Create(terminal),
        StoreVerb.Create(terminal),
        MachineVerb.Create(terminal),
        NotifyVerb.Create(terminal),
        SystemVerbs.Doctor(terminal),
        PanicVerb.Create(terminal),
        SimulateJob.AddTo(SimulateVerb.Create(terminal), terminal),
        SystemVerbs.Replay(terminal),
        SystemVerbs.Recover(terminal),
        LoginVerb.Create(terminal),
        ContextVerb.Create(terminal),
        InitVerb.Create(terminal),
        ServeVerb.Create(terminal),
        ServerVerb.Create(terminal),
        CompletionVerb.Create(terminal),
        SystemVerbs.Version(terminal),
    ];
}
