using System.Security.Cryptography;
using Salus.Client.Audit;
using Salus.Client.Tests.Sealing;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Tests.Audit;

public sealed class AuditListTests
{
    private static readonly string Store = SigningKey.Generate().PublicKey.ToString();

    [Fact]
    public void AListIsReadAsItWasWrittenByItsUserAlone()
    {
        using var folder = new TemporaryFolder();
        var list = List(40);
        list.Write(folder["list.json"]);
        var read = AuditList.Read(folder["list.json"]);
        Assert.Equal(list.Fragments, read.Fragments);
        Assert.Equal(40, read.Targets().Count);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["list.json"]));
        Assert.Equal(list.Fragments.Skip(2), read.Without(list.Fragments.Take(2).Select(fragment => fragment.Address)).Fragments);
    }

    [Fact]
    public void TheOrderOfAListSaysNothing()
    {
        ListedFragment[] fragments = [.. Enumerable.Range(0, 50).Select(_ => Fragment())];
        var orders = Enumerable.Range(0, 5).Select(_ => AuditList.Of(Parties(), fragments).Fragments.ToArray()).ToArray();
        Assert.All(orders, order => Assert.Equal(fragments.ToHashSet(), order.ToHashSet()));
        Assert.Equal(5, orders.Select(order => string.Concat(order.Select(fragment => fragment.Address))).Distinct().Count());
    }

    [Fact]
    public void WhatIsNoListIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder["list.json"];
        List(2).Write(path);
        var good = File.ReadAllText(path);
        Assert.Equal(2, AuditList.Read(path).Fragments.Count);
        var address = AuditList.Read(path).Fragments[0].Address;
        foreach (var text in (string[])["", "null", "[]", "{}", good[..^1], good + " {}", good.Replace("\"format\":1", "\"format\":2", StringComparison.Ordinal),
            good.Replace("\"leaves\":16", "\"leaves\":15", StringComparison.Ordinal), good.Replace("\"leaves\":16", "\"leaves\":0", StringComparison.Ordinal),
            good.Replace("\"leaves\":16", "\"leaves\":-16", StringComparison.Ordinal), good.Replace("\"leaves\":16", "\"leaves\":4611686018427387904", StringComparison.Ordinal),
            good.Replace("\"leaves\":16", "\"leaves\":16,\"owner\":\"x\"", StringComparison.Ordinal), good.Replace(address, address.ToUpperInvariant(), StringComparison.Ordinal),
            good.Replace(address, address[..62], StringComparison.Ordinal), good.Replace(address, AuditList.Read(folder["list.json"]).Fragments[1].Address, StringComparison.Ordinal),
            good.Replace("\"fragments\":[", "\"fragments\":[null,", StringComparison.Ordinal), good.Replace("\"stores\":[", "\"stores\":[null,", StringComparison.Ordinal),
            good.Replace("\"trustees\":[", "\"trustees\":[null,", StringComparison.Ordinal), good.Replace("\"trustees\":[]", "\"trustees\":null", StringComparison.Ordinal)])
        {
            if (text == good)
                Assert.Fail("The damage did nothing.");
            File.WriteAllText(path, text);
            Assert.Throws<CannotException>(() => AuditList.Read(path));
            File.WriteAllText(path, good);
        }
        Assert.Throws<CannotException>(() => AuditList.Read(folder["none.json"]));
    }

    private static AuditList List(int count) => AuditList.Of(Parties(), Enumerable.Range(0, count).Select(_ => Fragment()));

    private static ListedFragment Fragment() => new(Store, Digits(), Digits(), 16);

    // With a letter, so that upper case is another text.
    private static string Digits() => "a" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))[1..];

    private static PartyDirectory Parties() => new(new Party("cloud", new Uri("http://localhost"), Store), [], [new Party("store-1", new Uri("http://localhost:1"), Store)]);
}
