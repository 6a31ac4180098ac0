using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Trustee.Statistics;

/// <summary>How many questions this trustee computes at once, and for how long: one of each study, so that nobody's study holds up another's.</summary>
internal sealed class Computations(IHostApplicationLifetime lifetime)
{
    /// <summary>Studies that are asked about.</summary>
    private const int StudiesAtOnce = 4;

    /// <summary>Questions about one study that are computed or wait for it.</summary>
    private const int OfOneStudy = 4;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly Dictionary<StudyId, Asked> _studies = [];

    /// <summary>A place among the questions about a study, or 429.</summary>
    public Place Take(StudyId study)
    {
        lock (_studies)
        {
            if (!_studies.TryGetValue(study, out var asked) && _studies.Count < StudiesAtOnce)
                _studies[study] = asked = new Asked();
            if (asked is null || asked.Places == OfOneStudy)
                throw ProblemException.TooMany(TimeSpan.FromSeconds(5));
            asked.Places++;
            return new Place(this, study, asked, lifetime.ApplicationStopping);
        }
    }

    private void Leave(StudyId study, Asked asked)
    {
        lock (_studies)
            if (--asked.Places == 0)
            {
                _studies.Remove(study);
                asked.Turn.Dispose();
            }
    }

    internal sealed class Asked
    {
        public int Places { get; set; }

        public SemaphoreSlim Turn { get; } = new(1);
    }

    internal sealed class Place : IDisposable
    {
        private readonly Computations _all;
        private readonly StudyId _study;
        private readonly Asked _asked;
        private readonly CancellationTokenSource _ending;

        public Place(Computations all, StudyId study, Asked asked, CancellationToken stopping)
        {
            (_all, _study, _asked) = (all, study, asked);
            _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            _ending.CancelAfter(Longest);
        }

        /// <summary>When the server stops or it has taken too long; not when whoever asked has gone.</summary>
        public CancellationToken Cancel => _ending.Token;

        /// <summary>Waits until no other question about the study is computed here; none is until what is given back is disposed.</summary>
        public async Task<IDisposable> TurnAsync()
        {
            await _asked.Turn.WaitAsync(Cancel);
            return new Turn(_asked.Turn);
        }

        public void Dispose()
        {
            _ending.Dispose();
            _all.Leave(_study, _asked);
        }
    }

    private sealed class Turn(SemaphoreSlim taken) : IDisposable
    {
        private SemaphoreSlim? _taken = taken;

        public void Dispose() => Interlocked.Exchange(ref _taken, null)?.Release();
    }
}
