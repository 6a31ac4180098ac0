using System.Security.Cryptography;
using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Sharing;

namespace Salus.Crypto.Tests.Statistics.Computing;

/// <summary>One party alters what it sends, any message in any round: the honest ones never take a wrong result, and before the last rounds nothing is opened.</summary>
public sealed class CheatingTests
{
    private static readonly SecretVector[] X = Ring.Share(3, 1, 4, 1, 5, 9, 2, 6), Y = Ring.Share(2, 7, 1, 8, 2, 8, 1, 8);
    private static readonly ulong[] Expected = [6, 7, 4, 8, 10, 72, 2, 48, 157 + 3];

    public static TheoryData<int> All => [0, 1, 2];

    /// <summary>Inputs, products, bits, zeros, a dot product: every kind of message.</summary>
    private static async Task<ulong[]> StepsAsync(Computation computation)
    {
        var i = computation.Party;
        var inputs = await computation.InputAsync(new ulong[] { 1 }, default);
        foreach (var input in inputs)
            computation.AssertBits(input);
        var products = await computation.MultiplyAsync([Product.Elements(X[i], Y[i]), Product.Dot(X[i], Y[i])], default);
        computation.AssertZero(products[0].Sum().Subtract(products[1]));
        var total = products[1].Add(inputs[0]).Add(inputs[1]).Add(inputs[2]);
        return await computation.OpenAsync(SecretVector.Concat(products[0], total), default);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task EveryAlteredMessageOfAPartyEndsInAnAbortOfTheOthers(int cheat)
    {
        var honest = new Ring();
        Assert.All(await honest.RunAsync(StepsAsync), outcome => Assert.Equal(Expected, outcome.Result));
        var rounds = honest.Rounds[0];
        foreach (var to in new[] { Parties.Previous(cheat), Parties.Next(cheat) })
        {
            var messages = honest.Received.Where(message => message.From == cheat && message.To == to).Select(message => message.Message.Length).ToArray();
            Assert.True(messages.Length > 8);
            for (var number = 0; number < messages.Length; number++)
                for (var way = 0; way < 6; way++)
                {
                    var (altered, how) = (number, way);
                    var ring = new Ring { Alter = (from, target, n, message) => from == cheat && target == to && n == altered ? Altered(message, how) : message };
                    var outcomes = await ring.RunAsync(StepsAsync);
                    var others = Enumerable.Range(0, Parties.Count).Where(party => party != cheat).ToArray();
                    Assert.Contains(others, party => outcomes[party].Reason is not null);
                    Assert.All(others, party => Assert.True(outcomes[party].Reason is not null || outcomes[party].Result!.SequenceEqual(Expected)));
                    // The last three messages confirm, open the zero and open the result; with one of these altered, the results were right already.
                    if (number < messages.Length - 3)
                        Assert.All(others, party => Assert.True(outcomes[party].Reason is not null && ring.Rounds[party] < rounds));
                }
        }
    }

    /// <summary>Rounds in which a message is sent to one side only are altered there; to be sure that no message escapes, both sides at once too.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public async Task AlteringTheSameMessageToBothHelpsNothing(int cheat)
    {
        for (var number = 0; number < 12; number++)
        {
            var altered = number;
            var ring = new Ring { Alter = (from, _, n, message) => from == cheat && n == altered ? Altered(message, 0) : message };
            var outcomes = await ring.RunAsync(StepsAsync);
            Assert.All(Enumerable.Range(0, Parties.Count).Where(party => party != cheat),
                party => Assert.True(outcomes[party].Reason is not null || outcomes[party].Result!.SequenceEqual(Expected)));
            Assert.Contains(outcomes.Where((_, party) => party != cheat), outcome => outcome.Reason is not null);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task APartyThatComputesOnSharesOfItsOwnChoiceIsFound(int cheat)
    {
        foreach (var ownOrNext in new[] { 0, 1 })
        {
            var outcomes = await new Ring().RunAsync(async computation =>
            {
                var i = computation.Party;
                var x = X[i];
                if (i == cheat)
                {
                    ulong[] own = x.Own.ToArray(), next = x.Next.ToArray();
                    (ownOrNext == 0 ? own : next)[2] ^= 1;
                    x = new SecretVector(i, own, next);
                }
                return await computation.OpenAsync((await computation.MultiplyAsync([Product.Dot(x, Y[i])], default))[0], default);
            });
            Assert.All(Enumerable.Range(0, Parties.Count).Where(party => party != cheat), party => Assert.NotNull(outcomes[party].Reason));
            Assert.Contains(outcomes, outcome => outcome.Reason == AbortReason.Proof);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task APartyThatFallsSilentEndsTheComputationForAll(int silent)
    {
        for (var number = 0; number < 12; number++)
        {
            var last = number;
            var ring = new Ring { Alter = (from, _, n, message) => from == silent && n >= last ? [] : message };
            var outcomes = await ring.RunAsync(StepsAsync);
            Assert.All(outcomes.Where((_, party) => party != silent), outcome => Assert.NotNull(outcome.Reason));
        }
    }

    [Fact]
    public async Task AnEndedComputationCannotBeGoneOnWith()
    {
        var ring = new Ring { Alter = (from, to, n, message) => from == 0 && to == 2 && n == 1 ? Altered(message, 0) : message };
        var outcomes = await ring.RunAsync(async computation =>
        {
            try
            {
                return await StepsAsync(computation);
            }
            catch (ComputationAbortedException)
            {
                return await computation.OpenAsync(X[computation.Party], default);
            }
        });
        Assert.All(outcomes, outcome => Assert.Equal(AbortReason.Ended, outcome.Reason));
    }

    private static byte[] Altered(byte[] message, int way)
    {
        var altered = message.ToArray();
        switch (way)
        {
            case 0: altered[0] ^= 1; break;
            case 1: altered[^1] ^= 16; break;
            case 2: altered[RandomNumberGenerator.GetInt32(altered.Length)] ^= (byte)(1 << RandomNumberGenerator.GetInt32(5)); break;
            case 3: Array.Clear(altered); break;
            case 4: Array.Fill(altered, (byte)0xff); break;
            default:
                RandomNumberGenerator.Fill(altered);
                for (var i = 7; i < altered.Length; i += 8)
                    altered[i] &= 0x0f;
                break;
        }
        return altered;
    }
}
