using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Records;
using Salus.Crypto.Primitives;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Storage;

/// <summary>What is stored, changed: bit by bit, piece by piece, and put in the place of something else.</summary>
public class TamperingTests(HostileServers servers) : AttackTest(servers)
{
    private const int Leaf = 4096;

    [Fact, Attack("S01")]
    public async Task AFlippedBitAnywhereIsNotOpened()
    {
        var row = await Patient.Account.Cloud.RecordAsync(Cast.One.Id, None);
        for (var at = 0; at < row.Signed.Length; at += 5)
        {
            Servers.BeHonest();
            var flipped = row.Signed.Flipped(at);
            MutateRecord(_ => row with { Signed = flipped });
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
        }
        for (var at = 0; at < row.SealedMetadata.Length; at += 29)
        {
            Servers.BeHonest();
            var flipped = row.SealedMetadata.Flipped(at);
            MutateRecord(_ => row with { SealedMetadata = flipped });
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);
        Servers.BeHonest();
        // Of the fragments: each leaf at two stores costs nothing; at all of them nothing of the record comes out.
        var length = (await Patient.FilesAsync(Cast.One.Id))[0].Bytes.Length;
        for (var at = 0; at < length; at += Leaf / 2 + 61)
        {
            Servers.BeHonest();
            foreach (var liar in (string[])["store-1", "store-4"])
            {
                var place = at;
                Servers.Serve(liar, (_, bytes) => bytes.Flipped(Math.Min(place, bytes.Length - 1)));
            }
            await OpensAsync(Doctor, Cast.One, "store-1", "store-4");
        }
        foreach (var leaf in new[] { 1, 2 })
        {
            Servers.BeHonest();
            Servers.Serve("store", (_, bytes) => bytes.Flipped(leaf * Leaf + 7));
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
    }

    [Theory, Attack("S02")]
    [InlineData("reordered")]
    [InlineData("dropped")]
    [InlineData("doubled")]
    [InlineData("cut short")]
    [InlineData("cut at a leaf")]
    [InlineData("longer")]
    [InlineData("spliced with another record's")]
    [InlineData("reversed fragments")]
    [InlineData("one fragment for all")]
    public async Task PiecesInAnotherOrderNumberOrPlaceAreNotOpened(string how)
    {
        var (one, two) = (await Patient.FilesAsync(Cast.One.Id), await Patient.FilesAsync(Cast.Two.Id));
        byte[] Make(string address, byte[] bytes)
        {
            var index = one.Index().FirstOrDefault(fragment => fragment.Item.Address == address, (-1, default)).Index;
            return how switch
            {
                "reordered" => [.. bytes[..Leaf], .. bytes[(2 * Leaf)..(3 * Leaf)], .. bytes[Leaf..(2 * Leaf)], .. bytes[(3 * Leaf)..]],
                "dropped" => [.. bytes[..Leaf], .. bytes[(2 * Leaf)..]],
                "doubled" => [.. bytes[..(2 * Leaf)], .. bytes[Leaf..]],
                "cut short" => bytes[..^1],
                "cut at a leaf" => bytes[..(2 * Leaf)],
                "longer" => [.. bytes[..(2 * Leaf)], .. new byte[Leaf], .. bytes[(2 * Leaf)..]],
                "spliced with another record's" => [.. bytes[..(2 * Leaf)], .. two[Math.Max(index, 0)].Bytes[(2 * Leaf)..]],
                "reversed fragments" => one[^(Math.Max(index, 0) + 1)].Bytes,
                _ => one[0].Bytes,
            };
        }
        foreach (var liar in (string[])["store-2", "store-4"])
            Servers.Serve(liar, Make);
        await OpensAsync(Patient, Cast.One, "store-2", "store-4");
        Servers.BeHonest();
        Servers.Serve("store", Make);
        if (how == "cut short")
            await OpensAsync(Patient, Cast.One, [.. SalusInstallation.StoreNames]); // the last byte is of a label: the units are whole
        else
            await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
    }

    [Fact, Attack("S03")]
    public async Task TheBodyOfAnotherRecordIsNotThisOnes()
    {
        // All stores together give the fragments of the second record at the addresses of the first; both are the patient's, in one partition and epoch.
        var (one, two) = (await Patient.FilesAsync(Cast.One.Id), await Patient.FilesAsync(Cast.Two.Id));
        var swapped = one.Zip(two).ToDictionary(pair => pair.First.Address, pair => pair.Second.Bytes);
        Servers.Serve("store", (address, bytes) => swapped.GetValueOrDefault(address, bytes));
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);
        await OpensAsync(Patient, Cast.Two);
        // And the whole row of the second under the number of the first.
        Servers.BeHonest();
        var other = await Patient.Account.Cloud.RecordAsync(Cast.Two.Id, None);
        Serve(For(Paths.Record, Cast.One.Id), exchange => exchange.Set(other));
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
    }

