using Salus.Client.Inventory;
using Salus.Protocol;
using Salus.Protocol.Http;
using Salus.Protocol.Inventory;

namespace Salus.Client.Accounts;

/// <summary>Somewhere that the account is logged in: a session.</summary>
/// <param name="Name">What the device called itself, or null.</param>
/// <param name="IsCurrent">Whether it is this one.</param>
public sealed record Device(string Id, string? Name, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset Expires, bool IsCurrent)
{
    /// <summary>Whether it has opened the account: whoever has only a code from the mail has not.</summary>
    public bool HasKeys { get; init; } = true;
}

/// <summary>Devices as the cloud tells them and as the account's own signed list does.</summary>
/// <param name="Unshown">Since when devices have been listed that the cloud does not show: they were logged out or have idled, or the cloud hides them.</param>
public sealed record DeviceList(IReadOnlyList<Device> Devices, IReadOnlyList<DateTimeOffset> Unshown);

/// <summary>Where the account is logged in.</summary>
public sealed class Devices(Account account)
{
    /// <summary>Live sessions, newest first, as the cloud tells them; an alarm when one is among them that was ended.</summary>
    public async Task<IReadOnlyList<Device>> ListAsync(CancellationToken cancel) => (await CompareAsync(cancel)).Devices;

    /// <summary>The same, and what the account's inventory has besides. Every device that opens the account enters itself there, where the cloud cannot take it out.</summary>
    public async Task<DeviceList> CompareAsync(CancellationToken cancel)
    {
        var listed = await account.Inventory.ReadAsync(cancel);
        var devices = (await account.Cloud.SessionsAsync(cancel)).Sessions?.Select(Verify).ToArray() ?? throw Garbage();
        if (listed is null)
            return new DeviceList(devices, []);
        if (devices.FirstOrDefault(device => listed.IsEnded(ItemKind.Device, IdOf(device))) is { } revived)
            throw new AlarmException(AlarmKind.Revived, $"The cloud was told to log a device out ({revived.Name ?? revived.Id}) and still has it logged in.");
        return new DeviceList([.. devices.Select(device => device with { HasKeys = device.IsCurrent || listed.IsLive(ItemKind.Device, IdOf(device)) })],
            [.. listed.Of(ItemKind.Device).Where(item => item.IsLive && devices.All(device => IdOf(device) != item.Id)).Select(item => DateTimeOffset.UnixEpoch.AddHours(item.Version)).Order()]);
    }

    /// <summary>Ends a session. What that device has kept on its own disk stays there, sealed.</summary>
    public async Task EndAsync(string id, CancellationToken cancel)
    {
        var device = (await ListAsync(cancel)).FirstOrDefault(device => device.Id == id) 
            ?? throw new CannotException("No device with that identifier is logged in.", Reasons.NoDevice);
        await account.Cloud.EndSessionAsync(id, cancel);
        account.Inventory.Note(new InventoryItem(ItemKind.Device, IdOf(device), new byte[InventoryItem.DigestSize], ItemState.Ended, Items.Hour(account.Now)));
        await account.State.SaveAsync();
        if (device.IsCurrent)
            account.EndSession();
        else
            await account.Inventory.FlushAsync(cancel);
    }

    private static ItemId IdOf(Device device) => Identifier.TryParse(device.Id, out ItemId id) ? id : throw Garbage();

    private static Device Verify(SessionView? view) => view is { Id: { Length: 2 * Identifier.Size } id } && id.All(char.IsAsciiHexDigitLower)
        && (view.Name is null || VisibleName.IsValid(view.Name))
            ? new Device(id, view.Name, view.CreatedAt, view.LastSeenAt, view.Expires, view.IsCurrent)
            : throw Garbage();

    private static AlarmException Garbage() => new(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
}
