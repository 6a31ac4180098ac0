using Salus.Crypto.Statistics.Computing;
using Salus.Crypto.Statistics.Noise;
using Salus.Crypto.Statistics.Results;

namespace Salus.Trustee.Statistics;

/// <summary>Adds the noise of all three trustees to sums in shares: <see cref="NoiseInput.AddAsync"/>.</summary>
internal delegate ValueTask<SecretVector> NoiseAdder(Computation computation, SecretVector sums, IReadOnlyList<Rational> variances, CancellationToken cancel);
