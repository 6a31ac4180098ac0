using Salus.Client.Accounts;
using Salus.Client.Records;
using Salus.Protocol;

namespace Salus.Client.Deposits;

/// <summary>Who may write into one owner's partitions: the owner, and whom the owner has given a deposit grant, within its terms. Every reader asks here before it believes an author.</summary>
internal sealed class PermittedSources
{
    private readonly Account _account;
    private readonly VerifyingKey _owner;
    private readonly string _ownerName;
    private readonly Dictionary<VerifyingKey, string> _names = [];
    private IReadOnlyList<Deposit>? _deposits;

    private PermittedSources(Account account, VerifyingKey owner, string ownerName) => (_account, _owner, _ownerName) = (account, owner, ownerName);

    /// <param name="ownerName">What the owner is called where they are the source.</param>
    public static PermittedSources Of(Account account, VerifyingKey owner, string ownerName) => new(account, owner, ownerName);

    /// <summary>The account's own partitions.</summary>
    public static PermittedSources Own(Account account) => new(account, account.Keys.Identity.PublicKey, RecordSummary.Self);

    /// <summary>
    /// Whether a source may write to a partition at the time that it signed. The owner may always; the deposit grants are fetched when someone else is asked for first.
    /// </summary>
    public async Task<bool> MayWriteAsync(VerifyingKey source, PartitionId partition, DateTimeOffset at, CancellationToken cancel)
    {
        if (source.Equals(_owner))
            return true;
        return (await PermissionsAsync(source, partition, at, cancel)).Count > 0;
    }

    /// <summary>The deposit grants by which somebody else may write to a partition at that time.</summary>
    public async Task<IReadOnlyList<Deposit>> PermissionsAsync(VerifyingKey source, PartitionId partition, DateTimeOffset at, CancellationToken cancel) =>
        [.. (await AllAsync(cancel)).Where(deposit => deposit.Allows(source, partition, at))];

    /// <summary>All deposit grants that the owner has ever given.</summary>
    public async Task<IReadOnlyList<Deposit>> AllAsync(CancellationToken cancel) => _deposits ??= await new KnownDeposits(_account).OfAsync(_owner, cancel);

    /// <summary>"you", the name of an organisation, or a mail address; for someone unknown the account's identifier.</summary>
    public async Task<string> NameAsync(VerifyingKey source, CancellationToken cancel)
    {
        if (source.Equals(_account.Keys.Identity.PublicKey))
            return RecordSummary.Self;
        if (source.Equals(_owner))
            return _ownerName;
        if (!_names.TryGetValue(source, out var name))
        {
            var contacts = new Contacts(_account);
            var card = await contacts.ResolveAsync(source.Account, cancel);
            if (!card.Identity.Equals(source))
                throw new AlarmException(AlarmKind.KeyChanged, "The cloud shows another card than that of who wrote a record.");
            // An organisation chooses its name: it is not to be taken for the reader, nor for somebody's address.
            var organisation = card.Organisation is { } given && given != RecordSummary.Self && !given.Contains('@', StringComparison.Ordinal) ? given : null;
            _names[source] = name = organisation ?? contacts.MailOf(card.Account) ?? card.Account.ToString();
        }
        return name;
    }
}
