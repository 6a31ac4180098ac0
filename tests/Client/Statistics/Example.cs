using System.Security.Cryptography;
using Salus.Crypto.Reencryption;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Client.Tests.Statistics;

/// <summary>A study with numbers and attributes.</summary>
internal static class Example
{
    public static SigningKey Researcher { get; } = SigningKey.Generate();

    public static StudyTerms Terms { get; } = new(new StudyId(7), Card(Researcher), Card(SigningKey.Generate()),
        Study.InOrder(Enumerable.Range(0, 3).Select(_ => SigningKey.Generate().PublicKey)), "Hearts", "How hearts beat.", "", [], [], "", ReleaseRules.Default, 10_000_000,
        [
            new("heart-rate", "loinc:8867-4", "/min", 0, 30, 220, [60, 100, 140]), new("glucose", "loinc:2339-0", "mmol/L", 1, 20, 400, [40, 70, 110]),
            new("weight", "column:weight", "kg", 0, 0, 300, []),
        ],
        [new("sex", "column:sex", ["female", "male"]), new("smoker", "column:smoker", ["no", "yes", "earlier"])], [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(4));

    public static Study Study { get; } = Study.Create(Researcher, Terms);

    private static AccountCard Card(SigningKey key)
    {
        using var box = new UnboxingKey(new byte[32]);
        return AccountCard.Create(key, ReceivingKey.FromSeed(RandomNumberGenerator.GetBytes(ReceivingKey.SeedSize)).PublicKey, box.PublicKey, 1);
    }
}
