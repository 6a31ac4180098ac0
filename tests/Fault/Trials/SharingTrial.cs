using Salus.Client;
using Salus.Client.Records;
using Salus.Client.Sharing;
using Salus.EndToEnd.Tests;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Fault.Tests.Trials;

/// <summary>A partition of its own with one record, which others may read.</summary>
internal abstract class SharingTrial(Ground ground) : Trial(ground)
{
    private const int Patience = 60;

    protected string Partition => $"part-{Number}";

    protected RecordId Record { get; private set; }

    protected byte[] Bytes { get; private set; } = [];

    public override async Task PrepareAsync()
    {
        Bytes = Extensions.RandomBytes(200);
        Record = (await PutAsync(Bytes)).Record;
        Ground.IsStored(Record, Bytes);
    }

    protected Task<StoredRecord> PutAsync(byte[] bytes) =>
        Owner.Records.PutAsync(Ground.File($"{Guid.NewGuid():n}.bin", bytes), new PutOptions(Partition, [], new DispersalChoice()), null, None);

    protected async Task<Grant> ShareAsync(Person with)
    {
        var granting = Owner.Granting;
        return await granting.ConfirmAsync(await ProposeAsync(granting, with), None);
    }

    protected async Task<IReadOnlyList<GrantSummary>> GrantsAsync() => [.. (await Owner.Granting.ListAsync(None)).Where(grant => grant.Partitions.Contains(Partition))];

    /// <summary>A sweep asks for cards faster than a person may: it waits as it is told to.</summary>
    private async Task<ShareProposal> ProposeAsync(Granting granting, Person with)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await granting.ProposeAsync(with.Mail, GrantRole.Doctor, [Partition], null, null, null, History.Whole, None);
            }
            catch (RefusedException refused) when (refused.Code == Problems.TooMany && attempt < Patience)
            {
                await Task.Delay(1000);
            }
    }

    /// <summary>What every command does first: it brings to an end what an earlier one could not.</summary>
    protected Task FinishEarlierAsync() => Owner.Granting.FinishAsync(None);
}

/// <summary>A partition is shared: what the owner's list says is what the doctor can do.</summary>
internal sealed class ShareTrial(Ground ground) : SharingTrial(ground)
{
    public override async Task FinishAsync()
    {
        await FinishEarlierAsync();
        var states = (await GrantsAsync()).Select(grant => grant.State).ToArray();
        var isShared = states.Contains("active");
        // Made by a clock that was ahead, it begins when that said.
        Assert.True(isShared || states.Contains("not yet") || !IsAcknowledged, "An acknowledged grant is gone.");
        if (isShared)
            return;
        await Ground.IsRefusedAsync(await Ground.DoctorAsync(), Record);
        await ActAsync();
    }

    public override async Task CheckAsync()
    {
        Assert.Single(await GrantsAsync(), grant => grant.State == "active");
        await Ground.OpensAsync(await Ground.DoctorAsync(), Record, Bytes);
        Ground.IsShared(Record, Bytes);
    }

    public override async Task<string[]> CommandAsync() => ["share", "--to", (await Ground.DoctorAsync()).Mail, "--role", "doctor", "--partition", Partition, "--yes"];

    protected override async Task ActAsync() => await ShareAsync(await Ground.DoctorAsync());
}

/// <summary>A grant is revoked, and another one on the same partition is not.</summary>
internal sealed class RevokeTrial(Ground ground) : SharingTrial(ground)
{
    private GrantId _grant;
    private RecordId _later;
    private byte[] _laterBytes = [];

    public override async Task PrepareAsync()
    {
        await base.PrepareAsync();
        _grant = (await ShareAsync(await Ground.DoctorAsync())).Terms.Id;
        if (Number % 2 == 0)
            await ShareAsync(await Ground.FriendAsync());
        await Ground.OpensAsync(await Ground.DoctorAsync(), Record, Bytes);
    }

    public override async Task LookAsync()
    {
        if (IsAcknowledged)
            await Ground.IsRefusedAsync(await Ground.DoctorAsync(), Record);
    }

    public override async Task FinishAsync()
    {
        await FinishEarlierAsync();
        if ((await GrantsAsync()).Single(grant => grant.Id == _grant).State != "revoked")
            await ActAsync();
        if (_laterBytes.Length > 0)
            return;
        var bytes = Extensions.RandomBytes(100);
        (_later, _laterBytes) = ((await PutAsync(bytes)).Record, bytes);
    }

    public override async Task CheckAsync()
    {
        var revoked = (await GrantsAsync()).Single(grant => grant.Id == _grant);
        Assert.Equal(("revoked", 3), (revoked.State, revoked.Receipts));
        foreach (var record in new[] { Record, _later })
            await Ground.IsRefusedAsync(await Ground.DoctorAsync(), record);
        if (Number % 2 == 0)
        {
            await Ground.OpensAsync(await Ground.FriendAsync(), Record, Bytes);
            await Ground.OpensAsync(await Ground.FriendAsync(), _later, _laterBytes);
        }
        Ground.IsStored(_later, _laterBytes);
        Ground.IsRevoked(_grant, Record);
    }

    public override Task<string[]> CommandAsync() => Task.FromResult<string[]>(["revoke", _grant.ToString()]);

    /// <summary>Only two trustees' receipts are an acknowledgement.</summary>
    protected override async Task ActAsync()
    {
        if ((await Owner.Granting.RevokeAsync(_grant, None)).Receipts < 2)
            throw new CannotException("Fewer than two trustees have acknowledged the revocation.", Reasons.TooFewTrustees);
    }
}
