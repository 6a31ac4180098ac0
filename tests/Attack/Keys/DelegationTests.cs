using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Keys;

/// <summary>Re-encryption in the hands of trustees, delegatees and a cloud that work together, as far as they may without breaking the assumption: never two trustees.</summary>
public class DelegationTests(HostileServers servers) : AttackTest(servers)
{
    private const int Entry = 129; // a byte that says there is one, and a cfrag

    [Fact, Attack("K13")]
    public async Task AKeyForOneReaderOpensForNoOther()
    {
        var (record, earlier) = (await Patient.SealedAsync(Cast.One.Id), Servers.Now);
        await OpensAsync(Doctor, Cast.One);
        var answers = Servers.Since(earlier).Where(seen => seen.Exchange.Path == Paths.Reencryptions && seen.Status == 200).ToLookup(seen => seen.Party, seen => seen.Honest);
        // The trustees refuse Eve under the doctor's grant.
        await Eve.RefusedByTrusteesAsync(Cast.Grant.Terms.Id, record);
        // The cloud hands Eve the doctor's grant: as it is, and made out to her by her.
        var view = (await Doctor.Account.Cloud.ReceivedGrantsAsync(None)).Single(grant => Grant.TryVerify(grant.Signed, out var found) && found.Terms.Id == Cast.Grant.Terms.Id);
        var terms = Cast.Grant.Terms with { Owner = Eve.Account.Card.Identity, Delegatee = Eve.Account.Card.Identity, Receiving = Eve.Account.Card.Receiving };
        Mutate<GrantList>(Paths.ReceivedGrants, _ => new GrantList([view]));
        await CaughtAsync(AlarmKind.Integrity, Eve, "shared");
        Servers.BeHonest();
        var madeOut = Grant.Create(Eve.Account.Keys.Identity, terms, Cast.Grant.Entries, Cast.Grant.SealedNote);
        Mutate<GrantList>(Paths.ReceivedGrants, _ => new GrantList([new GrantView(madeOut.Signed, null, [])]));
        ServeRecord(record);
        Servers.Instead("trustee", exchange =>
        {
            // Whatever trustees answered the doctor, they answer Eve.
            if (exchange.Path != Paths.Reencryptions || answers.Count == 0)
                return false;
            exchange.Body = answers.First().First();
            return true;
        });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Eve.Records.GetAsync(Cast.One.Id, Eve.Out("never"), Person.NoKey, null, None));
        Assert.True(failure is AlarmException or RefusedException, failure.ToString());
        Assert.Empty(Eve.Written);
    }

    [Fact, Attack("K15")]
    public async Task WhatTrusteesHaveKeptOpensNothingThatCameAfterTheRevocation()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var doctor = await Cast.RegisterAsync("doctor");
        var before = await Cast.PutAsync(patient);
        var grant = await patient.ShareAsync(doctor, ["medical"]);
        var mark = Servers.Now;
        await OpensAsync(doctor, before);
        var kept = Servers.Since(mark);
        var revoked = await CommandAsync(patient, "revoke", grant.Terms.Id.ToString());
        Assert.True(revoked.ExitCode == 0, revoked.ToString());
        Assert.Contains("What was read before cannot be called back.", revoked.Errors, StringComparison.Ordinal);
        await patient.Account.State.RefreshAsync(patient.Account.Id);
        var after = await Cast.PutAsync(patient);
        var (old, young) = (await patient.SealedAsync(before.Id), await patient.SealedAsync(after.Id));
        Assert.True(young.Header.Context.Epoch > old.Header.Context.Epoch);
        var epochs = await patient.Account.Cloud.EpochsAsync(patient.Account.Id, None);

        // To the doctor the cloud shows the grant as it was and all records, and trustees answer what they have answered.
        Servers.Instead("cloud", exchange =>
        {
            if (exchange.Path == Paths.ReceivedGrants)
                exchange.Set(new GrantList([new GrantView(grant.Signed, null, [])]));
            else if (HostileServers.Meets(exchange, Paths.Epochs))
                exchange.Set(new SignedList(epochs));
            else
                return false;
            return true;
        });
        ServeRecord(old);
        ServeRecord(young);
        await doctor.FailsToGetAsync<RefusedException>(after.Id);
        await doctor.FailsToGetAsync<RefusedException>(before.Id);
        Servers.Instead("trustee", exchange =>
        {
            if (kept.FirstOrDefault(seen => seen.Exchange.Path == Paths.Reencryptions && exchange.Path == Paths.Reencryptions && seen.Status == 200) is not { } answered)
                return false;
            exchange.Body = answered.Honest;
            return true;
        });
        await GetIsCaughtAsync(AlarmKind.Integrity, doctor, before);
        await doctor.FailsToGetAsync<RefusedException>(after.Id);
        var list = await CommandAsync(doctor, "shared");
        Assert.DoesNotContain(after.Id.ToString(), list.Output, StringComparison.Ordinal);
    }

    [Theory, Attack("K16")]
    [InlineData("identity")]
    [InlineData("not canonical")]
    [InlineData("negative")]
    [InlineData("zero scalar")]
    [InlineData("scalar plus the order")]
    [InlineData("one point twice")]
    public async Task PointsAndScalarsThatAreNoneAreRefused(string kind)
    {
        ServeTrustees(1);
        await OpensAsync(Doctor, Cast.One, "trustee-1");
        Servers.BeHonest();
        ServeTrustees(2);
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);

        void ServeTrustees(int liars)
        {
            for (var i = 1; i <= liars; i++)
                Servers.Mutate($"trustee-{i}", Paths.Reencryptions, exchange =>
                {
                    var body = exchange.Body.ToArray();
                    switch (kind)
                    {
                        case "identity":
                            body.AsSpan(1, 32).Clear();
                            break;
                        case "not canonical":
                            body.AsSpan(1, 32).Fill(0xff);
                            break;
                        case "negative":
                            body[1] |= 1;
                            break;
                        case "zero scalar":
                            body.AsSpan(97, 32).Clear();
                            break;
                        case "scalar plus the order":
                            AddOrder(body.AsSpan(97, 32));
                            break;
                        default:
                            body.AsSpan(1, 32).CopyTo(body.AsSpan(33));
                            break;
                    }
                    exchange.Body = body;
                });
        }
    }

    [Fact, Attack("D06")]
    public async Task NeitherHalfOfAnOpeningStandsForBoth()
    {
        // One trustee's answer under the names of two, and each half of an answer beside the half of another.
        var mark = Servers.Now;
        await OpensAsync(Doctor, Cast.One);
        var one = Servers.Since(mark).First(seen => seen.Exchange.Path == Paths.Reencryptions && seen.Status == 200).Honest;
        byte[]? first = null;
        foreach (var half in new Func<byte[], byte[]>[]
        {
            honest => first ??= honest, honest => one, honest => honest[..65], honest => [.. honest[..65], .. one[65..Entry]], honest => [.. one[..65], .. honest[65..]], _ => [0],
        })
        {
            Servers.BeHonest();
            Servers.Mutate("trustee", Paths.Reencryptions, exchange => exchange.Body = half(exchange.Body));
            await AlarmedAsync(AlarmKind.Integrity, Doctor, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);
    }

    private void ServeRecord(SealedRecord record) =>
        Serve(For(Paths.Record, record.Header.Context.Record), exchange => exchange.Set(new CatalogueRecord(record.Signed, record.SealedMetadata)));

    /// <summary>The group order of edwards25519, little-endian.</summary>
    private static void AddOrder(Span<byte> scalar)
    {
        ReadOnlySpan<byte> order = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10];
        var carry = 0;
        for (var i = 0; i < order.Length; i++)
        {
            carry += scalar[i] + order[i];
            scalar[i] = (byte)(carry & 0xff);
            carry >>= 8;
        }
    }
}
