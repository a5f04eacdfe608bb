using Orchestrator.Drills;
using Orchestrator.Drills.Kit;

if (args is not ["drill", "crash", .. var rest])
{
    await Console.Error.WriteLineAsync("usage: drill crash [--seed N] [--sabotage NAME] [--cases a,b] [--over ssh] [--list]");
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
