using Microsoft.EntityFrameworkCore;
using Npgsql;
using Salus.Cloud.Data;
using Salus.Cloud.Log;
using Salus.Crypto.Oprf;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Log;

namespace Salus.Cloud.Accounts;

/// <summary>The tags of mail addresses in the log, by a key from the cloud's identity: the same on all replicas, and for ever.</summary>
internal sealed class CardTags(ServerIdentity identity) : IDisposable
{
    private readonly OprfKey _key = identity.DirectoryKey();

    /// <summary>What clients pin, 64 hexadecimal digits.</summary>
    public string Key => Convert.ToHexStringLower(_key.PublicKey.Bytes);

    public byte[] Of(MailAddress mail)
    {
        using var output = _key.Compute(CardTag.Input(mail.Value));
        return CardTag.Of(output);
    }

    public byte[] Evaluate(OprfElement blinded) => _key.Evaluate(blinded).Bytes.ToArray();

    public void Dispose() => _key.Dispose();
}

/// <summary>Enters the cards of accounts from before there was a log.</summary>
internal sealed class CardBackfill(IServiceScopeFactory scopes, CardTags tags, TimeProvider time, ILogger<CardBackfill> log) : BackgroundService
{
    private const int Batch = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    public static async Task<int> EnterAsync(CloudDatabase database, CardTags tags, CancellationToken cancellation)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
        var rows = await database.Accounts.FromSql($"SELECT * FROM cloud.accounts WHERE NOT is_card_logged ORDER BY id LIMIT {Batch} FOR UPDATE SKIP LOCKED").ToListAsync(cancellation);
        foreach (var row in rows)
        {
            row.IsCardLogged = true;
            if (AccountCard.TryVerify(row.Card, out var card) && MailAddress.TryParse(row.Mail, out var mail))
                database.Log(LogEntry.Card(tags.Of(mail), card));
        }
        await database.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return rows.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var entered = Batch; entered > 0;)
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                entered = await EnterAsync(scope.ServiceProvider.GetRequiredService<CloudDatabase>(), tags, stoppingToken);
            }
            catch (Exception error) when (error is NpgsqlException or InvalidOperationException or DbUpdateException)
            {
                log.LogWarning(error, "Cards could not be entered into the log; they are tried again.");
                await Task.Delay(Pause, time, stoppingToken);
            }
    }
}
