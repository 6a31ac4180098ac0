namespace Salus.Crypto.Reencryption;

/// <summary>
/// A cfrag whose proof <see cref="CFrag.TryVerify"/> has checked, together with the capsule and the share it was checked against. There is no
/// other way to one.
/// </summary>
public sealed class VerifiedCFrag
{
    internal VerifiedCFrag(CFrag cfrag, VerifiedCapsule capsule, PublicShare share)
    {
        CFrag = cfrag;
        Capsule = capsule;
        Share = share;
    }

    public CFrag CFrag { get; }

    public PublicShare Share { get; }

    internal VerifiedCapsule Capsule { get; }
}
