namespace Salus.Crypto.Primitives;

/// <summary>
/// Cost of the password hash: memory in KiB, passes over it; one lane. A server hands them out before anybody has logged in, so they are hostile:
/// <see cref="IsAcceptable"/> refuses a cost below the floor (an invitation to guess) and above the ceiling (a client that hangs).
/// </summary>
public readonly record struct Argon2Parameters(uint MemoryKiB, uint Passes)
{
    /// <summary>The floor, and what new accounts use: 64 MiB, three passes (the second recommended option of RFC 9106).</summary>
    public static readonly Argon2Parameters Floor = new(64 * 1024, 3);

    public static readonly Argon2Parameters Ceiling = new(1024 * 1024, 32);

    public bool IsAcceptable =>
        MemoryKiB >= Floor.MemoryKiB && MemoryKiB <= Ceiling.MemoryKiB && Passes >= Floor.Passes && Passes <= Ceiling.Passes;
}
