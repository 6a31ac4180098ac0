using System.Security.Cryptography;
using System.Text;
using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Requests;

/// <summary>What others can find by the account's number.</summary>
/// <param name="Number">"+41790000000".</param>
/// <param name="Records">Records that the owner has made findable.</param>
/// <param name="Keywords">The keywords that they have together.</param>
public sealed record Findable(string Number, int Records, IReadOnlyList<string> Keywords);

/// <summary>
/// The account's entry in the directory, made anew whenever something in it changes: by it those who know the number and a keyword of a findable record learn how many
/// there are, and can ask for access. The number is nobody's to prove: an entry is found by who was told the number, and vouches for nothing.
/// </summary>
public sealed class Directory(Account account)
{
    /// <summary>In the place of a tag: an entry that was taken out.</summary>
    private const string None = "";

    private const int MaxRows = 4096;
    private const int MinRows = 8;

    /// <summary>Enters the account under a number, in place of what was there.</summary>
    public async Task<Findable> EnterAsync(PhoneNumber number, CancellationToken cancel)
    {
        using var hardened = await new Hardening(account).HardenAsync(number, cancel);
        return await PutAsync(hardened, number.Text, cancel);
    }

    /// <summary>
    /// Makes the entry anew from the findable records as they are, whatever an earlier command was cut short in, and says what can be found. Null when the account has none.
    /// </summary>
    public async Task<Findable?> RefreshAsync(CancellationToken cancel)
    {
        if (await OwnAsync(cancel) is not { } own)
        {
            await MarkAsync(isDue: false);
            return null;
        }
        using var hardened = own.Number;
        return await PutAsync(hardened, own.Text, cancel);
    }

    /// <summary><see cref="RefreshAsync"/>, when a findable record came or went since the entry was made. False when the account has none, and the record is not found.</summary>
    public async Task<bool> RefreshDueAsync(CancellationToken cancel) => !account.State.Content.IsDirectoryDue || await RefreshAsync(cancel) is not null;

    /// <summary>A findable record is about to come or go: from here on the entry is due to be made anew, after a kill too.</summary>
    internal Task ExpectRefreshAsync() => MarkAsync(isDue: true);

    /// <summary>Takes the entry out; nothing of it stays.</summary>
    public async Task RemoveAsync(CancellationToken cancel)
    {
        await ExpectTooAsync(None);
        await account.Cloud.Requests.RemoveDirectoryAsync(cancel);
        await ExpectAsync([None]);
        await MarkAsync(isDue: false);
    }

    /// <summary>The number of the account's entry, and what it is to the directory. Null when there is none.</summary>
    internal async Task<(HardenedNumber Number, string Text)?> OwnAsync(CancellationToken cancel)
    {
        if (await account.Cloud.Requests.DirectoryAsync(cancel) is not { } view)
            return account.State.Content.DirectoryTags is not { } last || last.Contains(None)
                ? null
                : throw new AlarmException(AlarmKind.Withheld, "The cloud does not show the directory entry that this account has made. Make it anew with "
                    + "`salus phone +NUMBER`; or, if you took it out on another device, here too with `salus phone --remove`.");
        using var opened = await SealedBlob.OpenSecretAsync(account.Keys.Directory, Domains.DirectoryOwn, view.SealedOwn, account.Id.ToBytes());
        if (opened is null || opened.Length <= HardenedNumber.Size)
            throw new AlarmException(AlarmKind.Integrity, "The cloud shows a directory entry that this account has not made. Make it anew with `salus phone +NUMBER`.");
        var number = HardenedNumber.Restore(opened.Bytes[..HardenedNumber.Size]);
        try
        {
            if (!view.Tag.AsSpan().SequenceEqual(number.Tag))
                throw new AlarmException(AlarmKind.Integrity, "The cloud has this account's directory entry under another tag than its own.");
            var tag = Convert.ToHexStringLower(number.Tag);
            if (account.State.Content.DirectoryTags is not { } last)
                await ExpectAsync([tag]);
            else if (!last.Contains(tag))
                throw new AlarmException(AlarmKind.Rollback, "The cloud shows another directory entry of this account than the one that this device made or saw last. Make it "
                    + "anew with `salus phone +NUMBER`, also if you changed the number on another device.");
        }
        catch
        {
            number.Dispose();
            throw;
        }
        return (number, Encoding.ASCII.GetString(opened.Bytes[HardenedNumber.Size..]));
    }

