using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Salus.Cloud.Accounts;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Testing;

namespace Salus.Cloud.Tests.Accounts;

public sealed class RegistrationTests(SharedCloud shared) : IClassFixture<SharedCloud>
{
    private readonly TestCloud _cloud = shared.Cloud;

    [Fact]
    public async Task RegistrationOpensAnAccountAndASession()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var account = await anna.Http.GetAsync(Paths.Account).ReadAsync<AccountView>();
        Assert.Equal(anna.Id.ToString(), account.Id);
        Assert.Equal(anna.Mail, account.Mail);
        Assert.Equal(anna.Card.Signed, account.Card);
        Assert.Equal(["passphrase", "recovery"], account.Secrets.Select(secret => secret.Kind));
        Assert.Equal(anna.Passphrase.Ciphertext, account.Secrets[0].Ciphertext);
        Assert.Equal(anna.Passphrase.Salt, account.Secrets[0].Salt);
        Assert.Equal((65536, 3), (account.Secrets[0].MemoryKiB, account.Secrets[0].Passes));
        Assert.Equal(anna.Recovery.Ciphertext, account.Secrets[1].Ciphertext);
    }

    [Fact]
    public async Task LoginAnswersWithTheAccountUnderANewToken()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var first = anna.Token;
        var session = await anna.LogInAsync();
        Assert.NotEqual(first, session.Token);
        Assert.Equal(43, session.Token.Length);
        Assert.Equal(_cloud.Time.GetUtcNow() + TimeSpan.FromHours(12), session.Expires);
        Assert.Equal(anna.Passphrase.Ciphertext, session.Account.Secrets.Single(secret => secret.Kind == "passphrase").Ciphertext);
    }

    [Theory]
    [InlineData(Paths.Registrations)]
    [InlineData(Paths.Logins)]
    public async Task KnownAndUnknownAddressesGetTheSameAnswer(string path)
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var known = await _cloud.Http.PostAsJsonAsync(path, new MailRequest(anna.Mail));
        var unknown = await _cloud.Http.PostAsJsonAsync(path, new MailRequest(Person.NewMail()));
        Assert.Equal(HttpStatusCode.Accepted, known.StatusCode);
        Assert.Equal(known.StatusCode, unknown.StatusCode);
        Assert.Equal(Headers(known), Headers(unknown));
        Assert.Equal(await ShapeAsync(known), await ShapeAsync(unknown));

        static List<string> Headers(HttpResponseMessage response) =>
            [.. response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(',', header.Value)}")];

        static async Task<string> ShapeAsync(HttpResponseMessage response)
        {
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return string.Join('\n', json.RootElement.EnumerateObject()
                .Select(member => $"{member.Name} {member.Value.ValueKind} {member.Value.ToString().Length}"));
        }
    }

    [Fact]
    public async Task LetterToAnExistingAccountCarriesNoCode()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var letter = (await _cloud.Letters.ToAsync(anna.Mail, 2))[^1];
        Assert.Null(LetterBox.CodeIn(letter));
        Assert.Contains("You already have", letter, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d{8}|\d{4} \d{4}", letter[letter.IndexOf("\r\n\r\n", StringComparison.Ordinal)..]);
    }

    [Fact]
    public async Task LoginWithoutAccountSendsNoCodeAndCannotBeCompleted()
    {
        var mail = Person.NewMail();
        var id = await _cloud.RequestCodeAsync(Paths.Logins, mail);
        Assert.Null(LetterBox.CodeIn((await _cloud.Letters.ToAsync(mail))[0]));
        await _cloud.Http.PostAsJsonAsync(Paths.CompleteLogin.Replace("{id}", id), new CompleteLogin("0000 0000")).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact]
    public async Task WrongUsedUnknownAndForeignCodesAreRefusedAlike()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var wrong = await anna.CompleteRegistrationAsync(id, code[..^1] + (code[^1] == '0' ? '1' : '0')).ShouldBeAsync(Problems.CodeRefused);
        var unknown = await anna.CompleteRegistrationAsync(Identifier.Random<RecordId>().ToString(), code).ShouldBeAsync(Problems.CodeRefused);
        var noCode = await anna.CompleteRegistrationAsync(id, "not a code").ShouldBeAsync(Problems.CodeRefused);
        var noId = await anna.CompleteRegistrationAsync("x", code).ShouldBeAsync(Problems.CodeRefused);
        // A code of one purpose does not serve the other.
        var purpose = await _cloud.Http.PostAsJsonAsync(Paths.CompleteLogin.Replace("{id}", id), new CompleteLogin(code)).ShouldBeAsync(Problems.CodeRefused);
        await anna.CompleteRegistrationAsync(id, code.Replace(" ", "")).ShouldSucceedAsync();
        var used = await anna.CompleteRegistrationAsync(id, code).ShouldBeAsync(Problems.CodeRefused);
        Assert.Single(new[] { wrong, unknown, noCode, noId, purpose, used }.Distinct());
    }

    [Fact, Attack("P05")]
    public async Task CodeOfOneRegistrationDoesNotServeAnother()
    {
        using var anna = Person.Unregistered(_cloud);
        await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var other = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        await anna.CompleteRegistrationAsync(other, code).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact]
    public async Task ExpiredCodeIsRefused()
    {
        await using var cloud = await TestCloud.StartAsync();
        using var anna = Person.Unregistered(cloud);
        var id = await cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await cloud.Letters.CodeAsync(anna.Mail);
        cloud.Time.Advance(TimeSpan.FromMinutes(10));
        await anna.CompleteRegistrationAsync(id, code).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact]
    public async Task RightCodeIsRefusedAfterFiveWrongOnes()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        foreach (var wrong in WrongCodes(code).Take(5))
            await anna.CompleteRegistrationAsync(id, wrong).ShouldBeAsync(Problems.CodeRefused);
        await anna.CompleteRegistrationAsync(id, code).ShouldBeAsync(Problems.CodeRefused);
        await using var database = _cloud.OpenDatabase();
        Assert.Equal(5, await TriesAsync(id));
    }

    [Fact, Attack("P05")]
    public async Task FiftyParallelWrongGuessesCountFiveTries()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var answers = await Task.WhenAll(WrongCodes(code).Take(50).Select(wrong => anna.CompleteRegistrationAsync(id, wrong)));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        Assert.Equal(5, await TriesAsync(id));
        await anna.CompleteRegistrationAsync(id, code).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact, Attack("P05")]
    public async Task FiftyParallelRightCodesOpenOneAccount()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => anna.CompleteRegistrationAsync(id, code)));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(49, answers.Count(answer => answer.StatusCode == HttpStatusCode.Forbidden));
        Assert.Equal(1, await TriesAsync(id));
    }

    [Fact]
    public async Task ParallelMixedGuessesTakeTheRightCodeAtMostOnceWithinFiveTries()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Logins, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail, 2);
        var guesses = WrongCodes(code).Take(40).Concat(Enumerable.Repeat(code, 10)).ToArray();
        RandomNumberGenerator.Shuffle<string>(guesses);
        var path = Paths.CompleteLogin.Replace("{id}", id);
        var answers = await Task.WhenAll(guesses.Select(guess => _cloud.Http.PostAsJsonAsync(path, new CompleteLogin(guess))));
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.OK), 0, 1);
        Assert.InRange(await TriesAsync(id), 1, 5);
    }

    [Fact]
    public async Task SecondRegistrationOfAnAddressIsRefusedWithTheRightCode()
    {
        using var anna = Person.Unregistered(_cloud);
        using var second = Person.Unregistered(_cloud, anna.Mail);
        var firstId = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var firstCode = await _cloud.Letters.CodeAsync(anna.Mail);
        var secondId = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var codes = (await _cloud.Letters.ToAsync(anna.Mail, 2)).Select(LetterBox.CodeIn).ToList();
        await anna.CompleteRegistrationAsync(firstId, firstCode).ShouldSucceedAsync();
        await second.CompleteRegistrationAsync(secondId, codes.Single(code => code != firstCode)!).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact]
    public async Task IdentityThatHasAnAccountCannotTakeASecondAddress()
    {
        using var anna = await Person.RegisterAsync(_cloud);
        var mail = Person.NewMail();
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, mail);
        await anna.CompleteRegistrationAsync(id, await _cloud.Letters.CodeAsync(mail)).ShouldBeAsync(Problems.CodeRefused);
    }

    [Fact]
    public async Task AddressIsFoundHoweverItIsWritten()
    {
        var mail = Person.NewMail();
        using var anna = await Person.RegisterAsync(_cloud, mail);
        var id = await _cloud.RequestCodeAsync(Paths.Logins, $"  {mail.ToUpperInvariant()} ");
        Assert.NotNull(await _cloud.Letters.CodeAsync(mail, 2));
        Assert.Equal(32, id.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@example.org")]
    [InlineData("anna@")]
    [InlineData("anna@example..org")]
    [InlineData("anna@-example.org")]
    [InlineData(".anna@example.org")]
    [InlineData("an..na@example.org")]
    [InlineData("an na@example.org")]
    [InlineData("anna@example.org\r\nBcc: other@example.org")]
    [InlineData("anna@exämple.org")]
    [InlineData("\"anna\"@example.org")]
    [InlineData("a@b@example.org")]
    [InlineData("anna@[127.0.0.1]")]
    public async Task AddressThatIsNoneIsABadRequest(string mail)
    {
        var detail = await _cloud.Http.PostAsJsonAsync(Paths.Registrations, new MailRequest(mail)).ShouldBeAsync(Problems.BadRequest);
        Assert.Equal(MailAddress.Syntax, detail);
    }

    [Fact]
    public void AddressOf254CharactersIsTakenAndOf255IsNot()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 3));
        var mail = new string('a', 64) + "@" + domain + "." + new string('d', 254 - 64 - 1 - domain.Length - 1);
        Assert.Equal(254, mail.Length);
        Assert.True(MailAddress.TryParse(mail, out _));
        Assert.False(MailAddress.TryParse(mail + "d", out _));
    }

    [Theory]
    [InlineData(65535, 3, 16, 64)]
    [InlineData(65536, 2, 16, 64)]
    [InlineData(-1, 3, 16, 64)]
    [InlineData(65536, -3, 16, 64)]
    [InlineData(int.MaxValue, 3, 16, 64)]
    [InlineData(65536, int.MaxValue, 16, 64)]
    [InlineData(65536, 3, 15, 64)]
    [InlineData(65536, 3, 16, 47)]
    [InlineData(65536, 3, 16, 513)]
    public async Task WeakOrOddWrappingIsRefusedWithoutCostingATry(int memory, int passes, int salt, int ciphertext)
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var weak = new WrappedSecret("passphrase", new byte[salt], memory, passes, new byte[ciphertext]);
        await anna.CompleteRegistrationAsync(id, code, weak).ShouldBeAsync(Problems.BadRequest);
        Assert.Equal(0, await TriesAsync(id));
        await anna.CompleteRegistrationAsync(id, code).ShouldSucceedAsync();
    }

    [Fact]
    public async Task CardThatItsOwnerDidNotSignIsRefused()
    {
        using var anna = Person.Unregistered(_cloud);
        var id = await _cloud.RequestCodeAsync(Paths.Registrations, anna.Mail);
        var code = await _cloud.Letters.CodeAsync(anna.Mail);
        var card = (byte[])anna.Card.Signed.Clone();
        card[^1] ^= 1;
        var request = new CompleteRegistration(code, card, [anna.Passphrase, anna.Recovery]);
        await _cloud.Http.PostAsJsonAsync(Paths.CompleteRegistration.Replace("{id}", id), request).ShouldBeAsync(Problems.BadRequest);
    }

    [Fact]
    public async Task SixthCodeInAnHourIsSilentlyNotSent()
    {
        await using var cloud = await TestCloud.StartAsync(codesPerHour: 5);
        var mail = Person.NewMail();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => cloud.RequestCodeAsync(Paths.Registrations, mail)));
        await cloud.Letters.ToAsync(mail, 5);
        await Task.Delay(300);
        Assert.Equal(5, cloud.Letters.To(mail).Count);
        // Another address and the next hour are not touched by it.
        var other = Person.NewMail();
        await cloud.RequestCodeAsync(Paths.Registrations, other);
        await cloud.Letters.ToAsync(other);
        cloud.Time.Advance(TimeSpan.FromHours(1));
        await cloud.RequestCodeAsync(Paths.Registrations, mail);
        await cloud.Letters.ToAsync(mail, 6);
    }

    private async Task<int> TriesAsync(string id)
    {
        Assert.True(Identifier.TryParse(id, out CodeId code));
        await using var database = _cloud.OpenDatabase();
        return await database.Codes.Where(row => row.Id == code).Select(row => row.Tries).SingleAsync();
    }

    private static IEnumerable<string> WrongCodes(string code) =>
        Enumerable.Range(0, 100).Select(i => i.ToString("d8")).Where(wrong => wrong != code.Replace(" ", ""));
}
