using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Inventory;
using Salus.Client.Profiles;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;

namespace Salus.Client.Partitions;

/// <summary>One of the owner's own partitions: its name, its pseudonym, and its chain of epochs, verified.</summary>
public sealed record Partition(string Name, PartitionId Id, IReadOnlyList<EpochHeader> Chain)
{
    public EpochHeader Head => Chain[^1];

    /// <summary>The epochs that a grant on the partition has not been extended to: of those since its first.</summary>
    internal IReadOnlyList<EpochHeader> MissingIn(Grant grant)
    {
        var first = grant.Entries.Where(entry => entry.Partition == Id).Select(entry => (EpochNumber?)entry.Epoch).Min();
        return [.. Chain.Where(header => first is { } from && header.Epoch > from && grant.Entry(Id, header.Epoch) is null)];
    }
}

/// <summary>
/// The owner's partitions and their epochs. The chain of each is fetched, verified against the signature, the hash links, the owner's own derived keys and the
/// newest epoch that this device has seen: a shorter one is a rollback.
/// </summary>
public sealed class PartitionKeys(Account account)
{
    /// <summary>The partitions that every account has.</summary>
    public static readonly IReadOnlyList<string> Standard = ["personal", "medical", "insurance", "prescription"];

    private const int MaxName = 40;

    /// <summary>How often another device may be first.</summary>
    private const int MaxRaces = 4;

    /// <summary>All partitions that have an epoch, by name.</summary>
    public Task<IReadOnlyList<Partition>> AllAsync(CancellationToken cancel) => SecondAnswer.TakeAsync(() => AskAllAsync(cancel));

    private async Task<IReadOnlyList<Partition>> AskAllAsync(CancellationToken cancel)
    {
        var remembered = Remembered();
        var headers = new List<EpochHeader>();
        foreach (var signed in await account.Cloud.EpochsAsync(account.Id, cancel))
            headers.Add(EpochHeader.TryVerify(signed, out var header) && header.Owner.Equals(account.Keys.Identity.PublicKey)
                ? header
                : throw new AlarmException(AlarmKind.Integrity, "The cloud shows an epoch header that this account has not signed."));
        var partitions = new List<Partition>();
        foreach (var group in headers.GroupBy(header => header.Partition))
        {
            var chain = VerifyChain(group, remembered);
            using var key = account.Keys.Delegating(group.Key, chain[^1].Epoch);
            if (!key.PublicKey.Equals(chain[^1].Key))
                throw new AlarmException(AlarmKind.Integrity, "An epoch header carries a key that is not this account's.");
            partitions.Add(new Partition(await NameAsync(chain[^1]), group.Key, chain));
        }
        foreach (var (key, seen) in remembered.Where(entry => entry.Key.StartsWith(account.Id.ToString(), StringComparison.Ordinal)))
            if (!partitions.Any(partition => key == SeenKey(account.Id, partition.Id)))
                throw new AlarmException(AlarmKind.Withheld, $"The cloud does not show a partition that was there before (epoch {seen.Epoch}).");
        await account.State.SaveAsync();
        return [.. partitions.OrderBy(partition => partition.Name, StringComparer.Ordinal)];
    }

    /// <summary>The partition of a name; its first epoch is made when there is none yet.</summary>
    public async Task<Partition> EnsureAsync(string name, CancellationToken cancel)
    {
        CheckName(name);
        var found = (await AllAsync(cancel)).FirstOrDefault(partition => partition.Name == name);
        return found ?? await AdvanceAsync(new Partition(name, account.Keys.Partition(name), []), cancel);
    }

    /// <summary>Makes those of <see cref="Standard"/> that are not there yet.</summary>
    public async Task EnsureStandardAsync(CancellationToken cancel)
    {
        var there = await AllAsync(cancel);
        foreach (var name in Standard.Where(name => there.All(partition => partition.Name != name)))
            await AdvanceAsync(new Partition(name, account.Keys.Partition(name), []), cancel);
        await account.Inventory.FlushAsync(cancel);
    }

    /// <summary>Moves a partition on to its next epoch: what is sealed afterwards is under a new key. When another device of this account is first, its epoch serves as well.</summary>
    public async Task<Partition> AdvanceAsync(Partition partition, CancellationToken cancel) =>
        await TryAdvanceAsync(partition, cancel) ?? await NewerAsync(partition, cancel);

    /// <summary>
    /// Moves a partition on to an epoch that this call has made: nothing is sealed under it yet. Another device's epoch would not serve where somebody is to see only what is new.
    /// </summary>
    public async Task<Partition> AdvanceAnewAsync(Partition partition, CancellationToken cancel)
    {
        for (var i = 0; i < MaxRaces; i++)
        {
            if (await TryAdvanceAsync(partition, cancel) is { } moved)
                return moved;
            partition = await NewerAsync(partition, cancel);
        }
        throw new CannotException("Other devices of this account are faster in beginning new epochs, or the cloud says so. Try again.");
    }

