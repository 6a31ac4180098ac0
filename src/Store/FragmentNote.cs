using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Salus.Store;

/// <summary>
/// What is kept beside a fragment, in the file `owner`: "salus fragment1\n" 16 | size u64 | owner hash 32 | SHA-256 of the fragment 32 (zero until it is complete).
/// </summary>
internal sealed record FragmentNote(long Size, byte[] OwnerHash, byte[] Hash)
{
    public const int FileSize = 16 + sizeof(ulong) + 2 * SHA256.HashSizeInBytes;

    private static ReadOnlySpan<byte> Magic => "salus fragment1\n"u8;

    public static FragmentNote Begin(long size, byte[] ownerHash) => new(size, ownerHash, new byte[SHA256.HashSizeInBytes]);

    public byte[] ToBytes()
    {
        var bytes = new byte[FileSize];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(16), Size);
        OwnerHash.CopyTo(bytes, 24);
        Hash.CopyTo(bytes, 56);
        return bytes;
    }

    /// <summary>False for a file that a crash has cut short.</summary>
    public static bool TryRead(string path, [NotNullWhen(true)] out FragmentNote? note)
    {
        note = null;
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        if (bytes.Length != FileSize || !bytes.AsSpan().StartsWith(Magic))
            return false;
        note = new FragmentNote(BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(16)), bytes[24..56], bytes[56..]);
        return note.Size > 0;
    }

    /// <summary>Of what a file holds.</summary>
    public static byte[] HashOf(SafeFileHandle data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            int read;
            for (var at = 0L; (read = RandomAccess.Read(data, buffer, at)) > 0; at += read)
                hash.AppendData(buffer, 0, read);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
        return hash.GetHashAndReset();
    }
}
