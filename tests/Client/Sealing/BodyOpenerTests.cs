using Salus.Client.Sealing;
using Salus.Crypto.Dispersal;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Tests.Sealing;

public sealed class BodyOpenerTests
{
    private const int Length = 1_500_000; // 3 of 5: eight stripes, the last one short

    [Fact]
    public async Task EveryChoiceOfKOfNOpens()
    {
        using var body = await Sealed.OfAsync(300_000, 4, 8);
        foreach (var lost in Enumerable.Range(0, 256).Where(bits => int.PopCount(bits) == 4))
        {
            var report = await body.OpensAsync(body.Sources(fragments => Drop(fragments, lost)));
            Assert.Equal(Enumerable.Range(0, 8).Where(i => (lost >> i & 1) != 0), report.Bad.Select(bad => bad.Index));
        }
    }

    [Fact]
    public async Task EveryLossOfOneMoreIsRefused()
    {
        using var body = await Sealed.OfAsync(300_000, 4, 8);
        foreach (var lost in Enumerable.Range(0, 256).Where(bits => int.PopCount(bits) == 5))
        {
            var failure = await body.RefusesAsync(body.Sources(fragments => Drop(fragments, lost)));
            Assert.Equal(OpenFailure.TooFewFragments, failure.Failure);
            Assert.Equal(5, failure.Bad.Count);
            Assert.Contains("has not the fragment", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("header")]
    [InlineData("label in the header")]
    [InlineData("zeros of the header")]
    [InlineData("first unit")]
    [InlineData("middle unit")]
    [InlineData("last unit")]
    [InlineData("leaf hash of the header")]
    [InlineData("leaf hash of a unit")]
    [InlineData("leaf hash of the next label")]
    [InlineData("next label")]
    public async Task AFlippedByteAnywhereIsWorkedAroundAndNamed(string region)
    {
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var layout = body.Body.Layout;
        var at = region switch
        {
            "header" => 8,
            "label in the header" => 30,
            "zeros of the header" => 4000,
            "first unit" => 4096,
            "middle unit" => FragmentLayout.UnitOffset(3) + 5000,
            "last unit" => layout.LeafHashesOffset - 1,
            "leaf hash of the header" => layout.LeafHashesOffset + 31,
            "leaf hash of a unit" => layout.LeafHashesOffset + 64,
            "leaf hash of the next label" => layout.NextLabelOffset - 1,
            _ => layout.NextLabelOffset,
        };
        for (var i = 0; i < 3; i++)
        {
            var report = await body.OpensAsync(body.Sources(fragments => fragments[i][at] ^= 0x10));
            var bad = Assert.Single(report.Bad);
            Assert.Equal((i, $"store-{i}"), (bad.Index, bad.Name));
            Assert.True(bad.Fault == FragmentFault.Damaged || (bad.Fault == FragmentFault.WrongLabel && region == "label in the header"));
        }
        // Two of the data fragments at once, and the third lost beside them only where units and leaf hashes are whole.
        await body.OpensAsync(body.Sources(fragments =>
        {
            fragments[0][at] ^= 1;
            fragments[2][at] ^= 1;
        }));
    }

    [Fact]
    public async Task DifferentFragmentsMayBeBadInDifferentStripes()
    {
        // Every fragment is damaged somewhere, but no stripe in more than two of them.
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var report = await body.OpensAsync(body.Sources(fragments =>
        {
            for (var stripe = 0; stripe < 7; stripe++)
            {
                fragments[stripe % 5][FragmentLayout.UnitOffset(stripe) + 100 * stripe] ^= 1;
                fragments[(stripe + 2) % 5][FragmentLayout.UnitOffset(stripe) + 9 * stripe] ^= 1;
            }
        }));
        Assert.Superset(new HashSet<int> { 0, 1, 2, 3 }, report.Bad.Select(bad => bad.Index).ToHashSet());
    }

    [Fact]
    public async Task OneMoreBadUnitInAStripeIsRefusedAndNamed()
    {
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var failure = await body.RefusesAsync(body.Sources(fragments =>
        {
            foreach (var i in new[] { 0, 2, 4 })
                fragments[i][FragmentLayout.UnitOffset(4) + 17 * i] ^= 1;
        }));
        Assert.Equal(OpenFailure.TooFewFragments, failure.Failure);
        Assert.Equal([0, 2, 4], failure.Bad.Select(bad => bad.Index));
        Assert.All(failure.Bad, bad => Assert.Equal(FragmentFault.Damaged, bad.Fault));
    }

    [Fact]
    public async Task TruncationAtAnyLengthIsWorkedAroundAndNamed()
    {
        using var body = await Sealed.OfAsync(250_000, 3, 5);
        var full = (int)body.Body.Layout.FileLength;
        int[] lengths = [0, 1, 4095, 4096, 4097, 8192, 65536, (int)body.Body.Layout.LeafHashesOffset - 1, (int)body.Body.Layout.LeafHashesOffset,
            (int)body.Body.Layout.LeafHashesOffset + 33, (int)body.Body.Layout.NextLabelOffset - 1, (int)body.Body.Layout.NextLabelOffset, full - 1];
        foreach (var length in lengths)
        {
            var report = await body.OpensAsync(body.Sources(fragments => (fragments[0], fragments[1]) = (fragments[0][..length], fragments[1][..length])));
            Assert.Equal([0, 1], report.Bad.Select(bad => bad.Index));
            Assert.All(report.Bad, bad => Assert.Equal(FragmentFault.Damaged, bad.Fault));
            var failure = await body.RefusesAsync(body.Sources(fragments =>
            {
                for (var i = 0; i < 3; i++)
                    fragments[i] = fragments[i][..Math.Min(length, (int)body.Body.Layout.LeafHashesOffset + 33)];
            }));
            Assert.Equal(3, failure.Bad.Count);
        }
    }

    [Fact]
    public async Task SwappedAndDuplicatedFragmentsAreNamedAsMislabelled()
    {
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var swapped = await body.OpensAsync(body.Sources(fragments => (fragments[0], fragments[1]) = (fragments[1], fragments[0])));
        Assert.Equal([(0, FragmentFault.WrongLabel), (1, FragmentFault.WrongLabel)], swapped.Bad.Select(bad => (bad.Index, bad.Fault)));

        var duplicated = await body.OpensAsync(body.Sources(fragments => fragments[2] = fragments[0]));
        Assert.Equal([(2, FragmentFault.WrongLabel)], duplicated.Bad.Select(bad => (bad.Index, bad.Fault)));

        var failure = await body.RefusesAsync(body.Sources(fragments => Array.Fill(fragments, fragments[3])));
        Assert.Equal([0, 1, 2, 4], failure.Bad.Select(bad => bad.Index));
        await body.RefusesAsync(body.Sources(Array.Reverse)); // the middle one alone is in its place
    }

    [Fact]
    public async Task FragmentsOfAnotherRecordOrVersionAreNotTaken()
    {
        using var body = await Sealed.OfAsync(Length, 3, 5, seed: 1);
        using var other = await Sealed.OfAsync(Length, 3, 5, seed: 2);
        var report = await body.OpensAsync(body.Sources(fragments => (fragments[0], fragments[1]) = (other.Fragments[0], other.Fragments[1])));
        Assert.All(report.Bad, bad => Assert.Equal(FragmentFault.WrongLabel, bad.Fault));
        Assert.Equal(2, report.Bad.Count);

        // Spliced: header and next label of this one, the rest of the other, and the other way round.
        foreach (var (from, to) in new[] { (4096, Length), (0, 4096), (4096, (int)body.Body.Layout.LeafHashesOffset), ((int)body.Body.Layout.LeafHashesOffset, Length) })
        {
            var spliced = await body.OpensAsync(body.Sources(fragments =>
            {
                for (var i = 1; i < 3; i++)
                {
                    var end = Math.Min(to, fragments[i].Length);
                    other.Fragments[i].AsSpan(from, end - from).CopyTo(fragments[i].AsSpan(from));
                }
            }));
            Assert.Equal([1, 2], spliced.Bad.Select(bad => bad.Index));
        }

        var failure = await body.RefusesAsync(other.Sources());
        Assert.Equal((OpenFailure.TooFewFragments, 5), (failure.Failure, failure.Bad.Count));
    }

    [Fact]
    public async Task AWrongKeyIsNotToldFromDamage()
    {
        using var body = await Sealed.OfAsync(Length, 4, 8);
        using var others = Sealed.KeysOf(8);
        using var longer = Sealed.KeysOf(9);
        var commitments = body.Body.Commitments(body.Keys);
        var damagedPrefix = body.Body.Prefix.ToArray();
        damagedPrefix[55] ^= 1;
        BodyUnavailableException[] failures =
        [
            Assert.Throws<BodyUnavailableException>(() => new BodyOpener(body.Body.Layout, body.Body.Prefix, commitments, others, Sealed.Context, body.Sources())),
            Assert.Throws<BodyUnavailableException>(() => new BodyOpener(body.Body.Layout, body.Body.Prefix, commitments, longer, Sealed.Context, body.Sources())),
            Assert.Throws<BodyUnavailableException>(() => new BodyOpener(body.Body.Layout, damagedPrefix, commitments, body.Keys, Sealed.Context, body.Sources())),
            Assert.Throws<BodyUnavailableException>(() => new BodyOpener(body.Body.Layout, body.Body.Prefix, commitments, body.Keys, new byte[3], body.Sources())),
        ];
        Assert.All(failures, failure => Assert.Equal("Wrong sequence key or damaged fragments.", failure.Message));
        Assert.All(failures, failure => Assert.Equal((OpenFailure.WrongKeyOrDamaged, 0), (failure.Failure, failure.Bad.Count)));
    }

    [Fact]
    public async Task AWrongOrderOfTheRightCharactersOpensNothing()
    {
        using var dek = Crypto.Secret.Random(32);
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("Adk12345", out var right));
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse("dAk12345", out var wrong));
        using var keys = FragmentKeys.Derive(dek, right!, SequenceKeyCustody.OwnerHeld, new byte[16]);
        using var wrongKeys = FragmentKeys.Derive(dek, wrong!, SequenceKeyCustody.OwnerHeld, new byte[16]);
        var targets = Enumerable.Range(0, 8).Select(_ => (Stream)new MemoryStream()).ToArray();
        var body = await BodySealer.SealAsync(new MemoryStream(new byte[1000]), keys, Sealed.Context, 4, targets);
        var sources = targets.Select((target, i) => new MemoryFragment($"{i}", ((MemoryStream)target).ToArray())).ToArray();
        Assert.Throws<BodyUnavailableException>(() => new BodyOpener(body.Layout, body.Prefix, body.Commitments(keys), wrongKeys, Sealed.Context, sources));
        using var opener = new BodyOpener(body.Layout, body.Prefix, body.Commitments(keys), keys, Sealed.Context, sources);
        Assert.Equal(1000, (await opener.OpenAsync(new MemoryStream())).Length);
    }

