using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Salus.Crypto;
using Salus.Protocol;
using Salus.Protocol.Http;

namespace Salus.Client.Accounts;

/// <summary>What a browser answered, as the cloud is to see it.</summary>
/// <param name="Id">The credential's identifier, base64url.</param>
/// <param name="Account">Whose passkey it says it is: the account's identifier; null from a registration.</param>
internal sealed record BrowserAnswer(string Id, string? Account, string Json);

/// <summary>
/// WebAuthn's own JSON (Level 3, section 5.1). Of the cloud's options only the challenge and what describes the cloud are taken: what guards the account is written here. And of a
/// browser's answer the results of extensions are left out, for among them is the key that wraps the account secret.
/// </summary>
internal static class PasskeyJson
{
    /// <summary>
    /// What every passkey's pseudorandom function is asked for. One constant: at a login nobody knows yet which account or credential it will be, and each credential has a random
    /// secret of its own.
    /// </summary>
    public static byte[] PrfSalt => Encoding.UTF8.GetBytes(Domains.PasskeyPrf);

    /// <summary>Options for navigator.credentials.create().</summary>
    public static string Creation(string options, AccountId account, string mail)
    {
        var json = Options(options);
        json["user"] = new JsonObject { ["id"] = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(account.ToString())), ["name"] = mail, ["displayName"] = mail };
        json["authenticatorSelection"] = new JsonObject { ["residentKey"] = "required", ["requireResidentKey"] = true, ["userVerification"] = "required" };
        json["attestation"] = "none";
        json["extensions"] = Extensions();
        return json.ToJsonString();
    }

    /// <summary>Options for navigator.credentials.get() with any passkey.</summary>
    public static string Request(string options)
    {
        var json = Options(options);
        json["allowCredentials"] = new JsonArray();
        json["userVerification"] = "required";
        json["extensions"] = Extensions();
        return json.ToJsonString();
    }

    public static BrowserAnswer Read(string credential)
    {
        try
        {
            if (JsonNode.Parse(credential) is JsonObject json && json["response"] is JsonObject response && Text(json["id"]) is { } id && SecretKinds.TryReadCredentialId(id, out _))
                return new BrowserAnswer(id, AccountOf(response), new JsonObject
                {
                    ["id"] = id, ["rawId"] = id, ["type"] = "public-key", ["response"] = response.DeepClone(), ["clientExtensionResults"] = new JsonObject(),
                }.ToJsonString());
        }
        catch (Exception failure) when (IsMalformed(failure))
        {
            // Told below.
        }
        throw new CannotException("The browser's answer is no passkey. Nothing was changed; try again.", Reasons.BadPasskey);
    }

    private static string? AccountOf(JsonObject response) => Text(response["userHandle"]) is { } handle && SecretKinds.TryReadCredentialId(handle, out var bytes)
        && Identifier.TryParse(Encoding.ASCII.GetString(bytes), out AccountId account)
            ? account.ToString()
            : null;

    private static JsonObject Options(string? options)
    {
        try
        {
            // Written once more at once: half of a surrogate pair shows only then.
            if (JsonNode.Parse(options ?? "") is JsonObject json && Text(json["challenge"]) is { Length: > 0 } && json.ToJsonString().Length > 0)
                return json;
        }
        catch (Exception failure) when (IsMalformed(failure))
        {
            // Told below.
        }
        throw new AlarmException(AlarmKind.Integrity, "The cloud sent an answer that is not what the protocol says.");
    }

    private static JsonObject Extensions() => new() { ["prf"] = new JsonObject { ["eval"] = new JsonObject { ["first"] = Base64Url.EncodeToString(PrfSalt) } } };

    /// <summary>No JSON, a name that is there twice, half of a surrogate pair.</summary>
    private static bool IsMalformed(Exception failure) => failure is JsonException or ArgumentException or InvalidOperationException;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
