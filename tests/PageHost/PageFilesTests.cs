using Salus.Hosting;
using Salus.Hosting.Pages;
using Salus.Protocol;
using Salus.Testing;

namespace Salus.PageHost.Tests;

/// <summary>A page is served as its builder signed it, or not at all.</summary>
public sealed class PageFilesTests : IDisposable
{
    private readonly SignedPage _page = new();

    public static TheoryData<string> Paths => [.. SignedPage.Files.Keys, "manifest.signed"];

    public static TheoryData<string> Compressed => [SignedPage.Script + ".br", SignedPage.Style + ".br", "core/0123456789abcdef/dotnet.native.wasm.br"];

    public void Dispose() => _page.Dispose();

    [Fact]
    public void LoadsWhatWasSigned()
    {
        var files = Load();
        Assert.Equal("1.2.3", files.Manifest.Version);
        Assert.Equal(SignedPage.Files.Keys.Append("manifest.signed").Order(), files.All.Select(file => file.Path).Order());
        foreach (var file in files.All.Where(file => file.Path != "manifest.signed"))
            Assert.Equal(SignedPage.Files[file.Path], file.Content);
        Assert.NotNull(files.All.Single(file => file.Path == SignedPage.Script).Compressed);
    }

    [Theory, Attack("W01"), MemberData(nameof(Paths)), MemberData(nameof(Compressed))]
    public void RefusesAChangedByteAndNamesTheFile(string path)
    {
        _page.Change(path);
        Assert.Contains(path, Assert.Throws<StartupException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Paths))]
    public void RefusesAMissingFileAndNamesIt(string path)
    {
        File.Delete(_page.In(path));
        Assert.Contains(path, Assert.Throws<StartupException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Paths)), MemberData(nameof(Compressed))]
    public void RefusesAnEmptyFileAndALongerOne(string path)
    {
        var content = File.ReadAllBytes(_page.In(path));
        File.WriteAllBytes(_page.In(path), []);
        Assert.Throws<StartupException>(() => Load());
        File.WriteAllBytes(_page.In(path), [.. content, 0]);
        Assert.Throws<StartupException>(() => Load());
    }

    [Fact]
    public void RefusesTheSignatureOfAnotherBuilder()
    {
        using var other = SigningKey.Generate();
        Assert.Contains("manifest.signed", Assert.Throws<StartupException>(() => PageFiles.Load(_page.Folder, other.PublicKey)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnpacksNoMoreThanWasSigned()
    {
        // 64 MiB of zeros in some bytes, in the place of 4 KiB.
        File.WriteAllBytes(_page.In(SignedPage.Script + ".br"), SignedPage.Compress(new byte[64 << 20]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<StartupException>(() => Load());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Fact]
    public void WhatTheManifestDoesNotNameIsNoFileOfThePage()
    {
        File.WriteAllText(_page.In("extra.js"), "alert(1)");
        Assert.DoesNotContain(Load().All, file => file.Path == "extra.js");
    }

    [Fact]
    public void AFileThatIsChangedLaterChangesNothing()
    {
        var files = Load();
        _page.Change(SignedPage.Script);
        Assert.Equal(SignedPage.Files[SignedPage.Script], files.All.Single(file => file.Path == SignedPage.Script).Content);
    }

    private PageFiles Load() => PageFiles.Load(_page.Folder, _page.VerifyingKey);
}
