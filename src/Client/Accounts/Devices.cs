using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>Somewhere that the account is logged in: a session.</summary>
/// <param name="Name">What the device called itself, or null.</param>
/// <param name="IsCurrent">Whether it is this one.</param>
public sealed record Device(string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset Expires, bool IsCurrent);

/// <summary>Where the account is logged in.</summary>
public sealed class Devices(Account account)
{
    /// <summary>Live sessions, newest first, as the cloud tells them.</summary>
    public async Task<IReadOnlyList<Device>> ListAsync(CancellationToken cancel) => (await account.Cloud.SessionsAsync(cancel)).Sessions?.Select(Verify).ToArray() ?? throw Garbage();

    /// <summary>Ends a session. What that device has kept on its own disk stays there, sealed.</summary>
    public async Task EndAsync(string id, CancellationToken cancel)
    {
        var device = (await ListAsync(cancel)).FirstOrDefault(device => device.Id == id) 
            ?? throw new CannotException("No device with that identifier is logged in.", Reasons.NoDevice);
        await account.Cloud.EndSessionAsync(id, cancel);
        if (device.IsCurrent)
            account.EndSession();
    }

    private static Device Verify(SessionView? view) => view is { Id: { Length: 2 * Identifier.Size } id } && id.All(char.IsAsciiHexDigitLower)
        && (view.Name is null || VisibleName.IsValid(view.Name))
            ? new Device(id, view.Name, view.CreatedAt, view.LastSeenAt, view.Expires, view.IsCurrent)
            : throw Garbage();

    private static AlarmException Garbage() => new(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
}
