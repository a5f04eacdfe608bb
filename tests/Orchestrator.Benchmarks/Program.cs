using Orchestrator.Benchmarks.Batches;
using Orchestrator.Benchmarks.Planning;
using Orchestrator.Drills;
using Orchestrator.Drills.Kit;
using Orchestrator.Drills.Weekend;

if (args is ["planning", .. var asked])
{
    return PlanningOptions.Parse(asked, Console.Error) is { } planning ? new PlanningBenchmark(planning, Console.Out).Run() : 2;
}

if (args is ["batch", .. var asks])
{
    if (BatchOptions.Parse(asks, Console.Error) is not { } large)
    {
        return 2;
    }

    if (Products.Find() is not { } built)
    {
        await Console.Error.WriteLineAsync("batch: nothing to measure; build it first with scripts/orchestrator version");
        return 2;
    }

    return await new BatchBenchmark(built, large, Console.Out).RunAsync();
}

if (args is ["emulators", .. var clouds])
{
    return await EmulatorsCommand.RunAsync(clouds, Console.Out, Console.Error);
}

if (args is ["drill", "weekend", .. var wanted])
{
    if (WeekendOptions.Parse(wanted, Console.Error) is not { } weekend)
    {
        return 2;
    }

    if (Products.Find() is not { } put)
    {
        await Console.Error.WriteLineAsync("weekend: nothing to drill; build it first with scripts/orchestrator version");
        return 2;
    }

    return weekend.IsBatch ? await new BatchWeekendDrill(put, weekend, Console.Out).RunAsync() : await new WeekendDrill(put, weekend, Console.Out).RunAsync();
}

if (args is not ["drill", "crash", .. var rest])
{
    await Console.Error.WriteLineAsync("usage: drill crash [--seed N] [--sabotage NAME] [--cases a,b] [--over ssh] [--list]   or   drill weekend   or   emulators   or   planning [--json] [--seed N]   or   batch [--json] [--seed N]");
    return 2;
}

if (CrashDrillOptions.Parse(rest, Console.Error) is not { } options)
{
    return 2;
}

if (options.List)
{
    foreach (var drill in options.Chosen())
    {
        await Console.Out.WriteLineAsync(drill.Exposes is null ? drill.Name : $"{drill.Name}  (exposes {drill.Exposes})");
    }

    return 0;
}

if (Products.Find() is not { } products)
{
    await Console.Error.WriteLineAsync("crash-drill: nothing to drill; build it first with scripts/orchestrator version");
    return 2;
}

return await new CrashDrill(products, options).RunAsync(Console.Out);
