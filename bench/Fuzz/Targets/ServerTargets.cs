using System.Text;
using Salus.Cloud.Accounts;
using Salus.Store;

namespace Salus.Bench.Fuzz.Targets;

/// <summary>What servers read besides messages of the protocol: headers, addresses, notes beside fragments.</summary>
internal static class ServerTargets
{
    public static IReadOnlyList<Target> All { get; } =
    [
        new("server/range of an upload", () => ["bytes 0-99/100"u8.ToArray()], bytes => Verdict.When(UploadRange.TryParse(Encoding.Latin1.GetString(bytes), out var range)
            && (range is { First: >= 0, Length: > 0 } && range.Last < range.Total ? true : throw new InvalidDataException("a range that is none")))) { Shape = Shape.Text },
        Target.OfText("server/address of a fragment", text => FragmentAddress.TryParse(text, out var address) ? address.Text : null, new string('a', 64)),
        new("server/note of a fragment", () => [FragmentNote.Begin(1234, new byte[32]).ToBytes()], bytes =>
        {
            var path = Path.Combine(Path.GetTempPath(), $"salus-fuzz-note-{Environment.ProcessId}");
            try
            {
                File.WriteAllBytes(path, bytes);
                return FragmentNote.TryRead(path, out var note) ? Verdict.Canonical(note.ToBytes()) : Verdict.Refused;
            }
            finally
            {
                File.Delete(path);
            }
        }),
        new("server/mail address", () => ["Ann.Example+x@mail.example.org"u8.ToArray()], bytes => Verdict.When(MailAddress.TryParse(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
        new("server/code of a mail", () => ["1234 5678"u8.ToArray()], bytes => Verdict.When(Pepper.TryReadCode(Encoding.UTF8.GetString(bytes), out _))) { Shape = Shape.Text },
    ];
}
