using System.Security.Cryptography;
using Salus.Crypto.Dispersal;

namespace Salus.Crypto.Tests.Dispersal;

public sealed class MovedAddressTests
{
    [Fact]
    public void EachStoreHasAnotherAndItIsWhatTheSpecificationSays()
    {
        byte[] address = RandomNumberGenerator.GetBytes(32), one = RandomNumberGenerator.GetBytes(32), other = RandomNumberGenerator.GetBytes(32);
        var moved = MovedAddress.Of(address, one);
        Assert.Equal(HMACSHA256.HashData(address, (byte[])[0, 0, 0, 0, 0, 0, 0, 23, .. "salus/v1/fragment-moved"u8, .. one]), moved);
        Assert.NotEqual(moved, MovedAddress.Of(address, other));
        Assert.NotEqual(moved, MovedAddress.Of(other, one));
        Assert.NotEqual(moved, address);
    }
}
