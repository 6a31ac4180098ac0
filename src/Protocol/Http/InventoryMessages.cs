namespace Salus.Protocol.Http;

/// <summary>A page of the state of an account, by its number among them.</summary>
public sealed record InventoryPart(int Number, byte[] Content);

/// <summary>PUT /v1/inventory, and the answer of POST /v1/inventory/pages: a signed state and pages of it. A page without items is not given.</summary>
public sealed record InventoryPages(byte[] Head, IReadOnlyList<InventoryPart> Pages);

/// <summary>POST /v1/inventory/pages: which pages.</summary>
public sealed record InventoryPageRequest(IReadOnlyList<int> Pages)
{
    /// <summary>Pages of one request, at most.</summary>
    public const int MaxPages = 256;
}
