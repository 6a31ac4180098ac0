using System.Diagnostics;
using System.Text.Json;
using Salus.Client.Sanitised;
using Salus.Testing;

namespace Salus.EndToEnd.Tests;

/// <summary>A hospital signs what it writes; of that the patient makes a copy without a name, which a stranger can verify: with our program and with one that is not ours.</summary>
public class SignedCopiesTests(SalusInstallation salus)
{
    [Fact]
    public async Task ASanitisedCopyIsKeptAsARecordAndVerifiedByAnIndependentImplementation()
    {
        using var hospital = await Person.RegisterAsync(salus, "hospital", organisation: "City Hospital");
        using var patient = await Person.RegisterAsync(salus, "patient");
        var source = Path.Combine(Places.Data, "fhir", "Clemente_Kreiger_1484a42d-0eaf-4654-9cbf-6b050a5cd73b.json");

        // 1. Signed when it is made.
        var copies = hospital.Out("copies.sdjwt");
        var signed = await RunAsync(hospital, "sign", source, "--out", copies);
        Assert.True(signed.ExitCode == 0, signed.ToString());
        await AgreesAsync(copies);

        // 2. The patient, in whose records the hospital put it, leaves out what names anybody, and keeps that as well: a record like any other.
        await patient.LetAddAsync(hospital, "medical");
        var deposited = await hospital.PutAsync(await File.ReadAllBytesAsync(copies), name: "copies.sdjwt", patient: patient);
        var back = patient.Out("back.sdjwt");
        await File.WriteAllBytesAsync(back, (await patient.GetAsync(deposited.Record)).Bytes);
        var sanitised = patient.Out("sanitised.sdjwt");
        var made = await RunAsync(patient, "sanitise", back, "--out", sanitised);
        Assert.True(made.ExitCode == 0, made.ToString());
        var kept = await patient.PutAsync(await File.ReadAllBytesAsync(sanitised), name: "sanitised.sdjwt");
        var received = patient.Out("received.sdjwt");
        await File.WriteAllBytesAsync(received, (await patient.GetAsync(kept.Record)).Bytes);

        // 3. Whoever gets it verifies it: who signed, and that nothing was changed.
        var verified = await RunAsync(patient, "verify", received, "--signer", hospital.Mail, "--json");
        Assert.True(verified.ExitCode == 0, verified.ToString());
        var said = JsonDocument.Parse(verified.Output).RootElement;
        Assert.Equal((hospital.Account.Card.Fingerprint, "City Hospital"), (said.GetProperty("fingerprint").GetString(), said.GetProperty("organisation").GetString()));
        await AgreesAsync(received);
        Assert.DoesNotContain("Kreiger", await File.ReadAllTextAsync(received), StringComparison.Ordinal);
        using var another = await Person.RegisterAsync(salus, "other", organisation: "Another Hospital");
        Assert.Equal(3, (await RunAsync(patient, "verify", received, "--signer", another.Mail)).ExitCode);

        // 4. One letter of what was signed changed: both refuse it. One of what is disclosed: the other reads past it, we refuse.
        var text = await File.ReadAllTextAsync(received);
        await ChangeAsync(text.IndexOf('.', StringComparison.Ordinal) + 12);
        Assert.Equal(3, (await RunAsync(patient, "verify", received)).ExitCode);
        Assert.NotEqual(0, (await IndependentlyAsync(received)).ExitCode);
        await ChangeAsync(text.IndexOf('~', StringComparison.Ordinal) + 12);
        Assert.Equal(3, (await RunAsync(patient, "verify", received)).ExitCode);

        Task ChangeAsync(int at) => File.WriteAllTextAsync(received, text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..]);
    }

    /// <summary>Both read the same out of every copy.</summary>
    private static async Task AgreesAsync(string file)
    {
        var theirs = await IndependentlyAsync(file);
        Assert.True(theirs.ExitCode == 0, theirs.ToString());
        var lines = await File.ReadAllLinesAsync(file);
        var claims = theirs.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(lines.Length - 1, claims.Count);
        var header = JsonDocument.Parse(lines[0]).RootElement;
        byte[] Bytes(string member) => header.GetProperty(member).GetBytesFromBase64();
        Assert.True(Attester.TryVerify(Bytes("card"), Bytes("key"), Bytes("certificate"), out var attester));
        foreach (var (line, claim) in lines.Skip(1).Zip(claims))
        {
            Assert.True(SdJwt.TryVerify(line, attester, out var copy, out var fault), fault);
            Assert.True(JsonElement.DeepEquals(copy.Revealed, claim.GetProperty("resource")));
        }
    }

    private static Task<Outcome> IndependentlyAsync(string file) =>
        CommandLine.EndAsync(Process.Start(new ProcessStartInfo("node", [Path.Combine(Places.Root, "web", "src", "testing", "sd-jwt-core.mjs"), file])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!);

    private Task<Outcome> RunAsync(Person person, params string[] arguments) =>
        CommandLine.RunAsync([.. arguments, "--data", salus.Data, "--profile", person.Name], ("SALUS_PASSPHRASE", person.Passphrase));
}
