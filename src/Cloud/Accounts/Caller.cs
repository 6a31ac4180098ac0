using System.Buffers;
using System.Buffers.Text;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Salus.Cloud.Data;
using Salus.Hosting;
using Salus.Protocol;

namespace Salus.Cloud.Accounts;

/// <summary>Whose request it is. An endpoint that asks for one in its parameters has it from <see cref="SessionCheck"/>.</summary>
internal sealed record Caller(AccountId Account, VerifyingKey Identity, byte[] TokenHash)
{
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var caller = context.Features.Get<Caller>();
        return caller is not null
            ? ValueTask.FromResult<Caller?>(caller)
            : throw new InvalidOperationException($"The endpoint with {parameter.Name} is not marked as one that needs a session.");
    }

    public override string ToString() => "[redacted]";
}

/// <summary>Marks endpoints that need a session.</summary>
internal sealed class NeedsSession;

/// <summary>
/// Asks the database for the session of every request to an endpoint that needs one, before its body is read. 32 random bytes are found by their
/// hash: no comparison here takes longer for a better guess.
/// </summary>
internal sealed class SessionCheck(RequestDelegate next)
{
    private const string Scheme = "Bearer ";

    public const int TokenSize = 32;

    public async Task InvokeAsync(HttpContext context, CloudDatabase database, TimeProvider time)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<NeedsSession>() is not null)
        {
            if (!TryHashToken(context.Request.Headers.Authorization, out var hash)
                || await database.CallerAsync(hash, time.GetUtcNow(), context.RequestAborted) is not { } caller)
            {
                context.Response.Headers.WWWAuthenticate = "Bearer";
                throw ProblemException.NoSession();
            }
            context.Features.Set(caller);
        }
        await next(context);
    }

    public static byte[] HashOf(ReadOnlySpan<byte> token) => SHA256.HashData(token);

    private static bool TryHashToken(StringValues header, out byte[] hash)
    {
        hash = [];
        Span<byte> token = stackalloc byte[TokenSize];
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.Ordinal) || text.Length != Scheme.Length + 43
            || Base64Url.DecodeFromChars(text.AsSpan(Scheme.Length), token, out _, out var length) != OperationStatus.Done || length != TokenSize)
            return false;
        hash = HashOf(token);
        return true;
    }
}