    [Fact]
    public async Task EveryFlippedByteOfASmallBodyIsWorkedAround()
    {
        using var body = await Sealed.OfAsync(100, 2, 4);
        var damaged = body.Fragments.Select(fragment => fragment.ToArray()).ToArray();
        var sources = damaged.Select((bytes, i) => new MemoryFragment($"{i}", bytes)).ToArray();
        for (var at = 0; at < damaged[0].Length; at += at is > 60 and < 4080 ? 61 : 1)
        {
            damaged[0][at] ^= (byte)(1 << at % 8);
            damaged[1][at] ^= (byte)(1 << at % 8);
            Assert.Equal([0, 1], (await body.OpensAsync(sources)).Bad.Select(bad => bad.Index));
            damaged[0][at] ^= (byte)(1 << at % 8);
            damaged[1][at] ^= (byte)(1 << at % 8);
        }
        Assert.Empty((await body.OpensAsync(sources)).Bad);
    }

    [Fact]
    public async Task LeafHashesDamagedEverywhereAreMadeAnew()
    {
        foreach (var length in new[] { 100, Length, 60_000_000 })
        {
            using var body = await Sealed.OfAsync(length, 3, 5);
            var at = body.Body.Layout.LeafHashesOffset + 40;
            var report = await body.OpensAsync(body.Sources(fragments =>
            {
                foreach (var fragment in fragments)
                    fragment[at] ^= 1;
            }));
            Assert.Equal([0, 1, 2, 3, 4], report.Bad.Select(bad => bad.Index));
        }
    }

