using Orchestrator.Engine.Security;
using Orchestrator.Engine.Specs;

namespace Orchestrator.Engine.Images;

/// <summary>Gives whoever pulls a job's image the login for it, as it is now.</summary>
public interface IRegistryLogins
{
    /// <summary>Null = without a login. Throws <see cref="TokenException"/> when the password cannot be had, <see cref="RegistryException"/> when the configuration no longer says which login is meant; both say what to mend.</summary>
    Task<RegistryLogin?> ForAsync(StoredSpec spec, CancellationToken cancellation);

    /// <summary>Whether the person said that this login may be given to hosts of others. One that the spec itself names is given by that.</summary>
    bool MayGoToHosts(StoredSpec spec);

    /// <summary>Asks the registry for a job's image from here, with that login or without any. Throws as <see cref="ForAsync"/>, and <see cref="RegistryException"/> where it is not shown.</summary>
    Task LookAsync(StoredSpec spec, bool withLogin, CancellationToken cancellation);
}
