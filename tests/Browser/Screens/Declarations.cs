using System.Text.Json;
using Salus.Client.Studies;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Browser.Tests.Screens;

/// <summary>Studies that were opened elsewhere.</summary>
internal static class Declarations
{
    /// <summary>Weight and sex in shares, conditions as copies; two who look alike are enough.</summary>
    public static async Task<StudyId> OpenAsync(Person researcher, Person custodian, string title = "Weight and conditions")
    {
        var declaration = new StudyDeclaration(title, "Whether they go together.", custodian.Mail, DateTimeOffset.UtcNow.AddDays(90), Resources: ["Patient", "Condition"],
            QuasiIdentifiers: [new DeclaredQuasi("sex"), new DeclaredQuasi("birth-year")], K: 2, MinimumCohort: 2, Budget: 1,
            Variables: [new DeclaredVariable("weight", "loinc:29463-7", 1, 250, "kg", 1, [50, 100])], Attributes: [new DeclaredAttribute("sex", "quasi:sex", ["female", "male"])]);
        return (await new Researching(researcher.Account).OpenAsync(declaration, JsonSerializer.SerializeToUtf8Bytes(declaration, JsonSerializerOptions.Web), CancellationToken.None)).Id;
    }
}
