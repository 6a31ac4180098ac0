using Salus.Crypto;

namespace Salus.Crypto.Tests;

public class SecretTests
{
    [Fact]
    public void PrintsNothingOfItself() => Assert.Equal("[redacted]", Secret.CopyOf([0x41, 0x42]).ToString());

    [Fact]
    public void DisposeZeroesTheBytesAndForbidsTheirUse()
    {
        var secret = Secret.CopyOf([1, 2, 3]);
        var alias = secret.Memory;
        secret.Dispose();
        Assert.Equal(new byte[3], alias.ToArray());
        Assert.Throws<ObjectDisposedException>(() => secret.Bytes.Length);
        Assert.Throws<ObjectDisposedException>(() => secret.Writable.Length);
    }

    [Fact]
    public void HasNeitherEqualityNorFieldsToSerialise()
    {
        using var left = Secret.CopyOf([1]);
        using var right = Secret.CopyOf([1]);
        Assert.False(left.Equals(right));
        Assert.Throws<InvalidOperationException>(() => System.Text.Json.JsonSerializer.Serialize(left));
    }

    [Fact]
    public void RandomSecretsDiffer()
    {
        using var left = Secret.Random(32);
        using var right = Secret.Random(32);
        Assert.False(left.Bytes.SequenceEqual(right.Bytes));
    }
}