    [Fact, Attack("S04")]
    public async Task KeysAndMetadataOfAnotherRecordAreNotThisOnes()
    {
        var (first, second) = (await Patient.SealedAsync(Cast.One.Id), await Patient.SealedAsync(Cast.Two.Id));
        var (one, two) = (first.Header, second.Header);
        foreach (var (header, metadata) in new (RecordHeader, byte[])[]
        {
            (one, second.SealedMetadata),
            (one with { Capsule = two.Capsule }, first.SealedMetadata),
            (one with { ContentKey = two.ContentKey }, first.SealedMetadata),
            (one with { Capsule = two.Capsule, ContentKey = two.ContentKey }, first.SealedMetadata),
            (one with { Capsule = two.Capsule, ContentKey = two.ContentKey, MetadataHash = two.MetadataHash }, second.SealedMetadata),
            (one with { MetadataHash = two.MetadataHash }, second.SealedMetadata),
            (one with { BodyPrefix = two.BodyPrefix, FragmentCommitments = two.FragmentCommitments }, first.SealedMetadata),
        })
        {
            // Even as if the author had signed it: so nothing but the binding of key, metadata and body to this record stands against it.
            var made = header == one ? first : SealedRecord.Create(Patient.Account.Keys.Identity, header, metadata);
            Servers.BeHonest();
            MutateRecord(_ => new CatalogueRecord(made.Signed, metadata));
            await AlarmedAsync(AlarmKind.Integrity, Patient, Cast.One);
            await AlarmedAsync(AlarmKind.Integrity, Doctor, Cast.One);
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Doctor, Cast.One);
    }

