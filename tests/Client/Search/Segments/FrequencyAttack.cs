using System.Numerics;

namespace Salus.Client.Tests.Search.Segments;

/// <summary>A term whose exact frequency the attacker knows, and therefore how many blocks it has.</summary>
internal sealed record KnownTerm(string Text, int Documents, int Blocks);

/// <summary>
/// Frequency analysis of a stored index: put the entries into groups by whatever is to be seen, and match the groups with the known terms. One attack is one way
/// of grouping and one of matching; it claims for each term which entries are its own.
/// </summary>
internal static class FrequencyAttack
{
    public static IEnumerable<(string Name, Dictionary<string, int[]> Claims)> All(StoredLayout stored, IReadOnlyList<KnownTerm> known)
    {
        foreach (var (name, groups) in Groupings(stored))
        {
            yield return ($"{name}, by rank", ByRank(groups, stored, known, group => group.Sum(i => (long)stored.Entries[i].Value.Length)));
            yield return ($"{name}, by count", ByCount(groups, known));
        }
        foreach (var (name, order) in Orders(known))
        {
            yield return ($"slices from the front, {name}", Slices(order, stored.Entries.Count, fromTheEnd: false));
            yield return ($"slices from the end, {name}", Slices(order, stored.Entries.Count, fromTheEnd: true));
        }
    }

    private static IEnumerable<(string Name, List<int[]> Groups)> Groupings(StoredLayout stored)
    {
        var entries = stored.Entries;
        yield return ("each entry", Group(entries.Count, i => i));
        yield return ("size of the value", Group(entries.Count, i => entries[i].Value.Length));
        foreach (var length in (int[])[1, 2, 4, 8, 12, 14])
            yield return ($"first {length} bytes of the address", Group(entries.Count, i => Convert.ToHexString(entries[i].Address, 0, length)));
        foreach (var length in (int[])[1, 2, 4, 8, 12])
            yield return ($"last {length} bytes of the address", Group(entries.Count, i => Convert.ToHexString(entries[i].Address, 16 - length, length)));
        foreach (var length in (int[])[1, 2, 4, 16])
        {
            yield return ($"first {length} bytes of the value", Group(entries.Count, i => Convert.ToHexString(entries[i].Value.AsSpan(0, Math.Min(length, entries[i].Value.Length)))));
            yield return ($"last {length} bytes of the value", Group(entries.Count, i => Convert.ToHexString(entries[i].Value.AsSpan(Math.Max(0, entries[i].Value.Length - length)))));
        }
        yield return ("bits set in the value", Group(entries.Count, i => entries[i].Value.Sum(b => BitOperations.PopCount(b))));
        yield return ("zero bytes in the value", Group(entries.Count, i => entries[i].Value.Count(b => b == 0)));
        yield return ("runs of one size", Runs(entries.Count, i => entries[i].Value.Length == entries[i - 1].Value.Length));
        yield return ("runs of addresses that follow", Runs(entries.Count, i => Step(i) == 1));
        yield return ("runs of addresses that are near", Runs(entries.Count, i => Step(i) < UInt128.MaxValue / (UInt128)entries.Count / 2));
        yield return ("runs of values that begin the same", Runs(entries.Count, i => entries[i].Value[0] == entries[i - 1].Value[0]));

        UInt128 Step(int i) => unchecked(Number(entries[i].Address) - Number(entries[i - 1].Address));
    }

    /// <summary>Orders in which terms may have been written.</summary>
    private static IEnumerable<(string Name, IEnumerable<KnownTerm> Terms)> Orders(IReadOnlyList<KnownTerm> known)
    {
        yield return ("commonest first", known);
        yield return ("in the order of bytes", known.OrderBy(term => term.Text, StringComparer.Ordinal));
        yield return ("longest first", known.OrderByDescending(term => term.Text.Length));
    }

    /// <summary>The largest group is the commonest term, the next the next.</summary>
    private static Dictionary<string, int[]> ByRank(List<int[]> groups, StoredLayout stored, IReadOnlyList<KnownTerm> known, Func<int[], long> size) =>
        known.Zip(groups.Select(group => (group, Size: size(group))).OrderByDescending(pair => pair.Size).ThenBy(pair => stored.Entries[pair.group[0]].Address[0]),
            (term, pair) => (term.Text, pair.group)).ToDictionary();

    /// <summary>A group of as many entries as the term has, one not claimed yet; the commonest terms choose first.</summary>
    private static Dictionary<string, int[]> ByCount(List<int[]> groups, IReadOnlyList<KnownTerm> known)
    {
        var free = groups.GroupBy(group => group.Length).ToDictionary(same => same.Key, same => new Queue<int[]>(same));
        return known.Where(term => free.TryGetValue(term.Blocks, out var same) && same.Count > 0).Select(term => (term.Text, free[term.Blocks].Dequeue())).ToDictionary();
    }

    private static Dictionary<string, int[]> Slices(IEnumerable<KnownTerm> terms, int count, bool fromTheEnd)
    {
        var claims = new Dictionary<string, int[]>();
        var at = 0;
        foreach (var term in terms.TakeWhile(term => at + term.Blocks <= count))
        {
            claims[term.Text] = [.. Enumerable.Range(fromTheEnd ? count - at - term.Blocks : at, term.Blocks)];
            at += term.Blocks;
        }
        return claims;
    }

    private static List<int[]> Group<TKey>(int count, Func<int, TKey> key) => [.. Enumerable.Range(0, count).GroupBy(key).Select(group => group.ToArray())];

    private static List<int[]> Runs(int count, Func<int, bool> goesOn)
    {
        var runs = new List<int[]>();
        for (int from = 0, to; from < count; from = to)
        {
            for (to = from + 1; to < count && goesOn(to);)
                to++;
            runs.Add([.. Enumerable.Range(from, to - from)]);
        }
        return runs;
    }

    private static UInt128 Number(byte[] address) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address);
}
