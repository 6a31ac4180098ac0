using System.Security.Cryptography;
using Salus.Client.Search.Segments;
using Salus.Health.Fhir;
using Salus.Health.Keywords;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>
/// The attacker has the exact frequencies of the 2,000 commonest terms of the very records that are indexed, and everything that is stored. An identification
/// counts when the same attack finds it under two keys: of tens of thousands of guesses one is lucky now and then, the same one twice is not.
/// </summary>
public sealed class FrequencyAttackTests(FrequencyAttackTests.HealthRecords records) : IClassFixture<FrequencyAttackTests.HealthRecords>
{
    private const int Known = 2000;

    private static readonly byte[][] Seeds = [SHA256.HashData("first"u8), SHA256.HashData("second"u8)];

    /// <summary>The resources of all FHIR bundles of the data set, by the words, codes and dates that the client indexes them by.</summary>
    public sealed class HealthRecords
    {
        internal IReadOnlyList<PlainDocument> Documents { get; } = [.. Directory.GetFiles(Path.Combine(Places.Data, "fhir"), "*.json").Order(StringComparer.Ordinal).SelectMany(Read)];

        private static IEnumerable<PlainDocument> Read(string path)
        {
            using var file = File.OpenRead(path);
            var record = new RecordId(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(TermText.ToUtf8(path))));
            foreach (var slice in FhirImport.Read(file, FhirImportOptions.Default).Slices)
                foreach (var document in FhirKeywords.Extract(slice, []))
                    yield return new PlainDocument(new IndexedDocument(record, (uint)document.Resource), document.Terms.ToDictionary(), document.Length);
        }
    }

    [Fact]
    public async Task WhatSalusStoresIdentifiesNoTerm()
    {
        var stored = await Task.WhenAll(Seeds.Select(seed => StoredLayout.SalusAsync(records.Documents, seed)));
        var known = KnownTerms(stored[0]);
        Assert.All(stored[0].Entries, entry => Assert.Equal((16, 256), (entry.Address.Length, entry.Value.Length)));
        foreach (var (attack, identified, overChance) in Attack(stored, known))
        {
            Assert.True(identified.Count == 0, $"{attack}: {identified.Count} terms, {string.Join(' ', identified.Take(5))}");
            Assert.True(overChance < 6, $"{attack}: {overChance:f1} standard deviations more blocks than by chance");
        }
    }

    /// <summary>
    /// Each layout leaves out one measure, and the same attacks identify every term of which there are so many entries, or bytes, as of no other: those cannot
    /// hide among their like.
    /// </summary>
    [Theory, InlineData("in order"), InlineData("unpadded"), InlineData("tagged"), InlineData("deterministic")]
    public async Task WithoutOneMeasureTheSameAttacksIdentifyTerms(string layout)
    {
        var stored = await Task.WhenAll(Seeds.Select(seed => layout switch
        {
            "in order" => StoredLayout.OrderedAsync(records.Documents, seed),
            "unpadded" => Task.FromResult(StoredLayout.Unpadded(records.Documents, seed)),
            "tagged" => Task.FromResult(StoredLayout.Tagged(records.Documents, seed)),
            _ => Task.FromResult(StoredLayout.Deterministic(records.Documents, seed)),
        }));
        var known = KnownTerms(stored[0]);
        var distinct = known.CountBy(term => layout == "tagged" ? term.Blocks : term.Documents).Count(same => same.Value == 1);
        Assert.InRange(distinct, 20, Known);
        var best = Attack(stored, known).MaxBy(attack => attack.Identified.Count);
        Assert.True(best.Identified.Count >= (layout == "in order" ? Known : distinct), $"{best.Attack}: {best.Identified.Count} terms, {distinct} of a frequency of their own");
        Assert.True(best.OverChance > 50, $"{best.Attack}: {best.OverChance:f1}");
    }

    [Fact]
    public async Task BlocksAreUploadedInTheOrderOfTheirAddresses()
    {
        var stored = await StoredLayout.SalusAsync(records.Documents, Seeds[0]);
        var addresses = stored.Entries.Select(entry => Convert.ToHexString(entry.Address)).ToArray();
        Assert.Equal(addresses.Order(StringComparer.Ordinal), addresses);
        Assert.NotEqual(addresses, (await StoredLayout.OrderedAsync(records.Documents, Seeds[0])).Entries.Select(entry => Convert.ToHexString(entry.Address)).Take(addresses.Length));
    }

    private List<KnownTerm> KnownTerms(StoredLayout stored)
    {
        var known = StoredLayout.Frequencies(records.Documents).Take(Known).Select(pair => new KnownTerm(pair.Key, pair.Value, stored.Truth[pair.Key].Length)).ToList();
        Assert.Equal(Known, known.Count);
        return known;
    }

    private static IEnumerable<(string Attack, List<string> Identified, double OverChance)> Attack(StoredLayout[] stored, List<KnownTerm> known)
    {
        foreach (var ((name, first), (_, second)) in FrequencyAttack.All(stored[0], known).Zip(FrequencyAttack.All(stored[1], known)))
            yield return (name, [.. Identified(stored[0], first).Intersect(Identified(stored[1], second))], Math.Min(OverChance(stored[0], first), OverChance(stored[1], second)));
    }

    /// <summary>Terms of which more than half of what is claimed is theirs, and more than half of theirs is claimed.</summary>
    private static IEnumerable<string> Identified(StoredLayout stored, Dictionary<string, int[]> claims) => claims.Where(claim =>
    {
        var truth = stored.Truth[claim.Key];
        var right = claim.Value.Intersect(truth).Count();
        return 2 * right > claim.Value.Length && 2 * right > truth.Length;
    }).Select(claim => claim.Key);

    /// <summary>How many standard deviations more entries are claimed rightly than a blind guess of as many would.</summary>
    private static double OverChance(StoredLayout stored, Dictionary<string, int[]> claims)
    {
        double right = claims.Sum(claim => claim.Value.Intersect(stored.Truth[claim.Key]).Count());
        var expected = claims.Sum(claim => (double)claim.Value.Length * stored.Truth[claim.Key].Length / stored.Entries.Count);
        return (right - expected) / Math.Sqrt(expected + 1);
    }
}
