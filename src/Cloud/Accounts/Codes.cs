using Salus.Cloud.Data;
using Salus.Cloud.Mail;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Cloud.Accounts;

/// <summary>
/// Sends one-time codes and takes them back. What happens while the asker waits is the same whether or not the address has an account: one row, one
/// entry in the outbox. Who gets which letter is decided afterwards, by <see cref="Outbox"/>.
/// </summary>
internal sealed class Codes(CloudDatabase database, Pepper pepper, Outbox outbox, CloudOptions options, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>The period in which <see cref="CloudOptions.CodesPerHour"/> are sent to one address; rows are kept so long.</summary>
    public static readonly TimeSpan LimitPeriod = TimeSpan.FromHours(1);

    /// <summary>Sends a code, unless the address has had its share: that too looks the same to the asker.</summary>
    public async Task<CodeSent> SendAsync(CodePurpose purpose, string text, CancellationToken cancellation)
    {
        if (!MailAddress.TryParse(text, out var mail))
            throw ProblemException.BadRequest(MailAddress.Syntax);
        if (!outbox.HasRoom)
            throw ProblemException.TooMany(TimeSpan.FromMinutes(1));
        var now = time.GetUtcNow();
        var id = Identifier.Random<CodeId>();
        var code = Pepper.NewCode();
        var row = new CodeRow
        {
            Id = id,
            Purpose = purpose,
            MailTag = pepper.MailTag(purpose, mail),
            SealedMail = await pepper.SealMailAsync(id, mail),
            CodeMac = pepper.CodeMac(purpose, id, code),
            CreatedAt = now,
            ExpiresAt = now + Life,
        };
        if (await database.TryAddAsync(row, options.CodesPerHour, now - LimitPeriod, cancellation))
            outbox.Post(new CodeLetter(purpose, mail, code, now + Life));
        return new CodeSent(id.ToString(), now + Life);
    }

    /// <summary>Counts a try; answers the address to which the code was sent.</summary>
    /// <exception cref="ProblemException">`code-refused`, whatever is wrong.</exception>
    public async Task<MailAddress> RedeemAsync(CodePurpose purpose, string id, string text, CancellationToken cancellation)
    {
        if (!Identifier.TryParse(id, out CodeId codeId) || !Pepper.TryReadCode(text, out var code))
            throw ProblemException.CodeRefused();
        var sealedMail = await database.TryRedeemAsync(purpose, codeId, pepper.CodeMac(purpose, codeId, code), time.GetUtcNow(), cancellation);
        return sealedMail is not null && await pepper.OpenMailAsync(codeId, sealedMail) is { } mail ? mail : throw ProblemException.CodeRefused();
    }
}
