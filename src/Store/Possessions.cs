using System.Security.Cryptography;
using Salus.Protocol;

namespace Salus.Store;

/// <summary>
/// Challenges that wait for an answer, and wrong answers. A challenge is answered once, within two minutes, under the ticket and for the address that it was given for; after three
/// wrong answers a claim is heard no more. In memory: after a restart a prover asks for another challenge.
/// </summary>
internal sealed class Possessions(TimeProvider time)
{
    private const int MaxWaiting = 65_536;
    private const int MaxWrong = 3;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<(UInt128 Claim, FragmentAddress Address), Challenge> _waiting = [];
    private readonly Dictionary<UInt128, (int Count, DateTimeOffset Until)> _wrong = [];

    /// <summary>A fresh nonce in the place of one that may be waiting; null when too many wait or the claim has answered wrongly too often.</summary>
    public byte[]? Ask(PossessionTicket ticket, FragmentAddress address)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_wrong.TryGetValue(ticket.Claim, out var wrong) && wrong.Count >= MaxWrong)
                return null;
            if (_waiting.Count >= MaxWaiting)
                Forget(now);
            if (_waiting.Count >= MaxWaiting)
                return null;
            var nonce = RandomNumberGenerator.GetBytes(PossessionAnswer.NonceSize);
            _waiting[(ticket.Claim, address)] = new Challenge(nonce, now + Life);
            return nonce;
        }
    }

    /// <summary>Takes a challenge out: it counts for one answer, right or wrong.</summary>
    public bool TryTake(PossessionTicket ticket, FragmentAddress address, ReadOnlySpan<byte> nonce)
    {
        lock (_lock)
            return _waiting.TryGetValue((ticket.Claim, address), out var challenge) && nonce.SequenceEqual(challenge.Nonce) && _waiting.Remove((ticket.Claim, address))
                && challenge.Until > time.GetUtcNow();
    }

    /// <summary>Counts a wrong answer.</summary>
    public void Miss(PossessionTicket ticket)
    {
        lock (_lock)
            _wrong[ticket.Claim] = (_wrong.GetValueOrDefault(ticket.Claim).Count + 1, ticket.Until);
    }

    /// <summary>Forgets challenges that nobody answered, and wrong answers under tickets that have ended.</summary>
    public void Forget(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (key, _) in _waiting.Where(waiting => waiting.Value.Until <= now).ToList())
                _waiting.Remove(key);
            foreach (var (claim, _) in _wrong.Where(wrong => wrong.Value.Until <= now).ToList())
                _wrong.Remove(claim);
        }
    }

    private sealed record Challenge(byte[] Nonce, DateTimeOffset Until);
}
