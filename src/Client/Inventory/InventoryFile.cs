using System.Text.Json;
using System.Text.Json.Serialization;
using Salus.Client.Accounts;
using Salus.Client.Profiles;
using Salus.Client.Transport;
using Salus.Crypto;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Inventory;

namespace Salus.Client.Inventory;

/// <summary>What a device keeps of an inventory, so that only what has changed is fetched: the head, the pages, and the names of records, which no server knows.</summary>
internal sealed record KeptInventory(byte[]? Head, Dictionary<int, byte[]> Pages, Dictionary<string, string> Names)
{
    public static KeptInventory Empty() => new(null, [], []);

    /// <summary>Empty for what is none.</summary>
    internal static KeptInventory Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            if (JsonSerializer.Deserialize(json, InventoryJson.Default.KeptInventory) is { } kept && WholeAnswer.Is(kept, InventoryJson.Default.KeptInventory))
                return kept;
        }
        catch (JsonException)
        {
            // It is fetched again, as what lacks a part is.
        }
        return Empty();
    }

    /// <summary>The inventory; null when there is none or it is damaged.</summary>
    public Listed? Read(VerifyingKey owner)
    {
        if (Head is null || !InventoryHead.TryVerify(Head, out var head) || !head.Owner.Equals(owner))
            return null;
        var pages = new Dictionary<int, InventoryPage>();
        foreach (var (number, bytes) in Pages)
            if (InventoryPage.TryParse(bytes, out var page))
                pages[number] = page;
        return Listed.Of(head, pages);
    }
}

/// <summary><see cref="KeptInventory"/> in <c>inventory.sealed</c>. It is all fetched again when it is gone, and what protects from rollback is in <see cref="LocalState"/>.</summary>
internal static class InventoryFile
{
    public static async Task<KeptInventory> LoadAsync(Account account)
    {
        var path = account.Profile.InventoryPath;
        if (!File.Exists(path))
            return KeptInventory.Empty();
        using var opened = await SealedBlob.OpenSecretAsync(account.Keys.Local, Domains.LocalInventory, await File.ReadAllBytesAsync(path), account.Id.ToBytes());
        return opened is null ? KeptInventory.Empty() : KeptInventory.Parse(opened.Bytes);
    }

    public static async Task SaveAsync(Account account, KeptInventory kept)
    {
        using var plain = Secret.CopyOf(JsonSerializer.SerializeToUtf8Bytes(kept, InventoryJson.Default.KeptInventory));
        DurableFile.Write(account.Profile.InventoryPath, await SealedBlob.SealAsync(account.Keys.Local, Domains.LocalInventory, plain, account.Id.ToBytes()));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeptInventory))]
internal sealed partial class InventoryJson : JsonSerializerContext;
