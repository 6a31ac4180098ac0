using Salus.Hosting;
using Salus.Testing;

namespace Salus.Store.Tests.Hosting;

public sealed class ServerIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.File("data");

    private string Seed => Path.Combine(Data, "identity.key");

    private string Public => Path.Combine(Data, "identity.pub");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheFirstStartMakesItAndLaterOnesKeepIt()
    {
        using var first = ServerIdentity.OpenOrCreate(Data);
        using var second = ServerIdentity.OpenOrCreate(Data);

        Assert.Equal(first.Key, second.Key);
        Assert.Equal(first.Unboxing.PublicKey, second.Unboxing.PublicKey);
        Assert.Equal(32, new FileInfo(Seed).Length);
        Assert.Equal(first.Key + "\n", File.ReadAllText(Public));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Seed));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        }
        Assert.Equal(["identity.key", "identity.pub"], Directory.EnumerateFileSystemEntries(Data).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void WhatIsSealedToItsBoxIsOpened()
    {
        using var identity = ServerIdentity.OpenOrCreate(Data);
        Assert.True(identity.Unboxing.TryOpen(identity.Unboxing.PublicKey.Seal([1, 2, 3]), out var message));
        Assert.Equal([1, 2, 3], message);
    }

    [Fact]
    public void EveryTruncationIsRefusedAndChangesNothing()
    {
        ServerIdentity.OpenOrCreate(Data).Dispose();
        var whole = File.ReadAllBytes(Seed);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Seed, whole[..length]);
            Assert.Contains("is damaged", Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data)).Message, StringComparison.Ordinal);
            Assert.Equal(length, new FileInfo(Seed).Length);
        }
        File.WriteAllBytes(Seed, [.. whole, 0]);
        Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data));
    }

    [Fact]
    public void EveryFlippedBitIsNoticed()
    {
        ServerIdentity.OpenOrCreate(Data).Dispose();
        var whole = File.ReadAllBytes(Seed);
        for (var bit = 0; bit < 256; bit += 7)
        {
            var altered = whole.ToArray();
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(Seed, altered);
            Assert.Contains(Seed, Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data)).Message, StringComparison.Ordinal);
        }
        File.WriteAllBytes(Seed, new byte[32]);
        Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data));
    }

    [Fact]
    public void ALostSeedIsNotReplaced()
    {
        ServerIdentity.OpenOrCreate(Data).Dispose();
        File.Delete(Seed);

        Assert.Contains("is lost", Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data)).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Seed));
    }

    [Fact]
    public void ACrashBetweenTheTwoFilesIsMended()
    {
        using var first = ServerIdentity.OpenOrCreate(Data);
        File.Delete(Public);
        using var second = ServerIdentity.OpenOrCreate(Data);
        Assert.Equal(first.Key, second.Key);
        Assert.True(File.Exists(Public));
    }

    [Fact]
    public void ASeedThatOthersCanReadIsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has other permissions.");
            return;
        }
        ServerIdentity.OpenOrCreate(Data).Dispose();
        File.SetUnixFileMode(Seed, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<StartupException>(() => ServerIdentity.OpenOrCreate(Data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProcessesThatStartAtOnceAgree()
    {
        var identities = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ServerIdentity.OpenOrCreate(Data))));
        Assert.Single(identities.Select(identity => identity.Key).Distinct());
        Array.ForEach(identities, identity => identity.Dispose());
    }
}
