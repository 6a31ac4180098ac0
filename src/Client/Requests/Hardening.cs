using System.Text;
using Salus.Client.Accounts;
using Salus.Crypto;

namespace Salus.Client.Requests;

/// <summary>Turns a telephone number into what the directory knows it by, with the help of two trustees, neither of whom learns the number.</summary>
internal sealed class Hardening(Account account)
{
    private readonly TrusteeFunction _function = new(account, FunctionPurpose.Numbers);

    /// <inheritdoc cref="TrusteeFunction.Complaints"/>
    public IReadOnlyCollection<string> Complaints => _function.Complaints;

    public async Task<HardenedNumber> HardenAsync(PhoneNumber number, CancellationToken cancel)
    {
        using var typed = Secret.CopyOf(Encoding.ASCII.GetBytes(number.Text));
        using var output = await _function.EvaluateAsync(typed, cancel);
        return HardenedNumber.Of(output);
    }
}
