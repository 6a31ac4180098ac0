using System.Globalization;
using System.Text;
using Salus.Cloud.Accounts;
using Salus.Cloud.Mail;
using Salus.Protocol.Http;

namespace Salus.Cloud.Tests.Mail;

public sealed class PickupTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task LetterIsAWholeMessageOfRfc5322()
    {
        var mail = Person.NewMail();
        await _cloud.RequestCodeAsync(Paths.Registrations, mail);
        var letter = Assert.Single(await _cloud.Letters.ToAsync(mail));
        Assert.DoesNotContain("\n", letter.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var (headers, body) = (letter[..letter.IndexOf("\r\n\r\n", StringComparison.Ordinal)], letter[(letter.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var fields = headers.Split("\r\n").Select(line => line.Split(": ", 2)).ToDictionary(field => field[0], field => field[1]);
        Assert.Equal("salus@salus.test", fields["From"]);
        Assert.Equal(mail, fields["To"]);
        Assert.Equal("Your code for Salus", fields["Subject"]);
        Assert.Equal("text/plain; charset=utf-8", fields["Content-Type"]);
        Assert.Matches(@"^<[0-9a-f]{32}@salus\.test>$", fields["Message-ID"]);
        Assert.Equal(_cloud.Time.GetUtcNow(), DateTimeOffset.Parse(fields["Date"], CultureInfo.InvariantCulture));
        Assert.All(letter.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        Assert.Contains("10:10 UTC", body, StringComparison.Ordinal);
        Assert.Contains("If it was not you", body, StringComparison.Ordinal);
        Assert.NotNull(LetterBox.CodeIn(letter));
        Assert.DoesNotContain(LetterBox.CodeIn(letter)!, headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FolderHoldsWholeLettersThatOnlyTheServersUserReads()
    {
        var mail = Person.NewMail();
        await _cloud.RequestCodeAsync(Paths.Logins, mail);
        await _cloud.Letters.ToAsync(mail);
        if (OperatingSystem.IsWindows())
            return; // the folder's access list holds there
        foreach (var file in Directory.GetFiles(_cloud.Options.Mail.Pickup!, "*.eml"))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData(CodePurpose.Registration, false, true)]
    [InlineData(CodePurpose.Registration, true, false)]
    [InlineData(CodePurpose.Login, true, true)]
    [InlineData(CodePurpose.Login, false, false)]
    internal void CodeGoesOnlyToWhomItServes(CodePurpose purpose, bool accountExists, bool hasCode)
    {
        Assert.True(MailAddress.TryParse("anna@example.org", out var anna));
        var request = new CodeLetter(purpose, anna, "12345678", DateTimeOffset.UnixEpoch);
        var letter = request.Write(accountExists);
        Assert.Equal(hasCode, letter.Text.Contains("1234 5678", StringComparison.Ordinal));
        Assert.DoesNotContain("anna", letter.ToString() + request + anna, StringComparison.Ordinal);
        Assert.True(Encoding.UTF8.GetByteCount(letter.Subject) == letter.Subject.Length, "A subject is ASCII.");
    }

    [Fact]
    internal void LettersAboutRequestsKeepTheirCodeOutOfTheSubject()
    {
        Assert.True(MailAddress.TryParse("anna@example.org", out var anna));
        PendingLetter[] letters = [new RequestLetter(anna, DateTimeOffset.UnixEpoch), new ReleaseLetter(anna, "7ZQ4X9K2MP", DateTimeOffset.UnixEpoch)];
        foreach (var pending in letters)
        {
            var letter = pending.Write(accountExists: true);
            Assert.All(letter.Text.Split('\n'), line => Assert.InRange(line.Length, 0, 78));
            Assert.DoesNotContain("7ZQ4X", letter.Subject + letter + pending, StringComparison.Ordinal);
            Assert.DoesNotContain("anna", letter.ToString() + pending, StringComparison.Ordinal);
            Assert.Equal(pending is ReleaseLetter, letter.Text.Contains("7ZQ4X-9K2MP", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task LetterWaitsForAFolderThatComesBack()
    {
        await using var cloud = await TestCloud.StartAsync();
        var folder = cloud.Options.Mail.Pickup!;
        await File.WriteAllTextAsync(folder, "in the way"); // no folder can be made here
        var mail = Person.NewMail();
        await cloud.RequestCodeAsync(Paths.Registrations, mail);
        await Task.Delay(500);
        File.Delete(folder);
        Assert.NotNull(await cloud.Letters.CodeAsync(mail));
    }
}
