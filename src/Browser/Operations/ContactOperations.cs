using Salus.Client.Accounts;

namespace Salus.Browser.Operations;

/// <summary>Whom the account knows, and by which keys.</summary>
internal sealed class ContactOperations(Session session)
{
    private Contacts Contacts => new(session.Account);

    public static void AddTo(OperationTable table, Session session)
    {
        var (operations, json) = (new ContactOperations(session), SharingJson.Default);
        table.Add("contacts.list", json.Nothing, json.IReadOnlyListContactDocument, operations.ListAsync);
        table.AddChange("contacts.resolve", json.MailArguments, json.ContactDocument, operations.ResolveAsync);
        table.AddChange("contacts.confirm", json.FingerprintArguments, json.ContactDocument, operations.ConfirmAsync);
        table.AddChange("contacts.newKey", json.MailArguments, json.ContactDocument, operations.NewKeyAsync);
        table.AddChange("contacts.acceptNewKey", json.FingerprintArguments, json.ContactDocument, operations.AcceptNewKeyAsync);
    }

    private Task<IReadOnlyList<ContactDocument>> ListAsync(Nothing arguments, Call call) =>
        Task.FromResult<IReadOnlyList<ContactDocument>>([.. Contacts.List().Select(ContactDocument.Of)]);

    private async Task<ContactDocument> ResolveAsync(MailArguments arguments, Call call) => ContactDocument.Of(await Contacts.ResolveAsync(arguments.Mail, call.Cancel));

    private async Task<ContactDocument> ConfirmAsync(FingerprintArguments arguments, Call call) =>
        ContactDocument.Of(await Contacts.ConfirmAsync(arguments.Mail, arguments.Fingerprint));

    private async Task<ContactDocument> NewKeyAsync(MailArguments arguments, Call call)
    {
        var changed = await Contacts.RepinAsync(arguments.Mail, call.Cancel);
        session.Shown.Add(changed);
        return ContactDocument.Of(changed);
    }

    /// <summary>The card that was shown, and no other: the cloud is not asked again between the user's look and this.</summary>
    private async Task<ContactDocument> AcceptNewKeyAsync(FingerprintArguments arguments, Call call)
    {
        var changed = session.Shown.NewKey(arguments.Mail);
        Contacts.CheckFingerprint(changed, arguments.Fingerprint);
        await Contacts.ConfirmAsync(changed);
        session.Shown.RemoveNewKey(arguments.Mail);
        return ContactDocument.Of(changed with { Verified = true });
    }
}
