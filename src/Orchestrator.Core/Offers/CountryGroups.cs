using System.Collections.Frozen;

namespace Orchestrator.Offers;

/// <summary>The regions a spec may name. <c>eu</c> is the European Union (where its law holds), the others are continents.</summary>
public static class CountryGroups
{
    private static readonly FrozenDictionary<string, FrozenSet<string>> _groups = new Dictionary<string, FrozenSet<string>>(StringComparer.Ordinal)
    {
        ["eu"] = Set("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"),
        ["na"] = Set("US CA MX GT BZ SV HN NI CR PA CU JM HT DO PR BS BB TT GL BM"),
        ["sa"] = Set("AR BO BR CL CO EC GF GY PE PY SR UY VE"),
        ["asia"] = Set("AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"),
        ["oceania"] = Set("AU NZ FJ PG NC PF GU SB VU WS TO"),
        ["africa"] = Set("ZA NG EG KE MA DZ TN GH ET TZ UG SN CI CM ZW ZM AO MZ BW NA RW MU MG LY SD CD"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names a spec may use beside country codes.</summary>
    public static IEnumerable<string> Names => _groups.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether a country (upper-case ISO code) is this one or lies in this region.</summary>
    public static bool Contains(string region, string country) =>
        _groups.TryGetValue(region, out var group) ? group.Contains(country) : string.Equals(region, country, StringComparison.OrdinalIgnoreCase);

    private static FrozenSet<string> Set(string countries) => countries.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
