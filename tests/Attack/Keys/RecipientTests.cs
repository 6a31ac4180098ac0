using Salus.Attack.Tests.Servers;
using Salus.Client;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Attack.Tests.Keys;

/// <summary>Whose keys somebody shares with, adds under, and carries grants over to.</summary>
public class RecipientTests(HostileServers servers) : AttackTest(servers)
{
    [Fact, Attack("K01")]
    public async Task NobodySharesWithAnotherKeyThanThePinnedOne()
    {
        var before = (await Patient.Granting.ListAsync(None)).Count;
        var mark = Servers.Now;
        Servers.Mutate("cloud", Paths.CardLookup, exchange => exchange.Set(new SignedBytes(Eve.Account.Card.Signed)));
        await CaughtAsync(AlarmKind.KeyChanged, Patient, "share", "--to", Doctor.Mail, "--yes");
        await CaughtAsync(AlarmKind.KeyChanged, Patient, "share", "--to", Doctor.Mail, "--deposit", "--yes");
        // The doctor's identity with keys of Eve's is no card: nobody but the doctor signs one.
        var (doctor, eve) = (Doctor.Account.Card.Signed, Eve.Account.Card.Signed);
        byte[] spliced = [.. doctor[..45], .. eve[45..109], .. doctor[109..]];
        Servers.BeHonest();
        Servers.Mutate("cloud", Paths.CardLookup, exchange => exchange.Set(new SignedBytes(spliced)));
        await CaughtAsync(AlarmKind.Integrity, Patient, "share", "--to", Doctor.Mail, "--yes");
        Assert.DoesNotContain(Servers.Since(mark), seen => seen.Exchange is { Method: "POST", Path: Paths.KFrags or Paths.Grants or Paths.Deposits });
        Servers.BeHonest();
        Assert.Equal(before, (await Patient.Granting.ListAsync(None)).Count);
        Assert.Empty(await Eve.SharedAsync());
    }