    /// <summary>Null when another device of this account was first.</summary>
    private async Task<Partition?> TryAdvanceAsync(Partition partition, CancellationToken cancel)
    {
        var previous = partition.Chain.Count == 0 ? null : partition.Head;
        var epoch = previous?.Epoch.Next() ?? EpochNumber.First;
        using var key = account.Keys.Delegating(partition.Id, epoch);
        var label = await SealedBlob.SealAsync(account.Keys.Label, Domains.PartitionLabel, Encoding.UTF8.GetBytes(partition.Name), LabelBinding(partition.Id, epoch));
        var header = EpochHeader.Create(account.Keys.Identity, partition.Id, epoch, key.PublicKey, previous, label);
        try
        {
            await account.Cloud.AddEpochAsync(header, cancel);
        }
        catch (RefusedException refused) when (refused.Code == Protocol.Http.Problems.Conflict)
        {
            return null;
        }
        Remember(account.Id, header);
        account.Inventory.Note(Items.Of(header));
        await account.State.SaveAsync();
        return partition with { Chain = [.. partition.Chain, header] };
    }

    private async Task<Partition> NewerAsync(Partition partition, CancellationToken cancel) =>
        (await AllAsync(cancel)).FirstOrDefault(other => other.Id == partition.Id && other.Chain.Count > partition.Chain.Count)
            ?? throw new AlarmException(AlarmKind.Withheld, "The cloud refuses a new epoch and does not show the one that is in its way.");

    /// <summary>
    /// Somebody else's partition, as far as the cloud shows its chain: verified against the owner's identity, the hash links and what this device has seen.
    /// </summary>
    internal Task<IReadOnlyDictionary<PartitionId, IReadOnlyList<EpochHeader>>> OfAsync(VerifyingKey owner, CancellationToken cancel) =>
        SecondAnswer.TakeAsync(() => AskOfAsync(owner, cancel));

    private async Task<IReadOnlyDictionary<PartitionId, IReadOnlyList<EpochHeader>>> AskOfAsync(VerifyingKey owner, CancellationToken cancel)
    {
        var remembered = Remembered();
        var headers = new List<EpochHeader>();
        foreach (var signed in await account.Cloud.EpochsAsync(owner.Account, cancel))
            headers.Add(EpochHeader.TryVerify(signed, out var header) && header.Owner.Equals(owner)
                ? header
                : throw new AlarmException(AlarmKind.Integrity, "The cloud shows an epoch header that the owner has not signed."));
        var chains = headers.GroupBy(header => header.Partition).ToDictionary(group => group.Key, IReadOnlyList<EpochHeader> (group) => VerifyChain(group, remembered));
        await account.State.SaveAsync();
        return chains;
    }

    private EpochHeader[] VerifyChain(IEnumerable<EpochHeader> headers, Dictionary<string, SeenEpoch> remembered)
    {
        var chain = headers.OrderBy(header => header.Epoch).ToArray();
        for (var i = 0; i < chain.Length; i++)
            if (!chain[i].Follows(i == 0 ? null : chain[i - 1]))
                throw new AlarmException(AlarmKind.Integrity, "The chain of epochs that the cloud shows has a gap or a fork.");
        var head = chain[^1];
        var owner = head.Owner.Account;
        if (remembered.TryGetValue(SeenKey(owner, head.Partition), out var seen))
        {
            if (head.Epoch.Value < seen.Epoch)
                throw new AlarmException(AlarmKind.Rollback, $"The cloud shows epoch {head.Epoch} of a partition; this device has seen epoch {seen.Epoch}.");
            if (!chain[(int)seen.Epoch - 1].Hash.AsSpan().SequenceEqual(seen.Hash))
                throw new AlarmException(AlarmKind.Integrity, $"The cloud shows another epoch {seen.Epoch} of a partition than before.");
        }
        Remember(owner, head);
        return chain;
    }

    private Dictionary<string, SeenEpoch> Remembered() => new(account.State.Content.Epochs);

    /// <summary>Upwards only: an answer that was long on its way does not take back what was learnt meanwhile.</summary>
    private void Remember(AccountId owner, EpochHeader head)
    {
        var (epochs, key) = (account.State.Content.Epochs, SeenKey(owner, head.Partition));
        if (!epochs.TryGetValue(key, out var seen) || seen.Epoch < head.Epoch.Value)
            epochs[key] = new SeenEpoch(head.Epoch.Value, head.Hash);
    }

    private async Task<string> NameAsync(EpochHeader header)
    {
        var label = await SealedBlob.OpenAsync(account.Keys.Label, Domains.PartitionLabel, header.SealedLabel, LabelBinding(header.Partition, header.Epoch));
        var name = label is null ? null : Encoding.UTF8.GetString(label);
        return name is not null && account.Keys.Partition(name) == header.Partition
            ? name
            : throw new AlarmException(AlarmKind.Integrity, "The name of a partition is damaged.");
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > MaxName || name.Any(c => !(char.IsLetterOrDigit(c) || c is '-' or '_') || char.IsUpper(c)))
            throw new CannotException($"'{name}' is no name of a partition: use lower-case letters, digits, '-' and '_', at most {MaxName}.", Reasons.BadPartition);
    }

    private static byte[] LabelBinding(PartitionId partition, EpochNumber epoch) =>
        [.. partition.ToBytes(), .. BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(epoch.Value))];

    private static string SeenKey(AccountId owner, PartitionId partition) => $"{owner}/{partition}";
}
