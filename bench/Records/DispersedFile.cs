using Salus.Client.Sealing;
using Salus.Crypto;
using Salus.Crypto.Dispersal;

namespace Salus.Bench.Records;

/// <summary>A file sealed into n local files, any k of which restore it: the pipeline of the client without its stores.</summary>
internal sealed class DispersedFile : IDisposable
{
    private static readonly byte[] Context = "salus bench"u8.ToArray();

    private readonly FragmentKeys _keys;
    private readonly SealedBody _body;
    private readonly string[] _paths;

    private DispersedFile(FragmentKeys keys, SealedBody body, string[] paths) => (_keys, _body, _paths) = (keys, body, paths);

    /// <summary>Seals into <paramref name="folder"/>, which is empty. With fresh keys; their derivation is part of the work.</summary>
    public static DispersedFile Seal(string file, string folder, int k, int n, Durability durability)
    {
        using var contentKey = Secret.Random(32);
        var keys = FragmentKeys.Derive(contentKey, SequenceKey.OfAnyLength(n), SequenceKeyCustody.Carried, new byte[16]);
        var paths = Enumerable.Range(0, n).Select(i => Path.Combine(folder, $"fragment-{i}")).ToArray();
        using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var layout = BodySealer.LayoutFor(source.Length, k, n);
        var fragments = paths.Select(path => BodySealer.CreateFragment(path, layout)).ToArray();
        try
        {
            var body = BodySealer.SealAsync(source, keys, Context, k, fragments).GetAwaiter().GetResult();
            if (durability == Durability.Synced)
                Parallel.ForEach(fragments, new ParallelOptions { MaxDegreeOfParallelism = n }, fragment => fragment.Flush(flushToDisk: true));
            return new DispersedFile(keys, body, paths);
        }
        finally
        {
            foreach (var fragment in fragments)
                fragment.Dispose();
        }
    }

    /// <summary>Restores from the fragments that are not <paramref name="lost"/>, everything verified.</summary>
    public void Open(string output, params ReadOnlySpan<int> lost)
    {
        var sources = new FragmentSource?[_paths.Length];
        for (var i = 0; i < sources.Length; i++)
            sources[i] = lost.Contains(i) ? null : new FileFragment(_paths[i]);
        try
        {
            using var opener = new BodyOpener(_body.Layout, _body.Prefix, _body.Commitments(_keys), _keys, Context, sources);
            using var restored = new FileStream(output, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = 0,
                PreallocationSize = opener.PlaintextLength,
            });
            opener.OpenAsync(restored).GetAwaiter().GetResult();
        }
        finally
        {
            foreach (var source in sources)
                (source as IDisposable)?.Dispose();
        }
    }

    public void Dispose() => _keys.Dispose();
}

/// <summary>When sealing is over: when the system has taken the bytes, or when the disk has.</summary>
internal enum Durability
{
    Cached,
    Synced,
}
