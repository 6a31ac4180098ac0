using System.Globalization;
using System.Text;
using Salus.Crypto.Dispersal;
using Salus.Testing;

namespace Salus.Crypto.Tests.Dispersal;

public sealed class FragmentKeysTests
{
    private delegate void ValueOf(int i, Span<byte> value);

    [Fact]
    public void DerivesAsTheVectorsSay()
    {
        foreach (var vector in Vectors.Read("dispersal"))
        {
            using var dek = Secret.CopyOf(vector.Bytes("dek"));
            Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(Encoding.UTF8.GetString(vector.Bytes("key")), out var q));
            using var keys = FragmentKeys.Derive(dek, q!, (SequenceKeyCustody)vector.Int("custody"), vector.Bytes("record"));

            Assert.Equal(vector.Bytes("body"), keys.BodyKey.Bytes.ToArray());
            Assert.Equal(vector.Bytes("address"), All(keys, keys.Address));
            Assert.Equal(vector.Bytes("label"), All(keys, keys.Label));
            Assert.Equal(vector.Bytes("next"), All(keys, keys.NextLabel));
            Assert.Equal(vector.Bytes("owner"), All(keys, keys.Owner));
            Assert.Equal(vector.Bytes("blind"), All(keys, keys.RootBlind));
            foreach (var stores in new[] { 1, 3, 4, 5 })
                Assert.Equal(
                    vector[$"stores.{stores}"],
                    string.Join(',', Enumerable.Range(0, keys.Count).Select(i => keys.Store(i, stores).ToString(CultureInfo.InvariantCulture))));
        }
    }

    [Fact]
    public void EveryInputChangesEveryValue()
    {
        using var dek = Secret.Random(32);
        using var otherDek = Secret.Random(32);
        var record = new byte[16];
        var q = Key("Adk12345");
        using var keys = FragmentKeys.Derive(dek, q, SequenceKeyCustody.Carried, record);
        using var differentDek = FragmentKeys.Derive(otherDek, q, SequenceKeyCustody.Carried, record);
        using var differentOrder = FragmentKeys.Derive(dek, Key("dAk12345"), SequenceKeyCustody.Carried, record);
        using var differentRecord = FragmentKeys.Derive(dek, q, SequenceKeyCustody.Carried, [.. record.AsSpan(1), 1]);
        using var ownerHeld = FragmentKeys.Derive(dek, q, SequenceKeyCustody.OwnerHeld, record);

        FragmentKeys[] all = [keys, differentDek, differentOrder, differentRecord, ownerHeld];
        var values = all.SelectMany(each => new[] { All(each, each.Address), All(each, each.Label), All(each, each.NextLabel), All(each, each.Owner), All(each, each.RootBlind) })
            .SelectMany(bytes => bytes.Chunk(32)).Concat(all.Select(each => each.BodyKey.Bytes.ToArray())).Select(Convert.ToHexString).ToList();
        Assert.Equal(values.Count, values.Distinct().Count());
    }

    [Fact]
    public void NoTwoFragmentsShowOneValue()
    {
        using var dek = Secret.Random(32);
        using var keys = FragmentKeys.Derive(dek, SequenceKey.Generate(56), SequenceKeyCustody.Carried, new byte[16]);
        var visible = All(keys, keys.Label).Chunk(32).Concat(All(keys, keys.NextLabel).Chunk(32)).Select(Convert.ToHexString).ToList();
        Assert.Equal(112, visible.Distinct().Count());
    }

    [Theory]
    [InlineData(8, 4), InlineData(8, 3), InlineData(9, 4), InlineData(8, 1), InlineData(8, 8), InlineData(8, 11), InlineData(13, 5)]
    public void StoresAreBalanced(int n, int stores)
    {
        var firstStores = new HashSet<int>();
        for (var round = 0; round < 60; round++)
        {
            using var dek = Secret.Random(32);
            using var keys = FragmentKeys.Derive(dek, SequenceKey.Generate(n), SequenceKeyCustody.Carried, new byte[16]);
            var loads = new int[stores];
            for (var i = 0; i < n; i++)
                loads[keys.Store(i, stores)]++;
            Assert.Equal(StoreBalance.LargestLoad(n, stores), loads.Max());
            Assert.True(loads.Min() >= n / stores);
            firstStores.Add(keys.Store(0, stores));
        }
        Assert.True(firstStores.Count >= Math.Min(stores, 3) - (stores == 1 ? 0 : 1)); // keyed, not fixed
    }

    [Theory]
    [InlineData(8, 4, 4), InlineData(8, 8, 6), InlineData(9, 4, 4), InlineData(10, 4, 4), InlineData(11, 4, 5), InlineData(12, 3, 4), InlineData(8, 1, 1), InlineData(8, 2, 1)]
    [InlineData(8, 20, 6)]
    public void DefaultThresholdSurvivesTheLossOfAnyTwoStores(int n, int stores, int k) => Assert.Equal(k, StoreBalance.DefaultThreshold(n, stores));

    [Fact]
    public void RefusesWrongSizesAndIndices()
    {
        using var dek = Secret.Random(32);
        using var half = Secret.Random(16);
        var q = Key("Adk12345");
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentKeys.Derive(half, q, SequenceKeyCustody.Carried, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentKeys.Derive(dek, q, SequenceKeyCustody.Carried, new byte[15]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FragmentKeys.Derive(dek, q, 0, new byte[16]));
        using var keys = FragmentKeys.Derive(dek, q, SequenceKeyCustody.Carried, new byte[16]);
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.Label(8, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.Label(-1, new byte[32]));
        Assert.Throws<ArgumentOutOfRangeException>(() => keys.Label(0, new byte[31]));
        Assert.Equal("[redacted]", keys.ToString());
    }

    private static SequenceKey Key(string text)
    {
        Assert.Equal(SequenceKeyFault.None, SequenceKey.TryParse(text, out var key));
        return key!;
    }

    private static byte[] All(FragmentKeys keys, ValueOf value)
    {
        var all = new byte[keys.Count * 32];
        for (var i = 0; i < keys.Count; i++)
            value(i, all.AsSpan(i * 32, 32));
        return all;
    }
}