    private async Task<Findable> PutAsync(HardenedNumber number, string text, CancellationToken cancel)
    {
        var found = await FindableAsync(cancel);
        var keywords = found.SelectMany(record => record.Keywords.Select(keyword => (Keyword: keyword, record.Record))).GroupBy(pair => pair.Keyword).ToArray();
        if (keywords.Length > MaxRows)
            throw new CannotException($"Your findable records have {keywords.Length} keywords; the directory takes {MaxRows}. Nothing was changed.", Reasons.TooManyWords);
        var rows = new List<FindRow>();
        foreach (var keyword in keywords)
        {
            var handles = keyword.Select(pair => number.Handle(pair.Record)).Distinct().TakeLast(HardenedNumber.MaxHandles).ToArray();
            rows.Add(new FindRow(number.FindTag(keyword.Key), await number.SealHandlesAsync(keyword.Key, handles)));
        }
        // Rows that stand for nothing: how many keywords there are shows by powers of two only.
        var total = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(rows.Count, MinRows));
        while (rows.Count < total)
            rows.Add(new FindRow(RandomNumberGenerator.GetBytes(HardenedNumber.TagSize), RandomNumberGenerator.GetBytes(HardenedNumber.SealedHandlesSize(0))));
        rows.Sort((a, b) => a.Tag.AsSpan().SequenceCompareTo(b.Tag));
        using var own = new Secret(HardenedNumber.Size + text.Length);
        number.Bytes.CopyTo(own.Writable);
        Encoding.ASCII.GetBytes(text, own.Writable[HardenedNumber.Size..]);
        var sealedOwn = await SealedBlob.SealAsync(account.Keys.Directory, Domains.DirectoryOwn, own, account.Id.ToBytes());
        var tag = Convert.ToHexStringLower(number.Tag);
        var before = await ExpectTooAsync(tag);
        try
        {
            await account.Cloud.Requests.PutDirectoryAsync(new DirectoryEntry(number.Tag, sealedOwn, rows), cancel);
        }
        catch (RefusedException refused)
        {
            await ExpectAsync(before);
            if (refused.Code != Problems.Conflict)
                throw;
            throw new CannotException("Another account has entered this number. Nothing was changed. Numbers are not verified by a call: if it is yours, tell who runs this installation.",
                Reasons.NumberTaken);
        }
        await ExpectAsync([tag]);
        await MarkAsync(isDue: false);
        return Describe(text, found);
    }

    private async Task MarkAsync(bool isDue)
    {
        if (account.State.Content.IsDirectoryDue == isDue)
            return;
        account.State.Content.IsDirectoryDue = isDue;
        await account.State.SaveAsync();
    }

    /// <summary>Says what the cloud may show besides what it showed before: a change is on its way. What that was.</summary>
    private async Task<HashSet<string>?> ExpectTooAsync(string tag)
    {
        var before = account.State.Content.DirectoryTags;
        if (before is not null)
            await ExpectAsync([.. before, tag]);
        return before;
    }

    private async Task ExpectAsync(HashSet<string>? tags)
    {
        var before = account.State.Content.DirectoryTags;
        if (before is null ? tags is null : tags is not null && before.SetEquals(tags))
            return;
        account.State.Content.DirectoryTags = tags;
        await account.State.SaveAsync();
    }

    private async Task<IReadOnlyList<(RecordId Record, string[] Keywords)>> FindableAsync(CancellationToken cancel)
    {
        var opened = await new Catalogue(account).OwnAsync(cancel);
        try
        {
            return [.. opened.Where(record => record.Metadata.IsFindable && record.Sealed.Header.Author.Equals(account.Keys.Identity.PublicKey))
                .Select(record => (record.Id, record.Metadata.Keywords.Select(Keyword.Fold).OfType<string>().Distinct().ToArray()))];
        }
        finally
        {
            Catalogue.Dispose(opened);
        }
    }

    private static Findable Describe(string text, IReadOnlyList<(RecordId Record, string[] Keywords)> found) =>
        new(text, found.Count(record => record.Keywords.Length > 0), [.. found.SelectMany(record => record.Keywords).Distinct().Order(StringComparer.Ordinal)]);
}
