using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Crypto.Primitives;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Readings;

/// <summary>
/// A trustee's answer to a <see cref="ReadingRequest"/>: sealed to the key of the request, and signed, so that what is wrong with it is the trustee's.
/// Wire: "salus reading answer 1\n" | trustee 32 | request hash 32 | sealed key 80 | sealed content (variable) | signature 64.
/// Sealed content: AES-256-GCM(key, nonce 0, AAD = request hash); the key is this answer's own. The content is that of <see cref="SeriesList"/> or <see cref="ReadingPage"/>.
/// </summary>
public sealed class ReadingAnswer
{
    private readonly byte[] _box;
    private readonly byte[] _content;

    private ReadingAnswer(byte[] signed, VerifyingKey trustee, byte[] request, byte[] box, byte[] content) =>
        (Signed, Trustee, RequestHash, _box, _content) = (signed, trustee, request, box, content);

    private static ReadOnlySpan<byte> Magic => "salus reading answer 1\n"u8;

    public VerifyingKey Trustee { get; }

    public byte[] RequestHash { get; }

    public byte[] Signed { get; }

    public static async ValueTask<ReadingAnswer> CreateAsync(SigningKey trustee, ReadingRequest request, byte[] content)
    {
        using var key = Secret.Random(Aead.KeySize);
        var sealedContent = new byte[content.Length + Aead.TagSize];
        await Aead.SealAsync(key, new byte[Aead.NonceSize], content, request.Hash, sealedContent);
        var payload = new WireWriter().Bytes(Magic).Key(trustee.PublicKey).Bytes(request.Hash).Bytes(request.AnswerKey.Seal(key.Bytes)).Variable(sealedContent).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignReadingAnswer, trustee, payload), out var answer) ? answer : throw SignedMessage.Mistake(nameof(ReadingAnswer));
    }

    /// <summary>False unless it is the answer of the request's trustee to this very request.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> signed, ReadingRequest request, [NotNullWhen(true)] out ReadingAnswer? answer)
    {
        if (TryRead(signed, out answer) && answer.Trustee.Equals(request.Trustee) && answer.RequestHash.AsSpan().SequenceEqual(request.Hash)
            && SignedMessage.Verify(Domains.SignReadingAnswer, request.Trustee, signed))
            return true;
        answer = null;
        return false;
    }

    /// <summary>The content; null when it was not sealed to this key.</summary>
    public async ValueTask<byte[]?> OpenAsync(UnboxingKey answerKey)
    {
        if (!answerKey.TryOpen(_box, out var opened) || opened.Length != Aead.KeySize)
            return null;
        using var key = Secret.CopyOf(opened);
        CryptographicOperations.ZeroMemory(opened);
        var content = new byte[_content.Length - Aead.TagSize];
        return await Aead.OpenAsync(key, new byte[Aead.NonceSize], _content, RequestHash, content) ? content : null;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out ReadingAnswer? answer)
    {
        answer = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey trustee) || !reader.Bytes(ReadingBatch.HashSize, out var request)
            || !reader.Bytes(Aead.KeySize + SealedBox.Overhead, out var box) || !reader.Variable(Limits.MaxReadingAnswer, out var content) || content.Length < Aead.TagSize
            || !reader.AtEnd)
            return false;
        answer = new ReadingAnswer(signed.ToArray(), trustee, request.ToArray(), box.ToArray(), content.ToArray());
        return true;
    }
}
