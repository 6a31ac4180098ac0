using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Salus.Testing;

/// <summary>
/// An authenticator and a browser in software (WebAuthn Level 3), with one credential: ES256, a counter, and the pseudorandom function. It answers as PublicKeyCredential.toJSON()
/// does; what it says can be made wrong, one thing at a time.
/// </summary>
public sealed class SoftAuthenticator : IDisposable
{
    private const byte UserPresent = 1, UserVerified = 4, HasCredential = 64;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _prfSecret = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _id;

    public SoftAuthenticator(int idSize = 32) => _id = RandomNumberGenerator.GetBytes(idSize);

    /// <summary>Base64url.</summary>
    public string CredentialId => Base64Url.EncodeToString(_id);

    /// <summary>As the options of the registration gave it.</summary>
    public string? UserHandle { get; set; }

    public string Origin { get; set; } = "http://localhost:7100";

    public string RelyingParty { get; set; } = "localhost";

    public bool IsCrossOrigin { get; set; }

    public bool IsUserVerified { get; set; } = true;

    /// <summary>Goes up by one with each login.</summary>
    public uint Count { get; set; }

    /// <summary>Whether it counts at all.</summary>
    public bool Counts { get; set; } = true;

    /// <summary>The challenge that is answered, whatever the options say.</summary>
    public string? OtherChallenge { get; set; }

    /// <summary>The output of the pseudorandom function (section 10.1.4): 32 bytes.</summary>
    public byte[] Prf(ReadOnlySpan<byte> salt) => HMACSHA256.HashData(_prfSecret, SHA256.HashData([.. "WebAuthn PRF\0"u8, .. salt]));

    /// <summary>Answers navigator.credentials.create().</summary>
    public string Create(string options)
    {
        var json = JsonNode.Parse(options)!;
        UserHandle = (string)json["user"]!["id"]!;
        var client = ClientData("webauthn.create", json);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        // {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        byte[] key = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, .. Bytes(point.X!), 0x22, .. Bytes(point.Y!)];
        byte[] size = [(byte)(_id.Length >> 8), unchecked((byte)_id.Length)];
        byte[] data = [.. AuthenticatorData(HasCredential), .. new byte[16], .. size, .. _id, .. key];
        byte[] attestation = [0xa3, .. Text("fmt"), .. Text("none"), .. Text("attStmt"), 0xa0, .. Text("authData"), .. Bytes(data)];
        return Answer(json, new JsonObject
        {
            ["attestationObject"] = Base64Url.EncodeToString(attestation), ["clientDataJSON"] = Base64Url.EncodeToString(client), ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Answers navigator.credentials.get().</summary>
    public string Get(string options)
    {
        var json = JsonNode.Parse(options)!;
        if (Counts)
            Count++;
        var (client, data) = (ClientData("webauthn.get", json), AuthenticatorData(0));
        var signature = _key.SignData([.. data, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(json, new JsonObject
        {
            ["authenticatorData"] = Base64Url.EncodeToString(data), ["clientDataJSON"] = Base64Url.EncodeToString(client), ["signature"] = Base64Url.EncodeToString(signature),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] ClientData(string type, JsonNode options) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type, ["challenge"] = OtherChallenge ?? (string)options["challenge"]!, ["origin"] = Origin, ["crossOrigin"] = IsCrossOrigin,
    }.ToJsonString());

    private byte[] AuthenticatorData(byte flags)
    {
        var count = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(RelyingParty)), (byte)(flags | UserPresent | (IsUserVerified ? UserVerified : 0)), .. count];
    }

    /// <summary>As a browser does, with the secret output among the results of extensions.</summary>
    private string Answer(JsonNode options, JsonObject response)
    {
        var results = new JsonObject();
        if (options["extensions"]?["prf"]?["eval"]?["first"] is { } salt)
            results["prf"] = new JsonObject
            {
                ["enabled"] = true, ["results"] = new JsonObject { ["first"] = Base64Url.EncodeToString(Prf(Base64Url.DecodeFromChars((string)salt!))) },
            };
        return new JsonObject
        {
            ["id"] = CredentialId, ["rawId"] = CredentialId, ["type"] = "public-key", ["authenticatorAttachment"] = "platform", ["response"] = response,
            ["clientExtensionResults"] = results,
        }.ToJsonString();
    }

    // CBOR (RFC 8949): byte strings of up to 65535 bytes, texts of up to 23.
    private static byte[] Bytes(byte[] bytes) => bytes.Length < 256
        ? [0x58, (byte)bytes.Length, .. bytes]
        : [0x59, (byte)(bytes.Length >> 8), unchecked((byte)bytes.Length), .. bytes];

    private static byte[] Text(string text) => [(byte)(0x60 + text.Length), .. Encoding.ASCII.GetBytes(text)];
}
