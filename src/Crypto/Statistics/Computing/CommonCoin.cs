using System.Security.Cryptography;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Statistics.Computing;

/// <summary>
/// 32 bytes that none of the three can foresee or choose: everyone commits to a random part, then shows it, and the coin is the hash of the parts. A party that shows
/// different parts to the two others makes them disagree, which <see cref="ProductProof"/> and the confirmation find.
/// </summary>
internal static class CommonCoin
{
    public const int Size = 32;

    public static async ValueTask<byte[]> TossAsync(PartyLink link, CancellationToken cancel)
    {
        var parts = new byte[Parties.Count][];
        int previous = Parties.Previous(link.Party), next = Parties.Next(link.Party);
        parts[link.Party] = RandomNumberGenerator.GetBytes(Size);
        var commitment = Commit(link.Party, parts[link.Party]);
        byte[] ofPrevious = new byte[Size], ofNext = new byte[Size];
        await link.ExchangeAsync(commitment, commitment, ofPrevious, ofNext, cancel);
        (parts[previous], parts[next]) = (new byte[Size], new byte[Size]);
        await link.ExchangeAsync(parts[link.Party], parts[link.Party], parts[previous], parts[next], cancel);
        link.Must(Commit(previous, parts[previous]).AsSpan().SequenceEqual(ofPrevious) && Commit(next, parts[next]).AsSpan().SequenceEqual(ofNext), AbortReason.Coin);

        var coin = new byte[Size];
        using var transcript = new Transcript(Domains.ComputationCoin);
        transcript.Append(parts[0]).Append(parts[1]).Append(parts[2]).ToHash(coin);
        link.AddPublic(coin);
        return coin;
    }

    private static byte[] Commit(int party, ReadOnlySpan<byte> part)
    {
        var commitment = new byte[Size];
        using var transcript = new Transcript(Domains.ComputationCommitment);
        transcript.Append((uint)party).Append(part).ToHash(commitment);
        return commitment;
    }
}
