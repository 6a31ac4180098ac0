using Salus.Client;
using Salus.Client.Log;
using Salus.EndToEnd.Tests;
using Salus.Protocol;

namespace Salus.Fault.Tests.Trials;

/// <summary>Who takes part in trials, and what was promised to them: it holds to the end.</summary>
internal sealed class Ground : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly Dictionary<RecordId, byte[]> _records = [];
    private readonly List<(RecordId Record, byte[] Bytes)> _readable = [];
    private readonly List<(GrantId Grant, RecordId Record)> _revoked = [];
    private readonly int _before;
    private int _numbers;

    private Person? _doctor;
    private Person? _friend;

    private Ground(SalusInstallation salus, Person patient, Device owner) => (Salus, Patient, Owner, _before) = (salus, patient, owner, Fragments(salus));

    public SalusInstallation Salus { get; }

    public Person Patient { get; }

    /// <summary>The patient's device, as it is after all that has happened to it.</summary>
    public Device Owner { get; private set; }

    /// <param name="clock">Of the patient's device.</param>
    public static async Task<Ground> MakeAsync(SalusInstallation salus, TimeProvider? clock = null)
    {
        var patient = await Person.RegisterAsync(salus, "patient");
        return new Ground(salus, patient, await Device.OfAsync(salus, patient, clock));
    }

    public async Task<Person> DoctorAsync() => _doctor ??= await Person.RegisterAsync(Salus, "doctor");

    public async Task<Person> FriendAsync() => _friend ??= await Person.RegisterAsync(Salus, "friend");

    public int NextNumber() => ++_numbers;

    public async Task RestartOwnerAsync() => Owner = await Owner.RestartedAsync();

    /// <summary>The patient's device as a command has left it.</summary>
    public async Task TakeUpAsync()
    {
        Owner.Dispose();
        Owner = await Device.OfAsync(Salus, Patient);
    }

    /// <summary>A file that is put in trials.</summary>
    public string File(string name, byte[] bytes)
    {
        var path = Path.Combine(Directory.CreateDirectory(Salus.In("in", Patient.Name)).FullName, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    public void IsStored(RecordId record, byte[] bytes) => _records[record] = bytes;

    public void IsShared(RecordId record, byte[] bytes) => _readable.Add((record, bytes));

    public void IsRevoked(GrantId grant, RecordId record) => _revoked.Add((grant, record));

    /// <summary>Something that the doctor could read, and may not any more from here on.</summary>
    public async Task RevokeOneAsync()
    {
        var trial = Trial.Of("revoke", this);
        await trial.PrepareAsync();
        await trial.RunAsync();
        await trial.FinishAsync();
        await trial.CheckAsync();
    }

    /// <summary>Who opens it gets these bytes.</summary>
    public static async Task OpensAsync(Person reader, RecordId record, byte[] bytes) => Extensions.AssertSame(bytes, (await reader.GetAsync(record)).Bytes, $"{record}");

    /// <summary>Nobody hands it to this person.</summary>
    public static async Task IsRefusedAsync(Person reader, RecordId record)
    {
        var refusal = await Assert.ThrowsAnyAsync<Exception>(() => reader.GetAsync(record));
        Assert.True(refusal is RefusedException or CannotException, $"{refusal}");
    }

    /// <summary>Nothing that was acknowledged is lost, nothing is there twice or in half, nothing that was revoked is served.</summary>
    /// <param name="sample">How many of each are opened.</param>
    public async Task CheckAsync(int sample)
    {
        var listed = await Owner.Records.ListAsync(None);
        Assert.Equal(listed.Count, listed.Select(record => record.Record).Distinct().Count());
        Assert.Empty(_records.Keys.Except(listed.Select(record => record.Record)));
        foreach (var (record, bytes) in Some(_records, sample))
            Extensions.AssertSame(bytes, await Owner.GetAsync(record), $"{record}");
        foreach (var record in Some([.. listed.Select(record => record.Record).Except(_records.Keys)], sample))
            Assert.NotEmpty(await Owner.GetAsync(record));
        foreach (var (record, bytes) in Some(_readable, sample))
            await OpensAsync(await DoctorAsync(), record, bytes);
        foreach (var (grant, record) in Some(_revoked, sample))
        {
            await IsRefusedAsync(await DoctorAsync(), record);
            await (await DoctorAsync()).RefusedByTrusteesAsync(grant, await Patient.SealedAsync(record));
        }
        var granting = Owner.Granting;
        await granting.FinishAsync(None);
        Assert.Empty(granting.Complaints);
        Assert.Equal(0, Owner.Records.Unfinished);
        await VerifyLogAsync();
    }

    /// <summary>The stores keep what the patient's records consist of, complete, and nothing else of theirs: nothing half-written, and nothing that was deleted.</summary>
    public async Task CheckStoresAsync()
    {
        var files = new HashSet<string>();
        foreach (var record in await Owner.Records.ListAsync(None))
            files.UnionWith((await Patient.FragmentsAsync(record.Record)).Select(fragment => fragment.File));
        Assert.All(files, file => Assert.True(System.IO.File.Exists(file), file));
        Assert.Equal(_before + files.Count, Fragments(Salus));
    }

    /// <summary>The log proves all that this owner did and others read. What was accepted a moment ago is entered within a moment.</summary>
    private async Task VerifyLogAsync()
    {
        AccessReport? report = null;
        for (var attempt = 0; report is null or { Alarms.Count: > 0 } && attempt < 20; attempt++)
        {
            await Task.Delay(attempt * 50);
            report = await new AccessHistory(Owner.Account).VerifyAsync(null, None);
        }
        Assert.True(report!.Alarms.Count == 0, string.Join(' ', report.Alarms.Select(alarm => alarm.Message)));
        Assert.NotNull(report.Evidence);
    }

    public void Dispose()
    {
        Owner.Dispose();
        Patient.Dispose();
        _doctor?.Dispose();
        _friend?.Dispose();
    }

    /// <summary>At all stores, complete or on their way.</summary>
    private static int Fragments(SalusInstallation salus) => SalusInstallation.StoreNames.Sum(store => new[] { "fragments", "uploads" }.Sum(folder =>
        Directory.EnumerateFiles(salus.In(store, folder), "data", SearchOption.AllDirectories).Count()));

    private static IEnumerable<T> Some<T>(IReadOnlyCollection<T> all, int sample) => all.OrderBy(_ => Random.Shared.Next()).Take(sample);
}
