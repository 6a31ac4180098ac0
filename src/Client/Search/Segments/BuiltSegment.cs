using Salus.Protocol;

namespace Salus.Client.Search.Segments;

/// <summary>A segment as it was built, in files to be uploaded. Flushing them to disk is the caller's.</summary>
/// <param name="DictionaryLength">Bytes of the sealed dictionary.</param>
/// <param name="DictionaryHash">SHA-256 of it.</param>
/// <param name="Blocks">Number of blocks, with their padding.</param>
/// <param name="BlocksPath">Address 16 | sealed block 256 for each, in the order of the addresses; null when there are none.</param>
public sealed record BuiltSegment(SegmentId Id, long DictionaryLength, byte[] DictionaryHash, int Blocks, string DictionaryPath, string? BlocksPath);
