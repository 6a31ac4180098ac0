using Salus.Crypto.Dispersal;
using Salus.Crypto.Sealing;
using Salus.Protocol;
using Salus.Protocol.Dispersal;

namespace Salus.Client.Sealing;

/// <summary>How long to wait for a source.</summary>
public sealed record OpenSettings
{
    /// <summary>After this a read is given up and another fragment asked.</summary>
    public TimeSpan ReadDeadline { get; init; } = TimeSpan.FromSeconds(15);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Windows of leaf hashes (64 KiB each) that all fragments together keep in memory.</summary>
    internal int WindowsKept { get; init; } = 16;
}

/// <summary>Opens a dispersed body from any k good fragments, whole or in part, and names those that are not good.</summary>
/// <remarks>
/// Every unit is authenticated by its leaf hashes before it enters a decoding, these by the commitments that the author signed, and the plaintext by the
/// chunked encryption: no other byte is written. The data fragments are asked first; a bad leaf loses that unit of that stripe only. Output may still
/// end in the middle, or a file have gaps, after <see cref="BodyUnavailableException"/> or cancellation: write to a temporary file and rename it when done.
/// Keep an opener for several ranges: what it has checked it remembers.
/// </remarks>
public sealed class BodyOpener : IDisposable
{
    private readonly ChunkedEncryption _encryption;

    /// <summary>Opens the body of a verified record.</summary>
    public BodyOpener(RecordHeader record, FragmentKeys keys, IReadOnlyList<FragmentSource?> sources, OpenSettings? settings = null)
        : this(LayoutOf(record), record.BodyPrefix, record.FragmentCommitments, keys, record.BodyContext, sources, settings)
    {
    }

    /// <param name="layout">Body length, k and n as the author signed them.</param>
    /// <param name="prefix">Salt and commitment of the body, 56 bytes.</param>
    /// <param name="commitments">n commitments to the fragments' roots (<see cref="SealedBody.Commitments"/>), as the author signed them.</param>
    /// <param name="keys">The keys; they stay the caller's and must outlive this.</param>
    /// <param name="context">The context given for sealing.</param>
    /// <param name="sources">n, in the order of the sequence key; null where there is none. They stay the caller's.</param>
    /// <param name="settings">Deadlines.</param>
    /// <exception cref="BodyUnavailableException">The keys do not fit.</exception>
    public BodyOpener(
        FragmentLayout layout, ReadOnlyMemory<byte> prefix, IReadOnlyList<byte[]> commitments, FragmentKeys keys, ReadOnlyMemory<byte> context,
        IReadOnlyList<FragmentSource?> sources, OpenSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(commitments);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfNotEqual(commitments.Count, layout.Fragments, nameof(commitments));
        ArgumentOutOfRangeException.ThrowIfNotEqual(sources.Count, layout.Fragments, nameof(sources));

        Settings = settings ?? new OpenSettings();
        (Layout, Keys) = (layout, keys);
        // A sequence key of another length is a wrong one, and gets no message of its own.
        if (keys.Count != layout.Fragments
            || !ChunkedEncryption.TryPlaintextLength(layout.BodyLength + ChunkedEncryption.PrefixSize, out var length)
            || !ChunkedEncryption.TryOpen(keys.BodyKey, prefix.Span, context.Span, out var encryption))
            throw new BodyUnavailableException(OpenFailure.WrongKeyOrDamaged, []);
        (PlaintextLength, _encryption) = (length, encryption);
        Code = new ReedSolomon(layout.DataUnits, layout.Fragments);
        var terms = new KeyedTerms(layout, Settings, keys, commitments);
        Readers = [.. sources.Select((source, i) => new FragmentReader(terms, i, source))];
    }

    public FragmentLayout Layout { get; }

    /// <summary>Bytes of the plaintext.</summary>
    public long PlaintextLength { get; }

    internal OpenSettings Settings { get; }

    internal FragmentKeys Keys { get; }

    internal ReedSolomon Code { get; }

    internal ChunkedEncryption Encryption => _encryption;

    internal FragmentReader[] Readers { get; }

    /// <summary>Writes the whole plaintext from the output's position on.</summary>
    /// <exception cref="BodyUnavailableException">More than n - k fragments are bad at one place.</exception>
    public Task<OpenReport> OpenAsync(Stream output, IProgress<long>? progress = null, CancellationToken cancellation = default) =>
        RunAsync(new OpenJob(this, 0, PlaintextLength, output, progress), cancellation);

    /// <summary>Writes plaintext bytes [offset, offset + length), reading only the leaves that hold them.</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    public Task<OpenReport> OpenRangeAsync(
        long offset, long length, Stream output, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, PlaintextLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, PlaintextLength - offset);
        // An empty body has an end to authenticate all the same.
        return length == 0 && PlaintextLength > 0 ? Task.FromResult(new OpenReport(0, Bad())) : RunAsync(new OpenJob(this, offset, length, output, progress), cancellation);
    }

    public void Dispose()
    {
        _encryption.Dispose();
        foreach (var reader in Readers)
            reader.Dispose();
    }

    internal BodyUnavailableException Unavailable(OpenFailure failure) => new(failure, Bad());

    private async Task<OpenReport> RunAsync(OpenJob job, CancellationToken cancellation)
    {
        using (job)
            await job.RunAsync(cancellation);
        return new OpenReport(job.Length, Bad());
    }

    private BadFragment[] Bad() =>
        [.. Readers.Where(reader => reader.Fault != FragmentFault.None).Select(reader => new BadFragment(reader.Index, reader.Name, reader.Fault))];

    private static FragmentLayout LayoutOf(RecordHeader record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return FragmentLayout.TryCreate(record.BodyLength, record.RestoreFrom, record.Fragments, out var layout)
            ? layout!
            : throw new BodyUnavailableException(OpenFailure.WrongKeyOrDamaged, []);
    }
}
