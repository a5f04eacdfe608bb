using System.Globalization;

namespace Orchestrator.Jobs;

/// <summary>Where each written field lies, by path; so that rules can name a place without knowing YAML.</summary>
public sealed class SpecPlaces
{
    private readonly Dictionary<string, (int Line, int Column, string? Source)> _places = new(StringComparer.Ordinal);

    public void Add(string path, int line, int column, string? source) => _places[path] = (line, column, source);

    /// <summary>Whether the field was written (by the file, --set or the server's defaults).</summary>
    public bool Has(string path) => _places.ContainsKey(path);

    /// <summary>The field's place, else that of the nearest field around it, else the file's start.</summary>
    public Problem Problem(Severity severity, string path, string what, string whatToDo)
    {
        var at = path;
        (int Line, int Column, string? Source) place;
        while (!_places.TryGetValue(at, out place))
        {
            var end = at.LastIndexOfAny(['.', '[']);
            if (end <= 0)
            {
                place = (1, 1, null);
                break;
            }

            at = at[..end];
        }

        return new Problem
        {
            Severity = severity, Line = place.Line, Column = place.Column, Source = place.Source, Path = path, What = what, WhatToDo = whatToDo,
        };
    }

    /// <summary>Path of an item of a list.</summary>
    public static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