    [Fact, Attack("S05")]
    public async Task NothingThatIsSaidOfARecordCanBeChanged()
    {
        var record = await Patient.SealedAsync(Cast.One.Id);
        var header = record.Header;
        var insurance = Patient.Account.Keys.Partition("insurance");
        var changed = new RecordHeader[]
        {
            header with { SealedAt = header.SealedAt.AddDays(-400) },
            header with { Context = header.Context with { Partition = insurance } },
            header with { Context = header.Context with { Record = Cast.Two.Id } },
            header with { Version = 2 },
            header with { BodyLength = header.BodyLength - 64 },
            header with { RestoreFrom = header.RestoreFrom - 1 },
            header with { FragmentCommitments = [.. header.FragmentCommitments.Reverse()] },
        };
        foreach (var made in changed)
        {
            // Signed by Eve under her own name; and her signature under the patient's.
            var asEve = SealedRecord.Create(Eve.Account.Keys.Identity, made with { Author = Eve.Account.Keys.Identity.PublicKey }, record.SealedMetadata);
            var asPatient = SealedRecord.Create(Patient.Account.Keys.Identity, made, record.SealedMetadata);
            byte[] underPatient = [.. asPatient.Signed[..^64], .. asEve.Signed[^64..]];
            byte[] underOld = [.. asPatient.Signed[..^64], .. record.Signed[^64..]];
            foreach (var signed in new[] { asEve.Signed, underPatient, underOld })
            {
                Servers.BeHonest();
                MutateRecord(_ => new CatalogueRecord(signed, record.SealedMetadata));
                // A newer version by somebody else is that person's, not something else in the place of the listed one.
                await AlarmedAsync(signed == asEve.Signed && made.Version > header.Version ? AlarmKind.Injected : AlarmKind.Integrity, Patient, Cast.One);
            }
        }
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
        await CaughtAsync(AlarmKind.Integrity, Patient, "show", Cast.One.Id.ToString());
        // As another owner's, it is nothing that anybody has shared.
        var theirs = SealedRecord.Create(Eve.Account.Keys.Identity,
            header with { Author = Eve.Account.Keys.Identity.PublicKey, Context = header.Context with { Owner = Eve.Account.Id } }, record.SealedMetadata);
        Servers.BeHonest();
        MutateRecord(_ => new CatalogueRecord(theirs.Signed, theirs.SealedMetadata));
        Assert.Equal(Problems.NotGranted, (await Patient.FailsToGetAsync<RefusedException>(Cast.One.Id)).Code);
        // Into another partition by the author's own signature: what is sealed says where it belongs.
        Servers.BeHonest();
        using var patient = await Cast.RegisterAsync("patient");
        var moved = await Cast.PutAsync(patient);
        var own = await patient.SealedAsync(moved.Id);
        var elsewhere = SealedRecord.Create(patient.Account.Keys.Identity,
            own.Header with { Context = own.Header.Context with { Partition = patient.Account.Keys.Partition("insurance") } }, own.SealedMetadata);
        Servers.BeHonest();
        MutateRecord(_ => new CatalogueRecord(elsewhere.Signed, elsewhere.SealedMetadata));
        await AlarmedAsync(AlarmKind.Integrity, patient, moved);
    }

    [Fact, Attack("S07")]
    public async Task WhatNobodyMadeOrTookIsNotShownAsAnybodys()
    {
        var foreign = (await Eve.Account.Cloud.EpochsAsync(Eve.Account.Id, None))[0];
        Mutate<SignedList>(Paths.Epochs, list => new SignedList([.. list.Signed, foreign]), "GET");
        await CaughtAsync(AlarmKind.Integrity, Patient, "list");
        await CaughtAsync(AlarmKind.Integrity, Doctor, "shared");
        Servers.BeHonest();

        // A share that Eve makes, with a note that says it is the patient's: it stands under her account's number, and the patient's records are what they were.
        var eves = await Cast.PutAsync(Eve);
        var real = await Eve.ShareAsync(Doctor, ["medical"]);
        var note = new Client.Sharing.GrantNote(Patient.Mail, new Dictionary<string, string> { [real.Entries[0].Partition.ToString()] = "medical" }).Seal(Doctor.Account.Card.Box);
        var posing = Grant.Create(Eve.Account.Keys.Identity, real.Terms, real.Entries, note);
        Mutate<GrantList>(Paths.ReceivedGrants, list => new GrantList([.. list.Grants.Select(view =>
            Grant.TryVerify(view.Signed, out var grant) && grant.Terms.Id == real.Terms.Id ? view with { Signed = posing.Signed } : view)]));
        var (records, _) = await Doctor.Records.SharedAsync(None);
        var shown = records.Single(record => record.Record == eves.Id);
        Assert.Equal((Eve.Account.Id.ToString(), Eve.Account.Id), (shown.Owner, shown.Account));
        Assert.DoesNotContain(records, record => record.Account == Patient.Account.Id && record.Record == eves.Id);
        Assert.All(records.Where(record => record.Account == Eve.Account.Id), record => Assert.NotEqual(Patient.Mail, record.Owner));
        // Under the patient's name altogether it is a forgery.
        Servers.BeHonest();
        Mutate<GrantList>(Paths.ReceivedGrants, list => new GrantList([.. list.Grants, new GrantView(Cast.Grant.Signed.Flipped(40), null, [])]));
        await CaughtAsync(AlarmKind.Integrity, Doctor, "shared");
        Servers.BeHonest();
        await Eve.Granting.RevokeAsync(real.Terms.Id, None);
    }
}
