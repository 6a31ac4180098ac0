namespace Salus.Crypto.Statistics.Computing;

/// <summary>A product whose parts two parties have taken from another on trust so far, with the streams that masked them.</summary>
internal sealed record ProductCheck(Product Product, SecretVector Result, ulong OwnStream, ulong NextStream);
