using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Profiles;
using Salus.Crypto.Merkle;
using Salus.Protocol;
using Salus.Protocol.Dispersal;
using Salus.Protocol.Http;

namespace Salus.Client.Audit;

/// <summary>A fragment in a list: 64 hexadecimal digits each for store, address and root.</summary>
/// <param name="Leaves">The largest power of two below its number of leaves: these are asked for. The exact number would show which fragments are of one record.</param>
public sealed record ListedFragment(string Store, string Address, string Root, long Leaves);

/// <summary>
/// What a third party needs to audit storage: fragments of many records, shuffled, without owner, record, order or sizes. An address lets its holder read the fragment, which is ciphertext,
/// so a list is for an auditor and not for the public.
/// </summary>
/// <param name="Parties">The servers, as the list's maker has pinned them.</param>
public sealed record AuditList(int Format, PartyDirectory Parties, IReadOnlyList<ListedFragment> Fragments)
{
    private const int KnownFormat = 1;

    /// <summary>Fragments in one list, at most, and bytes of its file.</summary>
    public const int MaxFragments = 1_000_000;

    private const long MaxBytes = 512L * 1024 * 1024;
    private const int Digits = 64;

    // Of the largest fragment: all entries together stay far below what a long holds.
    private const long MaxLeaves = FragmentLayout.MaxBodyLength / FragmentLayout.LeafSize;

    /// <summary>A list of these, in an order of chance.</summary>
    public static AuditList Of(PartyDirectory parties, IEnumerable<ListedFragment> fragments)
    {
        var shuffled = fragments.ToArray();
        RandomNumberGenerator.Shuffle<ListedFragment>(shuffled);
        return new AuditList(KnownFormat, parties, shuffled);
    }

    /// <summary>The list without the fragments at these addresses: they were deleted, and nobody is to miss them.</summary>
    public AuditList Without(IEnumerable<string> addresses)
    {
        var gone = addresses.ToHashSet(StringComparer.Ordinal);
        return this with { Fragments = [.. Fragments.Where(fragment => !gone.Contains(fragment.Address))] };
    }

    /// <summary>Reads a list that anybody may have written.</summary>
    /// <exception cref="CannotException">It is none.</exception>
    public static AuditList Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new CannotException($"There is no file {path}.", Reasons.NoFile);
        if (file.Length > MaxBytes)
            throw NoList(path);
        try
        {
            using var stream = file.OpenRead();
            return JsonSerializer.Deserialize(stream, AuditJson.Default.AuditList) is { } list && list.IsPossible() ? list : throw NoList(path);
        }
        catch (JsonException)
        {
            throw NoList(path);
        }
    }

    /// <summary>Writes it for its user alone, whole or not at all.</summary>
    public void Write(string path) => DurableFile.Write(Path.GetFullPath(path), JsonSerializer.SerializeToUtf8Bytes(this, AuditJson.Default.AuditList));

    internal IReadOnlyList<ListedTarget> Targets() => [.. Fragments.Select((fragment, i) =>
        new ListedTarget(i + 1, Transport.PartyKeys.Verifying("a store", fragment.Store), Convert.FromHexString(fragment.Address), fragment.Leaves, Convert.FromHexString(fragment.Root)))];

    private static CannotException NoList(string path) => new($"{path} is no list for an audit. `salus audit --list FILE` writes one.");

    private bool IsPossible()
    {
        if (Format != KnownFormat || Fragments.Count > MaxFragments || !Transport.PartyKeys.AreThere(Parties))
            return false;
        return Fragments.All(fragment => fragment is not null && IsHex(fragment.Store) && IsHex(fragment.Address) && IsHex(fragment.Root) && LeadingLeaves.IsPossible(fragment.Leaves)
                && VerifyingKey.TryParse(Convert.FromHexString(fragment.Store), out _))
            && Fragments.Select(fragment => fragment.Address).Distinct(StringComparer.Ordinal).Count() == Fragments.Count
            && Fragments.All(fragment => fragment.Leaves <= MaxLeaves);
    }

    private static bool IsHex(string? text) => text is { Length: Digits } && text.All(char.IsAsciiHexDigitLower);
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(AuditList))]
internal sealed partial class AuditJson : JsonSerializerContext;
