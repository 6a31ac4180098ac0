using Salus.Protocol.Log;

namespace Salus.Client.Log;

/// <summary>What the log has under a tag.</summary>
/// <param name="Entries">Without those that are one trustee's invention.</param>
/// <param name="IsCut">There is more than the trustees tell: nobody can say what.</param>
internal sealed record LoggedUnderTag(IReadOnlyList<TaggedDigest> Entries, bool IsCut);
