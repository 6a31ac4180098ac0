using System.Security.Cryptography;
using Salus.Client.Records;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Health;
using Salus.Health.Deidentification;
using Salus.Health.Deidentification.Dicom;
using Salus.Health.Deidentification.Fhir;
using Salus.Health.Deidentification.Images;
using Salus.Health.Dicom;
using Salus.Health.Fhir;

namespace Salus.Client.Deidentification;

/// <summary>De-identifies a file on this machine, under keys of its own: no account and no server is asked.</summary>
public static class FileDeidentifier
{
    private const long LongestRules = 1024 * 1024;

    /// <summary>Writes the de-identified file, whole or not at all.</summary>
    public static async Task<DeidentifiedFile> RunAsync(DeidentificationQuestion question, CancellationToken cancel = default)
    {
        if (!File.Exists(question.File))
            throw new CannotException($"There is no file {question.File}.");
        WholeFile.RequireOther(question.File, question.Out);
        try
        {
            return await RunCheckedAsync(question, cancel);
        }
        catch (RulesException error)
        {
            throw new CannotException($"{error.Message} Nothing was written.");
        }
        catch (IdentifiersLeftException error)
        {
            throw new CannotException($"Refused: {error.Message}. Nothing was written. Add rules that redact these places.");
        }
        catch (Exception error) when (error is FhirFormatException or DicomFormatException or ImageFormatException or Salus.Health.Deidentification.RefusedException)
        {
            throw new CannotException($"Refused: {error.Message} Nothing was written.");
        }
    }

    /// <summary>FHIR in memory, under keys of this run: nothing is written to a disk.</summary>
    internal static void Run(Stream source, Stream output, string? rulesFile, CancellationToken cancel)
    {
        try
        {
            var rules = rulesFile is null ? FhirRules.SafeHarbor : FhirRules.Read(ReadRules(rulesFile), Unmatched.Redact);
            using var pseudonyms = RandomKey();
            using var shifts = RandomKey();
            new FhirDeidentifier(rules, new DeidentificationKeys(pseudonyms.Compute, shifts.Compute)).Run(source, output, cancel);
        }
        catch (RulesException error)
        {
            throw new CannotException($"{error.Message} Nothing was written.");
        }
        catch (IdentifiersLeftException error)
        {
            throw new CannotException($"Refused: {error.Message}. Nothing was written. Add rules that redact these places.");
        }
        catch (FhirFormatException error)
        {
            throw new CannotException($"Refused: {error.Message} Nothing was written.");
        }
    }

    private static async Task<DeidentifiedFile> RunCheckedAsync(DeidentificationQuestion question, CancellationToken cancel)
    {
        // 1. The rules, before anything of the record is read.
        Unmatched? unmatched = question.KeepsUnmatched is { } keeps ? (keeps ? Unmatched.Keep : Unmatched.Redact) : null;
        var rules = question.Rules is { } path ? FhirRules.Read(ReadRules(path), unmatched) : FhirRules.SafeHarbor;
        using var source = RecordStore.OpenFile(question.File);
        var mediaType = RecordStore.MediaTypeOf(source, Path.GetFileName(question.File));
        if (question.BlackOut.Count > 0 && mediaType != MediaTypes.Dicom)
            throw new CannotException("Regions can be blacked out of DICOM files only. Black them out in a program for pictures, save the file anew, then say --reviewed.");
        // 2. Keys of this run.
        using var pseudonyms = RandomKey();
        using var shifts = RandomKey();
        using var encryption = rules.UsesEncryption && rules.EncryptKey.Length > 0 ? EncryptionKey(rules.EncryptKey) : null;
        var keys = new DeidentificationKeys(pseudonyms.Compute, shifts.Compute, encryption is null ? null : value => Encrypt(encryption, value));
        var full = new FileInfo(Path.GetFullPath(question.File));
        var deidentifier = new Deidentifier(keys)
        {
            Fhir = rules, FileName = full.Name, FolderName = full.Directory?.Name ?? "",
            Dicom = new DicomOptions { IsReviewed = question.IsReviewed, BlackOut = [.. question.BlackOut.Select(Region)], ShiftsDates = question.ShiftsDates },
            Images = new ImageOptions { IsReviewed = question.IsReviewed },
        };
        // 3. The file.
        var report = await WholeFile.WriteAsync(question.Out, stream => Task.FromResult(deidentifier.Run(mediaType, source, stream, cancel)));
        var isFhir = mediaType is MediaTypes.FhirJson or MediaTypes.FhirNdjson;
        var changes = report.Changes.ToLookup(change => change.Method == ChangeReport.Left, change => new DeidentificationChange(change.Method, change.Path, change.Count));
        return new DeidentifiedFile(mediaType, report.Items, [.. changes[false]], [.. changes[true]], isFhir ? rules.Notes : [],
            UsedRandomKeys: mediaType == MediaTypes.Dicom || (isFhir && (rules.UsesPseudonyms || rules.UsesDateShift)));
    }

    private static byte[] ReadRules(string path)
    {
        if (!File.Exists(path))
            throw new CannotException($"There is no file {path}.");
        return new FileInfo(path).Length <= LongestRules ? File.ReadAllBytes(path) : throw new CannotException($"{path} is larger than a configuration can be.");
    }

    private static PixelRegion Region(string text) => PixelRegion.TryParse(text, out var region) ? region
        : throw new CannotException("A region to black out is x,y,w,h: its upper left corner and its size in pixels.");

    private static MacKey RandomKey()
    {
        Span<byte> key = stackalloc byte[MacKey.KeySize];
        RandomNumberGenerator.Fill(key);
        var mac = new MacKey(key);
        CryptographicOperations.ZeroMemory(key);
        return mac;
    }

    private static AeadKey EncryptionKey(string text)
    {
        using var key = Kdf.Derive(System.Text.Encoding.UTF8.GetBytes(text), Domains.DeidentificationEncryption, Aead.KeySize);
        return Aead.Import(key);
    }

    /// <summary>Nonce, ciphertext and tag. The nonce is random: a file has far fewer values than the 2^32 that one key allows.</summary>
    private static byte[] Encrypt(AeadKey key, ReadOnlySpan<byte> value)
    {
        var sealedValue = new byte[Aead.NonceSize + value.Length + Aead.TagSize];
        RandomNumberGenerator.Fill(sealedValue.AsSpan(0, Aead.NonceSize));
        var sealing = key.SealAsync(sealedValue.AsMemory(0, Aead.NonceSize), value.ToArray(), default, sealedValue.AsMemory(Aead.NonceSize));
        // Outside the browser it has finished here; there, files are de-identified by another way in.
        sealing.AsTask().GetAwaiter().GetResult();
        return sealedValue;
    }
}