    [Fact]
    public async Task LeafHashesMadeAnewStillFindDamagedUnits()
    {
        using var body = await Sealed.OfAsync(Length, 3, 5);
        var failure = await body.RefusesAsync(body.Sources(fragments =>
        {
            foreach (var fragment in fragments)
                fragment[body.Body.Layout.LeafHashesOffset + 40] ^= 1;
            for (var i = 0; i < 3; i++)
                fragments[i][10_000] ^= 1;
        }));
        Assert.Equal(5, failure.Bad.Count);
    }

    [Fact]
    public async Task LongFragmentsAreCheckedWindowByWindow()
    {
        // More leaves than are kept in memory at once, so windows are read again and held against their nodes.
        using var body = await Sealed.OfAsync(40_000_000, 1, 2);
        var settings = new OpenSettings { WindowsKept = 1 };
        await body.OpensAsync(body.Sources(), settings);
        await body.OpensAsync(body.Sources(fragments => fragments[0][30_000_000] ^= 1), settings);
        using var opener = body.Opener(body.Sources(fragments => fragments[0] = null!), settings);
        var output = new MemoryStream();
        foreach (var offset in new[] { 39_000_000, 1_000_000, 20_000_000, 30_000_000, 1_000_000 })
            await opener.OpenRangeAsync(offset, 10, output);
        Assert.Equal(body.Plaintext.AsSpan(20_000_000, 10).ToArray(), output.ToArray()[20..30]);
    }

