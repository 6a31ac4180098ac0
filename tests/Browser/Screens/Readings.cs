using System.Globalization;
using Salus.Client.Readings;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Browser.Tests.Screens;

/// <summary>Readings as a device writes them.</summary>
internal static class Readings
{
    /// <summary>A file of a value for each of the last minutes: 60, 61, … 99, 60, …</summary>
    public static string Csv(int count, DateTimeOffset last) => "time,value\n" + string.Concat(Enumerable.Range(0, count)
        .Select(i => string.Create(CultureInfo.InvariantCulture, $"{last.AddMinutes(i + 1 - count):yyyy-MM-ddTHH:mm:ssZ},{60 + i % 40}\n")));

    /// <summary>Added elsewhere.</summary>
    public static async Task<SeriesId> AddAsync(Person person, string name, string code)
    {
        var file = person.Out($"{name}.csv");
        await File.WriteAllTextAsync(file, Csv(200, TimeProvider.System.GetUtcNow()));
        return Assert.Single(await new ReadingStore(person.Account).AddFileAsync(file, name, new SeriesOptions(code), null, CancellationToken.None)).Series.Id;
    }
}
