using System.Diagnostics.CodeAnalysis;
using Salus.Crypto.Oprf;
using Salus.Protocol.Wire;

namespace Salus.Protocol;

/// <summary>A trustee that holds a share of the hardening key, and the key that its values are sealed to.</summary>
public sealed record HardeningMember(VerifyingKey Key, BoxKey Box);

/// <summary>The three trustees of a hardening key, in the order of their keys, so that everybody counts them alike. Wire: 3 of (key 32 | box 32).</summary>
public sealed class HardeningMembers : IEquatable<HardeningMembers>
{
    public const int Size = ThresholdKey.Holders * (VerifyingKey.Size + BoxKey.Size);

    private readonly HardeningMember[] _members;

    private HardeningMembers(HardeningMember[] members) => _members = members;

    public HardeningMember this[int index] => _members[index];

    /// <summary>Three trustees, whichever order they come in; throws unless they are three different ones.</summary>
    public static HardeningMembers Of(IEnumerable<HardeningMember> three)
    {
        var members = three.OrderBy(member => member.Key.ToString(), StringComparer.Ordinal).ToArray();
        return IsInOrder(members) ? new HardeningMembers(members) : throw new ArgumentException("A hardening key has three different holders.", nameof(three));
    }

    /// <summary>The place of a trustee, or -1.</summary>
    public int IndexOf(VerifyingKey trustee) => Array.FindIndex(_members, member => member.Key.Equals(trustee));

    public bool Equals([NotNullWhen(true)] HardeningMembers? other) => other is not null && _members.SequenceEqual(other._members);

    public override bool Equals(object? obj) => Equals(obj as HardeningMembers);

    public override int GetHashCode() => _members[0].GetHashCode();

    public override string ToString() => string.Join(' ', _members.Select(member => $"{member.Key} {member.Box}"));

    internal WireWriter Write(WireWriter writer)
    {
        foreach (var member in _members)
            writer.Key(member.Key).Key(member.Box);
        return writer;
    }

    internal static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out HardeningMembers? members)
    {
        members = null;
        var read = new HardeningMember[ThresholdKey.Holders];
        for (var i = 0; i < read.Length; i++)
        {
            if (!reader.Key(out VerifyingKey key) || !reader.Key(out BoxKey box))
                return false;
            read[i] = new HardeningMember(key, box);
        }
        if (!IsInOrder(read))
            return false;
        members = new HardeningMembers(read);
        return true;
    }

    private static bool IsInOrder(HardeningMember[] members) => members.Length == ThresholdKey.Holders
        && members.Zip(members.Skip(1)).All(pair => pair.First.Key.Bytes.SequenceCompareTo(pair.Second.Key.Bytes) < 0);
}
