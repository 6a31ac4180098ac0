using Salus.Crypto;
using Salus.Crypto.Oprf;
using Salus.Crypto.Primitives;
using Salus.Hosting;
using Salus.Protocol;
using Salus.Protocol.Studies;

namespace Salus.Trustee.Tokens;

/// <summary>The keys under which this trustee issues tokens: one for each study, derived from its identity, so that none lies in the database.</summary>
internal sealed class TokenKeys(ServerIdentity self) : IDisposable
{
    private readonly Secret _seed = self.Derive(Domains.TrusteeTokens, OprfKey.SeedSize);

    private readonly Secret _marks = self.Derive(Domains.TrusteeTokenMarks, Mac.Size);

    public OprfKey Of(StudyId study) => OprfKey.Derive(_seed.Bytes, study.ToBytes());

    /// <summary>What stands for an account where its tokens of a study are counted: the same each time, and nobody's name.</summary>
    public AccountId Mark(StudyId study, AccountId account)
    {
        Span<byte> mac = stackalloc byte[Mac.Size];
        Mac.HmacSha256(_marks.Bytes, [.. study.ToBytes(), .. account.ToBytes()], mac);
        return Identifier.Read<AccountId>(mac[..Identifier.Size]);
    }

    /// <summary>The trustee's word which key it is; the same at every call.</summary>
    public TokenKey Word(Study study)
    {
        using var key = Of(study.Id);
        return TokenKey.Create(self.Signing, study, key.PublicKey);
    }

    public void Dispose()
    {
        _seed.Dispose();
        _marks.Dispose();
    }
}