    [Fact, Attack("K02")]
    public async Task TheKeyThatWasShownIsTheKeyThatIsUsed()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var mark = Servers.Now;
        var asked = 0;
        Servers.Mutate("cloud", Paths.CardLookup, exchange =>
        {
            if (++asked > 1)
                exchange.Set(new SignedBytes(Eve.Account.Card.Signed));
        });
        Servers.Mutate("cloud", "/v1/cards/", exchange => exchange.Set(new SignedBytes(Eve.Account.Card.Signed)), "GET");
        var proposal = await patient.Granting.ProposeAsync(Doctor.Mail, GrantRole.Doctor, ["medical"], null, null, null, Client.Sharing.History.Whole, None);
        Assert.Equal(Doctor.Account.Card.Fingerprint, proposal.To.Card.Fingerprint);
        var grant = await patient.Granting.ConfirmAsync(proposal, None);
        Assert.Equal(Doctor.Account.Card.Receiving, grant.Terms.Receiving);
        Assert.Single(Servers.Since(mark), seen => seen.Exchange.Path == Paths.CardLookup);
        // The one that is pinned is the one that was shown, and the next answer is held against it.
        await CaughtAsync(AlarmKind.KeyChanged, patient, "share", "--to", Doctor.Mail, "--yes");
    }

    [Fact, Attack("K08")]
    public async Task AMessageOfOneKindServesAtNoPlaceOfAnother()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var record = await Cast.PutAsync(patient, size: 1000);
        await patient.ShareAsync(Doctor, ["medical"]);
        await patient.LetAddAsync(Eve, "insurance");
        var row = await patient.Account.Cloud.RecordAsync(record.Id, None);
        var messages = new Dictionary<string, byte[]>
        {
            ["card"] = patient.Account.Card.Signed,
            ["epoch"] = (await patient.Account.Cloud.EpochsAsync(patient.Account.Id, None))[0],
            ["record"] = row.Signed,
            ["grant"] = (await patient.Account.Cloud.GrantsAsync(None))[0].Signed,
            ["deposit"] = (await patient.Account.Cloud.DepositsAsync(patient.Account.Id, None))[0].Signed,
            ["revocation"] = Revocation.Create(patient.Account.Keys.Identity, Identifier.Random<GrantId>(), TimeProvider.System.GetUtcNow()).Signed,
            ["identity"] = patient.Account.Keys.Identity.PublicKey.Bytes.ToArray(),
            ["device"] = new byte[32],
        };
        foreach (var (name, signed) in messages)
        {
            if (name != "card")
                await InPlaceAsync(Paths.CardLookup, exchange => exchange.Set(new SignedBytes(signed)), () => new Contacts(patient.Account).ResolveAsync(Doctor.Mail, None));
            if (name != "epoch")
                await InPlaceAsync(Paths.Epochs, exchange => exchange.Set(new SignedList([signed])), () => patient.Records.ListAsync(None));
            if (name != "record")
                await InPlaceAsync(For(Paths.Record, record.Id), exchange => exchange.Set(row with { Signed = signed }), () => patient.Records.ShowAsync(record.Id, None));
            if (name != "grant")
                await InPlaceAsync(Paths.Grants, exchange => exchange.Set(new GrantList([new GrantView(signed, null, [])])), () => patient.Granting.ListAsync(None));
            if (name != "deposit")
                await InPlaceAsync(Paths.Deposits, exchange => exchange.Set(new DepositList([new DepositView(signed, null)])), () => new Client.Deposits.Depositing(patient.Account).ListAsync(None));
            if (name != "grant")
                await InPlaceAsync(Paths.ReceivedGrants, exchange => exchange.Set(new GrantList([new GrantView(signed, null, [])])), patient.SharedAsync);
        }
        Servers.BeHonest();
        Servers.Mutate("cloud", Paths.Epochs, exchange => exchange.Set(new SignedList([messages["grant"]])));
        await CaughtAsync(AlarmKind.Integrity, patient, "list");
        // Where an account's number stands, a key, a number of another kind, or a path.
        var view = await patient.Account.Cloud.AccountAsync(None);
        foreach (var id in new[] { patient.Account.Keys.Identity.PublicKey.ToString(), record.Id.ToString(), Eve.Account.Id.ToString(), "../account", "" })
        {
            Servers.BeHonest();
            ServeLogins(() => view with { Id = id });
            var (enrolment, pending, profile) = await BeginLoginAsync(patient.Mail);
            using (enrolment)
            using (var passphrase = Person.Secret(patient.Passphrase))
                Assert.Equal(AlarmKind.KeyChanged, (await Assert.ThrowsAsync<AlarmException>(() => enrolment.LogInAsync(pending, "12345678", passphrase, TimeProvider.System, None))).Kind);
            Assert.False(profile.Exists);
        }

        async Task InPlaceAsync(string path, Action<Exchange> mutate, Func<Task> act)
        {
            Servers.BeHonest();
            Servers.Mutate("cloud", path, mutate);
            await AlarmedAsync(AlarmKind.Integrity, patient, act);
        }
    }

    [Fact, Attack("K10")]
    public async Task NobodyIsLetInWhomTheOwnerDidNotLetIn()
    {
        // Eve writes into the patient's partition, and the cloud shows a permission that somebody else has signed.
        var sealedRecord = await Patient.SealedAsync(Cast.One.Id);
        var context = sealedRecord.Header.Context with { Record = Identifier.Random<RecordId>() };
        var forged = SealedRecord.Create(Eve.Account.Keys.Identity, sealedRecord.Header with { Author = Eve.Account.Keys.Identity.PublicKey, Context = context }, sealedRecord.SealedMetadata);
        var terms = new DepositTerms(Identifier.Random<GrantId>(), Doctor.Account.Keys.Identity.PublicKey, Eve.Account.Keys.Identity.PublicKey,
            DateTimeOffset.UnixEpoch, Limits.NoEnd, [context.Partition]);
        var permission = DepositGrant.Create(Doctor.Account.Keys.Identity, terms, new byte[100]);
        foreach (var reader in new[] { Patient, Doctor })
            foreach (var shown in new DepositView[][] { [], [new DepositView(permission.Signed, null)] })
            {
                Servers.BeHonest();
                Mutate<CataloguePage>(Paths.Records, page => page with { Records = [.. page.Records, new CatalogueRecord(forged.Signed, forged.SealedMetadata)] });
                Mutate<DepositList>(Paths.Deposits, list => new DepositList([.. list.Deposits, .. shown]));
                var (records, complaints) = reader == Patient ? await Patient.Records.OwnAsync(None) : await Doctor.Records.SharedAsync(None);
                Assert.DoesNotContain(records, record => record.Record == context.Record);
                Assert.Contains(records, record => record.Record == Cast.One.Id);
                Assert.Contains(complaints, complaint => complaint.Contains(Eve.Account.Id.ToString(), StringComparison.Ordinal) || complaint.Contains(Eve.Mail, StringComparison.Ordinal));
            }
        // By its number, and on the command line, where the list tells of it as well.
        Servers.BeHonest();
        MutateRecord(_ => new CatalogueRecord(forged.Signed, forged.SealedMetadata));
        await GetIsCaughtAsync(AlarmKind.Integrity, Patient, Cast.One);
    }

    [Fact, Attack("K11")]
    public async Task NoRecoveryKeyOfAnybodyElsesIsEnrolled()
    {
        using var patient = await Cast.RegisterAsync("patient");
        using var kit = RecoveryKit.Generate();
        var theirs = await SecretWrapping.UnderKitAsync(Eve.Account.Keys, kit);
        var mark = Servers.Now;
        // Policies, keys of an organisation and further wrappings, wherever the cloud shows the account.
        Servers.Mutate("cloud", Paths.Account, exchange =>
        {
            var view = exchange.Json<AccountView>();
            exchange.Set(new
            {
                view.Id, view.Mail, view.Card,
                Secrets = (WrappedSecret[])[.. view.Secrets, theirs with { Kind = "organisation" }, theirs with { Kind = "recovery:clinic" }],
                Policy = new { EnrolRecovery = true, RecoveryKey = Eve.Account.Card.Box.ToString(), OrganisationKey = Eve.Account.Card.Signed },
                RecoveryKey = Eve.Account.Card.Box.ToString(),
            });
        });
        using (var renewal = await KitRenewal.BeginAsync(patient.Account))
            await renewal.AdoptAsync(None);
        using (var passphrase = Person.Secret(patient.Passphrase))
            await patient.Account.ChangePassphraseAsync(passphrase, None);
        var sent = Servers.Since(mark).Where(seen => seen.Exchange is { Method: "PUT", Path: Paths.AccountKeys }).Select(seen => seen.Exchange).ToArray();
        Assert.Equal([SecretKinds.Recovery, SecretKinds.Passphrase], sent.Select(exchange =>
            System.Text.Json.JsonSerializer.Deserialize<ReplaceSecret>(exchange.Request, System.Text.Json.JsonSerializerOptions.Web)!.Secret.Kind));
        Assert.DoesNotContain(patient.Profile.Load().Secrets, secret => secret.Kind is "organisation" or "recovery:clinic");
        // Nor do other trustees take the place of those that were pinned.
        Assert.Equal(Servers.Parties.Trustees.Select(trustee => trustee.Key), patient.Profile.Load().Parties.Trustees.Select(trustee => trustee.Key));
    }

    [Fact, Attack("K12")]
    public async Task KeysAreCarriedOverToThoseOnlyWhomTheOwnerHasSignedFor()
    {
        using var patient = await Cast.RegisterAsync("patient");
        var (stays, leaves) = (await patient.ShareAsync(Doctor, ["medical"]), await patient.ShareAsync(Eve, ["medical"]));
        var terms = stays.Terms with { Id = Identifier.Random<GrantId>(), Owner = Eve.Account.Keys.Identity.PublicKey, Delegatee = Eve.Account.Card.Identity, Receiving = Eve.Account.Card.Receiving };
        var slippedIn = Grant.Create(Eve.Account.Keys.Identity, terms, stays.Entries, stays.SealedNote);
        // Before and after the owner's word that Eve is out, and with Eve's own grant as it was.
        var mark = Servers.Now;
        Mutate<GrantList>(Paths.Grants, list => new GrantList([.. list.Grants, new GrantView(slippedIn.Signed, null, [])]), "GET");
        await CaughtAsync(AlarmKind.Integrity, patient, "revoke", leaves.Terms.Id.ToString());
        Assert.DoesNotContain(Servers.Since(mark), seen => seen.Exchange.Path == Paths.KFrags);
        Servers.BeHonest();
        var outcome = await patient.Granting.RevokeAsync(leaves.Terms.Id, None);
        Assert.Equal((3, 1), (outcome.Receipts, outcome.Rekeyed));
        Mutate<GrantList>(Paths.Grants, list => new GrantList([.. list.Grants.Select(view => view with { Revocation = null })]), "GET");
        await CaughtAsync(AlarmKind.Withheld, patient, "grants");
        Servers.BeHonest();
        var later = await Cast.PutAsync(patient);
        await OpensAsync(Doctor, later);
        await Eve.RefusedByTrusteesAsync(leaves.Terms.Id, await patient.SealedAsync(later.Id));
        await Eve.FailsToGetAsync<RefusedException>(later.Id);
    }
}
