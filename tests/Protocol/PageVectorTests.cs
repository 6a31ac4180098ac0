using Salus.Testing;

namespace Salus.Protocol.Tests;

/// <summary>vectors/page.txt: manifests that were signed elsewhere. The page's boot is held to the same.</summary>
public class PageVectorTests
{
    public static TheoryData<Vector> Manifests => [.. Vectors.Read("page")];

    [Theory, MemberData(nameof(Manifests))]
    public void ManifestsAreReadAsTheVectorsSay(Vector vector)
    {
        Assert.True(VerifyingKey.TryParse(vector.Bytes("key"), out var key));
        var verifies = PageManifest.TryVerify(vector.Bytes("signed"), key, out var manifest);
        Assert.Equal(vector.Expect == "ok", verifies);
        if (!verifies)
            return;
        Assert.Equal(vector.Bytes("version"), System.Text.Encoding.ASCII.GetBytes(manifest!.Version));
        Assert.Equal(new PageNumber(1_795_000_000, 1_790_000_000), manifest.Number);
        Assert.Equal(manifest.Number, PageNumber.FromLogged(manifest.Number.Logged));
    }
}
