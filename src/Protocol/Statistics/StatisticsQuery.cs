using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Salus.Crypto;
using Salus.Protocol.Wire;

namespace Salus.Protocol.Statistics;

/// <summary>
/// A researcher's question to the three trustees of a study, the same bytes to each. Its computation has its name, and a trustee computes under a name once.
/// Wire: "salus statistics query 1\n" | researcher 32 | study 16 | question (variable) | rho u64, millionths | at u64 | nonce 32 | signature 64.
/// </summary>
public sealed class StatisticsQuery
{
    public const int NonceSize = 32;

    /// <summary>Bytes of the name of a question, and of a computation.</summary>
    public const int NameSize = 32;

    private StatisticsQuery(byte[] signed, VerifyingKey researcher, StudyId study, Question question, long rhoMicros, DateTimeOffset at, byte[] nonce)
    {
        (Signed, Researcher, Study, Question, RhoMicros, At) = (signed, researcher, study, question, rhoMicros, at);
        Nonce = nonce;
    }

    private static ReadOnlySpan<byte> Magic => "salus statistics query 1\n"u8;

    public VerifyingKey Researcher { get; }

    public StudyId Study { get; }

    public Question Question { get; }

    /// <summary>What the answer may cost of the study's budget: rho of zero-concentrated differential privacy, in millionths.</summary>
    public long RhoMicros { get; }

    public DateTimeOffset At { get; }

    public byte[] Nonce { get; }

    public byte[] Signed { get; }

    /// <summary>What an answer to it is kept by.</summary>
    public byte[] Name => Question.Name(Study, RhoMicros);

    /// <summary>The name of this computation, another one each time that the question is asked.</summary>
    public byte[] Computation
    {
        get
        {
            using var transcript = new Transcript(Domains.Computation);
            return transcript.Append(Signed).ToHash()[..NameSize];
        }
    }

    public static StatisticsQuery Create(SigningKey researcher, StudyId study, Question question, long rhoMicros, DateTimeOffset at)
    {
        var payload = new WireWriter().Bytes(Magic).Key(researcher.PublicKey).Id(study).Variable(question.Bytes).UInt64((ulong)rhoMicros).Time(at)
            .Bytes(RandomNumberGenerator.GetBytes(NonceSize)).ToArray();
        return TryRead(SignedMessage.Sign(Domains.SignStatisticsQuery, researcher, payload), out var query) ? query : throw SignedMessage.Mistake(nameof(StatisticsQuery));
    }

    public static bool TryVerify(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StatisticsQuery? query)
    {
        if (TryRead(signed, out query) && SignedMessage.Verify(Domains.SignStatisticsQuery, query.Researcher, signed))
            return true;
        query = null;
        return false;
    }

    private static bool TryRead(ReadOnlySpan<byte> signed, [NotNullWhen(true)] out StatisticsQuery? query)
    {
        query = null;
        if (!SignedMessage.TrySplit(signed, out var payload))
            return false;
        var reader = new WireReader(payload);
        if (!reader.Magic(Magic) || !reader.Key(out VerifyingKey researcher) || !reader.Id(out StudyId study) || !reader.Variable(Question.MaxSize, out var bytes)
            || !Question.TryRead(bytes, out var question) || !reader.UInt64(out var rho) || rho < (ulong)Bounds.MinRhoMicros || rho > (ulong)Limits.MaxStudyValue
            || !reader.Time(out var at) || !reader.Bytes(NonceSize, out var nonce) || !reader.AtEnd)
            return false;
        query = new StatisticsQuery(signed.ToArray(), researcher, study, question, (long)rho, at, nonce.ToArray());
        return true;
    }
}