    [Fact]
    public async Task FragmentsWithoutAddressesAreArrangedByTheirLabels()
    {
        using var body = await Sealed.OfAsync(100_000, 4, 8);
        using var other = await Sealed.OfAsync(100_000, 4, 8);
        var found = body.Sources().Concat(other.Sources()).Append(new MemoryFragment("no fragment", new byte[5000])).Append(new MemoryFragment("short", new byte[5]))
            .Select(source => source!).ToArray();
        new Random(5).Shuffle(found);
        var arranged = await FragmentOrder.ArrangeAsync(found.Where(source => source.Name != "store-3"), body.Keys);
        Assert.Null(arranged[3]);
        Assert.Equal([new BadFragment(3, "", FragmentFault.Missing)], (await body.OpensAsync(arranged)).Bad);
        Assert.All(await FragmentOrder.ArrangeAsync(other.Sources()!, body.Keys), Assert.Null);
    }

    [Fact]
    public async Task TwoWorkersGiveTheBytesInOrder()
    {
        using var body = await Sealed.OfAsync(20_000_000, 3, 5);
        await body.OpensAsync(body.Sources());
        await body.OpensAsync(body.Sources(fragments => Drop(fragments, 0b00011)));
    }

    private static void Drop(byte[][] fragments, int lost)
    {
        for (var i = 0; i < fragments.Length; i++)
            if ((lost >> i & 1) != 0)
                fragments[i] = null!;
    }
}
