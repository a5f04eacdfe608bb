namespace Orchestrator.Server.Views;

/// <param name="Title">The header.</param>
/// <param name="Least">Narrowest width it may shrink to.</param>
/// <param name="IsRight">Figures stand right.</param>
/// <param name="CanGo">Left out, the last such column first, when shrinking is not enough.</param>
public sealed record Column(string Title, int Least, bool IsRight = false, bool CanGo = false);
