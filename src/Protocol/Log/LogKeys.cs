using System.Diagnostics.CodeAnalysis;
using Salus.Protocol.Http;

namespace Salus.Protocol.Log;

/// <summary>Whose signatures count: the log's, and its witnesses', which are the trustees.</summary>
public sealed record LogKeys(NoteKey Log, IReadOnlyList<NoteKey> Witnesses)
{
    /// <summary>False when the directory has no key of the log or of one of the trustees, or one that is none.</summary>
    public static bool TryFrom(PartyDirectory directory, [NotNullWhen(true)] out LogKeys? keys)
    {
        keys = null;
        if (!NoteKey.TryParse(directory.Cloud.Log, NoteAlgorithm.Ed25519, out var log))
            return false;
        var witnesses = new NoteKey[directory.Trustees.Count];
        for (var i = 0; i < witnesses.Length; i++)
            if (!NoteKey.TryParse(directory.Trustees[i].Witness, NoteAlgorithm.Cosignature, out witnesses[i]!))
                return false;
        if (witnesses.Distinct().Count() != witnesses.Length)
            return false;
        keys = new LogKeys(log, witnesses);
        return true;
    }
}
